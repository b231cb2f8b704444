// SPDX-License-Identifier: Apache-2.0
//
// What the names in a recipe's templates stand for. Keys are kept as secrets
// and can be put in masked, for what people read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "core/secret.h"

namespace keytidy::verify {

// Where a value is put, and so how it is written.
enum class Escape {
  kNone,
  kUrl,   // percent-encoded; the base and paths are put in as they are
  kJson,  // within a JSON string
  kForm   // application/x-www-form-urlencoded
};

class Values {
 public:
  void Set(std::string name, std::string_view text);
  // Goes into a URL as it is: a base, a path.
  void SetRaw(std::string name, std::string_view text);
  void SetSecret(std::string name, std::string_view text, std::string shown);
  void SetSecret(std::string name, const Secret& secret, std::string shown) {
    SetSecret(std::move(name), secret.Reveal(), std::move(shown));
  }

  bool Has(std::string_view name) const;
  // In clear; empty where there is none.
  std::string_view Get(std::string_view name) const;

  // kNotFound: the message is the name that has no value. kInvalid: nothing, or
  // dots, would stand for a part of a URL's path. With `masked`, what is secret
  // is put in as it may be shown.
  Result<std::string> Fill(std::string_view text, Escape escape,
                           bool masked) const;

  // `text` with every secret that stands in it, as it is or escaped, masked.
  std::string Mask(std::string text) const;
  // Whether any stands in it.
  bool Holds(std::string_view text) const;

 private:
  struct Value {
    Secret text;
    std::string shown;
    bool raw = false;
    bool secret = false;
  };
  // Every form that a secret may take, and what is shown for it; the longest
  // first, as one may stand within another.
  std::vector<std::pair<std::string, std::string>> Forms() const;

  std::map<std::string, Value, std::less<>> values_;
};

// `text` escaped.
std::string Escaped(std::string_view text, Escape escape);

std::string Base64(std::string_view bytes);

// Every form in which a secret may come back: as it is, escaped, and within
// base64, whatever stands before it there.
std::vector<std::string> FormsOf(std::string_view secret);

}  // namespace keytidy::verify
