// SPDX-License-Identifier: Apache-2.0
//
// Rules for tests, written as rule files are, and engines made of them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "match/engine.h"
#include "match/rule_check.h"
#include "rules/rule_set.h"

namespace keytidy::match {

// The top of a rule file: lines 1 to 4.
inline constexpr std::string_view kFileHead =
    "provider = \"demo\"\n"
    "name = \"Demo\"\n"
    "sources = [\"https://example.org/docs\"]\n"
    "\n";

// One rule: its head (the first four lines), then `lines`.
inline std::string RuleText(std::string_view id, std::string_view lines) {
  return fmt::format(
      "[[rule]]\nid = \"{}\"\ntitle = \"A demo key\"\nseverity = \"high\"\n"
      "{}\nadvice = \"Revoke it.\"\n",
      id, lines);
}

// Text to rules to an engine that scans with them.
class TestEngine {
 public:
  // `rules` are RuleTexts, one after the other.
  explicit TestEngine(const std::string& rules) {
    const Status added = set_.Add("demo.toml", std::string(kFileHead) + rules);
    EXPECT_TRUE(added) << added.error().message;
    if (!added) return;
    CheckOptions options;
    options.seeds = 1;
    options.worst_case = false;
    const Status good = CheckRules(&set_, options);
    EXPECT_TRUE(good) << good.error().message;
    if (!good) return;
    auto database = Database::Compile(set_.rules(), Cpu::kThis);
    EXPECT_TRUE(database) << database.error().message;
    if (!database) return;
    engine_ = std::make_unique<Engine>(set_.rules(), *std::move(database));
  }

  const Engine& get() const { return *engine_; }
  const Engine* operator->() const { return engine_.get(); }

  std::vector<Match> Scan(std::string_view text) const {
    return Scan(text, 0, text.size());
  }
  std::vector<Match> Scan(std::string_view text, std::size_t from,
                          std::size_t to) const {
    std::vector<Match> matches;
    if (engine_ == nullptr) return matches;  // said already
    auto scanner = Scanner::Make(*engine_);
    EXPECT_TRUE(scanner);
    const Status done = scanner->Scan(text, from, to, &matches);
    EXPECT_TRUE(done) << done.error().message;
    return matches;
  }

  // What was found: "id:secret" of each match, in the order of the text.
  std::vector<std::string> Found(std::string_view text) const {
    std::vector<Match> matches = Scan(text);
    ResolveOverlaps(set_.rules(), &matches);
    std::vector<std::string> out;
    for (const Match& match : matches) {
      out.push_back(
          fmt::format("{}:{}", set_.rules()[match.rule].id,
                      text.substr(match.secret.start, match.secret.size())));
    }
    return out;
  }

 private:
  rules::RuleSet set_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace keytidy::match
