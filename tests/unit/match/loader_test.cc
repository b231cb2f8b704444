// SPDX-License-Identifier: Apache-2.0
#include "match/loader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "match/example.h"
#include "match/rule_cache.h"
#include "unit/match/rule_text.h"

namespace keytidy::match {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMine =
    "pattern = 'demo_[0-9a-f]{16}'\nexamples = ['demo_{hex:16}']";

RuleFile FileOf(std::string name, std::string_view id = "demo-key",
                std::string_view lines = kMine) {
  return {std::move(name), std::string(kFileHead) + RuleText(id, lines)};
}

// A catalogue of one rule, made as rulec makes the real one.
class SmallCatalogue {
 public:
  SmallCatalogue() {
    EXPECT_TRUE(set_.Add(
        "cata.toml",
        std::string(kFileHead) + RuleText("cata-key",
                                          "pattern = 'cata_[0-9a-f]{32}'\n"
                                          "examples = ['cata_{hex:32}']")));
    EXPECT_TRUE(CheckRules(&set_, {}));
    bytes_ = *Database::Compile(set_.rules(), Cpu::kGeneric)->Serialise();
    databases_[0] = {"generic", bytes_};
    catalogue_ = {"0123", set_.rules(), databases_};
  }
  const rules::Catalogue& get() const { return catalogue_; }

 private:
  rules::RuleSet set_;
  std::string bytes_;
  std::array<rules::EmbeddedDatabase, 1> databases_;
  rules::Catalogue catalogue_;
};

const rules::Catalogue& Small() {
  static const SmallCatalogue catalogue;
  return catalogue.get();
}

std::unique_ptr<LoadedEngine> Load(std::vector<RuleFile> files,
                                   const std::string& cache = "") {
  auto loaded = LoadEngine(Small(), std::move(files), cache);
  EXPECT_TRUE(loaded) << loaded.error().message;
  return loaded ? *std::move(loaded) : nullptr;
}

std::string Refusal(std::vector<RuleFile> files) {
  const auto loaded = LoadEngine(Small(), std::move(files), "");
  EXPECT_FALSE(loaded);
  if (loaded) return "";
  EXPECT_EQ(loaded.error().code, ErrorCode::kInvalid);
  return loaded.error().message;
}

// "id@start-end confidence" of each match.
std::vector<std::string> Found(const LoadedEngine& loaded,
                               std::string_view text) {
  std::vector<Match> matches;
  auto scanner = Scanner::Make(*loaded.engine);
  EXPECT_TRUE(scanner);
  EXPECT_TRUE(scanner->Scan(text, 0, text.size(), &matches));
  ResolveOverlaps(loaded.engine->rules(), &matches);
  std::vector<std::string> out;
  for (const Match& match : matches) {
    out.push_back(fmt::format(
        "{}@{}-{} {}", loaded.engine->rules()[match.rule].id,
        match.secret.start, match.secret.end, Name(match.confidence)));
  }
  return out;
}

// A key of the catalogue at 2 and one of the user's at 40.
std::string TwoKeys() {
  return *ExpandExample("= cata_{hex:32} demo_{hex:16}\n", {}, 5);
}
const std::vector<std::string> kTwoFound = {"cata-key@2-39 high",
                                            "demo-key@40-61 high"};

class LoaderTest : public testing::Test {
 protected:
  LoaderTest() {
    std::string name = testing::TempDir() + "keytidy-loader-XXXXXX";
    top_ = mkdtemp(name.data());
    cache_ = top_ + "/keytidy";
  }
  ~LoaderTest() override { fs::remove_all(top_); }

  std::vector<std::string> CacheFiles() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(cache_)) {
      out.push_back(entry.path());
    }
    return out;
  }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in),
            std::istreambuf_iterator<char>()};
  }
  static void Write(const std::string& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
  }

  std::string top_;
  std::string cache_;
};

TEST_F(LoaderTest, TheCatalogueAlone) {
  const auto loaded = Load({}, cache_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->digest, "sha256:0123");
  EXPECT_EQ(loaded->engine->rules().data(), Small().rules.data());
  EXPECT_EQ(loaded->engine->rules().size(), 1u);
  EXPECT_TRUE(loaded->all_rules.empty());
  EXPECT_EQ(Found(*loaded, TwoKeys()),
            std::vector<std::string>{"cata-key@2-39 high"});
  EXPECT_FALSE(fs::exists(cache_));
}

