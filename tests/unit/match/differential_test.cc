// SPDX-License-Identifier: Apache-2.0
//
// The two stages against the definition of a match, over texts made to be
// near misses of many kinds: MatchAt tried at every byte for every shape, the
// same text in pieces, and RE2 alone with the boundaries spelled by hand.
//
// The definition is slow, so a shape whose pattern RE2 finds nowhere in the
// text is left out: where the pattern does not match, no match begins.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/digest.h"
#include "match/engine.h"
#include "match/example.h"
#include "match/loader.h"
#include "rules/catalogue.h"
#include "rules/rule_set.h"
#include "unit/match/rule_text.h"

namespace keytidy::match {
namespace {

using namespace std::string_view_literals;

// A few seconds altogether.
constexpr int kCatalogueTexts = 12000;
constexpr int kCatalogueStreams = 8;
constexpr int kSimpleTexts = 4000;

// Everything that a match is, so that they can be compared.
using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t,
                       std::uint64_t, std::uint32_t, Confidence>;

std::vector<Key> Keys(const std::vector<Match>& matches,
                      std::uint64_t offset = 0) {
  std::vector<Key> out;
  for (const Match& match : matches) {
    out.emplace_back(match.whole.start + offset, match.whole.end + offset,
                     match.secret.start + offset, match.secret.end + offset,
                     match.shape, match.confidence);
  }
  return out;
}

std::vector<Key> Unique(std::vector<Key> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::string Named(const Engine& engine, const std::vector<Key>& keys) {
  std::string out;
  for (const auto& [start, end, secret, secret_end, shape, confidence] : keys) {
    out += fmt::format("  {} (shape {}) {}-{}, secret {}-{}, {}\n",
                       engine.RuleOf(shape).id, shape, start, end, secret,
                       secret_end, Name(confidence));
  }
  return out.empty() ? "  nothing\n" : out;
}

// What stands in one and not in the other.
void ExpectSame(const Engine& engine, std::vector<Key> found,
                std::vector<Key> expected, std::uint64_t seed,
                std::string_view text) {
  found = Unique(std::move(found));
  expected = Unique(std::move(expected));
  if (found == expected) return;
  std::vector<Key> missed;
  std::set_difference(expected.begin(), expected.end(), found.begin(),
                      found.end(), std::back_inserter(missed));
  std::vector<Key> extra;
  std::set_difference(found.begin(), found.end(), expected.begin(),
                      expected.end(), std::back_inserter(extra));
  ADD_FAILURE() << "seed " << seed << "\nmissed:\n"
                << Named(engine, missed) << "found too much:\n"
                << Named(engine, extra) << "text in hex: "
                << ToHex(reinterpret_cast<const std::uint8_t*>(text.data()),
                         text.size());
}

std::vector<Key> ByDefinition(const Engine& engine, std::string_view text) {
  std::vector<Match> matches;
  const re2::StringPiece piece(text.data(), text.size());
  for (std::uint32_t shape = 0; shape < engine.shape_count(); ++shape) {
    if (!engine.PatternOf(shape).Match(piece, 0, text.size(), RE2::UNANCHORED,
                                       nullptr, 0)) {
      continue;
    }
    for (std::size_t at = 0; at <= text.size(); ++at) {
      MatchAt(engine, shape, text, at, &matches);
    }
  }
  return Keys(matches);
}

std::vector<Key> ByScanner(Scanner* scanner, std::string_view text,
                           std::size_t from, std::size_t to) {
  std::vector<Match> matches;
  const Status done = scanner->Scan(text, from, to, &matches);
  EXPECT_TRUE(done) << done.error().message;
  return Keys(matches);
}

// In pieces of random sizes, each with no more than the margin around it.
std::vector<Key> InPieces(const Engine& engine, Scanner* scanner,
                          std::string_view text, Random* random,
                          std::size_t longest) {
  std::vector<Key> out;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t to =
        std::min(text.size(), from + 1 + random->Below(longest));
    const std::size_t begin =
        from - std::min(from, engine.margin() + random->Below(3));
    const std::size_t end =
        std::min(text.size(), to + engine.margin() + random->Below(3));
    std::vector<Match> matches;
    const Status done = scanner->Scan(text.substr(begin, end - begin),
                                      from - begin, to - begin, &matches);
    EXPECT_TRUE(done) << done.error().message;
    const std::vector<Key> keys = Keys(matches, begin);
    out.insert(out.end(), keys.begin(), keys.end());
    from = to;
  }
  return out;
}

std::string RandomBytes(Random* random, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random->Below(256));
  return out;
}

// What may stand between two things.
std::string Separator(Random* random) {
  constexpr std::array kSeparators = {
      " "sv,      "\n"sv,    "\""sv,    "="sv,          ": \""sv, "',\n'"sv,
      "\\n"sv,    "%3D"sv,   "\\x3d"sv, "\\u003d"sv,    "\0"sv,   "\xFF"sv,
      "x"sv,      "_"sv,     "-"sv,     "0"sv,          ""sv,     "."sv,
      "\\"sv,     "\r\n"sv,  " := "sv,  "\x1b[1;31m"sv, "/"sv,    "A"sv,
      "</key>"sv, "\0\0\0"sv};
  return std::string(kSeparators[random->Below(kSeparators.size())]);
}

// The catalogue, its engine, and the examples in its files.
class Catalogue {
 public:
  Catalogue() {
    auto loaded = LoadEngine(rules::EmbeddedCatalogue(), {}, "");
    EXPECT_TRUE(loaded) << loaded.error().message;
    engine_ = *std::move(loaded);
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(KEYTIDY_PATTERNS "/rules")) {
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& path : files) {
      std::ifstream in(path, std::ios::binary);
      const Status added =
          set_.Add(path.string(), {std::istreambuf_iterator<char>(in), {}});
      EXPECT_TRUE(added) << added.error().message;
    }
    std::map<std::string_view, const Rule*> known;
    for (const Rule& rule : engine().rules()) known[rule.id] = &rule;
    for (std::size_t i = 0; i < set_.rules().size(); ++i) {
      const Rule* rule = known[set_.rules()[i].id];
      EXPECT_NE(rule, nullptr) << set_.rules()[i].id;
      if (rule == nullptr) continue;
      for (const std::string& text : set_.origin(i).examples) {
        templates_.emplace_back(text, rule);
      }
      for (const std::string& text : set_.origin(i).counter_examples) {
        templates_.emplace_back(text, rule);
      }
      for (const Shape& shape : rule->shapes) {
        for (const std::string_view word : shape.context.words) {
          words_.emplace_back(word);
        }
        for (const std::string_view word : shape.context.unless) {
          words_.emplace_back(word);
        }
      }
    }
  }

