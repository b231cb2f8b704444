// SPDX-License-Identifier: Apache-2.0
#include "match/identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "match/example.h"

namespace keytidy::match {
namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

Rule MakeRule(std::string_view id, std::uint32_t known_prefix = 0,
              bool guessable = false) {
  Rule rule;
  rule.id = id;
  rule.known_prefix = known_prefix;
  rule.guessable = guessable;
  return rule;
}

std::string Id(const Rule& rule, std::string_view secret,
               std::string_view around, const std::string& key = "") {
  const Identifier identifier = key.empty() ? Identifier() : Identifier(key);
  return identifier.Id(rule, Secret(secret), around);
}

std::string Redacted(std::string_view value, std::uint32_t known_prefix) {
  return Redact(MakeRule("demo", known_prefix), Secret(value));
}

// Ids stand in baselines and allow rules: they never change. HMAC-SHA256,
// computed elsewhere.
TEST(Identifier, IdsAreWhatTheyWere) {
  EXPECT_EQ(Id(MakeRule("demo-key"), "demo_k3q0zv7w1b", "a path"),
            "kt-de4a9cb4397e4d3b");
  EXPECT_EQ(Id(MakeRule("demo-key"), "demo_k3q0zv7w1b", "a path", "my own"),
            "kt-b6133be95e98be80");
  EXPECT_EQ(Id(MakeRule("demo-password", 0, true), "hunter22", "config.ini"),
            "kt-a7c6a315b0f3f0c7");
  EXPECT_EQ(Id(MakeRule("demo-password", 0, true), "hunter22", "config.ini",
               "my own"),
            "kt-9504c36259096782");
}

TEST(Identifier, DependsOnRuleAndValueAlone) {
  const Rule rule = MakeRule("demo-key");
  const std::string id = Id(rule, "demo_k3q0zv7w1b", "a.txt");
  EXPECT_EQ(Id(rule, "demo_k3q0zv7w1b", "b.txt"), id);
  EXPECT_EQ(Id(MakeRule("demo-key", 5), "demo_k3q0zv7w1b", "a.txt"), id);
  EXPECT_NE(Id(rule, "demo_k3q0zv7w1c", "a.txt"), id);
  EXPECT_NE(Id(MakeRule("other-key"), "demo_k3q0zv7w1b", "a.txt"), id);
}

TEST(Identifier, OfAGuessableKeyDependsOnThePlaceAlone) {
  const Rule rule = MakeRule("demo-password", 0, true);
  const std::string id = Id(rule, "hunter22", "a.txt");
  EXPECT_EQ(Id(rule, "letmein1", "a.txt"), id);
  EXPECT_EQ(Id(rule, "", "a.txt"), id);
  EXPECT_NE(Id(rule, "hunter22", "b.txt"), id);
  EXPECT_NE(Id(MakeRule("other", 0, true), "hunter22", "a.txt"), id);
}

TEST(Identifier, WithAKeyOfTheUserTheValueCounts) {
  const Rule rule = MakeRule("demo-password", 0, true);
  const std::string id = Id(rule, "hunter22", "a.txt", "my own");
  EXPECT_EQ(Id(rule, "hunter22", "b.txt", "my own"), id);
  EXPECT_NE(Id(rule, "letmein1", "a.txt", "my own"), id);
  EXPECT_NE(Id(rule, "hunter22", "a.txt", "another"), id);
  EXPECT_NE(Id(rule, "hunter22", "a.txt"), id);
}

TEST(Identifier, FieldsDoNotRunTogether) {
  EXPECT_NE(Id(MakeRule("demo"), "key1", ""), Id(MakeRule("demokey"), "1", ""));
  EXPECT_NE(Id(MakeRule("demo", 0, true), "", "key"),
            Id(MakeRule("demokey", 0, true), "", ""));
}

TEST(Redact, ThePrefixAndFourBytes) {
  EXPECT_EQ(Redacted("demo_1f2e3d4c5b6a7988", 5), "demo_1f2e\xE2\x80\xA6");
  EXPECT_EQ(Redacted("1f2e3d4c5b6a7988", 0), "1f2e\xE2\x80\xA6");
}

TEST(Redact, AShortBodyShowsNothingOfItself) {
  EXPECT_EQ(Redacted("demo_1f2e3d4c5b6a798", 5), "demo_\xE2\x80\xA6");
  EXPECT_EQ(Redacted("1f2e3d4c5b6a798", 0), kEllipsis);
  EXPECT_EQ(Redacted("", 0), kEllipsis);
  EXPECT_EQ(Redacted("demo", 5), "demo\xE2\x80\xA6");
}

TEST(Redact, TwentyBytesAtMost) {
  const std::string value = std::string(19, 'p') + "1f2e3d4c5b6a7988";
  EXPECT_EQ(Redacted(value, 19),
            std::string(19, 'p') + "1" + std::string(kEllipsis));
  EXPECT_EQ(Redacted(std::string(40, 'p') + "1f2e3d4c5b6a7988", 40),
            std::string(20, 'p') + std::string(kEllipsis));
}

TEST(Redact, StopsAtWhatIsNotPrintable) {
  EXPECT_EQ(Redacted("ab\ncdef0123456789", 0), "ab\xE2\x80\xA6");
  EXPECT_EQ(Redacted("\x1b[31mdef0123456789", 0), kEllipsis);
  EXPECT_EQ(Redacted("ab\xC3\xA9xdef0123456789", 0), "ab\xE2\x80\xA6");
}

TEST(Redact, TheFirstLineOfAnArmouredKey) {
  const std::string shown = "-----BEGIN RSA PRIVATE KEY-----";
  for (const std::string line : {"\n", "\r\n", "\\n", "\\\\r\\\\n"}) {
    EXPECT_EQ(Redacted(shown + line + std::string(64, 'x') + line, 27),
              shown + std::string(kEllipsis));
  }
}

// The line may end with a blank, an entity, or nothing at all.
TEST(Redact, NothingBehindTheArmour) {
  const std::string shown = "-----BEGIN PRIVATE KEY-----";
  for (const std::string line : {" ", "", "&#10;", "%0A", "\t"}) {
    const std::string redacted =
        Redacted(shown + line + "MC4CAQAwBQYDK2Vw" + std::string(48, 'x'), 27);
    EXPECT_TRUE(redacted.starts_with(shown)) << redacted;
    EXPECT_LE(redacted.size(), shown.size() + 4 + kEllipsis.size()) << redacted;
  }
}

TEST(Redact, AnArmouredKeyShowsWhatIsPrintable) {
  EXPECT_EQ(Redacted("-----BEGIN \x1b[2J-----\n" + std::string(64, 'x'), 0),
            "-----BEGIN \xE2\x80\xA6");
}

TEST(Redact, NothingOfAGuessableKey) {
  const Rule rule = MakeRule("demo", 5, true);
  EXPECT_EQ(Redact(rule, Secret("demo_1f2e3d4c5b6a7988")), "********");
  EXPECT_EQ(Redact(rule, Secret("x")), "********");
}

// Whatever the rule says and however long the key is.
TEST(Redact, NeverShowsMore) {
  Random random(1);
  for (int i = 0; i < 5000; ++i) {
    const std::string value = random.Pick("0123456789abcdef", random.Below(60));
    const std::size_t prefix = random.Below(30);
    std::string shown = Redacted(value, static_cast<std::uint32_t>(prefix));
    ASSERT_TRUE(shown.ends_with(kEllipsis));
    shown.resize(shown.size() - kEllipsis.size());
    ASSERT_TRUE(value.starts_with(shown));
    const std::size_t known = std::min(prefix, value.size());
    EXPECT_LE(shown.size(), known + 4);
    if (shown.size() > known) {
      EXPECT_GE(value.size() - shown.size(), 12u);
    }
  }
}

TEST(Show, IsTheKey) { EXPECT_EQ(Show(Secret("demo_1f2e")), "demo_1f2e"); }

TEST(RedactPath, EveryPlace) {
  const Secret secret("demo_1f2e");
  EXPECT_EQ(RedactPath("a/demo_1f2e.txt", secret, "demo_*"), "a/demo_*.txt");
  EXPECT_EQ(RedactPath("demo_1f2e/demo_1f2e", secret, "*"), "*/*");
  EXPECT_EQ(RedactPath("demo_1f2edemo_1f2e", secret, "*"), "**");
  EXPECT_EQ(RedactPath("demo_1f2e", secret, ""), "");
}

TEST(RedactPath, LeavesOtherPathsAlone) {
  const Secret secret("demo_1f2e");
  EXPECT_EQ(RedactPath("a/demo_1f2.txt", secret, "*"), "a/demo_1f2.txt");
  EXPECT_EQ(RedactPath("", secret, "*"), "");
  EXPECT_EQ(RedactPath("a/b", Secret(""), "*"), "a/b");
}

TEST(RedactPath, DoesNotLookAtWhatItWrote) {
  EXPECT_EQ(RedactPath("a/b", Secret("b"), "bb"), "a/bb");
}

}  // namespace
}  // namespace keytidy::match
