// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_set.h"

#include <gtest/gtest.h>

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytidy::rules {
namespace {

using Texts = std::vector<std::string>;

// The head of a file: lines 1 to 3.
constexpr std::string_view kHead =
    "provider = 'kryton'\n"
    "name = 'Kryton'\n"
    "sources = ['https://example.org/keys']\n";

// A whole rule: [[rule]] and five lines.
std::string RuleText(std::string_view id, std::string_view more = "") {
  return "[[rule]]\nid = '" + std::string(id) +
         "'\ntitle = 'A key'\nseverity = 'high'\npattern = 'kry_[0-9a-f]{40}'\n"
         "examples = ['kry_{hex:40}']\nadvice = 'Delete it.'\n" +
         std::string(more);
}

std::string FileText(std::string_view more = "") {
  return std::string(kHead) + RuleText("kryton-key", more);
}

Texts TextsOf(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

RuleSet Good(std::string_view text) {
  RuleSet set;
  const Status status = set.Add("kryton.toml", std::string(text));
  EXPECT_TRUE(status) << status.error().message;
  return set;
}

// What is wrong with `text`; also checks that nothing was added.
std::string ErrorOf(std::string_view text) {
  RuleSet set;
  EXPECT_TRUE(set.Add("first.toml", FileText()));
  const std::string digest = set.Digest();
  const Status status = set.Add("a.toml", std::string(text));
  if (status) return "no error";
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(set.rules().size(), 1u);
  EXPECT_EQ(set.Digest(), digest);
  return status.error().message;
}

// Of a rule that is good but for `line`, which is line 11 of its file.
std::string ErrorOfLine(std::string_view line) {
  return ErrorOf(std::string(kHead) +
                 RuleText("other-key", std::string(line) + "\n"));
}

std::string CaretAt(std::string_view line, std::size_t column) {
  return "\n  " + std::string(line) + "\n  " + std::string(column - 1, ' ') +
         "^";
}

TEST(RuleSet, Defaults) {
  const RuleSet set = Good(FileText());
  ASSERT_EQ(set.rules().size(), 1u);
  const Rule& rule = set.rules()[0];
  EXPECT_EQ(rule.id, "kryton-key");
  EXPECT_EQ(rule.title, "A key");
  EXPECT_EQ(rule.provider, "kryton");
  EXPECT_EQ(rule.provider_name, "Kryton");
  EXPECT_EQ(rule.advice, "Delete it.");
  EXPECT_EQ(rule.severity, Severity::kHigh);
  EXPECT_EQ(rule.confidence, Confidence::kHigh);
  EXPECT_EQ(rule.tier, Tier::kStandard);
  EXPECT_FALSE(rule.guessable);
  EXPECT_FALSE(rule.is_public);
  EXPECT_FALSE(rule.generic);
  EXPECT_EQ(rule.known_prefix, 0u);
  EXPECT_EQ(rule.entropy, 0);
  EXPECT_EQ(rule.checksum.kind, ChecksumKind::kNone);
  EXPECT_TRUE(rule.yields_to.empty());
  EXPECT_TRUE(rule.placeholders.empty());
  EXPECT_EQ(TextsOf(rule.sources), Texts{"https://example.org/keys"});

  ASSERT_EQ(rule.shapes.size(), 1u);
  const Shape& shape = rule.shapes[0];
  EXPECT_EQ(shape.pattern, "kry_[0-9a-f]{40}");
  EXPECT_EQ(shape.anchor, "kry_[0-9a-f]{40}");
  EXPECT_EQ(shape.reach, 0u);
  EXPECT_EQ(shape.max_length, 0u);
  EXPECT_EQ(shape.group, 0);
  const CharClass word = CharClass::Parse("[0-9A-Za-z_]").value();
  EXPECT_EQ(shape.before.Members(), word.Members());
  EXPECT_EQ(shape.after.Members(), word.Members());
  EXPECT_TRUE(shape.context.words.empty());
  EXPECT_TRUE(shape.context.unless.empty());
  EXPECT_FALSE(shape.context.required);
}

TEST(RuleSet, EveryFieldOfARule) {
  const RuleSet set = Good(
      "provider = 'kryton-2'\n"
      "name = 'Kry\xC3\xB6ton'\n"
      "sources = ['https://example.org/keys']\n"
      "[[rule]]\n"
      "id = 'kryton-2-key'\n"
      "title = 'Key'\n"
      "severity = 'critical'\n"
      "confidence = 'low'\n"
      "tier = 'ci'\n"
      "pattern = '(?i)kry%{name}=([0-9a-f]{30})([0-9a-f]{6})'\n"
      "anchor = '(?i)kry'\n"
      "reach = 12\n"
      "max_length = 99\n"
      "group = 1\n"
      "before = '[a-c]'\n"
      "after = ''\n"
      "entropy = 3.5\n"
      "checksum = { kind = 'crc32-hex-le', body = 1, digits = 2 }\n"
      "context = { words = ['Kryton', 'key'], within = 99, required = true, "
      "unless = ['TEST'] }\n"
      "guessable = true\n"
      "public = true\n"
      "generic = true\n"
      "yields_to = ['kryton-2-key']\n"
      "placeholders = ['KRY_your_key', 'kry_*x']\n"
      "examples = ['kry={hex:36}', 'KRY={HEX:36}']\n"
      "counter_examples = ['kry={hex:35}']\n"
      "sources = ['https://example.org/a', 'https://example.org/b']\n"
      "advice = 'Delete it.'\n");
  ASSERT_EQ(set.rules().size(), 1u);
  const Rule& rule = set.rules()[0];
  EXPECT_EQ(rule.provider, "kryton-2");
  EXPECT_EQ(rule.provider_name, "Kry\xC3\xB6ton");
  EXPECT_EQ(rule.severity, Severity::kCritical);
  EXPECT_EQ(rule.confidence, Confidence::kLow);
  EXPECT_EQ(rule.tier, Tier::kCi);
  EXPECT_TRUE(rule.guessable);
  EXPECT_TRUE(rule.is_public);
  EXPECT_TRUE(rule.generic);
  EXPECT_EQ(rule.entropy, 3.5);
  EXPECT_EQ(rule.checksum.kind, ChecksumKind::kCrc32HexLe);
  EXPECT_EQ(rule.checksum.body, 1);
  EXPECT_EQ(rule.checksum.digits, 2);
  EXPECT_EQ(TextsOf(rule.yields_to), Texts{"kryton-2-key"});
  EXPECT_EQ(TextsOf(rule.placeholders), (Texts{"kry_your_key", "kry_*x"}));
  EXPECT_EQ(TextsOf(rule.sources),
            (Texts{"https://example.org/a", "https://example.org/b"}));
  ASSERT_EQ(rule.shapes.size(), 1u);
  const Shape& shape = rule.shapes[0];
  EXPECT_EQ(shape.pattern,
            "(?i)kry[0-9A-Za-z_.-]{0,40}=([0-9a-f]{30})([0-9a-f]{6})");
  EXPECT_EQ(shape.anchor, "(?i)kry");
  EXPECT_EQ(shape.reach, 12u);
  EXPECT_EQ(shape.max_length, 99u);
  EXPECT_EQ(shape.group, 1);
  EXPECT_EQ(shape.before.Members(), "abc");
  EXPECT_EQ(shape.after.Members(), "");
  EXPECT_EQ(TextsOf(shape.context.words), (Texts{"kryton", "key"}));
  EXPECT_EQ(TextsOf(shape.context.unless), Texts{"test"});
  EXPECT_EQ(shape.context.within, 99u);
  EXPECT_TRUE(shape.context.required);

  const RuleOrigin& origin = set.origin(0);
  EXPECT_EQ(origin.file, 0u);
  EXPECT_EQ(origin.rule.line, 4u);
  EXPECT_EQ(origin.patterns.at(0).line, 10u);
  EXPECT_EQ(origin.anchors.at(0).line, 11u);
  EXPECT_EQ(origin.examples, (Texts{"kry={hex:36}", "KRY={HEX:36}"}));
  ASSERT_EQ(origin.example_places.size(), 2u);
  EXPECT_EQ(origin.example_places[1].line, 25u);
  EXPECT_EQ(origin.example_places[1].column, 29u);
  EXPECT_EQ(origin.counter_examples, Texts{"kry={hex:35}"});
  ASSERT_EQ(origin.counter_example_places.size(), 1u);
  EXPECT_EQ(origin.counter_example_places[0].line, 26u);
  EXPECT_EQ(set.file(0).name, "kryton.toml");
}

TEST(RuleSet, ContextLooks256BytesFarUnlessSaidOtherwise) {
  const RuleSet set = Good(FileText("context = { words = ['k'] }\n"));
  EXPECT_EQ(set.rules()[0].shapes[0].context.within, 256u);
  EXPECT_FALSE(set.rules()[0].shapes[0].context.required);
}

TEST(RuleSet, KindsOfChecksums) {
  const std::pair<const char*, ChecksumKind> kinds[] = {
      {"crc32-base62", ChecksumKind::kCrc32Base62},
      {"crc32-base36", ChecksumKind::kCrc32Base36},
      {"crc32-hex", ChecksumKind::kCrc32Hex},
      {"crc32-hex-le", ChecksumKind::kCrc32HexLe},
      {"bech32", ChecksumKind::kBech32},
      {"base64url-256", ChecksumKind::kBase64Url256},
      {"jwt", ChecksumKind::kJwt},
  };
  for (const auto& [name, kind] : kinds) {
    const RuleSet set =
        Good(FileText("checksum = { kind = '" + std::string(name) + "' }\n"));
    EXPECT_EQ(set.rules()[0].checksum.kind, kind) << name;
  }
}

TEST(RuleSet, KindsOfTimes) {
  const std::pair<const char*, TimeKind> kinds[] = {
      {"uuid7", TimeKind::kUuid7},
      {"ulid", TimeKind::kUlid},
      {"ksuid", TimeKind::kKsuid},
      {"objectid", TimeKind::kObjectId},
      {"json", TimeKind::kJson},
      {"jwt", TimeKind::kJwt},
      {"macaroon", TimeKind::kMacaroon},
      {"fly-macaroon", TimeKind::kFlyMacaroon},
      {"sas", TimeKind::kSas},
  };
  for (const auto& [name, kind] : kinds) {
    const RuleSet set = Good(
        FileText("time = { kind = '" + std::string(name) + "', at = 7 }\n"));
    EXPECT_EQ(set.rules()[0].time.kind, kind) << name;
    EXPECT_EQ(set.rules()[0].time.at, 7) << name;
  }
  const RuleSet none = Good(FileText(""));
  EXPECT_EQ(none.rules()[0].time.kind, TimeKind::kNone);
  EXPECT_EQ(none.rules()[0].time.at, 0);
}

TEST(RuleSet, SeveralShapes) {
  const RuleSet set = Good(std::string(kHead) +
                           "[[rule]]\n"
                           "id = 'a'\n"
                           "title = 'A'\n"
                           "severity = 'low'\n"
                           "examples = ['x']\n"
                           "advice = 'B'\n"
                           "[[rule.shape]]\n"
                           "pattern = 'one'\n"
                           "[[rule.shape]]\n"
                           "pattern = '(two)'\n"
                           "anchor = 'tw'\n"
                           "group = 1\n"
                           "before = '[x]'\n"
                           "context = { unless = ['z'] }\n");
  ASSERT_EQ(set.rules().size(), 1u);
  const auto shapes = set.rules()[0].shapes;
  ASSERT_EQ(shapes.size(), 2u);
  EXPECT_EQ(shapes[0].pattern, "one");
  EXPECT_EQ(shapes[0].anchor, "one");
  EXPECT_EQ(shapes[1].pattern, "(two)");
  EXPECT_EQ(shapes[1].anchor, "tw");
  EXPECT_EQ(shapes[1].group, 1);
  EXPECT_EQ(shapes[1].before.Members(), "x");
  EXPECT_EQ(TextsOf(shapes[1].context.unless), Texts{"z"});
  const RuleOrigin& origin = set.origin(0);
  ASSERT_EQ(origin.patterns.size(), 2u);
  EXPECT_EQ(origin.patterns[0].line, 11u);
  EXPECT_EQ(origin.anchors[0].line, 11u);
  EXPECT_EQ(origin.patterns[1].line, 13u);
  EXPECT_EQ(origin.anchors[1].line, 14u);
}

TEST(RuleSet, RulesOfSeveralFilesInOrder) {
  RuleSet set;
  ASSERT_TRUE(set.Add(
      "a.toml", std::string(kHead) + RuleText("z-key") + RuleText("a-key")));
  ASSERT_TRUE(set.Add("b.toml", std::string(kHead) + RuleText("m-key")));
  ASSERT_EQ(set.rules().size(), 3u);
  EXPECT_EQ(set.rules()[0].id, "z-key");
  EXPECT_EQ(set.rules()[1].id, "a-key");
  EXPECT_EQ(set.rules()[2].id, "m-key");
  EXPECT_EQ(set.origin(1).file, 0u);
  EXPECT_EQ(set.origin(2).file, 1u);
  EXPECT_EQ(set.file(1).name, "b.toml");
}

// The views point into the set, wherever it goes and however it grows.
TEST(RuleSet, ViewsOutliveAMoveAndFurtherFiles) {
  RuleSet set = Good(FileText("placeholders = ['a']\n"));
  const Rule kept = set.rules()[0];
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(set.Add(
        "more.toml", std::string(kHead) + RuleText("k" + std::to_string(i))));
  }
  const RuleSet moved = std::move(set);
  EXPECT_EQ(moved.rules().size(), 51u);
  EXPECT_EQ(kept.id, "kryton-key");
  EXPECT_EQ(kept.provider_name, "Kryton");
  EXPECT_EQ(TextsOf(kept.placeholders), Texts{"a"});
  EXPECT_EQ(kept.shapes[0].pattern, "kry_[0-9a-f]{40}");
}

TEST(RuleSet, TheCheckMayWriteMeasures) {
  RuleSet set = Good(FileText());
  set.mutable_rules()[0].known_prefix = 4;
  set.MutableShape(0, 0).max_length = 44;
  EXPECT_EQ(set.rules()[0].known_prefix, 4u);
  EXPECT_EQ(set.rules()[0].shapes[0].max_length, 44u);
}

TEST(RuleSet, AnEmptyFile) {
  EXPECT_EQ(
      ErrorOf("# nothing\n"),
      "a.toml:1:1: file: 'provider' is missing" + CaretAt("# nothing", 1) +
          "\na.toml:1:1: file: 'name' is missing" + CaretAt("# nothing", 1) +
          "\na.toml:1:1: file: 'sources' must name a public document" +
          CaretAt("# nothing", 1) + "\na.toml:1:1: file: there is no [[rule]]" +
          CaretAt("# nothing", 1));
}

TEST(RuleSet, ASyntaxError) {
  EXPECT_EQ(ErrorOf("provider = \n").substr(0, 12), "a.toml:1:12:");
}

TEST(RuleSet, AProviderIsASlug) {
  EXPECT_EQ(ErrorOf("provider = 'Kryton'\nname = 'K'\nsources = ['u']\n" +
                    RuleText("other-key")),
            "a.toml:1:12: file: a provider is written [a-z0-9-]+" +
                CaretAt("provider = 'Kryton'", 12));
}

TEST(RuleSet, AnUnknownFieldOfTheFile) {
  EXPECT_EQ(ErrorOf("nme = 'x'\n" + std::string(kHead) + RuleText("other-key")),
            "a.toml:1:1: file: unknown field 'nme'; did you mean 'name'?" +
                CaretAt("nme = 'x'", 1));
}

TEST(RuleSet, ARuleWithoutAnything) {
  const std::string at = "a.toml:4:1: rule: ";
  const std::string caret = CaretAt("[[rule]]", 1) + "\n";
  EXPECT_EQ(ErrorOf(std::string(kHead) + "[[rule]]\n") + "\n",
            at + "'id' is missing" + caret + at + "'title' is missing" + caret +
                at + "'advice' is missing" + caret + at +
                "'severity' is missing" + caret + at +
                "'examples' must hold at least one template" + caret + at +
                "'pattern' is missing" + caret);
}

TEST(RuleSet, AnIdIsASlug) {
  EXPECT_EQ(ErrorOf(std::string(kHead) + RuleText("kryton_key")),
            "a.toml:5:6: rule: an id is written [a-z0-9-]+" +
                CaretAt("id = 'kryton_key'", 6));
}

TEST(RuleSet, AnIdGivenTwiceInAFile) {
  EXPECT_EQ(ErrorOf(std::string(kHead) + RuleText("other-key") +
                    RuleText("other-key")),
            "a.toml:12:6: rule: 'other-key' is already the id of the rule at "
            "a.toml:5" +
                CaretAt("id = 'other-key'", 6));
}

TEST(RuleSet, AnIdOfAnotherFile) {
  EXPECT_EQ(ErrorOf(FileText()),
            "a.toml:5:6: rule: 'kryton-key' is already the id of the rule at "
            "first.toml:5" +
                CaretAt("id = 'kryton-key'", 6));
}

// Neither is a key, though both are long and have a digit.
TEST(RuleSet, LongIdsAndPathsAreNamed) {
  const std::string text =
      std::string(kHead) + RuleText("kryton-2-service-account-key");
  RuleSet set;
  ASSERT_TRUE(set.Add("patterns/rules/kryton2.toml", text));
  const Status status = set.Add("a.toml", text);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message.substr(0, status.error().message.find('\n')),
            "a.toml:5:6: rule: 'kryton-2-service-account-key' is already the "
            "id of the rule at patterns/rules/kryton2.toml:5");
}

TEST(RuleSet, AnIdOfTheCatalogue) {
  const RuleSet catalogue = Good(FileText());
  RuleSet set;
  set.SetTaken(catalogue.rules());
  const Status status = set.Add("a.toml", FileText());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            "a.toml:5:6: rule: 'kryton-key' is already the id of the rule at "
            "the catalogue" +
                CaretAt("id = 'kryton-key'", 6));
}

