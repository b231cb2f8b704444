// SPDX-License-Identifier: Apache-2.0
#include "verify/plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::verify {
namespace {

using config::VerifySettings;
using Texts = std::vector<std::string>;

VerifySettings SettingsOf(std::string base, NamedTexts parameters = {},
                          std::string provider = "kryton") {
  VerifySettings out;
  out.provider = std::move(provider);
  out.base = std::move(base);
  out.parameters = std::move(parameters);
  return out;
}

Recipe RecipeOf(std::string url = "https://api.example.com/me") {
  Recipe out;
  out.id = "kryton-key";
  out.provider = "kryton";
  out.provider_name = "Kryton";
  out.rules = {"kryton-api-key"};
  Step step;
  step.url = std::move(url);
  out.steps = {step};
  return out;
}

Recipe WithBase(std::string otherwise = "", Texts hosts = {}) {
  Recipe out = RecipeOf("%{base}/me");
  out.base = Base{{"KRYTON_URL"}, std::move(hosts), std::move(otherwise)};
  return out;
}

// A report with keys in clear, and one recipe for all rules but "other".
class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    rule_ = AddRule("kryton-api-key");
    half_ = AddRule("kryton-half");
    other_ = AddRule("other");
  }

  Rule* AddRule(std::string_view id) {
    Rule& rule = rules_.emplace_back();
    rule.id = id;
    rule.provider = "kryton";
    return &rule;
  }

  // A key of 10 bytes at each of `starts`.
  Finding& AddKey(std::string id, const Rule* rule,
                  const std::vector<std::uint64_t>& starts,
                  const std::string& path = "a.env", Texts bases = {}) {
    Finding finding;
    finding.id = id;
    finding.rule = rule;
    finding.redacted = id + "****";
    finding.decision.action = Action::kFail;
    for (const std::uint64_t start : starts) {
      Occurrence place;
      place.path = path;
      place.span = {start, start + 10};
      finding.occurrences.push_back(place);
    }
    report_.findings.push_back(std::move(finding));
    keys_.emplace(id, KnownKey{Secret("clear-" + id), std::move(bases), false});
    return report_.findings.back();
  }

  Plan Make() {
    return MakePlan(
        report_,
        [&](const Finding& finding) -> const KnownKey* {
          const auto it = keys_.find(finding.id);
          return it == keys_.end() ? nullptr : &it->second;
        },
        [&](const Rule& rule) -> const Recipe* {
          return &rule == rule_ ? &recipe_ : nullptr;
        },
        options_);
  }

  // Why the first key is not asked about; "asked" where it is.
  std::string Why() {
    const Plan plan = Make();
    EXPECT_EQ(plan.others.size(), report_.findings.size());
    if (!plan.others[0]) return "asked";
    EXPECT_TRUE(plan.tasks.empty());
    EXPECT_EQ(plan.others[0]->checked_at, std::nullopt);
    return (plan.others[0]->state == VerdictState::kUnknown ? "unknown: "
                                                            : "not tried: ") +
           plan.others[0]->evidence;
  }

  // Where the first key is sent: the base; or why it is not.
  std::string BaseFor(Texts bases) {
    report_.findings.clear();
    keys_.clear();
    AddKey("k", rule_, {0}, "a.env", std::move(bases));
    const Plan plan = Make();
    if (plan.tasks.size() == 1) {
      return std::string(plan.tasks[0].values.Get("base"));
    }
    return plan.others[0]->evidence;
  }

  std::deque<Rule> rules_;
  Rule* rule_;
  Rule* half_;
  Rule* other_;
  Report report_;
  std::map<std::string, KnownKey> keys_;
  Recipe recipe_ = RecipeOf();
  PlanOptions options_;
};

constexpr std::string_view kNotTrusted =
    "the server that stands beside the key is not trusted by itself: name it "
    "with --base kryton=URL, or take such addresses with --trust-config-hosts";
constexpr std::string_view kNoServer =
    "where the Kryton server is, the key does not say: name it with --base "
    "kryton=URL, or as base under [verify.kryton] in your own configuration";
