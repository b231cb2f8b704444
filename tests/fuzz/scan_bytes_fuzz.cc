// SPDX-License-Identifier: Apache-2.0
//
// Any bytes under the rules of the catalogue: what is found lies inside, is the
// same when the text comes in two pieces, and can be told without being shown.
//
// Random bytes are seldom a key, so the input is tried a second time as a
// template (docs/rules.md): the corpus holds templates and no keys.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "check.h"
#include "match/engine.h"
#include "match/example.h"
#include "match/identity.h"
#include "match/loader.h"
#include "rules/catalogue.h"

namespace {

using keytidy::Check;
using keytidy::Rule;
using keytidy::Secret;
using keytidy::Span;
using keytidy::match::Engine;
using keytidy::match::Match;
using keytidy::match::Scanner;

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::size_t kWidestTemplate = 500;

const Engine& TheEngine() {
  static const auto loaded =
      keytidy::match::LoadEngine(keytidy::rules::EmbeddedCatalogue(), {}, "");
  return *(*loaded)->engine;
}

std::vector<Match> Scan(std::string_view text, std::size_t from,
                        std::size_t to) {
  static auto scanner = Scanner::Make(TheEngine());
  std::vector<Match> matches;
  Check(scanner->Scan(text, from, to, &matches).has_value(), "it is scanned",
        text);
  return matches;
}

auto Everything(const Match& match) {
  return std::tuple(match.whole, match.secret, match.shape, match.rule,
                    match.confidence);
}

void Sort(std::vector<Match>* matches) {
  std::sort(matches->begin(), matches->end(),
            [](const Match& a, const Match& b) {
              return Everything(a) < Everything(b);
            });
  const auto last = std::unique(matches->begin(), matches->end(),
                                [](const Match& a, const Match& b) {
                                  return Everything(a) == Everything(b);
                                });
  matches->erase(last, matches->end());
}

// What may be shown of any key: its kind's beginning, or the first line of an
// armoured one.
std::size_t KnownBytes(const Rule& rule, std::string_view value) {
  constexpr std::string_view kDashes = "-----";
  std::size_t known = rule.known_prefix;
  const std::size_t label = value.find(kDashes, kDashes.size());
  if (value.starts_with("-----BEGIN ") && label != std::string_view::npos) {
    known = std::max(known, label + kDashes.size());
  }
  return known;
}

void CheckMatch(const Match& match, std::string_view text) {
  const Engine& engine = TheEngine();
  Check(match.whole.start <= match.secret.start &&
            match.secret.start < match.secret.end &&
            match.secret.end <= match.whole.end &&
            match.whole.end <= text.size(),
        "the secret lies in the match, and that in the text", text);
  Check(match.shape < engine.shape_count() &&
            engine.RuleIndexOf(match.shape) == match.rule,
        "the shape is the rule's", text);
  Check(match.confidence <= keytidy::Confidence::kHigh, "the confidence", text);
  Check(match.whole.size() <= engine.ShapeAt(match.shape).max_length,
        "the longest match", text);

  const Rule& rule = engine.rules()[match.rule];
  const std::string value(text.substr(match.secret.start, match.secret.size()));
  std::string shown = keytidy::match::Redact(rule, Secret(value));
  if (rule.guessable) {
    Check(shown == "********", "a guessable key is masked whole", text);
  } else {
    Check(shown.ends_with(kEllipsis), "something is left out", text);
    shown.resize(shown.size() - kEllipsis.size());
    Check(value.starts_with(shown), "what is shown is its beginning", text);
    const std::size_t known = KnownBytes(rule, value);
    Check(shown.size() <= known + 4, "and not much of it", text);
    Check(shown.size() < value.size() || value.size() <= known,
          "and not all of it", text);
  }
  const std::string id =
      keytidy::match::Identifier().Id(rule, Secret(value), "a path");
  Check(id.size() == 19 && id.starts_with("kt-") &&
            id.find_first_not_of("0123456789abcdef", 3) == std::string::npos,
        "the id", text);
}

void Run(std::string_view text, std::size_t split) {
  std::vector<Match> whole = Scan(text, 0, text.size());
  for (const Match& match : whole) CheckMatch(match, text);
  Sort(&whole);

  const std::size_t cut = split % (text.size() + 1);
  std::vector<Match> pieces = Scan(text, 0, cut);
  const std::vector<Match> rest = Scan(text, cut, text.size());
  pieces.insert(pieces.end(), rest.begin(), rest.end());
  Sort(&pieces);
  Check(std::equal(whole.begin(), whole.end(), pieces.begin(), pieces.end(),
                   [](const Match& a, const Match& b) {
                     return Everything(a) == Everything(b);
                   }),
        "two pieces give the same", text);

  std::vector<Match> settled = whole;
  keytidy::match::ResolveOverlaps(TheEngine().rules(), &settled);
  Check(settled.empty() == whole.empty(), "something stays", text);
  for (std::size_t i = 1; i < settled.size(); ++i) {
    Check(settled[i - 1].secret.end <= settled[i].secret.start,
          "what stays does not overlap", text);
  }
  // What falls, falls to something that stays.
  for (const Match& match : whole) {
    Check(std::any_of(settled.begin(), settled.end(),
                      [&](const Match& other) {
                        return other.secret.start < match.secret.end &&
                               match.secret.start < other.secret.end;
                      }),
          "nothing is lost", text);
  }
}

}  // namespace

// The first two bytes say where to cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  const std::size_t split = data[0] * std::size_t{256} + data[1];
  const std::string text(data + 2, data + size);
  Run(text, split);
  if (!keytidy::NumbersBelow(text, kWidestTemplate)) return 0;
  const auto expanded = keytidy::match::ExpandExample(text, Rule(), split);
  if (expanded) Run(*expanded, split);
  return 0;
}
