// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a file of rules: refused with a message, or rules whose measures
// are within their bounds and whose examples are found.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "check.h"
#include "match/engine.h"
#include "match/rule_check.h"
#include "rules/rule_set.h"

namespace {

using keytidy::Check;
using keytidy::Error;
using keytidy::Rule;
using keytidy::Shape;
using keytidy::rules::RuleSet;

// Checking compiles expressions, which may take as long as they are wide.
constexpr std::size_t kMostText = 3000;
constexpr std::size_t kMostExpression = 80;
constexpr std::size_t kWidestExpression = 40;
constexpr std::size_t kWidestExample = 400;

void CheckError(const Error& error, const std::string& text) {
  Check(error.code == keytidy::ErrorCode::kInvalid, "the code is kInvalid",
        text);
  Check(!error.message.empty(), "there is a message", text);
}

bool IsSmall(const RuleSet& set, std::size_t size) {
  if (size > kMostText || set.rules().size() > 4) return false;
  for (std::size_t i = 0; i < set.rules().size(); ++i) {
    for (const Shape& shape : set.rules()[i].shapes) {
      for (const std::string_view text : {shape.pattern, shape.anchor}) {
        if (text.size() > kMostExpression ||
            !keytidy::NumbersBelow(text, kWidestExpression)) {
          return false;
        }
      }
    }
    const auto& origin = set.origin(i);
    for (const auto* texts : {&origin.examples, &origin.counter_examples}) {
      for (const std::string& text : *texts) {
        if (!keytidy::NumbersBelow(text, kWidestExample)) return false;
      }
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  RuleSet set;
  if (const auto added = set.Add("fuzz.toml", text); !added) {
    CheckError(added.error(), text);
    Check(set.rules().empty(), "nothing was added", text);
    return 0;
  }
  Check(!set.rules().empty(), "there are rules", text);
  if (!IsSmall(set, size)) return 0;
  keytidy::match::CheckOptions options;
  options.seeds = 1;
  options.worst_case = false;
  if (const auto good = keytidy::match::CheckRules(&set, options); !good) {
    CheckError(good.error(), text);
    return 0;
  }
  for (const Rule& rule : set.rules()) {
    for (const Shape& shape : rule.shapes) {
      Check(shape.anchor_min >= 1 && shape.anchor_min <= shape.anchor_max &&
                shape.anchor_max <= 512,
            "the anchor's width", text);
      Check(shape.max_length <= keytidy::kMaxMatchLength, "max_length", text);
    }
  }
  return 0;
}
