// SPDX-License-Identifier: Apache-2.0
//
// How an inventory names a key without knowing it: a digest under a secret of
// its own, kept in a file beside the inventory, or on the server for those who
// may use it (settle_key.h). Without that secret a fingerprint tells nothing,
// not even to one who guesses.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace keytidy::inventory {

// Which end of a key a provider shows.
enum class HintSide { kFirst, kLast };

class FingerprintKey {
 public:
  // "inventory.key" for "inventory.db".
  static std::string PathBeside(const std::string& inventory);

  // Reads the file: 32 bytes, the user's alone, no symbolic link. kNotFound
  // where there is none.
  static Result<FingerprintKey> Read(const std::string& path);
  // The same, but makes it of random bytes where there is none. Of several
  // runs at once one makes it and all have the same.
  static Result<FingerprintKey> ReadOrMake(const std::string& path);

  // Of random bytes; kIo where the system has none.
  static Result<FingerprintKey> Make();
  // What Hex() gave; kDamaged.
  static Result<FingerprintKey> FromHex(std::string_view digits);
  // The secret itself, for where an inventory keeps it. The caller wipes it.
  std::string Hex() const;

  ~FingerprintKey();
  FingerprintKey(FingerprintKey&& other) noexcept;
  FingerprintKey& operator=(FingerprintKey&& other) noexcept;

  // 32 hex digits for a key, whatever rule found it. The caller wipes what it
  // passes. Of kinds that can be guessed (passwords) give the finding's id
  // instead of the key: both files together would let somebody try guesses.
  std::string Fingerprint(std::string_view key) const;

  // 32 hex digits for what a provider shows of a key at one end; never equal
  // to a fingerprint. hints.h says which ends are kept.
  std::string Hint(HintSide side, std::string_view text) const;

  // Tells this key from others, and nothing else.
  std::string CheckValue() const;

 private:
  explicit FingerprintKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// Whether it looks like one, or like a hint: 32 lower-case hex digits.
bool IsFingerprint(std::string_view text);

}  // namespace keytidy::inventory