  const Engine& engine() const { return *engine_->engine; }

  // About `size` bytes of keys, of what is nearly a key, and of the words that
  // decide about them.
  std::string Text(Random* random, std::size_t size) const {
    std::string out;
    while (out.size() < size) {
      out += Fragment(random);
      out += Separator(random);
    }
    return out;
  }

 private:
  std::string Expansion(Random* random) const {
    const auto& [text, rule] = templates_[random->Below(templates_.size())];
    const auto expanded = ExpandExample(text, *rule, random->Next());
    EXPECT_TRUE(expanded) << text;
    return expanded.value_or("");
  }

  std::string Fragment(Random* random) const {
    std::string text = Expansion(random);
    const std::size_t at = random->Below(text.size() + 1);
    switch (random->Below(12)) {
      case 0:  // cut short
        return text.substr(0, at);
      case 1:
        return text.substr(at);
      case 2:  // a little of it
        return text.substr(at, 1 + random->Below(12));
      case 3:  // some bytes wrong
        for (std::size_t i = 0; i <= random->Below(3) && !text.empty(); ++i) {
          text[random->Below(text.size())] =
              static_cast<char>(random->Below(256));
        }
        return text;
      case 4:  // a longer name or value
        return text.insert(
            at, random->Pick("0123456789abcdefABCDEF_-", random->Below(50)));
      case 5:  // more room between
        return text.insert(at, std::string(random->Below(24), ' '));
      case 6:  // some of it missing
        return text.erase(at, 1 + random->Below(4));
      case 7:
        return RandomBytes(random, random->Below(40));
      case 8:
        return words_[random->Below(words_.size())];
      default:
        return text;
    }
  }

  std::unique_ptr<LoadedEngine> engine_;
  rules::RuleSet set_;
  std::vector<std::pair<std::string, const Rule*>> templates_;
  std::vector<std::string> words_;
};

const Catalogue& TheCatalogue() {
  static const Catalogue catalogue;
  return catalogue;
}

TEST(Differential, CatalogueByDefinition) {
  const Engine& engine = TheCatalogue().engine();
  auto scanner = Scanner::Make(engine);
  ASSERT_TRUE(scanner);
  std::size_t matches = 0;
  for (std::uint64_t seed = 1; seed <= kCatalogueTexts; ++seed) {
    Random random(seed);
    const std::string text =
        TheCatalogue().Text(&random, 100 + random.Below(500));
    const std::vector<Key> expected = ByDefinition(engine, text);
    matches += expected.size();
    ExpectSame(engine, ByScanner(&*scanner, text, 0, text.size()), expected,
               seed, text);
    if (HasFailure()) return;
  }
  EXPECT_GT(matches, std::size_t{kCatalogueTexts});
}

