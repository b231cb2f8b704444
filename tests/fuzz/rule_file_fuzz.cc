// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a file of rules, and lines of it as the fields of one rule:
// refused with a message, or rules whose measures are within their bounds.
#include <fmt/format.h>

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
constexpr std::size_t kMostExpression = 600;
constexpr std::size_t kWidestExpression = 100;
constexpr std::size_t kWidestExample = 400;

void CheckError(const Error& error, const std::string& text) {
  Check(error.code == keytidy::ErrorCode::kInvalid, "the code is kInvalid",
        text);
  Check(!error.message.empty(), "there is a message", text);
  Check(keytidy::IsShowable(error.message), "the message can be shown", text);
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

// `text` as a string of TOML.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : keytidy::ToValidUtf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

// A rule whose fields are the lines of `text`.
std::string RuleOf(std::string_view text) {
  constexpr std::string_view kFields[] = {
      "pattern = {}\n",        "examples = [{}]\n",
      "anchor = {}\n",         "counter_examples = [{}]\n",
      "placeholders = [{}]\n", "before = {}\n",
      "after = {}\n"};
  std::string out =
      "provider = \"demo\"\nname = \"Demo\"\n"
      "sources = [\"https://example.org/docs\"]\n"
      "[[rule]]\nid = \"a\"\ntitle = \"A\"\nseverity = \"low\"\n"
      "advice = \"-\"\nmax_length = 99\nreach = 9\n";
  for (const std::string_view field : kFields) {
    if (text.empty()) break;
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    out += fmt::format(fmt::runtime(field), Quoted(line));
  }
  return out;
}

void Run(const std::string& text) {
  RuleSet set;
  if (const auto added = set.Add("fuzz.toml", text); !added) {
    CheckError(added.error(), text);
    Check(set.rules().empty(), "nothing was added", text);
    return;
  }
  Check(!set.rules().empty(), "there are rules", text);
  if (!IsSmall(set, text.size())) return;
  keytidy::match::CheckOptions options;
  options.seeds = 1;
  options.worst_case = false;
  if (const auto good = keytidy::match::CheckRules(&set, options); !good) {
    CheckError(good.error(), text);
    return;
  }
  for (const Rule& rule : set.rules()) {
    for (const Shape& shape : rule.shapes) {
      Check(shape.anchor_min >= 1 && shape.anchor_min <= shape.anchor_max &&
                shape.anchor_max <= 512,
            "the anchor's width", text);
      Check(shape.max_length <= keytidy::kMaxMatchLength, "max_length", text);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  Run(text);
  Run(RuleOf(text));
  return 0;
}