TEST(RuleSet, IdsOfARefusedFileAreFreeAgain) {
  RuleSet set;
  EXPECT_FALSE(set.Add("bad.toml", FileText("oops = 1\n")));
  EXPECT_TRUE(set.Add("good.toml", FileText()));
  EXPECT_EQ(set.rules().size(), 1u);
  EXPECT_EQ(set.file(0).name, "good.toml");
  EXPECT_EQ(set.origin(0).file, 0u);
}

struct BadLine {
  const char* name;
  const char* line;  // line 11 of the file
  std::size_t column;
  const char* message;
};

void PrintTo(const BadLine& bad, std::ostream* out) { *out << bad.line; }

class RuleWith : public testing::TestWithParam<BadLine> {};

TEST_P(RuleWith, IsRefused) {
  const BadLine& bad = GetParam();
  EXPECT_EQ(ErrorOfLine(bad.line), "a.toml:11:" + std::to_string(bad.column) +
                                       ": " + bad.message +
                                       CaretAt(bad.line, bad.column));
}

INSTANTIATE_TEST_SUITE_P(
    Line, RuleWith,
    testing::Values(
        BadLine{"UnknownField", "anchr = 'kry'", 1,
                "rule: unknown field 'anchr'; did you mean 'anchor'?"},
        BadLine{"Confidence", "confidence = 'sure'", 14,
                "rule: 'confidence' must be one of high, medium, low"},
        BadLine{"Tier", "tier = 'medium'", 8,
                "rule: 'tier' must be one of high, standard, low, ci, none"},
        BadLine{"TierOfTheWrongType", "tier = 90", 8,
                "rule: 'tier' must be a string, not a whole number"},
        BadLine{"Guessable", "guessable = 'yes'", 13,
                "rule: 'guessable' must be true or false, not a string"},
        BadLine{"EntropyTooHigh", "entropy = 8.5", 11,
                "rule: 'entropy' must be from 0 to 8"},
        BadLine{"Reach", "reach = 4097", 9,
                "rule: 'reach' must be from 0 to 4096"},
        BadLine{"MaxLength", "max_length = 16385", 14,
                "rule: 'max_length' must be from 0 to 16384"},
        BadLine{"Group", "group = 10", 9, "rule: 'group' must be from 0 to 9"},
        BadLine{"NegativeGroup", "group = -1", 9,
                "rule: 'group' must be from 0 to 9"},
        BadLine{"Before", "before = 'abc'", 10,
                "rule: 'abc' is not a character class such as [0-9A-Za-z_]"},
        BadLine{"After", "after = '[z-a]'", 9,
                "rule: '[z-a]': a range runs backwards"},
        BadLine{"Macro", "anchor = 'kry%{word}'", 10,
                "rule: unknown macro %{word}; there are %{assign} and %{name}"},
        BadLine{"ChecksumKind", "checksum = { kind = 'crc16' }", 21,
                "checksum: 'crc16' is no kind of checksum"},
        BadLine{"TimeKind", "time = { kind = 'uuid4' }", 17,
                "time: 'uuid4' is no kind of time"},
        BadLine{"TimeWithoutKind", "time = { at = 1 }", 8,
                "time: 'kind' is missing"},
        BadLine{"TimePlace", "time = { kind = 'ulid', at = 256 }", 30,
                "time: 'at' must be from 0 to 255"},
        BadLine{"TimeField", "time = { kind = 'ulid', group = 1 }", 25,
                "time: unknown field 'group'"},
        BadLine{"ChecksumWithoutKind", "checksum = { body = 1 }", 12,
                "checksum: 'kind' is missing"},
        BadLine{"ChecksumGroup", "checksum = { kind = 'jwt', body = 10 }", 35,
                "checksum: 'body' must be from 0 to 9"},
        BadLine{"ChecksumField", "checksum = { kind = 'jwt', digit = 1 }", 28,
                "checksum: unknown field 'digit'; did you mean 'digits'?"},
        BadLine{"ChecksumOfTheWrongType", "checksum = 'jwt'", 12,
                "rule: 'checksum' must be a table, not a string"},
        BadLine{"ContextWithoutWords", "context = { within = 9 }", 11,
                "context: a context has 'words' or 'unless'"},
        BadLine{"ContextTooNear", "context = { words = ['k'], within = 0 }", 37,
                "context: 'within' must be from 1 to 2048"},
        BadLine{"ContextTooFar", "context = { words = ['k'], within = 2049 }",
                37, "context: 'within' must be from 1 to 2048"},
        BadLine{"ContextWithAnEmptyWord", "context = { words = ['k', ''] }", 21,
                "context: a word is empty"},
        BadLine{"ContextField", "context = { word = ['k'], unless = ['l'] }",
                13, "context: unknown field 'word'; did you mean 'words'?"},
        BadLine{"YieldsTo", "yields_to = 'x'", 13,
                "rule: 'yields_to' must be an array, not a string"},
        BadLine{"Placeholders", "placeholders = [1]", 17,
                "rule: 'placeholders' holds strings, not a whole number"},
        BadLine{"CounterExamples", "counter_examples = [true]", 21,
                "rule: 'counter_examples' holds strings, not true or false"}),
    [](const auto& one) { return one.param.name; });

