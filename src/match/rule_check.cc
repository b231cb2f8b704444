// SPDX-License-Identifier: Apache-2.0
#include "match/rule_check.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "match/engine.h"
#include "match/example.h"

namespace keytidy::match {
namespace {

constexpr std::uint32_t kMaxAnchor = 512;
// Stage 2 may read at most this many bytes per byte of a hostile buffer.
constexpr std::uint64_t kMaxWork = 600;
constexpr std::size_t kHostileSize = 16 << 10;

class Checker {
 public:
  Checker(rules::RuleSet* set, std::span<const Rule> reserved,
          const CheckOptions& options)
      : set_(set), reserved_(reserved), options_(options) {}

  Status Run() {
    if (auto ok = set_->CheckReferences(); !ok) return ok;
    for (std::size_t i = 0; i < set_->rules().size(); ++i) MeasureRule(i);
    if (!errors_.empty()) return Finish();
    // The set's own rules come first, so that their indices are the same.
    all_.assign(set_->rules().begin(), set_->rules().end());
    all_.insert(all_.end(), reserved_.begin(), reserved_.end());
    auto database = Database::Compile(all_, Cpu::kThis);
    if (!database) return Fail(database.error());
    engine_ = std::make_unique<Engine>(all_, *std::move(database));
    auto scanner = Scanner::Make(*engine_);
    if (!scanner) return Fail(scanner.error());
    scanner_ = std::make_unique<Scanner>(*std::move(scanner));
    for (std::size_t i = 0; i < set_->rules().size(); ++i) FindPrefix(i);
    for (std::size_t i = 0; i < set_->rules().size(); ++i) TryRule(i);
    return Finish();
  }

 private:
  void Report(std::size_t rule, config::Place place, std::string_view message) {
    const Error error = set_->ErrorAt(rule, place, message);
    if (!errors_.empty()) errors_ += '\n';
    errors_ += error.message;
  }

  Status Finish() const {
    if (errors_.empty()) return {};
    return Fail(Error{ErrorCode::kInvalid, errors_});
  }

  void MeasureRule(std::size_t i) {
    const Rule& rule = set_->rules()[i];
    const rules::RuleOrigin& origin = set_->origin(i);
    for (std::size_t s = 0; s < rule.shapes.size(); ++s) {
      Shape& shape = set_->MutableShape(i, s);
      const RE2 pattern(
          re2::StringPiece(shape.pattern.data(), shape.pattern.size()), [] {
            RE2::Options options(RE2::Latin1);
            options.set_log_errors(false);
            return options;
          }());
      if (!pattern.ok()) {
        Report(i, origin.patterns[s], "pattern: " + pattern.error());
        continue;
      }
      const int groups = pattern.NumberOfCapturingGroups();
      const int needed = std::max({int{shape.group}, int{rule.checksum.body},
                                   int{rule.checksum.digits}});
      if (groups < needed) {
        Report(i, origin.patterns[s],
               fmt::format("pattern: has {} groups, but group {} is used",
                           groups, needed));
      }
      const auto anchor = Measure(shape.anchor);
      if (!anchor) {
        Report(i, origin.anchors[s], "anchor: " + anchor.error().message);
        continue;
      }
      if (anchor->max > kMaxAnchor || anchor->min == 0) {
        Report(i, origin.anchors[s],
               fmt::format("anchor: must match from 1 to {} bytes; give the "
                           "rule an 'anchor' of bounded width",
                           kMaxAnchor));
        continue;
      }
      shape.anchor_min = anchor->min;
      shape.anchor_max = anchor->max;
      if (shape.max_length == 0) {
        const auto width = Measure(shape.pattern);
        if (!width) {
          Report(i, origin.patterns[s], "pattern: " + width.error().message);
          continue;
        }
        shape.max_length = width->max;
      }
      if (shape.max_length > kMaxMatchLength) {
        Report(i, origin.patterns[s],
               fmt::format("pattern: can match more than {} bytes; bound it "
                           "or give 'max_length'",
                           kMaxMatchLength));
      }
    }
  }

  std::vector<Match> Scan(std::string_view text) {
    std::vector<Match> matches;
    // Stage 1 fails only when its memory is gone; then nothing is found, and
    // the examples say so.
    if (!scanner_->Scan(text, 0, text.size(), &matches)) matches.clear();
    return matches;
  }

