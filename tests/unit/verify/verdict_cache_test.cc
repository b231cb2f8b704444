// SPDX-License-Identifier: Apache-2.0
#include "verify/verdict_cache.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "unit/temp_dir.h"

namespace keytidy::verify {
namespace {

constexpr std::int64_t kNow = 1774951200;
constexpr std::string_view kId = "kt-0123456789abcdef";
constexpr std::string_view kRule = "kryton-api-key";
constexpr std::string_view kHost = "notes.example.com";

Verdict VerdictOf(VerdictState state, std::int64_t at = kNow) {
  Verdict out;
  out.state = state;
  out.evidence = "notes.example.com answered 200: it is alive";
  out.checked_at = at;
  return out;
}

Verdict WithFacts() {
  Verdict out = VerdictOf(VerdictState::kActive);
  out.facts.key_id = "7";
  out.facts.name = "ci \xC3\xA4";
  out.facts.owner = "ada";
  out.facts.account = "acme";
  out.facts.scopes = {"read", "write"};
  out.facts.created = 1;
  out.facts.expires = 2;
  return out;
}

std::optional<Verdict> FindIn(const VerdictCache& cache) {
  return cache.Find(kId, kRule, kHost);
}

// A file that holds one verdict.
void Fill(const std::string& path, const Verdict& verdict) {
  VerdictCache cache = VerdictCache::Load(path, kNow);
  cache.Put(kId, kRule, kHost, verdict);
  const auto saved = cache.Save();
  ASSERT_TRUE(saved) << saved.error().message;
}

std::string BareLine(std::string_view fields) {
  return fmt::format(R"({{"of":"{} {} {}",{}}})", kId, kRule, kHost, fields) +
         "\n";
}

std::string Line(std::string_view fields) {
  return BareLine(R"("evidence":"why",)" + std::string(fields));
}

// "active", "inactive" or "none", of a file of these bytes.
std::string StateIn(std::string_view bytes) {
  const TempDir dir;
  const std::string path = dir.Write("verdicts.jsonl", bytes);
  chmod(path.c_str(), 0600);
  const auto found = FindIn(VerdictCache::Load(path, kNow));
  if (!found) return "none";
  return found->state == VerdictState::kActive ? "active" : "inactive";
}

TEST(VerdictCache, KeepsAVerdict) {
  const TempDir dir;
  const std::string path = dir / "cache/keytidy/verdicts.jsonl";
  const Verdict verdict = WithFacts();
  Fill(path, verdict);
  const auto found = FindIn(VerdictCache::Load(path, kNow + 60));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, verdict.state);
  EXPECT_EQ(found->evidence, verdict.evidence);
  EXPECT_EQ(found->checked_at, verdict.checked_at);
  EXPECT_EQ(found->facts, verdict.facts);
}

TEST(VerdictCache, OfThisKeyThisRuleAndThisHost) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kInactive));
  const VerdictCache cache = VerdictCache::Load(path, kNow);
  EXPECT_TRUE(cache.Find(kId, kRule, kHost));
  EXPECT_FALSE(cache.Find("kt-f", kRule, kHost));
  EXPECT_FALSE(cache.Find(kId, "other", kHost));
  EXPECT_FALSE(cache.Find(kId, kRule, "other.example.com"));
}

TEST(VerdictCache, OnlyWhatIsProved) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  VerdictCache cache = VerdictCache::Load(path, kNow);
  cache.Put(kId, kRule, kHost, VerdictOf(VerdictState::kUnknown));
  cache.Put(kId, kRule, kHost, VerdictOf(VerdictState::kNotTried));
  EXPECT_FALSE(FindIn(cache));
  ASSERT_TRUE(cache.Save());
  EXPECT_EQ(access(path.c_str(), F_OK), -1);
}

TEST(VerdictCache, Forgets) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kActive));
  VerdictCache cache = VerdictCache::Load(path, kNow);
  cache.Forget(kId, kRule, kHost);
  EXPECT_FALSE(FindIn(cache));
  ASSERT_TRUE(cache.Save());
  EXPECT_FALSE(FindIn(VerdictCache::Load(path, kNow)));
}