constexpr std::string_view kSeveral =
    "several servers stand beside the key; name one: --base kryton=URL";

TEST_F(PlanTest, AKeyWithARecipe) {
  AddKey("k", rule_, {0});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 1u);
  EXPECT_EQ(plan.findings, std::vector<std::size_t>{0});
  EXPECT_FALSE(plan.others[0]);
  const Task& task = plan.tasks[0];
  EXPECT_EQ(task.id, "k");
  EXPECT_EQ(task.rule, "kryton-api-key");
  EXPECT_EQ(task.recipe, &recipe_);
  EXPECT_EQ(task.host, "api.example.com");
  EXPECT_EQ(task.values.Get("secret"), "clear-k");
  EXPECT_EQ(task.values.Mask("clear-k"), "k****");
  EXPECT_FALSE(task.private_network);
  EXPECT_FALSE(task.loopback_http);
}

TEST_F(PlanTest, GenericKeysAreSentToNobody) {
  rule_->generic = true;
  AddKey("k", rule_, {0});
  EXPECT_EQ(Why(),
            "not tried: sent to nobody, as its kind does not say whose it is");
}

TEST_F(PlanTest, PublicIdentifiers) {
  rule_->is_public = true;
  AddKey("k", rule_, {0});
  EXPECT_EQ(Why(), "not tried: a public identifier, not a key");
}

TEST_F(PlanTest, AllowedKeys) {
  AddKey("k", rule_, {0}).decision.action = Action::kIgnore;
  EXPECT_EQ(Why(), "not tried: allowed, so not asked about");
  report_.findings[0].decision.action = Action::kWarn;
  EXPECT_EQ(Why(), "asked");
}

TEST_F(PlanTest, NoRecipe) {
  AddKey("k", other_, {0});
  EXPECT_EQ(Why(), "not tried: there is no recipe for this kind of key");
}

TEST_F(PlanTest, AKeyThatIsNotKnown) {
  AddKey("k", rule_, {0});
  keys_.clear();
  EXPECT_TRUE(Make().tasks.empty());
}

TEST_F(PlanTest, EachFindingIsATaskOrHasAReason) {
  AddKey("a", other_, {0});
  AddKey("b", rule_, {20});
  AddKey("c", other_, {40});
  AddKey("d", rule_, {60});
  const Plan plan = Make();
  EXPECT_EQ(plan.findings, (std::vector<std::size_t>{1, 3}));
  ASSERT_EQ(plan.others.size(), 4u);
  EXPECT_TRUE(plan.others[0]);
  EXPECT_FALSE(plan.others[1]);
  EXPECT_TRUE(plan.others[2]);
  EXPECT_FALSE(plan.others[3]);
}

TEST_F(PlanTest, NoBase) {
  recipe_ = WithBase();
  EXPECT_EQ(BaseFor({}), kNoServer);
}

TEST_F(PlanTest, ABaseOfTheUser) {
  recipe_ = WithBase();
  options_.settings = {SettingsOf("https://Notes.example.com:8443/k/")};
  AddKey("k", rule_, {0}, "a.env", {"https://evil.example"});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 1u);
  EXPECT_EQ(plan.tasks[0].values.Get("base"),
            "https://notes.example.com:8443/k");
  EXPECT_EQ(plan.tasks[0].host, "notes.example.com:8443");
  EXPECT_TRUE(plan.tasks[0].private_network);
}

TEST_F(PlanTest, TheLaterWordCounts) {
  recipe_ = WithBase();
  options_.settings = {SettingsOf("https://a.example", {{"p", "1"}}),
                       SettingsOf("https://b.example", {{"p", "2"}}),
                       SettingsOf("", {{"q", "3"}}),
                       SettingsOf("https://c.example", {{"p", "4"}}, "acme")};
  AddKey("k", rule_, {0});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 1u);
  EXPECT_EQ(plan.tasks[0].values.Get("base"), "https://b.example");
  EXPECT_EQ(plan.tasks[0].values.Get("p"), "2");
  EXPECT_EQ(plan.tasks[0].values.Get("q"), "3");
}

