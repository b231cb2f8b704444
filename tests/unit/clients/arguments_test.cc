// SPDX-License-Identifier: Apache-2.0
#include "clients/arguments.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytidy::clients {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Words = std::vector<std::string>;

// "1 api-key=V": the argument, the name and the value.
Words Shown(const Words& arguments) {
  Words out;
  for (const NamedValue& one : NamedValues(arguments)) {
    out.push_back(fmt::format("{} {}={}", one.index, one.name, one.value));
  }
  return out;
}

TEST(NamedValues, ValueBehindItsFlag) {
  EXPECT_THAT(Shown({"--api-key", "V"}), ElementsAre("1 api-key=V"));
  EXPECT_THAT(Shown({"-k", "V"}), ElementsAre("1 k=V"));
}

TEST(NamedValues, ValueInItsFlag) {
  EXPECT_THAT(Shown({"--api-key=V"}), ElementsAre("0 api-key=V"));
}

TEST(NamedValues, EmptyValueInItsFlag) {
  EXPECT_THAT(Shown({"--api-key=", "V"}), ElementsAre("0 api-key=", "1 =V"));
}

TEST(NamedValues, VariableOfAContainer) {
  EXPECT_THAT(Shown({"run", "-e", "NAME=V", "--env=OTHER=W"}),
              ElementsAre("0 =run", "2 NAME=V", "3 OTHER=W"));
}

TEST(NamedValues, HeaderBehindItsFlag) {
  EXPECT_THAT(Shown({"--header", "Authorization: Bearer V"}),
              ElementsAre("1 Authorization=Bearer V"));
  EXPECT_THAT(Shown({"--header=X-Api-Key:V"}), ElementsAre("0 X-Api-Key=V"));
}

TEST(NamedValues, FlagWithoutValueGivesNothing) {
  EXPECT_THAT(Shown({"-y"}), IsEmpty());
  EXPECT_THAT(Shown({"--yes", "--quiet"}), IsEmpty());
  EXPECT_THAT(Shown({"--"}), IsEmpty());
}

TEST(NamedValues, FlagNamesTheNextValueOnly) {
  EXPECT_THAT(Shown({"--api-key", "V", "W"}),
              ElementsAre("1 api-key=V", "2 =W"));
}

TEST(NamedValues, FlagBeforeAFlagNamesNothing) {
  EXPECT_THAT(Shown({"--api-key", "--debug", "V"}), ElementsAre("2 debug=V"));
}

TEST(NamedValues, DashIsAValue) {
  EXPECT_THAT(Shown({"-"}), ElementsAre("0 =-"));
}

TEST(NamedValues, AddressIsNotDivided) {
  EXPECT_THAT(Shown({"https://example.com/mcp?key=V"}),
              ElementsAre("0 =https://example.com/mcp?key=V"));
  EXPECT_THAT(Shown({"postgres://user:V@host/db"}),
              ElementsAre("0 =postgres://user:V@host/db"));
}

TEST(NamedValues, TextOfATableIsNotDivided) {
  EXPECT_THAT(
      Shown({"--static-oauth-client-info", R"({"client_secret":"V"})"}),
      ElementsAre(R"(1 static-oauth-client-info={"client_secret":"V"})"));
}

// What encoders put at the end of a text is no sign of a variable.
TEST(NamedValues, PaddingStaysInTheValue) {
  EXPECT_THAT(Shown({"--api-key=Vm9yYg=="}), ElementsAre("0 api-key=Vm9yYg=="));
  EXPECT_THAT(Shown({"--api-key", "Vm9yYg="}),
              ElementsAre("1 api-key=Vm9yYg="));
}

// Bots have tokens of the form number:text.
TEST(NamedValues, TokenWithAColonKeepsTheNameOfItsFlag) {
  EXPECT_THAT(Shown({"--bot-token", "12345:Vw"}),
              ElementsAre("1 bot-token=12345:Vw"));
}

TEST(NamedValues, NameOfASecretIsBetterThanItsFlag) {
  EXPECT_THAT(Shown({"--auth-header", "Authorization: Bearer V"}),
              ElementsAre("1 Authorization=Bearer V"));
  EXPECT_THAT(Shown({"--auth", "user:V"}), ElementsAre("1 auth=user:V"));
}

TEST(NamedValues, FoldersAreNotDivided) {
  EXPECT_THAT(Shown({"C:\\x"}), ElementsAre("0 =C:\\x"));
}

TEST(NamedValues, NothingAndEmptyArguments) {
  EXPECT_THAT(Shown({}), IsEmpty());
  EXPECT_THAT(Shown({""}), ElementsAre("0 ="));
  EXPECT_THAT(Shown({"--key", ""}), ElementsAre("1 key="));
  EXPECT_THAT(Shown({"=", ":", "--="}), ElementsAre("0 ==", "1 =:", "2 ="));
}

TEST(NamedValues, ManyArguments) {
  EXPECT_THAT(NamedValues(Words(100'000, "a=b")), SizeIs(100'000));
}

TEST(SplitCommand, WhiteSpaceDivides) {
  EXPECT_THAT(SplitCommand(" npx\t-y \n pkg\r\n"),
              ElementsAre("npx", "-y", "pkg"));
}

TEST(SplitCommand, NothingHasNoWords) {
  EXPECT_THAT(SplitCommand(""), IsEmpty());
  EXPECT_THAT(SplitCommand(" \t\n"), IsEmpty());
}

TEST(SplitCommand, QuotesHoldWordsTogether) {
  EXPECT_THAT(SplitCommand(R"(a 'b c' "d e" f'g h'i)"),
              ElementsAre("a", "b c", "d e", "fg hi"));
  EXPECT_THAT(SplitCommand(R"('' "")"), ElementsAre("", ""));
}

TEST(SplitCommand, Backslashes) {
  EXPECT_THAT(SplitCommand(R"(a\ b "c\"d\\e\n" 'f\'g)"),
              ElementsAre("a b", R"(c"d\e\n)", R"(f\g)"));
  EXPECT_THAT(SplitCommand("a\\"), ElementsAre("a\\"));
}

TEST(SplitCommand, LineGoesOnAfterABackslash) {
  EXPECT_THAT(SplitCommand("npx \\\n  pkg"), ElementsAre("npx", "pkg"));
  EXPECT_THAT(SplitCommand("np\\\r\nx pkg"), ElementsAre("npx", "pkg"));
  EXPECT_THAT(SplitCommand("\\\n"), IsEmpty());
}

TEST(SplitCommand, NothingIsReplaced) {
  EXPECT_THAT(SplitCommand("$A `b` $(c) *"),
              ElementsAre("$A", "`b`", "$(c)", "*"));
}

TEST(SplitCommand, QuoteWithoutEnd) {
  EXPECT_THAT(SplitCommand("a 'b c"), ElementsAre("a", "b c"));
  EXPECT_THAT(SplitCommand("\""), ElementsAre(""));
}

}  // namespace
}  // namespace keytidy::clients