TEST(VerdictCache, TheLastWordCounts) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kActive));
  Fill(path, VerdictOf(VerdictState::kInactive));
  EXPECT_EQ(FindIn(VerdictCache::Load(path, kNow))->state,
            VerdictState::kInactive);
}

TEST(VerdictCache, FileAndFolderAreTheUsersAlone) {
  const TempDir dir;
  const std::string path = dir / "keytidy/verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kActive));
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  ASSERT_EQ(stat((dir / "keytidy").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700u);
}

TEST(VerdictCache, UnchangedItIsNotWritten) {
  const TempDir dir;
  const std::string path = dir.Write("verdicts.jsonl", "not ours\n");
  chmod(path.c_str(), 0600);
  ASSERT_TRUE(VerdictCache::Load(path, kNow).Save());
  EXPECT_EQ(dir.Read("verdicts.jsonl"), "not ours\n");
}

TEST(VerdictCache, WithoutAPathNothingIsKept) {
  VerdictCache cache = VerdictCache::Load("", kNow);
  cache.Put(kId, kRule, kHost, VerdictOf(VerdictState::kActive));
  EXPECT_FALSE(FindIn(cache));
  EXPECT_TRUE(cache.Save());
}

TEST(VerdictCache, OldAndFutureTimes) {
  const auto at = [](std::int64_t time) {
    return StateIn(Line(fmt::format(R"("active":true,"at":{})", time)));
  };
  EXPECT_EQ(at(kNow), "active");
  EXPECT_EQ(at(kNow - VerdictCache::kLifetime), "active");
  EXPECT_EQ(at(kNow - VerdictCache::kLifetime - 1), "none");
  EXPECT_EQ(at(kNow + 1), "none");
  EXPECT_EQ(at(0), "none");
  EXPECT_EQ(at(INT64_MAX), "none");
  EXPECT_EQ(at(INT64_MIN), "none");
  for (const std::string_view time :
       {"18446744073709551615", "1e300", "\"1774951200\"", "null", "true",
        "1774951200.5", "[1774951200]"}) {
    EXPECT_EQ(StateIn(Line(fmt::format(R"("active":true,"at":{})", time))),
              "none")
        << time;
  }
  EXPECT_EQ(StateIn(Line(R"("active":true)")), "none");
}

TEST(VerdictCache, DamagedLinesAreLeftOut) {
  const std::string good = Line(fmt::format(R"("active":true,"at":{})", kNow));
  for (const std::string_view damage :
       {"", "\n\n", "{\n", "}\n", "[]\n", "null\n", "7\n", "\"x\"\n", "{}\n",
        "{\"of\":7,\"at\":1774951200}\n", "\xFF\xFE\n", "{\"of\":\"\xFF\"}\n",
        "{\"of\":\"a\",\"of\":\"b\"}\n"}) {
    EXPECT_EQ(StateIn(std::string(damage) + good), "active") << damage;
    EXPECT_EQ(StateIn(good + std::string(damage)), "active") << damage;
  }
  EXPECT_EQ(StateIn(std::string(200'000, '[') + "\n" + good), "active");
  EXPECT_EQ(StateIn(std::string("\0\n", 2) + good), "active");
}

TEST(VerdictCache, ALineThatIsCutShortIsLeftOut) {
  const std::string good = Line(fmt::format(R"("active":false,"at":{})", kNow));
  for (std::size_t n = 0; n + 2 < good.size(); ++n) {
    EXPECT_EQ(StateIn(good.substr(0, n)), "none") << n;
  }
  EXPECT_EQ(StateIn(good.substr(0, good.size() - 1)), "inactive");
}

// "Inactive" is a claim like "active", and not what remains.
TEST(VerdictCache, ALineWithoutAVerdictIsLeftOut) {
  for (const std::string_view active :
       {"", R"("active":null,)", R"("active":"true",)", R"("active":1,)",
        R"("activ":true,)"}) {
    EXPECT_EQ(StateIn(Line(fmt::format(R"({}"at":{})", active, kNow))), "none")
        << active;
  }
}

// Nobody could say what the verdict rests on.
TEST(VerdictCache, ALineWithoutEvidenceIsLeftOut) {
  const std::string fields = fmt::format(R"("active":true,"at":{})", kNow);
  EXPECT_EQ(StateIn(BareLine(R"("evidence":"why",)" + fields)), "active");
  for (const std::string_view evidence :
       {"", R"("evidence":"",)", R"("evidence":null,)", R"("evidence":7,)",
        R"("evidence":["why"],)", R"("evidense":"why",)"}) {
    EXPECT_EQ(StateIn(BareLine(std::string(evidence) + fields)), "none")
        << evidence;
  }
}

TEST(VerdictCache, FieldsOfTheWrongTypeAreLeftOut) {
  const TempDir dir;
  const std::string path = dir.Write(
      "verdicts.jsonl",
      Line(fmt::format(R"("active":true,"at":{},"name":7,"scopes":["a",1,)"
                       R"(null,["b"]],"owner":null,"created":"x","extra":1)",
                       kNow)));
  chmod(path.c_str(), 0600);
  const auto found = FindIn(VerdictCache::Load(path, kNow));
  ASSERT_TRUE(found);
  KeyFacts wanted;
  wanted.scopes = {"a"};
  EXPECT_EQ(found->facts, wanted);
}

// Any damage to any byte: it loads, and says nothing but a verdict.
TEST(VerdictCache, AnyDamage) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, WithFacts());
  const std::string whole = dir.Read("verdicts.jsonl");
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    std::string bytes = whole;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    dir.Write("verdicts.jsonl", bytes);
    const auto found = FindIn(VerdictCache::Load(path, kNow));
    if (!found) continue;
    ASSERT_LE(found->checked_at.value_or(0), kNow);
    ASSERT_GE(found->checked_at.value_or(0), kNow - VerdictCache::kLifetime);
  }
}

TEST(VerdictCache, AFileThatOthersMayWriteIsNotBelieved) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kActive));
  for (const mode_t mode : {0620u, 0602u, 0660u, 0666u}) {
    chmod(path.c_str(), mode);
    EXPECT_FALSE(FindIn(VerdictCache::Load(path, kNow))) << mode;
  }
  chmod(path.c_str(), 0644);
  EXPECT_TRUE(FindIn(VerdictCache::Load(path, kNow)));
}

