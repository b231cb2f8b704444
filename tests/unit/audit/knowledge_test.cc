// SPDX-License-Identifier: Apache-2.0
#include "audit/knowledge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kLists = R"(
[packages]
scopes = ["@kryton"]
names = ["kryton-mcp"]
[tunnels]
hosts = ["*.tunnel.example"]
[tools]
write = ["create"]
read = ["get"]
[places]
synced = ["Sync"]
dotfiles = ["dotfiles"]
development = ["dev"]
production = ["prod"]
[labels]
bare = ["key"]
)";

Knowledge Read(std::string_view text) {
  auto out = ReadKnowledge("audit.toml", std::string(text));
  if (out) return *std::move(out);
  ADD_FAILURE() << out.error().message;
  return {};
}

std::string ErrorOf(const std::string& text) {
  const auto out = ReadKnowledge("audit.toml", text);
  if (out) return "none";
  EXPECT_EQ(out.error().code, ErrorCode::kInvalid);
  return out.error().message;
}

TEST(ReadKnowledge, EveryField) {
  const Knowledge found = Read(R"(
[kinds]
personal = ["p"]
machine = ["m"]
unsent = ["u"]
[[kinds.broad]]
rules = ["a", "b"]
instead = "a narrower one"
)" + std::string(kLists) + R"(
[[provider]]
id = "kryton"
domains = ["kryton.example", "kryton.org"]
self_hosted = true
[[provider]]
id = "nimbus"
mcp = true
)");
  ASSERT_EQ(found.providers.size(), 2U);
  const ProviderFacts& kryton = found.providers.find("kryton")->second;
  EXPECT_THAT(kryton.domains, ElementsAre("kryton.example", "kryton.org"));
  EXPECT_TRUE(kryton.self_hosted);
  EXPECT_FALSE(kryton.mcp);
  const ProviderFacts& nimbus = found.providers.find("nimbus")->second;
  EXPECT_THAT(nimbus.domains, IsEmpty());
  EXPECT_FALSE(nimbus.self_hosted);
  EXPECT_TRUE(nimbus.mcp);
  EXPECT_THAT(found.personal, ElementsAre("p"));
  EXPECT_THAT(found.machine, ElementsAre("m"));
  EXPECT_THAT(found.unsent, ElementsAre("u"));
  ASSERT_EQ(found.broad.size(), 1U);
  EXPECT_THAT(found.broad[0].rules, ElementsAre("a", "b"));
  EXPECT_EQ(found.broad[0].instead, "a narrower one");
  EXPECT_THAT(found.scopes, ElementsAre("@kryton"));
  EXPECT_THAT(found.packages, ElementsAre("kryton-mcp"));
  EXPECT_THAT(found.tunnels, ElementsAre("*.tunnel.example"));
  EXPECT_THAT(found.write_words, ElementsAre("create"));
  EXPECT_THAT(found.read_words, ElementsAre("get"));
  EXPECT_THAT(found.synced, ElementsAre("Sync"));
  EXPECT_THAT(found.dotfiles, ElementsAre("dotfiles"));
  EXPECT_THAT(found.development, ElementsAre("dev"));
  EXPECT_THAT(found.production, ElementsAre("prod"));
  EXPECT_THAT(found.bare_labels, ElementsAre("key"));
}

TEST(ReadKnowledge, ProvidersAndKindsMayBeMissing) {
  const Knowledge found = Read(kLists);
  EXPECT_TRUE(found.providers.empty());
  EXPECT_TRUE(found.broad.empty());
}

TEST(ReadKnowledge, MissingTables) {
  for (const char* table :
       {"packages", "tunnels", "tools", "places", "labels"}) {
    std::string text(kLists);
    text.replace(text.find(std::string("[") + table), 2, "[x");
    const std::string error = ErrorOf(text);
    const std::string first = error.substr(0, error.find('\n'));
    EXPECT_THAT(first, HasSubstr(table));
    EXPECT_THAT(first, HasSubstr("is missing"));
  }
}

