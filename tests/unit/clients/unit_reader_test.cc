// SPDX-License-Identifier: Apache-2.0
#include "clients/unit_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/launch.h"
#include "scene.h"

namespace keytidy::clients {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<Server> Read(FileFormat format, std::string text,
                         std::string name = "dir/a.unit") {
  ClientFile file;
  file.role = FileRole::kUnit;
  file.format = format;
  Contents out;
  ReadUnit({}, file, Parsed(format, std::move(text), std::move(name)), &out);
  return out.servers;
}
// The only unit of a file; empty, and an error, where there is none.
Server One(std::vector<Server> units) {
  EXPECT_THAT(units, SizeIs(1));
  return units.empty() ? Server{} : std::move(units.front());
}
Server Systemd(std::string_view service) {
  return One(Read(FileFormat::kIni, fmt::format("[Service]\n{}\n", service)));
}
std::string Plist(std::string_view dict) {
  return fmt::format(
      "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>{}</dict></plist>",
      dict);
}
Server Launchd(std::string_view dict) {
  return One(Read(FileFormat::kPlist, Plist(dict)));
}
std::vector<std::string> Texts(const Server& server) {
  std::vector<std::string> out;
  for (const Value& one : server.values) {
    out.push_back(fmt::format("{}={}", one.name, one.text));
  }
  return out;
}

constexpr std::string_view kProgram =
    "<key>ProgramArguments</key><array><string>npx</string>"
    "<string>--api-key</string><string>V</string></array>";

TEST(ReadUnit, SystemdCommand) {
  const Server unit = Systemd("ExecStart=/usr/bin/npx -y a --api-key 'V W'");
  EXPECT_EQ(unit.name, "a.unit");
  EXPECT_EQ(unit.command, "/usr/bin/npx");
  EXPECT_EQ(Shown(unit.command_place), "2:11");
  EXPECT_THAT(unit.arguments, ElementsAre("-y", "a", "--api-key", "V W"));
  EXPECT_THAT(Texts(unit), Contains("api-key=V W"));
  EXPECT_FALSE(unit.kept_alive);
}

TEST(ReadUnit, SystemdMarksBeforeTheProgram) {
  EXPECT_EQ(Systemd("ExecStart=-@/bin/a b").command, "/bin/a");
  EXPECT_EQ(Systemd("ExecStart=!!/bin/a").command, "/bin/a");
}

TEST(ReadUnit, SystemdVariables) {
  const Server unit =
      Systemd("Environment=A=b \"C=d e\"\nEnvironment=F=g\nExecStart=/bin/a");
  EXPECT_THAT(Shown(unit.values),
              ElementsAre("env env.A A=b", "env env.C C=d e", "env env.F F=g",
                          "command command =/bin/a"));
  EXPECT_EQ(Shown(unit.values[0].place), "2:13");
}

TEST(ReadUnit, SystemdVariableInQuotes) {
  EXPECT_THAT(Texts(Systemd("Environment=\"A=b c\"\nExecStart=/bin/a")),
              Contains("A=b c"));
}

TEST(ReadUnit, SystemdSpanOfAVariable) {
  const config::Document document =
      Parsed(FileFormat::kIni, "[Service]\nEnvironment=A=b\n");
  Contents out;
  ClientFile file;
  file.format = FileFormat::kIni;
  ReadUnit({}, file, document, &out);
  ASSERT_EQ(out.servers.size(), 1U);
  ASSERT_EQ(out.servers[0].values.size(), 1U);
  EXPECT_EQ(Written(document, out.servers[0].values[0]), "A=b");
}

TEST(ReadUnit, SystemdStartedAgain) {
  const Server unit = Systemd("ExecStart=/bin/a\nRestart=always");
  ASSERT_TRUE(unit.kept_alive);
  EXPECT_EQ(Shown(*unit.kept_alive), "3:9");
  EXPECT_FALSE(Systemd("ExecStart=/bin/a\nRestart=no").kept_alive);
}

// Not whenever it ends.
TEST(ReadUnit, SystemdStartedAgainAfterFailure) {
  EXPECT_FALSE(Systemd("ExecStart=/bin/a\nRestart=on-failure").kept_alive);
  EXPECT_FALSE(Systemd("ExecStart=/bin/a\nRestart=").kept_alive);
}

TEST(ReadUnit, SystemdStartedAgainAfterSuccessOnly) {
  EXPECT_FALSE(Systemd("ExecStart=/bin/a\nRestart=on-success").kept_alive);
}

TEST(ReadUnit, SystemdSlotsAreThoseOfServers) {
  EXPECT_THAT(Shown(Systemd("ExecStart=/bin/a b --key V").values),
              ElementsAre("command command =/bin/a", "arg args[0] =b",
                          "arg args[2] key=V"));
}

TEST(ReadUnit, SystemdProgramInQuotes) {
  EXPECT_EQ(Systemd("ExecStart=\"/opt/a b/c\"").command, "/opt/a b/c");
  EXPECT_EQ(Systemd("ExecStart='\"a'").command, "\"a");
}

TEST(ReadUnit, SystemdLastSettingCounts) {
  EXPECT_FALSE(
      Systemd("ExecStart=/bin/a\nRestart=always\nRestart=no").kept_alive);
}

TEST(ReadUnit, SystemdWithoutAService) {
  EXPECT_THAT(Read(FileFormat::kIni, ""), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kIni, "[Unit]\nDescription=a\n"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kIni, "Service=a\n"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kIni, "[Service]\n"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kIni, "[Service]\nExecStart=\nEnvironment=A\n"),
              IsEmpty());
}

