// SPDX-License-Identifier: Apache-2.0
#include "clients/client_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view kHead = R"(id = "a"
title = "A"
kind = "ai"
basis = "V"
sources = ["the manual"]
)";
constexpr std::string_view kFile = R"([[file]]
paths = ["~/.a.json"]
format = "json"
)";

Result<Client> Read(std::string_view text) {
  return ReadClient("a.toml", std::string(text));
}
// With what every client needs before and behind it.
Result<Client> ReadWith(std::string_view fields) {
  return Read(fmt::format("{}{}\n{}", kHead, fields, kFile));
}
Result<Client> ReadFileWith(std::string_view fields) {
  return Read(fmt::format("{}{}{}\n", kHead, kFile, fields));
}
std::string ErrorOf(const Result<Client>& client) {
  if (client) return "no error";
  EXPECT_EQ(client.error().code, ErrorCode::kInvalid);
  return client.error().message;
}

TEST(ReadClient, TheLeastThatIsNeeded) {
  const auto client = ReadWith("");
  ASSERT_TRUE(client) << ErrorOf(client);
  EXPECT_EQ(client->id, "a");
  EXPECT_EQ(client->title, "A");
  EXPECT_EQ(client->kind, ClientKind::kAi);
  EXPECT_EQ(client->basis, "V");
  EXPECT_THAT(client->sources, ElementsAre("the manual"));
  EXPECT_THAT(client->expands, IsEmpty());
  EXPECT_FALSE(client->desktop);
  ASSERT_EQ(client->files.size(), 1U);
  const ClientFile& file = client->files[0];
  EXPECT_EQ(file.scope, FileScope::kUser);
  EXPECT_EQ(file.role, FileRole::kConfig);
  EXPECT_EQ(file.format, FileFormat::kJson);
  EXPECT_FALSE(file.flat);
  for (const auto& paths : file.paths) {
    EXPECT_THAT(paths, ElementsAre("~/.a.json"));
  }
}

TEST(ReadClient, FieldsOfTheClient) {
  const auto client = ReadWith(R"(expands = ["${X}", "${env:X}"]
reference = "${env:X}"
desktop = true
restart = "Start it again."
fix = "Do this."
[installed]
macos = ["/Applications/A.app"]
linux = ["{bin}/a", "$A_HOME"]
windows = ["{localappdata}/a"]
[server]
names = ["token_var"]
ignored = ["headers"]
approve = ["autoApprove"]
tools = ["tools"])");
  ASSERT_TRUE(client) << ErrorOf(client);
  EXPECT_THAT(client->expands, ElementsAre("${X}", "${env:X}"));
  EXPECT_EQ(client->reference, "${env:X}");
  EXPECT_TRUE(client->desktop);
  EXPECT_EQ(client->restart, "Start it again.");
  EXPECT_EQ(client->fix, "Do this.");
  EXPECT_THAT(client->installed[0], ElementsAre("{bin}/a", "$A_HOME"));
  EXPECT_THAT(client->installed[1], ElementsAre("/Applications/A.app"));
  EXPECT_THAT(client->installed[2], ElementsAre("{localappdata}/a"));
  EXPECT_THAT(client->names, ElementsAre("token_var"));
  EXPECT_THAT(client->ignored, ElementsAre("headers"));
  EXPECT_THAT(client->approve, ElementsAre("autoApprove"));
  EXPECT_THAT(client->tools, ElementsAre("tools"));
}