TEST_F(LoaderTest, TheEmbeddedCatalogue) {
  const rules::Catalogue& catalogue = rules::EmbeddedCatalogue();
  const auto loaded = LoadEngine(catalogue, {}, cache_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ((*loaded)->digest, fmt::format("sha256:{}", catalogue.digest));
  EXPECT_EQ(catalogue.digest.size(), 64u);
  EXPECT_EQ((*loaded)->engine->rules().data(), catalogue.rules.data());
  EXPECT_EQ(Found(**loaded, *ExpandExample("= kryton_{hex:64}", {}, 1)),
            std::vector<std::string>{"kryton-api-key@2-73 high"});
}

// One of them is "generic", which runs everywhere; the first is for the best
// processor.
TEST_F(LoaderTest, TheEmbeddedDatabases) {
  const auto databases = rules::EmbeddedCatalogue().databases;
  ASSERT_FALSE(databases.empty());
  EXPECT_EQ(databases.back().cpu, "generic");
  for (const rules::EmbeddedDatabase& embedded : databases) {
    if (!RunsHere(embedded.cpu)) continue;
    const auto loaded = Database::Load(embedded.bytes);
    EXPECT_TRUE(loaded) << embedded.cpu << ": " << loaded.error().message;
  }
}

TEST_F(LoaderTest, WithRulesOfTheUser) {
  const auto loaded = Load({FileOf("demo.toml")});
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->all_rules.size(), 2u);
  EXPECT_EQ(loaded->all_rules[0].id, "cata-key");
  EXPECT_EQ(loaded->all_rules[1].id, "demo-key");
  EXPECT_EQ(loaded->engine->rules().data(), loaded->all_rules.data());
  EXPECT_EQ(Found(*loaded, TwoKeys()), kTwoFound);
}

TEST_F(LoaderTest, TheDigestIsOfAllRules) {
  const auto alone = Load({});
  const auto with = Load({FileOf("demo.toml")});
  const auto again = Load({FileOf("demo.toml")});
  const auto other = Load({FileOf("demo.toml", "demo-key-2")});
  EXPECT_EQ(with->digest.substr(0, 7), "sha256:");
  EXPECT_EQ(with->digest.size(), 71u);
  EXPECT_EQ(again->digest, with->digest);
  EXPECT_NE(other->digest, with->digest);
  EXPECT_NE(alone->digest, with->digest);
}

TEST_F(LoaderTest, SeveralFiles) {
  const auto loaded =
      Load({FileOf("a.toml"),
            FileOf("b.toml", "other-key",
                   "pattern = 'dumo_[0-9a-f]{16}'\n"
                   "yields_to = [\"demo-key\", \"cata-key\"]\nexamples = "
                   "['dumo_{hex:16}']")});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(Found(*loaded, *ExpandExample("dumo_{hex:16}", {}, 1)),
            std::vector<std::string>{"other-key@0-21 high"});
}

TEST_F(LoaderTest, AnIdOfTheCatalogueIsTaken) {
  EXPECT_EQ(Refusal({FileOf("mine.toml", "cata-key")}),
            "mine.toml:6:6: rule: 'cata-key' is already the id of the "
            "rule at the catalogue\n"
            "  id = \"cata-key\"\n"
            "       ^");
}

TEST_F(LoaderTest, ABrokenRuleIsShown) {
  EXPECT_EQ(Refusal({FileOf("good.toml", "good-key"),
                     FileOf("mine.toml", "demo-key",
                            "pattern = 'demo_('\nexamples = ['demo_(']")}),
            "mine.toml:9:11: pattern: missing ): demo_(\n"
            "  pattern = 'demo_('\n"
            "            ^");
  EXPECT_EQ(Refusal({{"mine.toml", "provider = \n"}}).substr(0, 14),
            "mine.toml:1:12");
}

