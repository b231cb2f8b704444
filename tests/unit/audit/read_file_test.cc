// SPDX-License-Identifier: Apache-2.0
#include "audit/read_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit/clients/scene.h"
#include "unit/scan/scene.h"
#include "unit/temp_dir.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using clients::MadeKey;
using scan::KrytonKey;

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned digit = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size() || bit % 6 > 0; ++bit) {
    const char byte = bit / 8 < bytes.size() ? bytes[bit / 8] : '\0';
    digit = digit << 1 | (static_cast<unsigned>(byte) >> (7 - bit % 8) & 1U);
    if (bit % 6 == 5) out += kDigits[std::exchange(digit, 0U)];
  }
  return out;
}

// One client with one file, which a test may change before it reads.
class ReadFileTest : public ::testing::Test {
 protected:
  ReadFileTest()
      : context_{machine_, knowledge_, scan::SmallEngine(),
                 options_, "salt",     {}},
        roots_{scan::DirectoryRoot(dir_.path())} {
    client_.id = "cursor";
    kind_.servers = {"/mcpServers"};
    auto scanner = scan::BlobScanner::Make(scan::SmallEngine(), options_,
                                           roots_, &progress_);
    EXPECT_TRUE(scanner);
    if (scanner) scanner_ = *std::move(scanner);
  }

  FoundFile File(const std::string& name) const {
    FoundFile out;
    out.client = &client_;
    out.file = &kind_;
    out.path = dir_ / name;
    out.display = name;
    return out;
  }

  FileFacts Read(const std::string& name, std::string_view text) {
    dir_.Write(name, text);
    return Read(File(name));
  }
  FileFacts Read(const FoundFile& file) {
    FileReader reader(context_, scanner_.get());
    return reader.Read(file, 7, {}, &plain_);
  }

  const std::vector<scan::Found>& found() {
    return scanner_->collected().found;
  }

  // "path: reason", with "!" where that makes the run incomplete.
  std::vector<std::string> Skips() {
    std::vector<std::string> out;
    for (const Skip& skip : scanner_->collected().coverage.skipped) {
      out.push_back(fmt::format("{}{}: {}", skip.incomplete ? "!" : "",
                                skip.path, skip.reason));
    }
    return out;
  }

  const TempDir dir_;
  Client client_;
  ClientFile kind_;
  Machine machine_;
  Knowledge knowledge_;
  scan::Options options_;
  ReadContext context_;
  std::vector<scan::Root> roots_;
  scan::Progress progress_;
  std::unique_ptr<scan::BlobScanner> scanner_;
  std::vector<PlainKey> plain_;
};

std::string Server(const std::string& fields) {
  return "{\"mcpServers\": {\"s\": {\"command\": \"x\",\n" + fields + "}}}\n";
}

// "kind server slot name line" of each use.
std::vector<std::string> Shown(const FileFacts& facts) {
  std::vector<std::string> out;
  for (const KeyUse& use : facts.keys) {
    out.push_back(
        fmt::format("{} {} {} {} {}", use.rule->id,
                    use.server == kNone ? "-" : facts.servers[use.server].name,
                    use.slot, use.name, use.line));
  }
  return out;
}

TEST_F(ReadFileTest, KeysThatRulesKnow) {
  const std::string key = KrytonKey(1);
  const FileFacts facts =
      Read("a.json",
           Server("\"headers\": {\"Authorization\": \"Bearer " + key + "\"}"));
  EXPECT_THAT(Shown(facts), ElementsAre("kryton-key s headers.Authorization "
                                        "Authorization 2"));
  const KeyUse& use = facts.keys[0];
  EXPECT_EQ(use.file, 7U);
  EXPECT_EQ(use.kind, clients::SlotKind::kHeader);
  EXPECT_TRUE(use.structured);
  EXPECT_EQ(use.redacted, scan::Redacted(key));
  ASSERT_THAT(found(), SizeIs(1));
  EXPECT_EQ(found()[0].place.client,
            (ClientPlace{"cursor", "s", "headers.Authorization"}));
  EXPECT_EQ(use.finding, found()[0].id);
  // Nothing in clear is kept.
  EXPECT_FALSE(found()[0].secret);
  EXPECT_THAT(plain_, IsEmpty());
}