TEST(ReadClient, FieldsOfAFile) {
  const auto client = Read(std::string(kHead) + R"([[file]]
linux = ["{config}/a.yaml"]
macos = ["~/.a.yaml", "{appsupport}/a.yaml"]
title = "A, old"
scope = "managed"
role = "secrets"
format = "yaml"
servers = ["/mcpServers", "/projects/*/mcpServers"]
flat = true
secrets = ["/env/*", "/**"]
approve_all = ["/mode=auto", "/a=b=c and /d=e"]
allow = ["/allow"]
projects = ["/projects/#"]
keychain = ["macos"]
keychain_if = { file = "~/.b.toml", setting = "/store=keyring" }
)");
  ASSERT_TRUE(client) << ErrorOf(client);
  const ClientFile& file = client->files.at(0);
  EXPECT_THAT(file.paths[0], ElementsAre("{config}/a.yaml"));
  EXPECT_THAT(file.paths[1], ElementsAre("~/.a.yaml", "{appsupport}/a.yaml"));
  EXPECT_THAT(file.paths[2], IsEmpty());
  EXPECT_EQ(file.title, "A, old");
  EXPECT_EQ(file.scope, FileScope::kManaged);
  EXPECT_EQ(file.role, FileRole::kSecrets);
  EXPECT_EQ(file.format, FileFormat::kYaml);
  EXPECT_THAT(file.servers,
              ElementsAre("/mcpServers", "/projects/*/mcpServers"));
  EXPECT_TRUE(file.flat);
  EXPECT_THAT(file.secrets, ElementsAre("/env/*", "/**"));
  ASSERT_THAT(file.approve_all, ElementsAre(SizeIs(1), SizeIs(2)));
  EXPECT_EQ(file.approve_all[0][0].pointer, "/mode");
  EXPECT_EQ(file.approve_all[0][0].value, "auto");
  EXPECT_EQ(file.approve_all[1][0].pointer, "/a");
  EXPECT_EQ(file.approve_all[1][0].value, "b=c");
  EXPECT_EQ(file.approve_all[1][1].pointer, "/d");
  EXPECT_EQ(file.approve_all[1][1].value, "e");
  EXPECT_THAT(file.allow, ElementsAre("/allow"));
  EXPECT_THAT(file.projects, ElementsAre("/projects/#"));
  EXPECT_THAT(file.keychain_on, ElementsAre(Platform::kMacos));
  EXPECT_EQ(file.keychain_file, "~/.b.toml");
  ASSERT_TRUE(file.keychain_setting);
  EXPECT_EQ(file.keychain_setting->pointer, "/store");
  EXPECT_EQ(file.keychain_setting->value, "keyring");
}

TEST(ReadClient, EveryRoleAndFormat) {
  int role = 0;
  for (const char* name :
       {"config", "secrets", "env", "history", "transcript", "log", "cache",
        "backup", "unit", "tunnel", "database", "projects"}) {
    const auto client = ReadFileWith(fmt::format("role = \"{}\"", name));
    ASSERT_TRUE(client) << ErrorOf(client);
    EXPECT_EQ(static_cast<int>(client->files[0].role), role++) << name;
  }
  int format = 0;
  for (const char* name :
       {"json", "yaml", "toml", "dotenv", "plist", "ini", "text"}) {
    const auto client = Read(fmt::format(
        "{}[[file]]\npaths = [\"~/a\"]\nformat = \"{}\"\n", kHead, name));
    ASSERT_TRUE(client) << ErrorOf(client);
    EXPECT_EQ(static_cast<int>(client->files[0].format), format++) << name;
  }
}

TEST(ReadClient, LineAndCaret) {
  EXPECT_EQ(ErrorOf(ReadWith("desktop = 1")),
            "a.toml:6:11: client: 'desktop' must be true or false, not a whole "
            "number\n  desktop = 1\n            ^");
}

TEST(ReadClient, NothingAtAll) {
  const std::string error = ErrorOf(Read(""));
  for (const char* part :
       {"'id' is missing", "'title' is missing", "'kind' is missing",
        "'basis' is missing", "say where the facts come from",
        "a client has at least one"}) {
    EXPECT_THAT(error, HasSubstr(part));
  }
}

