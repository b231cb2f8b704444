// SPDX-License-Identifier: Apache-2.0
#include "clients/launch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Words = std::vector<std::string>;

// "npx pkg 1.0.0 pinned unasked shell store"; a dash for what is empty.
std::string Shown(std::string_view command, const Words& arguments) {
  const Launch one = ReadLaunch(command, arguments);
  const auto or_dash = [](const std::string& text) {
    return text.empty() ? std::string("-") : text;
  };
  return fmt::format("{} {} {} {}{}{}{}", or_dash(one.runner),
                     or_dash(one.package), or_dash(one.version),
                     one.pinned ? "pinned" : "loose",
                     one.unasked ? " unasked" : "", one.shell ? " shell" : "",
                     one.store ? " store" : "");
}

const std::string kCommit(40, 'a');

TEST(ReadLaunch, PlainProgram) {
  EXPECT_EQ(Shown("node", {"server.js"}), "- - - pinned");
  EXPECT_EQ(Shown("/opt/x/server", {}), "- - - pinned");
  EXPECT_EQ(Shown("npm", {"run", "start"}), "- - - pinned");
  EXPECT_EQ(Shown("", {}), "- - - pinned");
  EXPECT_EQ(Shown("", {""}), "- - - pinned");
}

TEST(ReadLaunch, Npx) {
  EXPECT_EQ(Shown("npx", {"pkg"}), "npx pkg - loose");
  EXPECT_EQ(Shown("npx", {"-y", "pkg@1.2.3"}), "npx pkg 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("npx", {"--yes", "@scope/pkg@latest", "--port", "1"}),
            "npx @scope/pkg latest loose unasked");
  EXPECT_EQ(Shown("npx", {"-y", "@scope/pkg"}),
            "npx @scope/pkg - loose unasked");
}

TEST(ReadLaunch, FlagsOfTheServerAreNotThoseOfNpx) {
  EXPECT_EQ(Shown("npx", {"pkg@1.2.3", "-y"}), "npx pkg 1.2.3 pinned");
}

TEST(ReadLaunch, PackageApartFromItsProgram) {
  EXPECT_EQ(Shown("npx", {"-y", "--package=a@1.0.0", "b"}),
            "npx a 1.0.0 pinned unasked");
  EXPECT_EQ(Shown("npx", {"-p", "a@^1.0.0", "b"}), "npx a ^1.0.0 loose");
}

TEST(ReadLaunch, NothingToRun) {
  EXPECT_EQ(Shown("npx", {}), "npx - - pinned");
  EXPECT_EQ(Shown("uvx", {}), "uvx - - pinned");
  EXPECT_EQ(Shown("docker", {"run"}), "docker - - pinned");
}

TEST(ReadLaunch, OnlyAnExactVersionIsPinned) {
  for (const std::string_view version :
       {"1.2.3", "v1.2.3", "=1.2.3", "1.2.3-rc.1", "1.2.3+build"}) {
    EXPECT_TRUE(ReadLaunch("npx", {fmt::format("pkg@{}", version)}).pinned)
        << version;
  }
  for (const std::string_view version :
       {"1", "1.2", "1.2.x", "1.2.*", "^1.2.3", "~1.2.3", ">=1.2.3", "latest",
        "next", "1.2.3 || 2.0.0", "", "..", "1.2."}) {
    EXPECT_FALSE(ReadLaunch("npx", {fmt::format("pkg@{}", version)}).pinned)
        << version;
  }
}