// Lines that another line of RuleText() has to make room for.
TEST(RuleSet, SeverityThatIsNone) {
  std::string text = std::string(kHead) + RuleText("other-key");
  text.replace(text.find("'high'"), 6, "'bad'");
  EXPECT_EQ(ErrorOf(text),
            "a.toml:7:12: rule: 'severity' must be one of critical, high, "
            "medium, low, info" +
                CaretAt("severity = 'bad'", 12));
}

TEST(RuleSet, SeverityOfTheWrongTypeIsOneError) {
  std::string text = std::string(kHead) + RuleText("other-key");
  text.replace(text.find("'high'"), 6, "5");
  EXPECT_EQ(ErrorOf(text),
            "a.toml:7:12: rule: 'severity' must be a string, not a whole "
            "number" +
                CaretAt("severity = 5", 12));
}

TEST(RuleSet, ExamplesThatAreNone) {
  std::string text = std::string(kHead) + RuleText("other-key");
  text.replace(text.find("['kry_{hex:40}']"), 16, "[]");
  EXPECT_EQ(ErrorOf(text),
            "a.toml:9:12: rule: 'examples' must hold at least one template" +
                CaretAt("examples = []", 12));
}

// The anchor is the pattern where there is none; that is no second error.
TEST(RuleSet, AnUnknownMacroInThePatternIsOneError) {
  std::string text = std::string(kHead) + RuleText("other-key");
  text.replace(text.find("kry_[0-9a-f]{40}"), 16, "kry%{word}");
  EXPECT_EQ(ErrorOf(text),
            "a.toml:8:11: rule: unknown macro %{word}; there are %{assign} and "
            "%{name}" +
                CaretAt("pattern = 'kry%{word}'", 11));
}

