// SPDX-License-Identifier: Apache-2.0
//
// Reads what a provider answered: whether a condition of a recipe holds, and
// what stands where. Answers are hostile input: bounds hold for size and
// depth, nothing throws, and a key that the answer repeats is never passed on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/finding.h"
#include "core/recipe.h"
#include "core/secret.h"
#include "verify/message.h"

namespace keytidy::verify {

// Fills a template of a condition; nullopt: a name it holds has no value.
using Filler = std::function<std::optional<std::string>(std::string_view text)>;

class AnswerReader {
 public:
  // The answer outlives the reader.
  explicit AnswerReader(const HttpAnswer& answer);
  ~AnswerReader();

  bool Holds(const Condition& condition, const Filler& fill) const;

  // Texts that hold the key, or are no text, are left out.
  KeyFacts Read(const MetadataFields& fields, const Secret& secret,
                const Filler& fill) const;

  // The text at a JSON pointer, "row:/pointer" or "header:name".
  std::optional<std::string> TextAt(const std::string& place,
                                    const std::optional<RowSelector>& row,
                                    const Secret& secret,
                                    const Filler& fill) const;

 private:
  struct Body;

  const HttpAnswer& answer_;
  std::unique_ptr<Body> body_;
};

}  // namespace keytidy::verify