TEST_F(ReadFileTest, SecretsThatNoRuleKnows) {
  const std::string key = MadeKey(24);
  const FileFacts facts =
      Read("a.json", Server("\"env\": {\"TOKEN\": \"" + key + "\"}"));
  EXPECT_THAT(Shown(facts), ElementsAre("client-secret s env.TOKEN TOKEN 2"));
  EXPECT_THAT(facts.keys[0].redacted, Not(HasSubstr(key)));
  ASSERT_THAT(plain_, SizeIs(1));
  EXPECT_EQ(plain_[0].id, facts.keys[0].finding);
  EXPECT_EQ(plain_[0].length, key.size());
  EXPECT_EQ(plain_[0].place.range.line, 2U);
  EXPECT_EQ(plain_[0].place.client, (ClientPlace{"cursor", "s", "env.TOKEN"}));
  EXPECT_THAT(plain_[0].place.excerpt.text, Not(HasSubstr(key)));
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(ReadFileTest, SeveralKeysOfOneLine) {
  const std::string one = KrytonKey(1);
  const std::string two = MadeKey(24);
  const FileFacts facts =
      Read("a.json",
           Server(fmt::format(R"("env": {{"A_TOKEN": "{}", "B_TOKEN": "{}"}})",
                              one, two)));
  EXPECT_THAT(facts.keys, SizeIs(2));
  ASSERT_THAT(found(), SizeIs(1));
  ASSERT_THAT(plain_, SizeIs(1));
  for (const std::string& text :
       {found()[0].place.excerpt.text, plain_[0].place.excerpt.text}) {
    EXPECT_THAT(text, Not(HasSubstr(one)));
    EXPECT_THAT(text, Not(HasSubstr(two)));
    EXPECT_THAT(text, HasSubstr("B_TOKEN"));
  }
}

TEST_F(ReadFileTest, EqualValuesHaveEqualDigests) {
  const std::string key = MadeKey(24);
  const auto digest = [&](const std::string& fields) {
    const FileFacts facts = Read("a.json", Server(fields));
    EXPECT_THAT(facts.keys, SizeIs(1)) << fields;
    return facts.keys.empty() ? std::string() : facts.keys[0].digest;
  };
  const std::string first = digest("\"env\": {\"TOKEN\": \"" + key + "\"}");
  EXPECT_EQ(first.size(), 64U);
  EXPECT_EQ(digest("\"headers\": {\"X-Api-Key\": \"" + key + "\"}"), first);
  EXPECT_EQ(digest("\"headers\": {\"Authorization\": \"Bearer " + key + "\"}"),
            first);
  EXPECT_EQ(digest("\"url\": \"https://a.example/?token=" + key + "\""), first);
  EXPECT_NE(digest("\"env\": {\"TOKEN\": \"" + MadeKey(24, 9) + "\"}"), first);
  context_.salt = "other";
  EXPECT_NE(digest("\"env\": {\"TOKEN\": \"" + key + "\"}"), first);
}

TEST_F(ReadFileTest, FallbacksAndAddresses) {
  const FileFacts facts =
      Read("a.json", Server(fmt::format(R"("env": {{"TOKEN": "${{TOKEN:-{}}}"}},
        "url": "https://a.example/?key={}")",
                                        KrytonKey(1), KrytonKey(2))));
  ASSERT_THAT(facts.keys, SizeIs(2));
  EXPECT_TRUE(facts.keys[0].fallback);
  EXPECT_FALSE(facts.keys[0].in_query);
  EXPECT_FALSE(facts.keys[1].fallback);
  EXPECT_TRUE(facts.keys[1].in_query);
}

TEST_F(ReadFileTest, OutsideOfServers) {
  const FileFacts facts =
      Read("a.json", "{\"x\": [{\"token\": \"" + KrytonKey(1) + "\"}]}");
  EXPECT_THAT(Shown(facts), ElementsAre("kryton-key - x[0].token  1"));
  EXPECT_FALSE(facts.keys[0].structured);
}

