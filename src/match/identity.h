// SPDX-License-Identifier: Apache-2.0
//
// What a report may say of a key instead of the key: a keyed fingerprint and a
// redacted form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/rule.h"
#include "core/secret.h"

namespace keytidy::match {

// Immutable; any thread.
class Identifier {
 public:
  // Without a key of the user, ids of equal keys are equal everywhere.
  Identifier() = default;
  // With one they are equal only where that key is shared, and are made from
  // the value for guessable kinds too.
  explicit Identifier(std::string key) : key_(std::move(key)) {}

  // "kt-" and 16 hex digits. `around` is what identifies a guessable secret
  // without being made from it: its path and the text of the match around it.
  std::string Id(const Rule& rule, const Secret& secret,
                 std::string_view around) const;

 private:
  std::string key_;
};

// "kryton_3f9c…": what every key of the kind begins with and at most four
// bytes more; nothing but "********" for guessable kinds.
std::string Redact(const Rule& rule, const Secret& secret);

// The key itself, for --show-secrets.
std::string Show(const Secret& secret);

// `path` with the key's redacted form in its place, should a file be named
// after its key.
std::string RedactPath(std::string_view path, const Secret& secret,
                       std::string_view redacted);

}  // namespace keytidy::match