TEST_F(LoaderTest, AnExampleThatTheCatalogueClaims) {
  const std::string message =
      Refusal({FileOf("mine.toml", "demo-key",
                      "pattern = 'cata_[0-9a-f]{32}'\nconfidence = \"low\"\n"
                      "examples = ['KEY=cata_{hex:32}']")});
  EXPECT_EQ(message,
            "mine.toml:11:13: example: is claimed by rule 'cata-key' "
            "(add it to yields_to on one side)\n"
            "  examples = ['KEY=cata_{hex:32}']\n"
            "              ^");
}

TEST_F(LoaderTest, TheCacheGivesTheSame) {
  const auto first = Load({FileOf("demo.toml")}, cache_);
  ASSERT_TRUE(first);
  ASSERT_EQ(CacheFiles().size(), 1u);
  const std::string kept = Read(CacheFiles().front());
  const auto second = Load({FileOf("demo.toml")}, cache_);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->digest, first->digest);
  EXPECT_EQ(second->engine->margin(), first->engine->margin());
  EXPECT_EQ(second->all_rules.back().known_prefix, 5u);
  EXPECT_EQ(Found(*second, TwoKeys()), kTwoFound);
  EXPECT_EQ(Found(*first, TwoKeys()), kTwoFound);
  EXPECT_EQ(Read(CacheFiles().front()), kept);
}

// Behind the mark and the digest stand the key and the rule's prefix; the
// prefix tells whether the file was read.
TEST_F(LoaderTest, TheCacheIsUsed) {
  ASSERT_TRUE(Load({FileOf("demo.toml")}, cache_));
  ASSERT_EQ(CacheFiles().size(), 1u);
  const std::string path = CacheFiles().front();
  std::string bytes = Read(path);
  const std::size_t body = kCacheMagic.size() + 32;
  ASSERT_EQ(bytes[body + 64], 5);
  bytes[body + 64] = 4;
  const Sha256Digest digest = Sha256(std::string_view(bytes).substr(body));
  std::copy(digest.begin(), digest.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(kCacheMagic.size()));
  Write(path, bytes);
  const auto loaded = Load({FileOf("demo.toml")}, cache_);
  EXPECT_EQ(loaded->all_rules.back().known_prefix, 4u);
}

TEST_F(LoaderTest, ADamagedCacheIsMadeAnew) {
  ASSERT_TRUE(Load({FileOf("demo.toml")}, cache_));
  const std::string path = CacheFiles().front();
  const std::string good = Read(path);
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{20}, std::size_t{60}, std::size_t{112},
        std::size_t{130}, good.size() / 2, good.size() - 1}) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    Write(path, damaged);
    const auto loaded = Load({FileOf("demo.toml")}, cache_);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(Found(*loaded, TwoKeys()), kTwoFound) << at;
    EXPECT_EQ(Read(path), good) << at;
  }
}

TEST_F(LoaderTest, ACacheThatOthersCanReadIsMadeAnew) {
  ASSERT_TRUE(Load({FileOf("demo.toml")}, cache_));
  const std::string path = CacheFiles().front();
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  const auto loaded = Load({FileOf("demo.toml")}, cache_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(Found(*loaded, TwoKeys()), kTwoFound);
  EXPECT_EQ(fs::status(path).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(LoaderTest, OtherRulesHaveAnotherCache) {
  ASSERT_TRUE(Load({FileOf("demo.toml")}, cache_));
  ASSERT_TRUE(Load({FileOf("demo.toml", "demo-key-2")}, cache_));
  EXPECT_EQ(CacheFiles().size(), 2u);
}

TEST_F(LoaderTest, ACacheThatCannotBeKept) {
  Write(cache_, "a file where the directory would be");
  const auto loaded = Load({FileOf("demo.toml")}, cache_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(Found(*loaded, TwoKeys()), kTwoFound);
}

TEST_F(LoaderTest, DatabasesThatDoNotFitAreMadeAnew) {
  const std::array<rules::EmbeddedDatabase, 3> databases = {
      {{"avx4096", "of no use here"}, {"generic", "damaged"}, {"avx2", ""}}};
  const rules::Catalogue catalogue{"4567", Small().rules, databases};
  const auto loaded = LoadEngine(catalogue, {}, cache_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ((*loaded)->digest, "sha256:4567");
  EXPECT_EQ(Found(**loaded, TwoKeys()),
            std::vector<std::string>{"cata-key@2-39 high"});
}

}  // namespace
}  // namespace keytidy::match