TEST(ReadUnit, SystemdDropIn) {
  const Server unit = One(Read(FileFormat::kIni, "[Service]\nEnvironment=A=b\n",
                               "x.service.d/override.conf"));
  EXPECT_EQ(unit.name, "override.conf");
  EXPECT_EQ(unit.command, "");
  EXPECT_THAT(Texts(unit), ElementsAre("A=b"));
}

TEST(ReadUnit, Launchd) {
  const Server unit =
      Launchd(fmt::format("<key>Label</key><string>com.example.a</string>{}"
                          "<key>EnvironmentVariables</key><dict><key>A</key>"
                          "<string>b</string></dict>",
                          kProgram));
  EXPECT_EQ(unit.name, "com.example.a");
  EXPECT_EQ(unit.command, "npx");
  EXPECT_EQ(unit.command_place.line, 2U);
  EXPECT_THAT(unit.arguments, ElementsAre("--api-key", "V"));
  EXPECT_THAT(Shown(unit.values),
              ElementsAre("env env.A A=b", "arg ProgramArguments[0] =npx",
                          "arg ProgramArguments[2] api-key=V"));
  EXPECT_FALSE(unit.kept_alive);
}

TEST(ReadUnit, LaunchdWithoutALabel) {
  EXPECT_EQ(Launchd(kProgram).name, "a.unit");
}

// The first of the arguments is the name of the program once more.
TEST(ReadUnit, LaunchdProgramApartFromItsArguments) {
  const Server unit = Launchd(
      "<key>Program</key><string>/opt/bin/npx</string>"
      "<key>ProgramArguments</key><array><string>npx</string>"
      "<string>a</string></array>");
  EXPECT_EQ(unit.command, "/opt/bin/npx");
  EXPECT_EQ(ReadLaunch(unit.command, unit.arguments).package, "a");
}

TEST(ReadUnit, LaunchdOtherTextsAreNoSettings) {
  EXPECT_THAT(Shown(Launchd(fmt::format("{}<key>StandardOutPath</key>"
                                        "<string>/tmp/a</string>",
                                        kProgram))
                        .values),
              Not(Contains(EndsWith("/tmp/a"))));
}