TEST(ReadClient, EverythingThatIsWrong) {
  const std::string error = ErrorOf(ReadWith(R"(
desktop = "yes"
expands = ["${Y}"]
reference = "$X"
colour = "red")"));
  EXPECT_THAT(error, HasSubstr("'desktop'"));
  EXPECT_THAT(error, HasSubstr("\"${Y}\" is no known form"));
  EXPECT_THAT(error, HasSubstr("must be one of those in `expands`"));
  EXPECT_THAT(error, HasSubstr("colour"));
}

TEST(ReadClient, NameOfTheFile) {
  const std::string text = fmt::format("{}{}", kHead, kFile);
  EXPECT_TRUE(ReadClient("dir/a.toml", text));
  EXPECT_THAT(ErrorOf(ReadClient("b.toml", text)),
              HasSubstr("must be the file's name without .toml"));
  EXPECT_FALSE(ReadClient("a.toml/b", text));
  EXPECT_FALSE(ReadClient("", text));
}

TEST(ReadClient, WordsThatAreNone) {
  EXPECT_THAT(ErrorOf(ReadFileWith("scope = \"all\"")),
              HasSubstr("must be one of user, project, managed, plugin"));
  EXPECT_THAT(ErrorOf(ReadFileWith("role = \"main\"")),
              HasSubstr("must be one of config, "));
  EXPECT_THAT(ErrorOf(ReadFileWith("keychain = [\"plan9\"]")),
              HasSubstr("must be of linux, macos, windows"));
}

TEST(ReadClient, PathsMustFit) {
  const auto error = [](std::string_view path, std::string_view more) {
    return ErrorOf(
        Read(fmt::format("{}[[file]]\npaths = [\"{}\"]\nformat = \"json\"\n{}",
                         kHead, path, more)));
  };
  EXPECT_THAT(error("~/", ""), HasSubstr("names no file"));
  EXPECT_THAT(error("{home}/a", ""), StartsWith("a.toml:7:"));
  EXPECT_THAT(error("a.json", ""), HasSubstr("does not fit the scope"));
  EXPECT_THAT(error("~/a.json", "scope = \"project\""),
              HasSubstr("does not fit the scope"));
  EXPECT_EQ(error("a.json", "scope = \"project\""), "no error");
  EXPECT_EQ(error("$NETRC", ""), "no error");
}

// The table of beginnings is what the message has to speak of.
TEST(ReadClient, BeginningThatIsNone) {
  EXPECT_THAT(
      ErrorOf(Read(fmt::format(
          "{}[[file]]\npaths = [\"{{home}}/a\"]\nformat = \"json\"\n", kHead))),
      HasSubstr("\"{home}/a\": no such beginning"));
}

TEST(ReadClient, FileWithoutPath) {
  EXPECT_THAT(
      ErrorOf(Read(std::string(kHead) + "[[file]]\nformat = \"json\"\n")),
      HasSubstr("a file has at least one path"));
}

TEST(ReadClient, FileWithoutFormat) {
  EXPECT_THAT(
      ErrorOf(Read(std::string(kHead) + "[[file]]\npaths = [\"~/a\"]\n")),
      HasSubstr("format"));
}

TEST(ReadClient, PointersAndSettings) {
  EXPECT_THAT(ErrorOf(ReadFileWith("servers = [\"mcpServers\"]")),
              HasSubstr("\"mcpServers\" does not begin with /"));
  EXPECT_THAT(ErrorOf(ReadFileWith("approve_all = [\"/mode\"]")),
              HasSubstr("must have the form /pointer=value"));
  EXPECT_THAT(ErrorOf(ReadFileWith("keychain_if = { file = \"~/a\" }")),
              HasSubstr("setting"));
}

TEST(ReadClient, InstalledOutsideOfProjects) {
  EXPECT_THAT(ErrorOf(ReadWith("[installed]\nlinux = [\"bin/a\"]")),
              HasSubstr("no such beginning"));
}

TEST(ReadClient, WrongTypesEverywhere) {
  for (const char* text :
       {"id = 1\ntitle = []\nkind = {}\nbasis = 1.5\nsources = 1\nfile = 1\n",
        "file = [1, 2]\n", "[file]\npaths = 1\n", "[[file]]\npaths = [[]]\n",
        "installed = []\nserver = \"a\"\nexpands = [1]\nreference = 1\n",
        "[[file]]\nkeychain_if = 1\nkeychain = 1\nflat = 1\nsecrets = {}\n",
        "= 1", "\xFF\xFE", "[[file", "id = "}) {
    const auto client = Read(text);
    ASSERT_FALSE(client) << text;
    EXPECT_EQ(client.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(client.error().message, StartsWith("a.toml:")) << text;
  }
}

}  // namespace
}  // namespace keytidy::clients