TEST(ReadLaunch, OtherRunnersOfNpm) {
  EXPECT_EQ(Shown("bunx", {"a@1.2.3"}), "bunx a 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("bun", {"x", "a"}), "bunx a - loose unasked");
  EXPECT_EQ(Shown("pnpm", {"dlx", "a"}), "pnpm a - loose unasked");
  EXPECT_EQ(Shown("yarn", {"dlx", "a"}), "yarn a - loose unasked");
  EXPECT_EQ(Shown("npm", {"exec", "-y", "--", "a"}), "npm a - loose unasked");
  EXPECT_EQ(Shown("npm", {"x", "a"}), "npm a - loose");
  EXPECT_EQ(Shown("bun", {"run", "a"}), "- - - pinned");
}

// pnpx is `pnpm dlx`.
TEST(ReadLaunch, PnpxAsksNobody) {
  EXPECT_EQ(Shown("pnpx", {"a"}), "pnpx a - loose unasked");
}

TEST(ReadLaunch, LocalFileIsNoPackage) {
  for (const char* path :
       {"./server", "/opt/server", "../a", "~/a", "file:../a", "./pkg.tgz"}) {
    EXPECT_EQ(Shown("npx", {path}), "npx - - pinned") << path;
  }
}

TEST(ReadLaunch, ArchiveFromTheNetworkIsNotLocal) {
  EXPECT_EQ(Shown("npx", {"https://example.com/a.tgz"}),
            "npx https://example.com/a.tgz - loose");
}

TEST(ReadLaunch, GitOfNpm) {
  EXPECT_EQ(Shown("npx", {"github:owner/repo"}),
            "npx github:owner/repo - loose");
  EXPECT_EQ(Shown("npx", {"github:owner/repo#main"}),
            "npx github:owner/repo main loose");
  EXPECT_EQ(Shown("npx", {"git+ssh://git@example.com/o/r.git#" + kCommit}),
            "npx git+ssh://git@example.com/o/r.git " + kCommit + " pinned");
}

TEST(ReadLaunch, Uvx) {
  EXPECT_EQ(Shown("uvx", {"pkg"}), "uvx pkg - loose unasked");
  EXPECT_EQ(Shown("uvx", {"pkg==1.2.3"}), "uvx pkg 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("uvx", {"pkg@1.2.3"}), "uvx pkg 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("uvx", {"pkg@latest"}), "uvx pkg latest loose unasked");
  EXPECT_EQ(Shown("uvx", {"pkg>=1.2.3"}), "uvx pkg >=1.2.3 loose unasked");
  EXPECT_EQ(Shown("uvx", {"--python", "3.12", "--with", "x", "pkg"}),
            "uvx pkg - loose unasked");
  EXPECT_EQ(Shown("uvx", {"--from", "pkg[cli]==1.2.3", "tool"}),
            "uvx pkg[cli] 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("uv", {"tool", "run", "pkg"}), "uvx pkg - loose unasked");
  EXPECT_EQ(Shown("uv", {"run", "server.py"}), "- - - pinned");
}

// Versions of Python packages need not have three parts.
TEST(ReadLaunch, TwoPartsAreExactForPython) {
  EXPECT_EQ(Shown("uvx", {"pkg==1.2"}), "uvx pkg 1.2 pinned unasked");
  EXPECT_EQ(Shown("uvx", {"pkg==1.2.*"}), "uvx pkg 1.2.* loose unasked");
}

TEST(ReadLaunch, GitOfUvx) {
  EXPECT_EQ(Shown("uvx", {"--from", "git+https://example.com/o/r@main", "t"}),
            "uvx git+https://example.com/o/r main loose unasked");
  EXPECT_EQ(
      Shown("uvx", {"--from=git+https://example.com/o/r@" + kCommit, "t"}),
      "uvx git+https://example.com/o/r " + kCommit + " pinned unasked");
  EXPECT_EQ(Shown("uvx", {"--from", "git+https://example.com/o/r", "t"}),
            "uvx git+https://example.com/o/r - loose unasked");
}

TEST(ReadLaunch, UserOfAGitAddressIsNoVersion) {
  EXPECT_EQ(Shown("uvx", {"--from", "git+ssh://git@example.com/o/r", "t"}),
            "uvx git+ssh://git@example.com/o/r - loose unasked");
}

TEST(ReadLaunch, Pipx) {
  EXPECT_EQ(Shown("pipx", {"run", "pkg==1.2.3"}),
            "pipx pkg 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("pipx", {"run", "--spec", "pkg==1.2.3", "t"}),
            "pipx pkg 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("pipx", {"list"}), "- - - pinned");
}

TEST(ReadLaunch, DenoAndGo) {
  EXPECT_EQ(Shown("deno", {"run", "-A", "npm:@s/a@1.2.3"}),
            "deno @s/a 1.2.3 pinned unasked");
  EXPECT_EQ(Shown("deno", {"run", "-A", "jsr:@s/a"}),
            "deno @s/a - loose unasked");
  EXPECT_EQ(Shown("deno", {"run", "main.ts"}), "- - - pinned");
  EXPECT_EQ(Shown("go", {"run", "example.com/a@latest"}),
            "go example.com/a latest loose");
  EXPECT_EQ(Shown("go", {"run", "example.com/a@v1.2.3"}),
            "go example.com/a v1.2.3 pinned");
  EXPECT_EQ(Shown("go", {"run", "./cmd"}), "- - - pinned");
}

TEST(ReadLaunch, CommitOfGoIsPinned) {
  EXPECT_EQ(Shown("go", {"run", "example.com/a@" + kCommit}),
            "go example.com/a " + kCommit + " pinned");
}

TEST(ReadLaunch, Images) {
  EXPECT_EQ(Shown("docker", {"run", "-i", "--rm", "-e", "KEY", "mcp/a"}),
            "docker mcp/a - loose");
  EXPECT_EQ(Shown("docker", {"run", "--env=KEY=V", "mcp/a:1.2.3", "serve"}),
            "docker mcp/a 1.2.3 loose");
  EXPECT_EQ(Shown("podman", {"run", "localhost:5000/a/b"}),
            "podman localhost:5000/a/b - loose");
  EXPECT_EQ(Shown("docker", {"run", "localhost:5000/a/b:2"}),
            "docker localhost:5000/a/b 2 loose");
  EXPECT_EQ(Shown("docker", {"ps"}), "docker - - pinned");
}

TEST(ReadLaunch, DigestPinsAnImage) {
  const std::string digest = "sha256:" + std::string(64, 'b');
  EXPECT_EQ(Shown("docker", {"run", "a@" + digest}),
            "docker a " + digest + " pinned");
  EXPECT_EQ(Shown("docker", {"run", "localhost:5000/a:1@" + digest}),
            "docker localhost:5000/a " + digest + " pinned");
}

TEST(ReadLaunch, SizesAndServersOfNamesAreNoImages) {
  EXPECT_EQ(Shown("docker", {"run", "--shm-size", "1g", "a:1"}),
            "docker a 1 loose");
  EXPECT_EQ(Shown("docker", {"run", "--dns", "192.0.2.1", "a:1"}),
            "docker a 1 loose");
}

TEST(ReadLaunch, GatewayHasNoImage) {
  EXPECT_EQ(Shown("docker", {"mcp", "gateway", "run"}), "docker - - pinned");
  EXPECT_EQ(Shown("docker", {"mcp", "gateway", "run", "--port", "8811"}),
            "docker - - pinned");
}

TEST(ReadLaunch, ProgramsByPathAndOnWindows) {
  EXPECT_EQ(Shown("/usr/local/bin/npx", {"a"}), "npx a - loose");
  EXPECT_EQ(Shown("C:\\Program Files\\nodejs\\NPX.CMD", {"a"}),
            "npx a - loose");
  EXPECT_EQ(Shown("cmd", {"/c", "npx", "-y", "a"}),
            "npx a - loose unasked shell");
}

// cmd divides what stands behind /c itself.
TEST(ReadLaunch, CmdWithItsCommandInOneText) {
  EXPECT_EQ(Shown("cmd.exe", {"/C", "npx -y a"}),
            "npx a - loose unasked shell");
}

TEST(ReadLaunch, NothingIsInstalledOfALocalFile) {
  EXPECT_EQ(Shown("uvx", {"--from", "./pkg", "t"}), "uvx - - pinned");
  EXPECT_EQ(Shown("npx", {"-y", "./pkg"}), "npx - - pinned");
}

TEST(ReadLaunch, FlagsBeforeThePackage) {
  EXPECT_EQ(Shown("uvx", {"--python", "3.12", "--from", "a==1", "t"}),
            "uvx a 1 pinned unasked");
  EXPECT_EQ(Shown("npx", {"--registry", "https://example.com", "-y", "a"}),
            "npx a - loose unasked");
  EXPECT_EQ(Shown("deno", {"run", "-A", "npm:a@1.2.3/cli"}),
            "deno a 1.2.3 pinned unasked");
}

TEST(ReadLaunch, WholeCommandInOneText) {
  EXPECT_EQ(Shown("npx -y a@1.2.3 --stdio", {}), "npx a 1.2.3 pinned unasked");
}

TEST(ReadLaunch, Shells) {
  EXPECT_EQ(Shown("sh", {"-c", "npx -y a"}), "npx a - loose unasked shell");
  EXPECT_EQ(Shown("bash", {"-lc", "KEY=$KEY exec npx 'a@1.2.3'"}),
            "npx a 1.2.3 pinned shell");
  EXPECT_EQ(Shown("zsh", {"-l", "-c", "cd /tmp && uvx a"}),
            "uvx a - loose unasked shell");
  EXPECT_EQ(Shown("sh", {"-c", "npx -y a | tee log"}),
            "npx a - loose unasked shell");
  EXPECT_EQ(Shown("bash", {"server.sh"}), "- - - pinned");
  EXPECT_EQ(Shown("sh", {"-c"}), "- - - pinned");
  EXPECT_EQ(Shown("pwsh", {"-Command", "npx a"}), "npx a - loose shell");
}

TEST(ReadLaunch, Stores) {
  EXPECT_EQ(Shown("op", {"run", "--env-file=.env", "--", "npx", "a"}),
            "npx a - loose store");
  EXPECT_EQ(Shown("envchain", {"ns", "npx", "a"}), "npx a - loose store");
  EXPECT_EQ(Shown("envmcp", {"npx", "a"}), "npx a - loose store");
  EXPECT_EQ(Shown("doppler", {"run", "--", "sh", "-c", "npx a"}),
            "npx a - loose shell store");
}

TEST(Unwrapped, WordsOfTheProgram) {
  EXPECT_THAT(Unwrapped("npx", {"a", "b c"}), ElementsAre("npx", "a", "b c"));
  EXPECT_THAT(Unwrapped("", {}), IsEmpty());
  EXPECT_THAT(Unwrapped("", {"a"}), ElementsAre("a"));
  EXPECT_THAT(Unwrapped("env", {"-i", "A=1", "B=2", "npx", "a"}),
              ElementsAre("npx", "a"));
  EXPECT_THAT(Unwrapped("sh", {"-c", "A=1 exec npx 'b c'"}),
              ElementsAre("npx", "b c"));
  EXPECT_THAT(Unwrapped("sudo", {"env", "op", "run", "--", "npx", "a"}),
              ElementsAre("npx", "a"));
  EXPECT_THAT(Unwrapped("dotenvx", {"run", "--", "npx"}), ElementsAre("npx"));
}

TEST(Unwrapped, WrapperWithNothingBehindItStays) {
  EXPECT_THAT(Unwrapped("env", {}), ElementsAre("env"));
  EXPECT_THAT(Unwrapped("op", {"run", "--"}), ElementsAre("op", "run", "--"));
  EXPECT_THAT(Unwrapped("op", {"read", "x"}), ElementsAre("op", "read", "x"));
}

TEST(Unwrapped, FlagsOfWrappersTakeTheirValues) {
  EXPECT_THAT(Unwrapped("env", {"-u", "NAME", "npx", "a"}),
              ElementsAre("npx", "a"));
  EXPECT_THAT(Unwrapped("nice", {"-n", "10", "npx"}), ElementsAre("npx"));
}

TEST(Unwrapped, EndsForManyLayers) {
  const Words words = Unwrapped("env", Words(50'000, "env"));
  EXPECT_GT(words.size(), 40'000U);
  EXPECT_EQ(words.front(), "env");
}

}  // namespace
}  // namespace keytidy::clients