TEST(ReadUnit, LaunchdKeptAlive) {
  const auto kept = [](std::string_view value) {
    return Launchd(fmt::format("{}<key>KeepAlive</key>{}", kProgram, value))
        .kept_alive.has_value();
  };
  EXPECT_TRUE(kept("<true/>"));
  EXPECT_FALSE(kept("<false/>"));
  EXPECT_FALSE(kept("<string>true</string>"));
  // Only where its conditions hold.
  EXPECT_FALSE(kept("<dict><key>SuccessfulExit</key><false/></dict>"));
}

TEST(ReadUnit, LaunchdWrongTypes) {
  for (const char* value :
       {"<string>a</string>", "<integer>1</integer>", "<true/>", "<array/>",
        "<dict/>", "<array><array/><dict/><true/></array>"}) {
    const auto units = Read(
        FileFormat::kPlist,
        Plist(fmt::format("<key>EnvironmentVariables</key>{0}"
                          "<key>ProgramArguments</key>{0}<key>Label</key>{0}"
                          "<key>KeepAlive</key>{0}<key>Program</key>{0}",
                          value)));
    EXPECT_LE(units.size(), 1U) << value;
  }
  EXPECT_THAT(Read(FileFormat::kPlist, "<plist><array/></plist>"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kPlist, Plist("")), IsEmpty());
}

// The dump of pm2 has every process with its variables.
TEST(ReadUnit, Pm2) {
  const auto units = Read(FileFormat::kJson,
                          R"([{"name": "tunnel", "pm_exec_path": "/bin/ngrok",
           "args": ["http", "8000"], "env": {"API_KEY": "V"}}])");
  ASSERT_THAT(units, SizeIs(1));
  EXPECT_EQ(units[0].name, "tunnel");
  EXPECT_EQ(units[0].command, "/bin/ngrok");
  EXPECT_THAT(units[0].arguments, ElementsAre("http", "8000"));
  EXPECT_THAT(Shown(units[0].values), Contains("env env.API_KEY API_KEY=V"));
}

TEST(ReadUnit, Pm2ProcessesOnTheirOwn) {
  const auto units = Read(FileFormat::kJson,
                          R"([{"name": "a", "pm_exec_path": "/a",
           "autorestart": true, "pm_cwd": "/x"},
          {"pm_exec_path": "/b", "autorestart": false, "env": {"K": "V"}},
          {"name": "c"}])",
                          "dir/dump.pm2");
  ASSERT_THAT(units, SizeIs(2));
  EXPECT_TRUE(units[0].kept_alive);
  EXPECT_THAT(Shown(units[0].values), ElementsAre("command pm_exec_path =/a"));
  EXPECT_EQ(units[1].name, "dump.pm2");
  EXPECT_FALSE(units[1].kept_alive);
  EXPECT_THAT(Texts(units[1]), ElementsAre("K=V", "=/b"));
}

TEST(ReadUnit, FilesThatAreNoUnits) {
  EXPECT_THAT(Read(FileFormat::kText, "ExecStart=/bin/a"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kToml, "a = 1"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kJson, "null"), IsEmpty());
  EXPECT_THAT(Read(FileFormat::kJson, "[null, 1, {}]"), IsEmpty());
}

TEST(ReadContents, UnitIsAServer) {
  ClientFile file;
  file.role = FileRole::kUnit;
  file.format = FileFormat::kIni;
  const config::Document document =
      Parsed(FileFormat::kIni, "[Service]\nExecStart=/bin/a --key V\n");
  const Contents contents = ReadContents({}, file, document);
  ASSERT_THAT(contents.servers, SizeIs(1));
  const std::size_t at = document.text.find('V');
  const auto slot = FindSlot(contents, {at, at + 1}, "V");
  ASSERT_TRUE(slot);
  EXPECT_EQ(slot->server, &contents.servers[0]);
  EXPECT_EQ(slot->value->name, "key");
}

}  // namespace
}  // namespace keytidy::clients