TEST(Differential, CatalogueInPieces) {
  const Engine& engine = TheCatalogue().engine();
  auto scanner = Scanner::Make(engine);
  ASSERT_TRUE(scanner);
  for (std::uint64_t seed = 1; seed <= kCatalogueTexts; seed += 5) {
    Random random(seed);
    const std::string text =
        TheCatalogue().Text(&random, 100 + random.Below(2000));
    const std::vector<Key> whole = ByScanner(&*scanner, text, 0, text.size());
    std::vector<Key> pieces;
    std::size_t from = 0;
    while (from < text.size()) {
      const std::size_t to =
          std::min(text.size(), from + 1 + random.Below(400));
      const std::vector<Key> piece = ByScanner(&*scanner, text, from, to);
      pieces.insert(pieces.end(), piece.begin(), piece.end());
      from = to;
    }
    ExpectSame(engine, pieces, whole, seed, text);
    if (HasFailure()) return;
  }
}

TEST(Differential, CatalogueInPiecesWithMargins) {
  const Engine& engine = TheCatalogue().engine();
  auto scanner = Scanner::Make(engine);
  ASSERT_TRUE(scanner);
  for (std::uint64_t seed = 1; seed <= kCatalogueStreams; ++seed) {
    Random random(seed);
    const std::string text = TheCatalogue().Text(&random, 4 * engine.margin());
    ExpectSame(engine,
               InPieces(engine, &*scanner, text, &random, engine.margin() / 2),
               ByScanner(&*scanner, text, 0, text.size()), seed, text);
    if (HasFailure()) return;
  }
}

// Rules of every way to anchor, with a margin so small that pieces cut
// everything in two.
constexpr std::string_view kSimple[] = {
    "pattern = 'dem_[0-9a-f]{8}'\nexamples = ['dem_{hex:8}']",
    "pattern = '[a-z]{2,6}~[0-9]{8}'\nanchor = '~[0-9]'\nreach = 6\n"
    "examples = ['{lower:6}~{digit:8}']",
    "pattern = '(?i)dkey[=: ]{1,3}([0-9a-z]{8})'\nanchor = '(?i)dkey'\n"
    "group = 1\nexamples = ['DKEY={loweralnum:8}']",
    "pattern = 'd-[0-9a-z]{6,}'\nanchor = 'd-[0-9a-z]{6}'\nmax_length = 20\n"
    "after = '[0-9a-z-]'\nexamples = ['d-{loweralnum:8}']"};

std::string SimpleRules() {
  std::string out;
  for (std::size_t i = 0; i < std::size(kSimple); ++i) {
    out += RuleText(fmt::format("rule-{}", i), kSimple[i]);
  }
  return out;
}

// Letters of no word that a placeholder could be.
std::string SimpleText(Random* random, std::size_t size) {
  constexpr std::array kPieces = {"dem_"sv,
                                  "d-"sv,
                                  "dkey"sv,
                                  "DKey"sv,
                                  "="sv,
                                  ": "sv,
                                  "~"sv,
                                  "1f2e3d4c"sv,
                                  "bcdghj"sv,
                                  "\\n"sv,
                                  "%3D"sv,
                                  "\\x3d"sv,
                                  "\\u003d"sv,
                                  "\x1b[31m"sv,
                                  "\x1b[m"sv,
                                  " "sv,
                                  "_"sv,
                                  "-"sv,
                                  "dem_1f2e3d4c"sv,
                                  "bcdg~21436587"sv,
                                  "dkey=k3q0bv7w"sv,
                                  "d-k3q0bv7w"sv,
                                  "\0"sv};
  std::string out;
  while (out.size() < size) {
    switch (random->Below(4)) {
      case 0:
        out += random->Pick("bcdghj0123456789", random->Below(9));
        break;
      case 1:
        out += random->Pick("\x01\n\"' ~=:_-\x80\xFF", random->Below(3));
        break;
      default:
        out += kPieces[random->Below(kPieces.size())];
    }
  }
  return out;
}