TEST(RuleSet, APatternBesideShapes) {
  EXPECT_EQ(
      ErrorOfLine("[[rule.shape]]\npattern = 'x'"),
      "a.toml:8:11: rule: has [[rule.shape]] and so no pattern of its own" +
          CaretAt("pattern = 'kry_[0-9a-f]{40}'", 11));
}

TEST(RuleSet, AShapeWithoutAPattern) {
  std::string text =
      std::string(kHead) + RuleText("other-key", "[[rule.shape]]\nreach = 1\n");
  text.erase(text.find("pattern"), 29);
  EXPECT_EQ(ErrorOf(text), "a.toml:10:1: shape: 'pattern' is missing" +
                               CaretAt("[[rule.shape]]", 1));
}

TEST(RuleSet, AnUnknownFieldOfAShape) {
  std::string text =
      std::string(kHead) +
      RuleText("other-key", "[[rule.shape]]\npattern = 'x'\nentropy = 1\n");
  text.erase(text.find("pattern"), 29);
  EXPECT_EQ(ErrorOf(text).substr(0, 44),
            "a.toml:12:1: shape: unknown field 'entropy'\n");
}

TEST(RuleSet, AllThatIsWrongAtOnce) {
  EXPECT_EQ(ErrorOfLine("tier = 'x'\ngroup = 99"),
            "a.toml:11:8: rule: 'tier' must be one of high, standard, low, ci, "
            "none" +
                CaretAt("tier = 'x'", 8) +
                "\na.toml:12:9: rule: 'group' must be from 0 to 9" +
                CaretAt("group = 99", 9));
}

