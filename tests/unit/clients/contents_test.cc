// SPDX-License-Identifier: Apache-2.0
#include "clients/contents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scene.h"

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ClientFile FileWithServers(std::vector<std::string> pointers) {
  ClientFile file;
  file.servers = std::move(pointers);
  return file;
}
ClientFile Secrets(std::vector<std::string> pointers) {
  ClientFile file;
  file.secrets = std::move(pointers);
  return file;
}
Contents Read(const ClientFile& file, std::string text) {
  return ReadContents({}, file, Parsed(file.format, std::move(text)));
}
std::vector<std::string> Names(const Contents& contents) {
  std::vector<std::string> out;
  for (const Server& server : contents.servers) out.push_back(server.name);
  return out;
}
TEST(ParseAs, EveryFormatOfText) {
  EXPECT_EQ(Parsed(FileFormat::kJson, "{\"a\": \"b\", /* c */}")
                .root.Find("a")
                ->string,
            "b");
  EXPECT_EQ(Parsed(FileFormat::kToml, "a = \"b\"").root.Find("a")->string, "b");
  EXPECT_EQ(Parsed(FileFormat::kYaml, "a: b\n").root.Find("a")->string, "b");
  EXPECT_EQ(Parsed(FileFormat::kDotenv, "a=b\n").root.Find("a")->string, "b");
  EXPECT_EQ(Parsed(FileFormat::kIni, "a = b\n").root.Find("a")->string, "b");
  EXPECT_EQ(Parsed(FileFormat::kPlist,
                   "<plist><dict><key>a</key><string>b</string></dict></plist>")
                .root.Find("a")
                ->string,
            "b");
}

TEST(ParseAs, TextHasNoTree) {
  const config::Document document = Parsed(FileFormat::kText, "{\"a\": 1}");
  EXPECT_EQ(document.root.kind, config::Node::Kind::kNull);
  EXPECT_EQ(document.text, "{\"a\": 1}");
  EXPECT_EQ(document.name, "dir/file");
}

TEST(ParseAs, WhatCannotBeReadSo) {
  for (const FileFormat format :
       {FileFormat::kJson, FileFormat::kToml, FileFormat::kPlist}) {
    const auto document = ParseAs(format, "f", "{{{");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
  }
}

