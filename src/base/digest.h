// SPDX-License-Identifier: Apache-2.0
//
// The few digests the tool needs. Pure functions, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace keytidy {

using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;

Sha1Digest Sha1(std::string_view bytes);
Sha256Digest Sha256(std::string_view bytes);

// RFC 2104 with SHA-256.
Sha256Digest HmacSha256(std::string_view key, std::string_view bytes);

// The id git gives a blob with this content: SHA-1 of "blob <size>\0<bytes>".
Sha1Digest GitBlobId(std::string_view bytes);

// The same when the content arrives in pieces; the size must be known first,
// and Update must be given exactly that many bytes before Finish.
class GitBlobHasher {
 public:
  explicit GitBlobHasher(std::uint64_t size);
  ~GitBlobHasher();
  GitBlobHasher(GitBlobHasher&&) noexcept;
  void Update(std::string_view bytes);
  Sha1Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Bytes that nobody can foresee; all zero where the system has none.
std::string RandomBytes(std::size_t size);

// CRC-32/ISO-HDLC, the one of zip and PNG.
std::uint32_t Crc32(std::string_view bytes);

// Lower-case hexadecimal.
std::string ToHex(const std::uint8_t* data, std::size_t size);
template <std::size_t N>
std::string ToHex(const std::array<std::uint8_t, N>& digest) {
  return ToHex(digest.data(), N);
}

}  // namespace keytidy
