// SPDX-License-Identifier: Apache-2.0
#include "inventory/fingerprint.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "core/secret.h"
#include "inventory/private_file.h"

namespace keytidy::inventory {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kDigits = 32;

// Each use has a name of its own, so that no digest of one is one of another.
std::string Digest(const std::string& key, std::string_view use,
                   std::string_view bytes) {
  std::string text;
  text.reserve(use.size() + 1 + bytes.size());
  text += use;
  text += '\0';
  text += bytes;
  const Sha256Digest digest = HmacSha256(key, text);
  Wipe(&text);
  return ToHex(digest).substr(0, kDigits);
}

int HexValue(char c) { return IsDigit(c) ? c - '0' : ToLower(c) - 'a' + 10; }

}  // namespace

std::string FingerprintKey::PathBeside(const std::string& inventory) {
  constexpr std::string_view kExtension = ".db";
  const std::string_view path = inventory;
  if (path.ends_with(kExtension)) {
    return std::string(path.substr(0, path.size() - kExtension.size())) +
           ".key";
  }
  return inventory + ".key";
}

Result<FingerprintKey> FingerprintKey::Read(const std::string& path) {
  if (auto fine = CheckPrivate(path); !fine) return Fail(fine.error());
  auto bytes = ReadSmallFile(path, kKeySize, Links::kRefuse);
  const bool whole = bytes && bytes->size() == kKeySize;
  if (!whole && (bytes || bytes.error().code == ErrorCode::kLimit)) {
    if (bytes) Wipe(&*bytes);
    return Fail(ErrorCode::kDamaged,
                "{}: is no key of an inventory: it must hold {} bytes", path,
                kKeySize);
  }
  if (!bytes) return Fail(bytes.error());
  return FingerprintKey(std::move(*bytes));
}

Result<FingerprintKey> FingerprintKey::ReadOrMake(const std::string& path) {
  auto there = Read(path);
  if (there || there.error().code != ErrorCode::kNotFound) return there;
  const auto key = Make();
  if (!key) return Fail(ErrorCode::kIo, "{}: {}", path, key.error().message);
  if (auto made = MakeOnce(path, key->bytes_); !made) return Fail(made.error());
  return Read(path);
}

Result<FingerprintKey> FingerprintKey::Make() {
  std::string bytes = RandomBytes(kKeySize);
  if (bytes == std::string(kKeySize, '\0')) {
    return Fail(ErrorCode::kIo, "the system has no random bytes");
  }
  return FingerprintKey(std::move(bytes));
}

Result<FingerprintKey> FingerprintKey::FromHex(std::string_view digits) {
  if (digits.size() != 2 * kKeySize ||
      !std::all_of(digits.begin(), digits.end(), IsHexDigit)) {
    return Fail(ErrorCode::kDamaged, "it is no key of an inventory");
  }
  std::string bytes;
  bytes.reserve(kKeySize);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes +=
        static_cast<char>(16 * HexValue(digits[i]) + HexValue(digits[i + 1]));
  }
  return FingerprintKey(std::move(bytes));
}

std::string FingerprintKey::Hex() const {
  return ToHex(reinterpret_cast<const std::uint8_t*>(bytes_.data()),
               bytes_.size());
}

FingerprintKey::~FingerprintKey() { Wipe(&bytes_); }

FingerprintKey::FingerprintKey(FingerprintKey&& other) noexcept
    : bytes_(std::move(other.bytes_)) {
  Wipe(&other.bytes_);
}

FingerprintKey& FingerprintKey::operator=(FingerprintKey&& other) noexcept {
  if (this != &other) {
    Wipe(&bytes_);
    bytes_ = std::move(other.bytes_);
    Wipe(&other.bytes_);
  }
  return *this;
}

std::string FingerprintKey::Fingerprint(std::string_view key) const {
  return Digest(bytes_, "keytidy fingerprint", key);
}

std::string FingerprintKey::Hint(HintSide side, std::string_view text) const {
  return Digest(
      bytes_,
      side == HintSide::kFirst ? "keytidy hint first" : "keytidy hint last",
      text);
}

std::string FingerprintKey::CheckValue() const {
  return Digest(bytes_, "keytidy inventory key", "");
}

bool IsFingerprint(std::string_view text) {
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsHexDigit(c) && !IsUpper(c); });
}

}  // namespace keytidy::inventory