TEST(ParseAs, HugeNestingIsRefused) {
  for (const FileFormat format :
       {FileFormat::kJson, FileFormat::kToml, FileFormat::kYaml}) {
    const bool toml = format == FileFormat::kToml;
    const auto document =
        ParseAs(format, "f", (toml ? "a=" : "") + std::string(100'000, '['));
    EXPECT_FALSE(document);
  }
}

TEST(ReadContents, TableOfServers) {
  const Contents contents =
      Read(FileWithServers({"/mcpServers"}),
           "{\"mcpServers\": {\"b\": {\"command\": \"x\"},\n\"a\": {\"env\": "
           "{}}}}");
  EXPECT_THAT(Names(contents), ElementsAre("b", "a"));
  EXPECT_EQ(Shown(contents.servers[1].place), "2:1");
  EXPECT_THAT(contents.values, IsEmpty());
}

TEST(ReadContents, TableOfServersInToml) {
  ClientFile file = FileWithServers({"/mcp_servers"});
  file.format = FileFormat::kToml;
  const Contents contents = Read(
      file, "[mcp_servers.a]\ncommand = \"x\"\n[mcp_servers.b.env]\nK = 1");
  EXPECT_THAT(Names(contents), ElementsAre("a", "b"));
  EXPECT_THAT(Shown(contents.servers[1].values), ElementsAre("env env.K K=1"));
}

TEST(ReadContents, ArrayOfServers) {
  EXPECT_THAT(Names(Read(FileWithServers({"/mcpServers"}),
                         R"({"mcpServers": [{"name": "a"}, {"id": "b"},
                             {"title": "c"}, {"name": 1}, null, {}]})")),
              ElementsAre("a", "b", "c", "3", "5"));
}

TEST(ReadContents, ServersOfEveryProject) {
  EXPECT_THAT(
      Names(Read(FileWithServers({"/mcpServers", "/projects/*/mcpServers"}),
                 R"({"projects": {"/p": {"mcpServers": {"a": {}}},
                                  "/q": {"mcpServers": {"b": {}}}, "/r": 1},
                     "mcpServers": {"c": {}}})")),
      ElementsAre("c", "a", "b"));
}

TEST(ReadContents, NameWithADot) {
  EXPECT_THAT(Names(Read(FileWithServers({"/amp.mcpServers"}),
                         R"({"amp.mcpServers": {"a": {"url": "x"}}})")),
              ElementsAre("a"));
}

TEST(ReadContents, FileThatIsTheTable) {
  ClientFile file = FileWithServers({"/mcpServers"});
  file.flat = true;
  EXPECT_THAT(Names(Read(file, R"({"a": {"command": "x"}, "b": {"c": 1},
                                   "d": {"serverUrl": "y"}, "e": null})")),
              ElementsAre("a", "d"));
  EXPECT_THAT(Names(Read(file, R"({"mcpServers": {"a": {"command": "x"}},
                                   "b": {"command": "y"}})")),
              ElementsAre("a"));
  file.flat = false;
  EXPECT_THAT(Names(Read(file, R"({"a": {"command": "x"}})")), IsEmpty());
}

TEST(ReadContents, WrongTypesHaveNoServers) {
  ClientFile file = FileWithServers({"/s", "/s/*"});
  file.flat = true;
  for (const char* text :
       {"null", "1", "\"s\"", "[]", "{}", R"({"s": null})", R"({"s": 1})",
        R"({"s": "a"})", R"({"s": [null, null, 1, "a", []]})",
        R"({"s": {"a": null, "b": 1, "c": [], "d": "e"}})"}) {
    for (const Server& server : Read(file, text).servers) {
      EXPECT_THAT(server.values, IsEmpty()) << text;
    }
  }
  EXPECT_THAT(
      Names(Read(FileWithServers({"/s"}), R"({"s": [null, null, 1, "a"]})")),
      IsEmpty());
}

TEST(ReadContents, SecretsByPointer) {
  EXPECT_THAT(Shown(Read(Secrets({"/env/*", "/models/*/apiKey"}),
                         R"({"env": {"A": "V", "B": "", "C": 1},
                     "models": [{"apiKey": "W"}, {"apiKey": null}, 1]})")
                        .values),
              ElementsAre("env env.A A=V", "env env.C C=1",
                          "setting models.0.apiKey apiKey=W"));
}

TEST(ReadContents, EveryTextIsASecret) {
  EXPECT_THAT(
      Shown(Read(Secrets({"/**"}), R"({"a": {"b": "V"}, "c": ["W", 1, true]})")
                .values),
      ElementsAre("setting a.b b=V", "setting c.0 c=W"));
  EXPECT_THAT(Shown(Read(Secrets({"/**"}), R"(["V"])").values),
              ElementsAre("setting 0 =V"));
}

TEST(ReadContents, LabelBesideASecret) {
  const Contents contents =
      Read(Secrets({"/keys/*/apiKey", "/a/k"}),
           R"({"keys": [{"apiKey": "V", "label": "work"}, {"apiKey": "W"}],
               "a": {"keyName": "home", "k": "X"}})");
  ASSERT_EQ(contents.values.size(), 3U);
  EXPECT_EQ(contents.values[0].label, "work");
  EXPECT_EQ(contents.values[1].label, "");
  EXPECT_EQ(contents.values[2].label, "home");
}

TEST(ReadContents, LabelBelowANameWithADot) {
  const Contents contents =
      Read(Secrets({"/amp.keys/apiKey"}),
           R"({"amp.keys": {"apiKey": "V", "label": "work"}})");
  ASSERT_EQ(contents.values.size(), 1U);
  EXPECT_EQ(contents.values[0].label, "work");
}

