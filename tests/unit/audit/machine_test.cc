// SPDX-License-Identifier: Apache-2.0
#include "audit/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/git/git_scene.h"
#include "unit/temp_dir.h"

namespace keytidy::audit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Platform kPlatforms[] = {Platform::kLinux, Platform::kMacos,
                                   Platform::kWindows};

// A machine of its own without any folder.
Machine Own(Platform platform = Platform::kLinux) {
  Machine out;
  out.platform = platform;
  out.home = out.home_display = out.real_home = "/home/ana";
  return out;
}

Machine Copy(const std::string& folder, Platform platform = Platform::kLinux) {
  auto out = CopyOf(folder, platform);
  if (out) return *std::move(out);
  ADD_FAILURE() << out.error().message;
  return {};
}

std::vector<std::string> Paths(const Machine& machine,
                               std::string_view pattern) {
  std::vector<std::string> out;
  for (const ShownPath& one : Expand(machine, pattern)) {
    out.push_back(one.path);
  }
  return out;
}

std::vector<std::string> Displays(const Machine& machine,
                                  std::string_view pattern) {
  std::vector<std::string> out;
  for (const ShownPath& one : Expand(machine, pattern)) {
    out.push_back(one.display);
  }
  return out;
}

struct Base {
  std::string_view pattern;
  std::vector<std::string> paths;
};

TEST(Expand, EveryBaseOnEveryPlatform) {
  const std::vector<Base> bases = {
      {"~/.a/b", {"/home/ana/.a/b"}},
      {"{config}/a", {"/home/ana/.config/a"}},
      {"{data}/a", {"/home/ana/.local/share/a"}},
      {"{state}/a", {"/home/ana/.local/state/a"}},
      {"{cache}/a", {"/home/ana/.cache/a"}},
      {"{appsupport}/a", {"/home/ana/Library/Application Support/a"}},
      {"{library}/a", {"/home/ana/Library/a"}},
      {"{appdata}/a", {"/home/ana/AppData/Roaming/a"}},
      {"{localappdata}/a", {"/home/ana/AppData/Local/a"}},
      {"{programdata}/a", {"/ProgramData/a"}},
      {"{programfiles}/a", {"/Program Files/a", "/Program Files (x86)/a"}},
      {"/etc/a", {"/etc/a"}},
      {"$NAME/a", {}},
      {".vscode/mcp.json", {}},
      {"{other}/a", {}},
  };
  for (const Platform platform : kPlatforms) {
    for (const Base& base : bases) {
      EXPECT_EQ(Paths(Own(platform), base.pattern), base.paths) << base.pattern;
      EXPECT_EQ(Displays(Own(platform), base.pattern), base.paths);
    }
  }
}

TEST(Expand, ProgramsAreLookedForInSeveralFolders) {
  const auto paths = Paths(Own(), "{bin}/cursor");
  for (const char* path :
       {"/home/ana/.local/bin/cursor", "/usr/local/bin/cursor",
        "/usr/bin/cursor", "/opt/homebrew/bin/cursor"}) {
    EXPECT_THAT(paths, Contains(path));
  }
}

TEST(Expand, VariablesOfXdgMoveTheirFolders) {
  for (const Platform platform : kPlatforms) {
    Machine machine = Own(platform);
    machine.variables = {{"XDG_CONFIG_HOME", "/x/c"},
                         {"XDG_DATA_HOME", "/x/d/"},
                         {"XDG_STATE_HOME", "/x/s"},
                         {"XDG_CACHE_HOME", "/x/k"}};
    EXPECT_THAT(Paths(machine, "{config}/a/*.json"),
                ElementsAre("/x/c/a/*.json"));
    EXPECT_THAT(Displays(machine, "{config}/a"), ElementsAre("/x/c/a"));
    EXPECT_THAT(Paths(machine, "{data}/a"), ElementsAre("/x/d/a"));
    EXPECT_THAT(Paths(machine, "{state}/a"), ElementsAre("/x/s/a"));
    EXPECT_THAT(Paths(machine, "{cache}/a"), ElementsAre("/x/k/a"));
    EXPECT_THAT(Paths(machine, "~/.config/a"),
                ElementsAre("/home/ana/.config/a"));
  }
}

