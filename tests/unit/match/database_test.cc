// SPDX-License-Identifier: Apache-2.0
#include "match/database.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytidy::match {
namespace {

using namespace std::string_view_literals;
using Hits = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

// Two rules with three shapes.
class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    first_[0].anchor = "aa";
    first_[1].anchor = "[x-z]{2,3}";
    second_[0].anchor = R"(\xff\x00)";
    rules_[0].id = "first";
    rules_[0].shapes = first_;
    rules_[1].id = "second";
    rules_[1].shapes = second_;
  }

  static Hits Scan(const Database& database, std::string_view text) {
    auto scratch = Scratch::Make(database);
    EXPECT_TRUE(scratch);
    std::vector<Hit> hits;
    EXPECT_TRUE(scratch->Scan(database, text, &hits));
    Hits out;
    for (const Hit& hit : hits) out.emplace_back(hit.shape, hit.end);
    return out;
  }

  std::array<Shape, 2> first_;
  std::array<Shape, 1> second_;
  std::array<Rule, 2> rules_;
};

TEST(Measure, Widths) {
  const auto widths = [](std::string_view expression) {
    const auto width = Measure(expression);
    EXPECT_TRUE(width) << expression;
    return width ? std::pair(width->min, width->max) : std::pair(9u, 9u);
  };
  EXPECT_EQ(widths("abc"), std::pair(3u, 3u));
  EXPECT_EQ(widths("ab{2,5}"), std::pair(3u, 6u));
  EXPECT_EQ(widths("ab?"), std::pair(1u, 2u));
  EXPECT_EQ(widths("(?i)datadog"), std::pair(7u, 7u));
  EXPECT_EQ(widths("a+"), std::pair(1u, kUnbounded));
  EXPECT_EQ(widths("ab{3,}"), std::pair(4u, kUnbounded));
}

TEST(Measure, RefusesWithTheReason) {
  const auto width = Measure("(abc");
  ASSERT_FALSE(width);
  EXPECT_EQ(width.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(width.error().message,
            "Missing close parenthesis for group started at index 0.");
  EXPECT_FALSE(Measure("(?=abc)d"));
  EXPECT_FALSE(Measure("(a)\\1"));
}

TEST(Cpu, Names) {
  EXPECT_EQ(Name(Cpu::kGeneric), "generic");
  EXPECT_EQ(Name(Cpu::kAvx2), "avx2");
  EXPECT_EQ(Name(Cpu::kAvx512), "avx512");
  EXPECT_EQ(Name(Cpu::kThis), "this");
}

TEST(Cpu, RunsHere) {
  EXPECT_TRUE(RunsHere("generic"));
  EXPECT_FALSE(RunsHere(""));
  EXPECT_FALSE(RunsHere("this"));
  EXPECT_FALSE(RunsHere("avx1024"));
  EXPECT_TRUE(!RunsHere("avx512") || RunsHere("avx2"));
  EXPECT_EQ(LibraryAndProcessor(), LibraryAndProcessor());
  EXPECT_FALSE(LibraryAndProcessor().empty());
}

TEST_F(DatabaseTest, ShapesCountOverAllRules) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_EQ(Scan(*database, "..aa.xy.\xff\0.aa"sv),
            (Hits{{0, 4}, {1, 7}, {2, 10}, {0, 13}}));
}

TEST_F(DatabaseTest, EveryEndIsReported) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  ASSERT_TRUE(database);
  EXPECT_EQ(Scan(*database, "aaaa"), (Hits{{0, 2}, {0, 3}, {0, 4}}));
  EXPECT_EQ(Scan(*database, "xyzx"), (Hits{{1, 2}, {1, 3}, {1, 4}}));
}

TEST_F(DatabaseTest, NothingInNothing) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  ASSERT_TRUE(database);
  EXPECT_EQ(Scan(*database, ""), Hits());
  EXPECT_EQ(Scan(*database, "a"), Hits());
}

TEST_F(DatabaseTest, ScanAppends) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  ASSERT_TRUE(database);
  auto scratch = Scratch::Make(*database);
  ASSERT_TRUE(scratch);
  std::vector<Hit> hits = {{7, 70}};
  ASSERT_TRUE(scratch->Scan(*database, "aa", &hits));
  ASSERT_TRUE(scratch->Scan(*database, ".aa", &hits));
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_EQ(hits[0].shape, 7u);
  EXPECT_EQ(hits[1].end, 2u);
  EXPECT_EQ(hits[2].end, 3u);
}

TEST_F(DatabaseTest, ABrokenAnchorNamesItsRule) {
  second_[0].anchor = "[z-a]";
  const auto database = Database::Compile(rules_, Cpu::kThis);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(database.error().message.substr(0, 16), "second: anchor: ");
}

TEST_F(DatabaseTest, NoRulesAreAnError) {
  const auto database = Database::Compile({}, Cpu::kThis);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, ErrorCode::kInvalid);
}

TEST_F(DatabaseTest, EveryLevelThatRunsHereFindsTheSame) {
  for (const Cpu cpu : {Cpu::kGeneric, Cpu::kAvx2, Cpu::kAvx512, Cpu::kThis}) {
    const auto database = Database::Compile(rules_, cpu);
    if (!database) {
      EXPECT_EQ(database.error().code, ErrorCode::kUnsupported);
      continue;
    }
    if (cpu != Cpu::kThis && !RunsHere(Name(cpu))) continue;
    EXPECT_EQ(Scan(*database, "aa xyz"), (Hits{{0, 2}, {1, 5}, {1, 6}}))
        << Name(cpu);
  }
}

TEST_F(DatabaseTest, SerialisedAndBack) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  ASSERT_TRUE(database);
  const auto bytes = database->Serialise();
  ASSERT_TRUE(bytes);
  const auto again = Database::Load(*bytes);
  ASSERT_TRUE(again) << again.error().message;
  const std::string_view text = "aa.xyz.\xff\0.a"sv;
  EXPECT_EQ(Scan(*again, text), Scan(*database, text));
  EXPECT_EQ(Scan(*again, text), (Hits{{0, 2}, {1, 5}, {1, 6}, {2, 9}}));
  EXPECT_EQ(*again->Serialise(), *bytes);
}

TEST_F(DatabaseTest, LoadRefusesWhatIsCutOff) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  const auto bytes = database->Serialise();
  ASSERT_TRUE(bytes);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{16},
        std::size_t{32}, bytes->size() / 2, bytes->size() - 1}) {
    const auto cut = Database::Load(bytes->substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::kUnsupported);
  }
  EXPECT_FALSE(Database::Load(*bytes + "x"));
}

// The first words: a mark, the library's version, the length.
TEST_F(DatabaseTest, LoadRefusesADamagedHead) {
  const auto database = Database::Compile(rules_, Cpu::kThis);
  const auto bytes = database->Serialise();
  ASSERT_TRUE(bytes);
  for (std::size_t at = 0; at < 12; ++at) {
    std::string damaged = *bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    const auto loaded = Database::Load(damaged);
    ASSERT_FALSE(loaded) << at;
    EXPECT_EQ(loaded.error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(loaded.error().message.substr(0, 25),
              "the serialised rules do n");
  }
}

}  // namespace
}  // namespace keytidy::match
