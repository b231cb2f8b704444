// SPDX-License-Identifier: Apache-2.0
#include "clients/wrappers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> InSh(std::string_view text) {
  return Unwrapped("sh", {"-c", std::string(text)});
}

TEST(Unwrap, WhoRunsIt) {
  const Unwrapping plain = Unwrap("env", {"A=b", "npx", "a"});
  EXPECT_FALSE(plain.shell || plain.store);
  EXPECT_TRUE(Unwrap("bash", {"-c", "npx a"}).shell);
  EXPECT_TRUE(Unwrap("op", {"run", "--", "npx", "a"}).store);
  // With nothing behind it, it is a program itself.
  EXPECT_FALSE(Unwrap("bash", {"-c"}).shell);
  EXPECT_FALSE(Unwrap("op", {"read", "x"}).store);
}

TEST(Unwrapped, FirstOfAPipe) {
  EXPECT_THAT(InSh("npx a | tee log"), ElementsAre("npx", "a"));
  EXPECT_THAT(InSh("npx a |& tee log | cat"), ElementsAre("npx", "a"));
  EXPECT_THAT(InSh("npx a || exit 1"), ElementsAre("npx", "a"));
  EXPECT_THAT(InSh("cd /x && npx a | tee log"), ElementsAre("npx", "a"));
}

TEST(Unwrapped, LastOfSeveral) {
  EXPECT_THAT(InSh("cd /x; npx a;"), ElementsAre("npx", "a"));
  EXPECT_THAT(InSh("cd /x\nnpx a\n"), ElementsAre("npx", "a"));
  EXPECT_THAT(InSh("sleep 1 & npx a"), ElementsAre("npx", "a"));
  EXPECT_THAT(InSh("a | b; npx c"), ElementsAre("npx", "c"));
}

TEST(Unwrapped, QuotedMarksDivideNothing) {
  EXPECT_THAT(InSh("npx a --b 'c; d' \"e && f\" g\\;h"),
              ElementsAre("npx", "a", "--b", "c; d", "e && f", "g;h"));
  EXPECT_THAT(InSh("npx a 2>&1"), ElementsAre("npx", "a", "2>&1"));
  EXPECT_THAT(InSh("npx a $(b; c)"), ElementsAre("npx", "a", "$(b;", "c)"));
}

TEST(Unwrapped, VariablesBeforeTheCommand) {
  EXPECT_THAT(InSh("A=$(op read x; y) B='c d' exec npx e"),
              ElementsAre("npx", "e"));
  EXPECT_THAT(InSh("A=`b c` npx d"), ElementsAre("npx", "d"));
  EXPECT_THAT(InSh("export A=b; npx c"), ElementsAre("npx", "c"));
  EXPECT_THAT(InSh("npm exec -y a"), ElementsAre("npm", "exec", "-y", "a"));
}

TEST(Unwrapped, NothingButMarks) {
  EXPECT_THAT(InSh(";;|&&"), ElementsAre("sh", "-c", ";;|&&"));
  EXPECT_THAT(InSh("'"), ElementsAre(""));
  EXPECT_THAT(InSh("\\"), ElementsAre("\\"));
  EXPECT_THAT(InSh("))) npx a"), ElementsAre(")))", "npx", "a"));
}

TEST(Unwrapped, BackslashesOfCmdStay) {
  EXPECT_THAT(Unwrapped("cmd", {"/c", "C:\\x\\npx.cmd \"a b\""}),
              ElementsAre("C:\\x\\npx.cmd", "a b"));
  EXPECT_THAT(Unwrapped("cmd", {"/d", "/s", "/C", "cd x && npx a"}),
              ElementsAre("npx", "a"));
}

TEST(Unwrapped, FlagsOfSudoAndOthers) {
  EXPECT_THAT(Unwrapped("sudo", {"-u", "me", "-E", "A=b", "npx", "-y", "a"}),
              ElementsAre("npx", "-y", "a"));
  EXPECT_THAT(Unwrapped("env", {"--chdir", "/x", "--", "npx", "a"}),
              ElementsAre("npx", "a"));
  EXPECT_THAT(Unwrapped("env", {"-S", "A=b npx -y a"}),
              ElementsAre("npx", "-y", "a"));
  EXPECT_THAT(Unwrapped("time", {"-o", "log", "npx"}), ElementsAre("npx"));
  EXPECT_THAT(Unwrapped("exec", {"-a", "name", "npx"}), ElementsAre("npx"));
}

TEST(Unwrapped, FlagThatEndsTheWords) {
  EXPECT_THAT(Unwrapped("sudo", {"-u"}), ElementsAre("sudo", "-u"));
  EXPECT_THAT(Unwrapped("env", {"A=b"}), ElementsAre("env", "A=b"));
  EXPECT_THAT(Unwrapped("env", {"-S"}), ElementsAre("env", "-S"));
}

}  // namespace
}  // namespace keytidy::clients