TEST_F(PlanTest, ABaseOfTheUserThatTheRecipeRefuses) {
  recipe_ = WithBase("", {"*.konstantly.com"});
  options_.settings = {SettingsOf("https://evil.example")};
  EXPECT_EQ(BaseFor({}),
            "https://evil.example: the host must be *.konstantly.com");
}

TEST_F(PlanTest, ABaseBesideTheKeyIsNotTrustedByItself) {
  recipe_ = WithBase();
  EXPECT_EQ(BaseFor({"https://a.example"}), kNotTrusted);
  EXPECT_EQ(BaseFor({"https://a.example", "https://b.example"}), kNotTrusted);
}

TEST_F(PlanTest, ABaseBesideTheKeyThatIsTrusted) {
  recipe_ = WithBase();
  options_.trust_config_hosts = true;
  EXPECT_EQ(BaseFor({"https://a.example/k?x"}), "https://a.example");
  EXPECT_EQ(BaseFor({"https://a.example/k", "https://A.example/l"}),
            "https://a.example");
  EXPECT_EQ(BaseFor({}), kNoServer);
}

TEST_F(PlanTest, TwoBasesBesideTheKey) {
  recipe_ = WithBase();
  options_.trust_config_hosts = true;
  EXPECT_EQ(BaseFor({"https://a.example", "https://b.example"}), kSeveral);
  EXPECT_EQ(BaseFor({"https://a.example", "https://a.example:444"}), kSeveral);
}

TEST_F(PlanTest, ATrustedBaseMustStillBeOne) {
  recipe_ = WithBase("", {"*.konstantly.com"});
  options_.trust_config_hosts = true;
  EXPECT_EQ(BaseFor({"https://a.konstantly.com"}), "https://a.konstantly.com");
  EXPECT_EQ(BaseFor({"https://a.konstantly.com.evil.example"}),
            "https://a.konstantly.com.evil.example: the host must be "
            "*.konstantly.com");
  EXPECT_EQ(BaseFor({"http://a.konstantly.com"}),
            "http://a.konstantly.com: plain http would show the key on its "
            "way");
}

// One that is no address is not several.
TEST_F(PlanTest, WhatStandsBesideTheKeyIsNoAddress) {
  recipe_ = WithBase();
  options_.trust_config_hosts = true;
  const std::string why = BaseFor({"https://konstantly.com@evil.example"});
  EXPECT_EQ(why.find("https://"), std::string::npos) << why;
  EXPECT_NE(why, kSeveral);
}

TEST_F(PlanTest, Otherwise) {
  recipe_ = WithBase("https://api.kryton.example");
  AddKey("k", rule_, {0});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 1u);
  EXPECT_EQ(plan.tasks[0].values.Get("base"), "https://api.kryton.example");
  EXPECT_EQ(plan.tasks[0].host, "api.kryton.example");
  EXPECT_FALSE(plan.tasks[0].private_network);
}

// The public service is public however its address is written.
TEST_F(PlanTest, OtherwiseWithASlashAtItsEnd) {
  recipe_ = WithBase("https://api.kryton.example/");
  AddKey("k", rule_, {0});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 1u);
  EXPECT_FALSE(plan.tasks[0].private_network);
}

TEST_F(PlanTest, OtherwiseWithADifferentBaseBeside) {
  recipe_ = WithBase("https://api.kryton.example");
  EXPECT_EQ(BaseFor({"https://notes.example.com"}), kNotTrusted);
  options_.trust_config_hosts = true;
  EXPECT_EQ(BaseFor({"https://notes.example.com"}),
            "https://notes.example.com");
}