TEST(CheckReferences, IdsOfTheSetAndOfTheCatalogue) {
  const RuleSet catalogue =
      Good(std::string(kHead) + RuleText("catalogue-key"));
  RuleSet set;
  set.SetTaken(catalogue.rules());
  ASSERT_TRUE(set.Add("a.toml",
                      FileText("yields_to = ['late-key', 'catalogue-key']\n")));
  EXPECT_FALSE(set.CheckReferences());
  ASSERT_TRUE(set.Add("b.toml", std::string(kHead) + RuleText("late-key")));
  EXPECT_TRUE(set.CheckReferences());
}

TEST(CheckReferences, AnIdThatIsNone) {
  const RuleSet set = Good(FileText("yields_to = ['nobody']\n"));
  const Status status = set.CheckReferences();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(status.error().message,
            "kryton.toml:4:1: rule 'kryton-key' yields to 'nobody', which is "
            "no rule" +
                CaretAt("[[rule]]", 1));
}

TEST(ErrorAt, NamesTheFileOfTheRule) {
  RuleSet set;
  ASSERT_TRUE(set.Add("a.toml", FileText()));
  ASSERT_TRUE(set.Add("b.toml", std::string(kHead) + RuleText("other-key")));
  EXPECT_EQ(set.ErrorAt(1, {5, 6}, "is odd").message,
            "b.toml:5:6: is odd" + CaretAt("id = 'other-key'", 6));
}