TEST(ReadContents, ApprovedTools) {
  ClientFile file;
  file.allow = {"/permissions/allow", "/tools"};
  const Contents contents =
      Read(file, R"({"permissions": {"allow": ["mcp__a__b", "c"]},
                     "tools": {"d": true, "e": "allow", "f": "ask",
                               "g": false, "h": null}})");
  std::vector<std::string> out;
  for (const Placed& one : contents.allow) out.push_back(one.text);
  EXPECT_THAT(out, ElementsAre("mcp__a__b", "c", "d", "e"));
  EXPECT_EQ(Shown(contents.allow[0].place), "1:28");
}

TEST(ReadContents, OnlyNamesAreTools) {
  ClientFile file;
  file.allow = {"/allow"};
  const Contents contents = Read(file, R"({"allow": [null, {}, [], "a"]})");
  ASSERT_EQ(contents.allow.size(), 1U);
  EXPECT_EQ(contents.allow[0].text, "a");
  EXPECT_THAT(Read(file, R"({"allow": 1})").allow, IsEmpty());
}

TEST(ReadContents, SettingsThatApproveEverything) {
  ClientFile file;
  file.approve_all = {
      {Setting{"/permissions/defaultMode", "bypassPermissions"}},
      {Setting{"/all", "true"}}};
  const Contents contents = Read(
      file,
      R"({"permissions": {"defaultMode": "bypassPermissions"}, "all": true})");
  ASSERT_EQ(contents.approve_all.size(), 2U);
  EXPECT_EQ(contents.approve_all[0].text,
            "permissions.defaultMode = bypassPermissions");
  EXPECT_EQ(Shown(contents.approve_all[0].place), "1:33");
  EXPECT_EQ(contents.approve_all[1].text, "all = true");
  EXPECT_THAT(
      Read(file, R"({"permissions": {"defaultMode": "plan"}, "all": false})")
          .approve_all,
      IsEmpty());
  EXPECT_THAT(Read(file, R"({"permissions": [], "all": {}})").approve_all,
              IsEmpty());
}

TEST(ReadContents, SettingsThatApproveTogether) {
  ClientFile file;
  file.approve_all = {
      {Setting{"/policy", "never"}, Setting{"/sandbox", "off"}}};
  const Contents contents =
      Read(file, R"({"policy": "never", "sandbox": "off"})");
  ASSERT_EQ(contents.approve_all.size(), 1U);
  EXPECT_EQ(contents.approve_all[0].text, "policy = never, sandbox = off");
  EXPECT_THAT(Read(file, R"({"policy": "never"})").approve_all, IsEmpty());
  EXPECT_THAT(Read(file, R"({"sandbox": "off"})").approve_all, IsEmpty());
}

TEST(ReadContents, FoldersOfProjects) {
  ClientFile file;
  file.projects = {"/projects/#", "/folder", "/recent/*"};
  EXPECT_THAT(Read(file, R"({"projects": {"/a": {}, "/b": 1},
                             "folder": "file:///c", "recent": ["/d", 1]})")
                  .projects,
              ElementsAre("/a", "/b", "file:///c", "/d"));
}

TEST(ReadContents, VariablesOfADotenvFile) {
  ClientFile file;
  file.format = FileFormat::kDotenv;
  file.role = FileRole::kEnv;
  const config::Document document =
      Parsed(file.format, "# a comment\nexport A='b'\nC=d\n");
  const Contents contents = ReadContents({}, file, document);
  EXPECT_THAT(Shown(contents.values),
              ElementsAre("env env.A A=b", "env env.C C=d"));
  EXPECT_EQ(Shown(contents.values[0].place), "2:10");
  EXPECT_EQ(Written(document, contents.values[0]), "'b'");
}

}  // namespace
}  // namespace keytidy::clients