TEST_F(PlanTest, PlainHttpToThisMachine) {
  recipe_ = WithBase();
  options_.settings = {SettingsOf("http://127.0.0.1:8080")};
  EXPECT_EQ(BaseFor({}),
            "http://127.0.0.1:8080: plain http, even to this machine, needs "
            "--allow-http-loopback");
  options_.allow_http_loopback = true;
  AddKey("l", rule_, {0});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 2u);
  EXPECT_TRUE(plan.tasks[0].loopback_http);
}

class CompanionTest : public PlanTest {
 protected:
  CompanionTest() {
    recipe_.companions = {{"half", {"kryton-half"}, 100, false}};
  }

  // The companion's text; or why the key is not asked about.
  std::string Half() {
    const Plan plan = Make();
    if (plan.tasks.empty()) return plan.others[0]->evidence;
    EXPECT_TRUE(plan.tasks[0].values.Has("half"));
    return std::string(plan.tasks[0].values.Get("half"));
  }
};

constexpr std::string_view kNoHalf =
    "the other half it needs (half) does not stand near it";
constexpr std::string_view kTie =
    "which of several keys beside it belongs to it (half) is not certain";

TEST_F(CompanionTest, TheNearest) {
  AddKey("k", rule_, {100});
  AddKey("far", half_, {40});
  AddKey("near", half_, {130});
  AddKey("none", other_, {111});
  EXPECT_EQ(Half(), "clear-near");
  EXPECT_EQ(Make().tasks[0].values.Mask("clear-near"), "near****");
}

TEST_F(CompanionTest, ATie) {
  AddKey("k", rule_, {100});
  AddKey("before", half_, {80});
  AddKey("behind", half_, {120});
  EXPECT_EQ(Half(), kTie);
}

TEST_F(CompanionTest, ANearerOneEndsATie) {
  AddKey("k", rule_, {100});
  AddKey("before", half_, {80});
  AddKey("behind", half_, {120});
  AddKey("near", half_, {112});
  EXPECT_EQ(Half(), "clear-near");
}

// The same tie, seen a second time, is none the less one.
TEST_F(CompanionTest, ATieStaysOne) {
  AddKey("k", rule_, {100});
  AddKey("before", half_, {80});
  AddKey("behind", half_, {120, 120});
  report_.findings.back().occurrences[1].commit = CommitInfo();
  EXPECT_EQ(Half(), kTie);
}

TEST_F(CompanionTest, TheSameKeyOnBothSidesIsNoTie) {
  AddKey("k", rule_, {100});
  AddKey("half", half_, {80, 120});
  EXPECT_EQ(Half(), "clear-half");
}

TEST_F(CompanionTest, None) {
  AddKey("k", rule_, {100});
  EXPECT_EQ(Half(), kNoHalf);
  EXPECT_EQ(Make().others[0]->state, VerdictState::kUnknown);
}

TEST_F(CompanionTest, WithinItsDistance) {
  AddKey("k", rule_, {100});
  AddKey("half", half_, {210});
  EXPECT_EQ(Half(), "clear-half");
  report_.findings[1].occurrences[0].span = {211, 221};
  EXPECT_EQ(Half(), kNoHalf);
}

TEST_F(CompanionTest, Optional) {
  recipe_.companions[0].optional = true;
  AddKey("k", rule_, {100});
  EXPECT_EQ(Half(), "");
  AddKey("half", half_, {120});
  EXPECT_EQ(Half(), "clear-half");
  AddKey("tie", half_, {80});
  EXPECT_EQ(Half(), kTie);
}

TEST_F(CompanionTest, OfTheSameFileOnly) {
  AddKey("k", rule_, {100});
  AddKey("half", half_, {120}, "b.env");
  EXPECT_EQ(Half(), kNoHalf);
  report_.findings[1].occurrences[0].path = "a.env";
  EXPECT_EQ(Half(), "clear-half");
  report_.findings[1].occurrences[0].blob = "f00d";
  EXPECT_EQ(Half(), kNoHalf);
  report_.findings[1].occurrences[0].blob = "";
  report_.findings[1].occurrences[0].source = SourceKind::kHistory;
  EXPECT_EQ(Half(), kNoHalf);
}