// RE2 alone, with every rule of the definition spelled by hand.
std::vector<Key> ByHand(std::string_view text) {
  struct Hand {
    std::string pattern;  // group 1 is the secret
    std::string_view after;
    std::size_t longest;
    std::size_t known_prefix;
  };
  constexpr std::string_view kWord =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  static const std::array<Hand, 4> hands = {
      {{"(dem_[0-9a-f]{8})", kWord, 12, 4},
       {"([a-z]{2,6}~[0-9]{8})", kWord, 15, 0},
       {"[dD][kK][eE][yY][=: ]{1,3}([0-9a-zA-Z]{8})", kWord, 15, 0},
       {"(d-[0-9a-z]{6,})", "0123456789abcdefghijklmnopqrstuvwxyz-", 20, 2}}};
  static const RE2 escape(
      R"((?s).*(?:\\[nrtbfve0]|%[[:xdigit:]]{2}|\\x[[:xdigit:]]{2}|)"
      R"(\\u[[:xdigit:]]{4}|\x1b\[[0-9;]{0,11}m))",
      RE2::Latin1);
  std::vector<Key> out;
  for (std::uint32_t rule = 0; rule < hands.size(); ++rule) {
    const Hand& hand = hands[rule];
    const RE2 pattern(hand.pattern, RE2::Latin1);
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::string_view window = text.substr(at, hand.longest);
      std::array<re2::StringPiece, 2> groups;
      if (!pattern.Match(re2::StringPiece(window.data(), window.size()), 0,
                         window.size(), RE2::ANCHOR_START, groups.data(), 2)) {
        continue;
      }
      const auto start =
          static_cast<std::size_t>(groups[1].data() - text.data());
      const std::size_t end = start + groups[1].size();
      const std::string_view before = text.substr(0, start);
      if (!before.empty() &&
          kWord.find(before.back()) != std::string_view::npos &&
          !RE2::FullMatch(re2::StringPiece(before.data(), before.size()),
                          escape)) {
        continue;
      }
      if (end < text.size() &&
          hand.after.find(text[end]) != std::string_view::npos) {
        continue;
      }
      std::string body(text.substr(start, end - start));
      std::transform(body.begin(), body.end(), body.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      });
      body.erase(0, hand.known_prefix);
      bool counting = body.size() >= 12;
      int steps = 0;
      for (std::size_t i = 1; i < body.size(); ++i) {
        if (text[start + hand.known_prefix + i] ==
            text[start + hand.known_prefix + i - 1] + 1) {
          ++steps;
        }
      }
      counting = counting && steps * 4 >= static_cast<int>(body.size() - 1) * 3;
      std::sort(body.begin(), body.end());
      body.erase(std::unique(body.begin(), body.end()), body.end());
      if (body.size() < 5) continue;
      const auto whole =
          static_cast<std::size_t>(groups[0].data() - text.data());
      out.emplace_back(whole, whole + groups[0].size(), start, end, rule,
                       counting ? Confidence::kMedium : Confidence::kHigh);
    }
  }
  return out;
}

TEST(Differential, SimpleRulesByHand) {
  const TestEngine engine(SimpleRules());
  auto scanner = Scanner::Make(engine.get());
  ASSERT_TRUE(scanner);
  std::size_t matches = 0;
  for (std::uint64_t seed = 1; seed <= kSimpleTexts; ++seed) {
    Random random(seed);
    const std::string text = SimpleText(&random, random.Below(300));
    const std::vector<Key> expected = ByHand(text);
    matches += expected.size();
    ExpectSame(engine.get(), ByScanner(&*scanner, text, 0, text.size()),
               expected, seed, text);
    if (HasFailure()) return;
  }
  EXPECT_GT(matches, std::size_t{kSimpleTexts});
}

constexpr std::string_view kMore[] = {
    "pattern = '[0-9a-f]{12}'\nanchor = \"context\"\n"
    "context = { words = [\"dkey\", \"dem\"], unless = [\"bcdg\"], within = 9, "
    "required = true }\nexamples = ['dem {hex:12}']",
    "pattern = '[0-9]{2}[~=][0-9a-z]{5,9}'\nanchor = '[0-9][~=][0-9a-f]?'\n"
    "reach = 1\nconfidence = \"medium\"\n"
    "context = { words = [\"dem\"], within = 5 }\n"
    "examples = ['{digit:2}~{hex:9}']",
    "pattern = 'e([0-9a-z]{3})=?([0-9a-f]{8})'\nanchor = 'e[0-9a-z]'\n"
    "spell_out = true\nbefore = ''\n"
    "checksum = { kind = \"crc32-hex\", body = 1, digits = 2 }\n"
    "examples = ['e{loweralnum:3}{checksum}']"};

TEST(Differential, SimpleRulesInPiecesWithMargins) {
  std::string rules = SimpleRules();
  for (std::size_t i = 0; i < std::size(kMore); ++i) {
    rules += RuleText(fmt::format("more-{}", i), kMore[i]);
  }
  const TestEngine engine(rules);
  ASSERT_LT(engine->margin(), 120u);
  auto scanner = Scanner::Make(engine.get());
  ASSERT_TRUE(scanner);
  for (std::uint64_t seed = 1; seed <= kSimpleTexts; ++seed) {
    Random random(seed);
    const std::string text = SimpleText(&random, random.Below(1500));
    const std::vector<Key> expected =
        ByScanner(&*scanner, text, 0, text.size());
    ExpectSame(engine.get(), ByDefinition(engine.get(), text), expected, seed,
               text);
    ExpectSame(
        engine.get(),
        InPieces(engine.get(), &*scanner, text, &random, 1 + random.Below(200)),
        expected, seed, text);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace keytidy::match