  // What all secrets of a kind begin with: the common prefix of every
  // expansion of every example.
  void FindPrefix(std::size_t i) {
    std::optional<std::string> common;
    bool varied = false;
    for (const std::string& example : set_->origin(i).examples) {
      for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const auto text = ExpandExample(example, all_[i], seed);
        if (!text) continue;
        for (const Match& match : Scan(*text)) {
          if (match.rule != i) continue;
          const std::string value =
              text->substr(match.secret.start, match.secret.size());
          if (!common) common = value;
          varied = varied || value != *common;
          const auto differ = std::mismatch(common->begin(), common->end(),
                                            value.begin(), value.end());
          common->erase(differ.first, common->end());
        }
      }
    }
    // Examples that are all the same say nothing of what is constant.
    all_[i].known_prefix =
        varied ? static_cast<std::uint32_t>(common->size()) : 0;
    set_->mutable_rules()[i].known_prefix = all_[i].known_prefix;
  }

  void TryRule(std::size_t i) {
    const rules::RuleOrigin& origin = set_->origin(i);
    for (std::size_t e = 0; e < origin.examples.size(); ++e) {
      TryExample(i, origin.examples[e], origin.example_places[e]);
    }
    for (std::size_t e = 0; e < origin.counter_examples.size(); ++e) {
      TryCounterExample(i, origin.counter_examples[e],
                        origin.counter_example_places[e]);
    }
    if (options_.worst_case) TryWorstCase(i);
  }

  void TryExample(std::size_t i, const std::string& example,
                  config::Place place) {
    for (int seed = 0; seed < options_.seeds; ++seed) {
      const auto text = ExpandExample(example, all_[i],
                                      static_cast<std::uint64_t>(seed) + 1000);
      if (!text) {
        return Report(i, place, "example: " + text.error().message);
      }
      std::vector<Match> matches = Scan(*text);
      const auto is_own = [&](const Match& m) { return m.rule == i; };
      const bool found = std::any_of(matches.begin(), matches.end(), is_own);
      ResolveOverlaps(all_, &matches);
      if (std::any_of(matches.begin(), matches.end(), is_own)) continue;
      return Report(
          i, place,
          found ? fmt::format("example: is claimed by rule '{}' (add it to "
                              "yields_to on one side)",
                              all_[matches.front().rule].id)
                : std::string("example: is not found by this rule"));
    }
  }

  void TryCounterExample(std::size_t i, const std::string& example,
                         config::Place place) {
    for (int seed = 0; seed < options_.seeds; ++seed) {
      const auto text = ExpandExample(example, all_[i],
                                      static_cast<std::uint64_t>(seed) + 2000);
      if (!text) {
        return Report(i, place, "counter-example: " + text.error().message);
      }
      for (const Match& match : Scan(*text)) {
        if (match.rule != i) continue;
        return Report(i, place, "counter-example: this rule finds it");
      }
    }
  }

  // The rule's examples, whole and cut short, glued together: many anchors,
  // few matches.
  void TryWorstCase(std::size_t i) {
    const auto& examples = set_->origin(i).examples;
    std::uint64_t worst = 0;
    for (const std::size_t percent : {60, 100}) {
      std::string text;
      for (std::uint64_t seed = 0; text.size() < kHostileSize; ++seed) {
        const auto piece =
            ExpandExample(examples[seed % examples.size()], all_[i], seed);
        if (!piece) return;
        text += piece->substr(0, piece->size() * percent / 100 + 1);
        if (seed % 3 == 0) text += ' ';
      }
      const std::uint64_t before = scanner_->stage2_bytes();
      Scan(text);
      worst =
          std::max(worst, (scanner_->stage2_bytes() - before) / text.size());
    }
    if (worst <= kMaxWork) return;
    Report(i, set_->origin(i).patterns[0],
           fmt::format("pattern: on a hostile buffer stage 2 reads {} bytes "
                       "for each byte (at most {}); shorten 'reach' or "
                       "'max_length', or choose a rarer anchor",
                       worst, kMaxWork));
  }

  rules::RuleSet* set_;
  std::span<const Rule> reserved_;
  CheckOptions options_;
  std::string errors_;
  std::vector<Rule> all_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Scanner> scanner_;
};

}  // namespace

Status CheckRules(rules::RuleSet* set, const CheckOptions& options) {
  return CheckRules(set, {}, options);
}

Status CheckRules(rules::RuleSet* set, std::span<const Rule> reserved,
                  const CheckOptions& options) {
  return Checker(set, reserved, options).Run();
}

}  // namespace keytidy::match