std::string DigestOf(
    const std::vector<std::pair<std::string, std::string>>& files) {
  RuleSet set;
  for (const auto& [name, text] : files) {
    const Status status = set.Add(name, text);
    EXPECT_TRUE(status) << status.error().message;
  }
  return set.Digest();
}

TEST(Digest, IsHexadecimalAndRepeatable) {
  const std::string digest = DigestOf({{"a", FileText()}});
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(digest.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(DigestOf({{"a", FileText()}}), digest);
}

TEST(Digest, ChangesWithTheTexts) {
  const std::string one = FileText();
  const std::string two = std::string(kHead) + RuleText("other-key");
  const std::string digest = DigestOf({{"a", one}, {"b", two}});
  EXPECT_NE(DigestOf({}), digest);
  EXPECT_NE(DigestOf({{"a", one}}), digest);
  EXPECT_NE(DigestOf({{"a", one + "\n"}, {"b", two}}), digest);
  EXPECT_NE(DigestOf({{"b", two}, {"a", one}}), digest);
}

// The same bytes in a row, cut elsewhere.
TEST(Digest, ChangesWithTheBorderBetweenFiles) {
  const std::string one = FileText();
  const std::string two = std::string(kHead) + RuleText("other-key");
  EXPECT_NE(DigestOf({{"a", one + "# c\n"}, {"b", two}}),
            DigestOf({{"a", one}, {"b", "# c\n" + two}}));
}

}  // namespace
}  // namespace keytidy::rules
