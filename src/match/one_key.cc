// SPDX-License-Identifier: Apache-2.0
#include "match/one_key.h"

#include <algorithm>
#include <vector>

#include "match/identity.h"

namespace keytidy::match {
namespace {

struct Known {
  const Rule* rule = nullptr;
  Span span;
  Confidence confidence = Confidence::kHigh;
};

// What the text holds, by shape.
Result<std::vector<Known>> Recognise(const Engine& engine,
                                     std::string_view text) {
  auto scanner = Scanner::Make(engine);
  if (!scanner) return Fail(scanner.error());
  std::vector<Match> matches;
  if (auto ok = scanner->Scan(text, 0, text.size(), &matches); !ok) {
    return Fail(ok.error());
  }
  ResolveOverlaps(engine.rules(), &matches);
  std::vector<Known> out;
  for (const Match& match : matches) {
    out.push_back(
        {&engine.rules()[match.rule], match.secret, match.confidence});
  }
  return out;
}

const Rule* Find(const Engine& engine, std::string_view id) {
  for (const Rule& rule : engine.rules()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

Result<Known> Choose(const Engine& engine, const std::string& rule_id,
                     std::string_view text) {
  auto known = Recognise(engine, text);
  if (!known) return Fail(known.error());
  const auto open =
      std::find_if(known->begin(), known->end(),
                   [](const Known& one) { return one.rule->generic; });
  const Rule* generic = open != known->end() ? open->rule : nullptr;
  std::erase_if(*known, [](const Known& one) { return one.rule->generic; });
  if (rule_id.empty()) {
    if (known->size() == 1) return known->front();
    if (known->size() > 1) {
      return Fail(ErrorCode::kInvalid, "standard input holds {} keys; give one",
                  known->size());
    }
    return Fail(ErrorCode::kInvalid,
                "whose key this is, its shape does not tell{}; say so with "
                "--rule ID (`keytidy rules list` has them)",
                generic != nullptr ? fmt::format(" ({})", generic->title)
                                   : std::string());
  }
  const Rule* rule = Find(engine, rule_id);
  if (rule == nullptr) {
    return Fail(ErrorCode::kInvalid, "--rule {}: there is no such rule",
                rule_id);
  }
  for (const Known& one : *known) {
    if (one.rule->provider == rule->provider) {
      return Known{rule, one.span, one.confidence};
    }
  }
  if (!known->empty()) {
    return Fail(ErrorCode::kInvalid,
                "this is a key of {} ({}): it is not sent to {}",
                known->front().rule->provider_name, known->front().rule->id,
                rule->provider_name);
  }
  return Known{rule, {0, text.size()}, Confidence::kHigh};
}

}  // namespace

Result<OneKey> RecogniseKey(const Engine& engine, const Secret& text,
                            const std::string& rule) {
  const auto known = Choose(engine, rule, text.Reveal());
  if (!known) return Fail(known.error());
  Secret secret(
      text.Reveal().substr(static_cast<std::size_t>(known->span.start),
                           static_cast<std::size_t>(known->span.size())));
  std::string id = Identifier().Id(*known->rule, secret, "-");
  std::string redacted = Redact(*known->rule, secret);
  return OneKey{known->rule,   known->span,         known->confidence,
                std::move(id), std::move(redacted), std::move(secret)};
}

bool StandsIn(const Secret& key, std::string_view text) {
  return key.size() > 0 && text.find(key.Reveal()) != std::string_view::npos;
}

}  // namespace keytidy::match
