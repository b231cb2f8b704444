// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>

// The EVP interface of OpenSSL 3 reads a configuration file and builds provider
// tables on first use, about 2 ms; a whole run of ours may take 3. The older
// functions compute the same without that.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace keytidy {
namespace {

constexpr std::array<std::uint32_t, 256> MakeCrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) {
      c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
    }
    table[i] = c;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kCrcTable = MakeCrcTable();

}  // namespace

Sha1Digest Sha1(std::string_view bytes) {
  Sha1Digest out;
  SHA_CTX ctx;
  SHA1_Init(&ctx);
  SHA1_Update(&ctx, bytes.data(), bytes.size());
  SHA1_Final(out.data(), &ctx);
  return out;
}

Sha256Digest Sha256(std::string_view bytes) {
  Sha256Digest out;
  SHA256_CTX ctx;
  SHA256_Init(&ctx);
  SHA256_Update(&ctx, bytes.data(), bytes.size());
  SHA256_Final(out.data(), &ctx);
  return out;
}

Sha256Digest HmacSha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t kBlock = 64;
  std::array<std::uint8_t, kBlock> inner{};
  if (key.size() > kBlock) {
    const Sha256Digest short_key = Sha256(key);
    std::copy(short_key.begin(), short_key.end(), inner.begin());
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  std::array<std::uint8_t, kBlock> outer = inner;
  for (auto& b : inner) b ^= 0x36;
  for (auto& b : outer) b ^= 0x5c;

  Sha256Digest out;
  SHA256_CTX ctx;
  SHA256_Init(&ctx);
  SHA256_Update(&ctx, inner.data(), inner.size());
  SHA256_Update(&ctx, bytes.data(), bytes.size());
  SHA256_Final(out.data(), &ctx);
  SHA256_Init(&ctx);
  SHA256_Update(&ctx, outer.data(), outer.size());
  SHA256_Update(&ctx, out.data(), out.size());
  SHA256_Final(out.data(), &ctx);
  OPENSSL_cleanse(&ctx, sizeof(ctx));
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  return out;
}

struct GitBlobHasher::State {
  SHA_CTX ctx;
};

GitBlobHasher::GitBlobHasher(std::uint64_t size)
    : state_(std::make_unique<State>()) {
  const std::string header = "blob " + std::to_string(size);
  SHA1_Init(&state_->ctx);
  SHA1_Update(&state_->ctx, header.c_str(), header.size() + 1);
}
GitBlobHasher::~GitBlobHasher() = default;
GitBlobHasher::GitBlobHasher(GitBlobHasher&&) noexcept = default;

void GitBlobHasher::Update(std::string_view bytes) {
  SHA1_Update(&state_->ctx, bytes.data(), bytes.size());
}

Sha1Digest GitBlobHasher::Finish() {
  Sha1Digest out;
  SHA1_Final(out.data(), &state_->ctx);
  return out;
}

Sha1Digest GitBlobId(std::string_view bytes) {
  GitBlobHasher hasher(bytes.size());
  hasher.Update(bytes);
  return hasher.Finish();
}

std::string RandomBytes(std::size_t size) {
  std::string out(size, '\0');
  // getentropy gives at most 256 bytes at a time.
  for (std::size_t i = 0; i < size; i += 256) {
    if (getentropy(out.data() + i, std::min<std::size_t>(256, size - i)) != 0) {
      return std::string(size, '\0');
    }
  }
  return out;
}

std::uint32_t Crc32(std::string_view bytes) {
  std::uint32_t c = 0xFFFFFFFFu;
  for (const char ch : bytes) {
    c = kCrcTable[(c ^ static_cast<std::uint8_t>(ch)) & 0xFF] ^ (c >> 8);
  }
  return c ^ 0xFFFFFFFFu;
}

std::string ToHex(const std::uint8_t* data, std::size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    out.push_back(kDigits[data[i] >> 4]);
    out.push_back(kDigits[data[i] & 15]);
  }
  return out;
}

}  // namespace keytidy