TEST_F(CompanionTest, SeveralPlacesMustAgree) {
  AddKey("k", rule_, {100, 1000});
  AddKey("one", half_, {120});
  EXPECT_EQ(Half(), "clear-one");
  AddKey("two", half_, {1020});
  EXPECT_EQ(Half(), kTie);
}

TEST_F(CompanionTest, OfOneOfSeveralKinds) {
  recipe_.companions[0].rules = {"other", "kryton-half"};
  AddKey("k", rule_, {100});
  AddKey("half", half_, {130});
  AddKey("other", other_, {120});
  EXPECT_EQ(Half(), "clear-other");
}

// A key is not its own other half.
TEST_F(CompanionTest, OfTheSameKind) {
  recipe_.companions[0].rules = {"kryton-api-key"};
  AddKey("k", rule_, {100});
  EXPECT_EQ(Half(), kNoHalf);
  AddKey("half", rule_, {120});
  EXPECT_EQ(Half(), "clear-half");
}

// A half that stands there and is not at hand is not an empty one.
TEST_F(CompanionTest, OneThatIsNotKnown) {
  AddKey("k", rule_, {100});
  AddKey("half", half_, {120});
  keys_.erase("half");
  EXPECT_TRUE(Make().tasks.empty());
}

// One that is as near as it may be is taken; that another is in reach is told.
TEST_F(CompanionTest, ASecondOneInReachMakesThePairDoubtful) {
  AddKey("k", rule_, {100});
  AddKey("near", half_, {112});
  EXPECT_FALSE(Make().tasks[0].doubtful_pair);
  AddKey("none", other_, {130});
  EXPECT_FALSE(Make().tasks[0].doubtful_pair);
  AddKey("far", half_, {150});
  const Plan plan = Make();
  ASSERT_EQ(plan.tasks.size(), 1u);
  EXPECT_EQ(plan.tasks[0].values.Get("half"), "clear-near");
  EXPECT_TRUE(plan.tasks[0].doubtful_pair);
  report_.findings.back().occurrences[0].span = {211, 221};
  EXPECT_FALSE(Make().tasks[0].doubtful_pair);
}

TEST_F(CompanionTest, ASecondOneInAnotherFileDoesNot) {
  AddKey("k", rule_, {100});
  AddKey("near", half_, {112});
  AddKey("far", half_, {150}, "b.env");
  EXPECT_FALSE(Make().tasks[0].doubtful_pair);
}

// The same one twice is one.
TEST_F(CompanionTest, TheSameOneTwiceDoesNot) {
  AddKey("k", rule_, {100});
  AddKey("near", half_, {80, 120, 150});
  EXPECT_FALSE(Make().tasks[0].doubtful_pair);
}

// Seen at one of its places, it is so for the key.
TEST_F(CompanionTest, DoubtfulAtOneOfItsPlaces) {
  AddKey("k", rule_, {100, 1000});
  AddKey("near", half_, {112, 1012});
  AddKey("far", half_, {1040});
  EXPECT_EQ(Half(), "clear-near");
  EXPECT_TRUE(Make().tasks[0].doubtful_pair);
}

TEST_F(CompanionTest, AnOptionalOneMayBeDoubtfulToo) {
  recipe_.companions = {{"half", {"kryton-half"}, 100, true},
                        {"other", {"other"}, 100, true}};
  AddKey("k", rule_, {100});
  AddKey("a", half_, {112});
  AddKey("b", other_, {80});
  EXPECT_FALSE(Make().tasks[0].doubtful_pair);
  AddKey("c", half_, {130});
  EXPECT_TRUE(Make().tasks[0].doubtful_pair);
}

class OpenTest : public PlanTest {
 protected:
  OpenTest() { recipe_.near = {{"kryton-api-key"}, {"kryton", "acme"}}; }

  void Settle(const std::string& id) { keys_.at(id).settled = true; }
};