TEST(VerdictCache, SomebodyElsesFileIsNotBelieved) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kActive));
  ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(FindIn(VerdictCache::Load(path, kNow)));
}

TEST(VerdictCache, ASymbolicLinkIsNeitherReadNorWritten) {
  const TempDir dir;
  Fill(dir / "target", VerdictOf(VerdictState::kActive));
  const std::string before = dir.Read("target");
  const std::string path = dir.Symlink("verdicts.jsonl", dir / "target");
  VerdictCache cache = VerdictCache::Load(path, kNow);
  EXPECT_FALSE(FindIn(cache));
  cache.Put(kId, kRule, kHost, VerdictOf(VerdictState::kInactive));
  const auto saved = cache.Save();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(dir.Read("target"), before);
}

TEST(VerdictCache, OtherThingsCountAsEmpty) {
  const TempDir dir;
  EXPECT_FALSE(FindIn(VerdictCache::Load(dir / "none", kNow)));
  EXPECT_FALSE(FindIn(VerdictCache::Load(dir.Directory("d"), kNow)));
  EXPECT_FALSE(FindIn(VerdictCache::Load(dir.Fifo("pipe"), kNow)));
  EXPECT_FALSE(FindIn(VerdictCache::Load("/dev/zero", kNow)));
}

TEST(VerdictCache, AHugeFileCountsAsEmpty) {
  const TempDir dir;
  const std::string path = dir / "verdicts.jsonl";
  Fill(path, VerdictOf(VerdictState::kActive));
  ASSERT_EQ(truncate(path.c_str(), (16 << 20) + 1), 0);
  EXPECT_FALSE(FindIn(VerdictCache::Load(path, kNow)));
}

}  // namespace
}  // namespace keytidy::verify