TEST(Expand, AVariableThatIsNoAbsolutePathDoesNotCount) {
  for (const char* value : {"", "c", "./c", "~/c", "C:/c"}) {
    Machine machine = Own();
    machine.variables = {{"XDG_CONFIG_HOME", value}, {"CODEX_HOME", value}};
    EXPECT_THAT(Paths(machine, "{config}/a"),
                ElementsAre("/home/ana/.config/a"))
        << value;
    EXPECT_THAT(Paths(machine, "$CODEX_HOME/a"), IsEmpty()) << value;
  }
}

TEST(Expand, AVariableWithoutANameMovesNothing) {
  Machine machine = Own();
  machine.variables = {{"", "/elsewhere"}};
  EXPECT_THAT(Paths(machine, "~/a"), ElementsAre("/home/ana/a"));
  EXPECT_THAT(Paths(machine, "/etc/a"), ElementsAre("/etc/a"));
}

TEST(Expand, VariablesOfPrograms) {
  Machine machine = Own();
  machine.variables = {{"CODEX_HOME", "/x/codex/"}, {"NETRC", "/x/netrc"}};
  EXPECT_THAT(Paths(machine, "$CODEX_HOME/*.toml"),
              ElementsAre("/x/codex/*.toml"));
  EXPECT_THAT(Paths(machine, "$NETRC"), ElementsAre("/x/netrc"));
  EXPECT_THAT(Displays(machine, "$NETRC"), ElementsAre("/x/netrc"));
  EXPECT_THAT(Paths(machine, "$CODEX"), IsEmpty());
}

TEST(Expand, ACopyIsItsOwnMachine) {
  const TempDir dir;
  const std::string home = dir.Directory("copy");
  const git::ScopedVariable config("XDG_CONFIG_HOME", "/elsewhere");
  const git::ScopedVariable codex("CODEX_HOME", "/elsewhere");
  const Machine machine = Copy(home);
  EXPECT_THAT(Paths(machine, "{config}/a"), ElementsAre(home + "/.config/a"));
  EXPECT_THAT(Paths(machine, "$CODEX_HOME/a"), IsEmpty());
  EXPECT_THAT(Paths(machine, "/etc/a"), ElementsAre(home + "/etc/a"));
  EXPECT_THAT(Paths(machine, "{programdata}/a"),
              ElementsAre(home + "/ProgramData/a"));
  for (const std::string& path : Paths(machine, "{bin}/a")) {
    EXPECT_TRUE(path.starts_with(home + "/")) << path;
  }
}

TEST(CopyOf, ShowsTheFolderAsItWasGiven) {
  const TempDir dir;
  dir.Directory("copy");
  const Machine machine = Copy(dir / "copy//", Platform::kMacos);
  EXPECT_EQ(machine.home, dir / "copy");
  EXPECT_EQ(machine.home_display, dir / "copy");
  EXPECT_EQ(machine.real_home, dir / "copy");
  EXPECT_EQ(machine.platform, Platform::kMacos);
  EXPECT_FALSE(machine.own);
  dir.Symlink("link", dir / "copy");
  const Machine linked = Copy(dir / "link");
  EXPECT_EQ(linked.home, dir / "link");
  EXPECT_EQ(linked.real_home, dir / "copy");
}

TEST(CopyOf, NoFolder) {
  const TempDir dir;
  const auto none = CopyOf(dir / "none", Platform::kLinux);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(CopyOf(dir.Write("file", "x"), Platform::kLinux));
}

TEST(OwnMachine, HomeAndVariables) {
  const TempDir dir;
  const git::ScopedVariable home("HOME", (dir.path() + "/").c_str());
  const git::ScopedVariable one("KEYTIDY_TEST_ONE", "a=b");
  const auto machine = OwnMachine();
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_EQ(machine->home, dir.path());
  EXPECT_EQ(machine->top, "");
  EXPECT_TRUE(machine->own);
  EXPECT_EQ(machine->variables.find("KEYTIDY_TEST_ONE")->second, "a=b");
}

TEST(OwnMachine, NoHome) {
  for (const char* value : {static_cast<const char*>(nullptr), "", "here"}) {
    const git::ScopedVariable home("HOME", value);
    const auto machine = OwnMachine();
    ASSERT_FALSE(machine);
    EXPECT_EQ(machine.error().code, ErrorCode::kNotFound);
  }
  const TempDir dir;
  const git::ScopedVariable home("HOME", (dir / "none").c_str());
  const auto machine = OwnMachine();
  ASSERT_FALSE(machine);
  EXPECT_EQ(machine.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace keytidy::audit