TEST(ReadKnowledge, UnknownFields) {
  const std::string lists(kLists);
  EXPECT_THAT(ErrorOf("other = 1\n" + lists), HasSubstr("other"));
  EXPECT_THAT(ErrorOf(lists + "other = []\n"), HasSubstr("other"));
  EXPECT_THAT(ErrorOf(lists + "[[provider]]\nid = \"a\"\nhost = \"b\"\n"),
              HasSubstr("host"));
  EXPECT_THAT(ErrorOf(lists + "[kinds]\nother = []\n"), HasSubstr("other"));
  EXPECT_THAT(
      ErrorOf(lists + "[[kinds.broad]]\nrules = []\ninstead = \"a\"\nx = 1\n"),
      HasSubstr("'x'"));
}

TEST(ReadKnowledge, FieldsThatAreNeeded) {
  const std::string lists(kLists);
  EXPECT_THAT(ErrorOf(lists + "[[provider]]\ndomains = []\n"), HasSubstr("id"));
  EXPECT_THAT(ErrorOf(lists + "[[kinds.broad]]\nrules = []\n"),
              HasSubstr("instead"));
}

TEST(ReadKnowledge, AProviderTwice) {
  const std::string error = ErrorOf(std::string(kLists) +
                                    "[[provider]]\nid = \"a\"\n"
                                    "[[provider]]\nid = \"b\"\n"
                                    "[[provider]]\nid = \"a\"\n");
  EXPECT_THAT(error, HasSubstr("audit.toml:22:"));
  EXPECT_THAT(error, HasSubstr("stands here twice"));
}

TEST(ReadKnowledge, EverythingThatIsWrong) {
  const std::string error =
      ErrorOf("one = 1\ntwo = 2\n" + std::string(kLists) +
              "[kinds]\npersonal = \"p\"\nmachine = [1]\n");
  for (const char* part : {"one", "two", "personal", "machine"}) {
    EXPECT_THAT(error, HasSubstr(part));
  }
}

TEST(ReadKnowledge, NoToml) { EXPECT_THAT(ErrorOf("[a"), Not("none")); }

// Sorted, and nothing twice, as the file itself says.
void ExpectSorted(std::string_view name, std::vector<std::string> list) {
  const std::vector<std::string> given = list;
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  EXPECT_EQ(given, list) << name;
  EXPECT_THAT(given, Not(IsEmpty())) << name;
}

TEST(ReadKnowledge, TheOneOfTheCatalogue) {
  std::ifstream in(KEYTIDY_PATTERNS "/audit.toml", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const Knowledge found = Read(text);
  EXPECT_GT(found.providers.size(), 100U);
  for (const auto& [id, facts] : found.providers) {
    ExpectSorted(id, facts.domains);
    for (const std::string& domain : facts.domains) {
      EXPECT_EQ(domain.find_first_of("*:/ ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                std::string::npos)
          << domain;
      EXPECT_NE(domain.find('.'), std::string::npos) << domain;
      EXPECT_FALSE(domain.starts_with('.')) << domain;
    }
  }
  ExpectSorted("personal", found.personal);
  ExpectSorted("machine", found.machine);
  ExpectSorted("unsent", found.unsent);
  ExpectSorted("scopes", found.scopes);
  ExpectSorted("packages", found.packages);
  ExpectSorted("tunnels", found.tunnels);
  ExpectSorted("write", found.write_words);
  ExpectSorted("read", found.read_words);
  ExpectSorted("synced", found.synced);
  ExpectSorted("dotfiles", found.dotfiles);
  ExpectSorted("development", found.development);
  ExpectSorted("production", found.production);
  ExpectSorted("bare", found.bare_labels);
  for (const std::string& scope : found.scopes) {
    EXPECT_TRUE(scope.starts_with('@')) << scope;
  }
  EXPECT_EQ(found.providers.count("openai"), 1U);
}

TEST(IsBelow, WholeNames) {
  EXPECT_TRUE(IsBelow("kryton.example", "kryton.example"));
  EXPECT_TRUE(IsBelow("api.kryton.example", "kryton.example"));
  EXPECT_TRUE(IsBelow("a.b.kryton.example", "kryton.example"));
  EXPECT_FALSE(IsBelow("notkryton.example", "kryton.example"));
  EXPECT_FALSE(IsBelow("kryton.example.org", "kryton.example"));
  EXPECT_FALSE(IsBelow("example", "kryton.example"));
  EXPECT_FALSE(IsBelow("", "kryton.example"));
}

}  // namespace
}  // namespace keytidy::audit