TEST_F(ReadFileTest, AFileThatIsNotWhatItShouldBe) {
  const FileFacts facts =
      Read("a.json", "{\n\"a\": \"" + KrytonKey(1) + "\",\n word }");
  EXPECT_THAT(Shown(facts), ElementsAre("kryton-key -   2"));
  EXPECT_THAT(Skips(), ElementsAre("a.json: not JSON at line 3: scanned as "
                                   "text, its settings are not looked at"));
}

TEST_F(ReadFileTest, EmptyFilesAreNotBroken) {
  for (const std::string& text : {std::string(), std::string(" \r\n\t")}) {
    EXPECT_THAT(Read("a.json", text).keys, IsEmpty());
  }
  EXPECT_THAT(Skips(), IsEmpty());
}

TEST_F(ReadFileTest, WhatIsNoRegularFileAnyMore) {
  Read(File("gone"));
  dir_.Fifo("pipe");
  Read(File("pipe"));
  dir_.Write("target", "{}");
  dir_.Symlink("link", dir_ / "target");
  Read(File("link"));
  const auto skips = Skips();
  ASSERT_THAT(skips, SizeIs(3));
  EXPECT_EQ(skips[0], "gone: vanished before it was read");
  EXPECT_TRUE(skips[1].starts_with("!pipe: ")) << skips[1];
  EXPECT_TRUE(skips[2].starts_with("!link: ")) << skips[2];
  for (const std::string& skip : skips) {
    EXPECT_THAT(skip, Not(HasSubstr(dir_.path())));
  }
}

TEST_F(ReadFileTest, WideText) {
  const std::string text =
      Server("\"env\": {\"TOKEN\": \"" + KrytonKey(1) + "\"}");
  const FileFacts facts = Read("a.json", scan::Utf16Le(text));
  ASSERT_THAT(facts.keys, SizeIs(1));
  EXPECT_EQ(facts.keys[0].line, 2U);
  EXPECT_THAT(facts.servers, SizeIs(1));
}

TEST_F(ReadFileTest, AFileWithinAFile) {
  kind_.embedded = "/config";
  kind_.embedded_format = FileFormat::kToml;
  kind_.servers = {"/mcp_servers"};
  const std::string inner =
      "[mcp_servers.in]\ncommand = \"x\"\nenv = {A_KEY = "
      "\"" +
      KrytonKey(1) + "\"}\n";
  const FileFacts facts =
      Read("a.json", "{\"config\": \"" + Base64(inner) + "\"}");
  EXPECT_THAT(Shown(facts), ElementsAre("kryton-key in env.A_KEY A_KEY 3"));
  ASSERT_THAT(found(), SizeIs(1));
  EXPECT_EQ(found()[0].place.path, "a.json!config");
  Read("b.json", "{\"config\": \"%\"}");
  EXPECT_THAT(Skips(), ElementsAre("b.json: config: no base64, so it is not "
                                   "read"));
}

TEST_F(ReadFileTest, SummedUpWhereManyAre) {
  kind_.role = FileRole::kTranscript;
  const std::string one = KrytonKey(1);
  const std::string two = KrytonKey(2);
  Read("a.jsonl", one + "\n" + two + "\n" + one + "\n" + one + "\n");
  ASSERT_THAT(found(), SizeIs(2));
  EXPECT_EQ(found()[0].place.times, 3U);
  EXPECT_EQ(found()[0].place.range.line, 1U);
  EXPECT_EQ(found()[1].place.times, 1U);
  EXPECT_THAT(Skips(), IsEmpty());
}

TEST_F(ReadFileTest, WhetherAKeychainIsInUse) {
  context_.keychain_settings[dir_ / "a.json"] = {{"/store", "keyring"}};
  EXPECT_TRUE(Read("a.json", R"({"store": "keyring"})").keychain);
  EXPECT_FALSE(Read("a.json", R"({"store": "file"})").keychain);
  EXPECT_FALSE(Read("a.json", "{}").keychain);
  EXPECT_FALSE(Read("b.json", R"({"store": "keyring"})").keychain);
}

TEST(IsSummedUp, ByRole) {
  EXPECT_TRUE(IsSummedUp(FileRole::kHistory));
  EXPECT_FALSE(IsSummedUp(FileRole::kConfig));
  EXPECT_FALSE(IsSummedUp(FileRole::kBackup));
}

}  // namespace
}  // namespace keytidy::audit