TEST_F(OpenTest, SentToNobodyUntilAWordSettlesIt) {
  AddKey("k", rule_, {0});
  EXPECT_EQ(Why(),
            "not tried: sent to nobody: other providers' keys have this shape "
            "too, and nothing near it says kryton");
  Settle("k");
  EXPECT_EQ(Why(), "asked");
}

TEST_F(OpenTest, KindsThatTheRecipeDoesNotName) {
  recipe_.near.rules = {"kryton-half"};
  AddKey("k", rule_, {0});
  EXPECT_EQ(Why(), "asked");
}

// No server of the user's own settles whose key it is.
TEST_F(OpenTest, ABaseSettlesNothing) {
  recipe_ = WithBase("https://api.kryton.example");
  recipe_.near = {{"kryton-api-key"}, {"kryton"}};
  options_.settings = {SettingsOf("https://a.example")};
  options_.trust_config_hosts = true;
  AddKey("k", rule_, {0}, "a.env", {"https://a.example"});
  EXPECT_NE(Why(), "asked");
}

TEST_F(OpenTest, IsOpen) {
  KnownKey key{Secret("x"), {}, false};
  EXPECT_TRUE(IsOpen(recipe_, "kryton-api-key", key));
  EXPECT_FALSE(IsOpen(recipe_, "kryton-half", key));
  EXPECT_FALSE(IsOpen(RecipeOf(), "kryton-api-key", key));
  key.settled = true;
  EXPECT_FALSE(IsOpen(recipe_, "kryton-api-key", key));
}

// The public service of the recipe itself, named beside the key, is no other.
TEST_F(PlanTest, OtherwiseThatStandsBesideTheKey) {
  recipe_ = WithBase("https://api.kryton.example");
  EXPECT_EQ(BaseFor({"https://api.kryton.example/v1",
                     "https://API.kryton."
                     "example"}),
            "https://api.kryton.example");
  EXPECT_EQ(BaseFor({"https://api.kryton.example", "https://a.example"}),
            kNotTrusted);
}

TEST(HostOfStep, OfTheBaseOrItsOwn) {
  Task task;
  task.host = "notes.example:8443";
  Step step;
  step.url = "%{base}/me";
  EXPECT_EQ(HostOfStep(task, step), "notes.example:8443");
  step.url = "https://other.example/me/%{id}";
  EXPECT_EQ(HostOfStep(task, step), "other.example");
}

Recipe WithParameters() {
  Recipe out = RecipeOf();
  out.parameters = {{"path", Parameter::Kind::kPath, "a"},
                    {"at", Parameter::Kind::kPointer, "b"},
                    {"word", Parameter::Kind::kWord, "c"}};
  return out;
}

std::string Checked(const Recipe& recipe, const VerifySettings& settings,
                    bool loopback = false) {
  const auto ok = CheckSettings({&recipe}, {settings}, loopback);
  if (ok) return "good";
  EXPECT_EQ(ok.error().code, ErrorCode::kInvalid);
  return ok.error().message;
}

TEST(CheckSettings, FormsOfParameters) {
  const auto check = [](std::string name, std::string text) {
    return Checked(WithParameters(), SettingsOf("", {{name, text}}));
  };
  for (const std::string_view text : {"/", "/a/b-c._~%20", "/a?b=c&d", "/.."}) {
    EXPECT_EQ(check("path", std::string(text)), "good") << text;
  }
  for (const std::string_view text :
       {"a", "//evil.example", "/a b", "/a\n", "/@evil", "/a#b", "/a:b",
        "/\\evil", "https://evil.example", "/%{secret}", "/\xC3\xA4"}) {
    EXPECT_EQ(check("path", std::string(text)).substr(0, 21),
              "[verify.kryton] path:")
        << text;
  }
  EXPECT_EQ(check("at", "/data/0/a-b._~1"), "good");
  for (const std::string_view text : {"data", "/a b", "/a?b", "/%{x}"}) {
    EXPECT_EQ(check("at", std::string(text)),
              fmt::format("[verify.kryton] at: '{}' must be a JSON pointer, "
                          "/…",
                          text));
  }
  EXPECT_EQ(check("word", "a-B_1.2"), "good");
  for (const std::string_view text : {"", "a b", "a/b", "a:b", "%{x}"}) {
    EXPECT_EQ(check("word", std::string(text)),
              fmt::format("[verify.kryton] word: '{}' must be a word of "
                          "letters, digits and ._-",
                          text));
  }
  EXPECT_EQ(check("path", "x\x1B"),
            "[verify.kryton] path: 'x\\x1b' must be a path, /…");
}

TEST(CheckSettings, UnknownNames) {
  EXPECT_EQ(Checked(RecipeOf(), SettingsOf("", {{"secret", "x"}})),
            "[verify.kryton] secret: its recipe asks for no such value");
  EXPECT_EQ(Checked(RecipeOf(), SettingsOf("", {}, "krypton")),
            "[verify.krypton]: there is no recipe of that provider; did you "
            "mean 'kryton'?");
  EXPECT_EQ(Checked(RecipeOf(), SettingsOf("", {}, "zzz")),
            "[verify.zzz]: there is no recipe of that provider");
}

TEST(CheckSettings, Bases) {
  EXPECT_EQ(Checked(WithBase(), SettingsOf("https://a.example")), "good");
  EXPECT_EQ(Checked(WithBase(), SettingsOf("a.example")),
            "[verify.kryton] base: a.example: must be https:// and the name of "
            "a host");
  EXPECT_EQ(Checked(RecipeOf(), SettingsOf("https://a.example")),
            "[verify.kryton] base: this provider has one server, which cannot "
            "be set");
  EXPECT_EQ(Checked(WithBase(), SettingsOf("http://localhost"), true), "good");
  EXPECT_NE(Checked(WithBase(), SettingsOf("http://localhost")), "good");
}

TEST(CheckSettings, ABaseThatOneOfTheRecipesTakes) {
  const Recipe strict = WithBase("", {"*.konstantly.com"});
  const Recipe any = WithBase();
  const Recipe none = RecipeOf();
  const std::vector<VerifySettings> settings = {
      SettingsOf("https://a.example")};
  EXPECT_TRUE(CheckSettings({&strict, &any, &none}, settings, false));
  EXPECT_TRUE(CheckSettings({&none, &any, &strict}, settings, false));
  EXPECT_FALSE(CheckSettings({&strict, &none}, settings, false));
}

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kNow = 1000 * kDay + 500;

TEST(Apply, TheProvidersWordOnTheAge) {
  Finding finding;
  finding.age.at_least_days = 3;
  finding.age.at_most_days = 900;
  finding.age.evidence = {{"git-first-commit", 997 * kDay}};
  Verdict verdict;
  verdict.state = VerdictState::kActive;
  verdict.facts.created = 990 * kDay;
  Apply(verdict, kNow, &finding);
  EXPECT_EQ(finding.verdict.state, VerdictState::kActive);
  EXPECT_EQ(finding.age.at_least_days, 10);
  EXPECT_EQ(finding.age.at_most_days, 10);
  EXPECT_EQ(finding.age.evidence,
            (std::vector<AgeEvidence>{{"provider-created", 990 * kDay},
                                      {"git-first-commit", 997 * kDay}}));
}

TEST(Apply, TimesThatCannotBe) {
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{-5}, kNow + 1}) {
    Finding finding;
    finding.age.at_least_days = 3;
    Verdict verdict;
    verdict.facts.created = at;
    Apply(verdict, kNow, &finding);
    EXPECT_EQ(finding.age.at_least_days, 3);
    EXPECT_EQ(finding.age.evidence, std::vector<AgeEvidence>());
  }
}

TEST(Apply, NoTimeNoAge) {
  Finding finding;
  Verdict verdict;
  verdict.evidence = "why";
  Apply(verdict, kNow, &finding);
  EXPECT_EQ(finding.verdict.evidence, "why");
  EXPECT_EQ(finding.age.at_least_days, std::nullopt);
}

}  // namespace
}  // namespace keytidy::verify
