// SPDX-License-Identifier: Apache-2.0
#include "clients/reference.h"

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
using ::testing::SizeIs;

constexpr Form kAll[] = {
    Form::kBraces,   Form::kBracesDefault, Form::kDollar,   Form::kPercent,
    Form::kEnvColon, Form::kInput,         Form::kBraceEnv, Form::kBraceFile,
    Form::kSecrets,  Form::kDoubleBraces,  Form::kCommand,  Form::kUserConfig,
    Form::kStore};

// "${X} 0-4 X|fallback predefined".
std::vector<std::string> Found(std::string_view value) {
  std::vector<std::string> out;
  for (const Reference& one : FindReferences(value)) {
    out.push_back(fmt::format(
        "{} {}-{} {}{}{}{}",
        one.form == Form::kEncrypted ? "encrypted" : Name(one.form), one.start,
        one.end, one.name, one.fallback.empty() ? "" : "|", one.fallback,
        one.predefined ? " predefined" : ""));
  }
  return out;
}

TEST(Form, NamesAndBack) {
  for (const Form form : kAll) {
    EXPECT_FALSE(Name(form).empty());
    EXPECT_EQ(ParseForm(Name(form)), form) << Name(form);
  }
  EXPECT_EQ(Name(Form::kEncrypted), "");
  EXPECT_EQ(ParseForm(""), std::nullopt);
  EXPECT_EQ(ParseForm("${Y}"), std::nullopt);
}

TEST(FindReferences, EveryForm) {
  EXPECT_THAT(Found("${NAME}"), ElementsAre("${X} 0-7 NAME"));
  EXPECT_THAT(Found("${NAME:-d}"), ElementsAre("${X:-d} 0-10 NAME|d"));
  EXPECT_THAT(Found("${NAME-d}"), ElementsAre("${X:-d} 0-9 NAME|d"));
  EXPECT_THAT(Found("$NAME"), ElementsAre("$X 0-5 NAME"));
  EXPECT_THAT(Found("%NAME%"), ElementsAre("%X% 0-6 NAME"));
  EXPECT_THAT(Found("${env:NAME}"), ElementsAre("${env:X} 0-11 NAME"));
  EXPECT_THAT(Found("${input:a-b}"), ElementsAre("${input:X} 0-12 a-b"));
  EXPECT_THAT(Found("{env:NAME}"), ElementsAre("{env:X} 0-10 NAME"));
  EXPECT_THAT(Found("{file:~/.k}"), ElementsAre("{file:X} 0-11 ~/.k"));
  EXPECT_THAT(Found("${{ secrets.NAME }}"),
              ElementsAre("${{ secrets.X }} 0-19 NAME"));
  EXPECT_THAT(Found("{{NAME}}"), ElementsAre("{{X}} 0-8 NAME"));
  EXPECT_THAT(Found("$(op read x)"), ElementsAre("$(X) 0-12 op read x"));
  EXPECT_THAT(Found("${user_config.k}"),
              ElementsAre("${user_config.X} 0-16 k"));
  EXPECT_THAT(Found("op://a/b"), ElementsAre("op://X 0-8 op://a/b"));
}

TEST(FindReferences, NamesOfOneLetter) {
  EXPECT_THAT(Found("$X"), ElementsAre("$X 0-2 X"));
  EXPECT_THAT(Found("%X%"), ElementsAre("%X% 0-3 X"));
  EXPECT_THAT(Found("${X}"), ElementsAre("${X} 0-4 X"));
}

TEST(FindReferences, EveryStore) {
  for (const std::string_view begin :
       {"op://", "vault:", "ref+", "awssm:", "sops:", "infisical:", "doppler:",
        "keychain:", "secret:", "mcpm:keychain:"}) {
    const std::string value = std::string(begin) + "a";
    const auto found = FindReferences(value);
    ASSERT_EQ(found.size(), 1U) << value;
    EXPECT_EQ(found[0].form, Form::kStore) << value;
    EXPECT_EQ(found[0].name, value);
    EXPECT_THAT(FindReferences(begin), IsEmpty()) << begin;
  }
}

TEST(FindReferences, Encrypted) {
  for (const std::string_view value :
       {"__encrypted__:a", "ENC[AES256_GCM,data:a]", "$ANSIBLE_VAULT;1.1",
        "age-encryption.org/v1", "-----BEGIN PGP MESSAGE-----\na"}) {
    const auto found = FindReferences(value);
    ASSERT_EQ(found.size(), 1U) << value;
    EXPECT_EQ(found[0].form, Form::kEncrypted);
    EXPECT_EQ(found[0].end, value.size());
  }
}

TEST(FindReferences, InsideOfAValue) {
  EXPECT_THAT(Found("Bearer ${env:T}"), ElementsAre("${env:X} 7-15 T"));
  EXPECT_THAT(Found("https://a?key={env:K_A}&b=1"),
              ElementsAre("{env:X} 14-23 K_A"));
  EXPECT_THAT(Found("${AA}:$BB,%CC_D%"),
              ElementsAre("${X} 0-5 AA", "$X 6-9 BB", "%X% 10-16 CC_D"));
}

TEST(FindReferences, FallbackMayHoldAReference) {
  EXPECT_THAT(Found("${A:-${B:-c}}d"), ElementsAre("${X:-d} 0-13 A|${B:-c}"));
}

TEST(FindReferences, CommandsMayHoldBrackets) {
  EXPECT_THAT(Found("$(a (b) $(c))d"), ElementsAre("$(X) 0-13 a (b) $(c)"));
}

TEST(FindReferences, WhatEditorsSetThemselves) {
  EXPECT_THAT(Found("${workspaceFolder}/a"),
              ElementsAre("${X} 0-18 workspaceFolder predefined"));
  EXPECT_THAT(Found("$HOME/a"), ElementsAre("$X 0-5 HOME predefined"));
  EXPECT_THAT(Found("${config:a.b}"),
              ElementsAre("${X} 0-13 config predefined"));
}

TEST(FindReferences, DollarsInPasswords) {
  EXPECT_THAT(Found("pa$$word"), IsEmpty());
  EXPECT_THAT(Found("a$NAME"), IsEmpty());
  EXPECT_THAT(Found("50%OFF%"), IsEmpty());
  EXPECT_THAT(Found("$5"), IsEmpty());
  EXPECT_THAT(Found("$"), IsEmpty());
  EXPECT_THAT(Found("%"), IsEmpty());
  EXPECT_THAT(Found("%%"), IsEmpty());
}

TEST(FindReferences, NotClosedOrEmpty) {
  for (const char* value : {"", "${", "${A", "${}", "$(", "$(a", "{{", "{{A",
                            "{{}}", "{env:", "{env:}", "{file:}", "${{", "${{A",
                            "${1}", "${A B}", "{}", "{A}"}) {
    EXPECT_THAT(Found(value), IsEmpty()) << value;
  }
}

TEST(FindReferences, ManyBracesThatAreNotClosed) {
  std::string value;
  for (int i = 0; i < 2000; ++i) value += "${{{$(";
  EXPECT_THAT(FindReferences(value), IsEmpty());
}

TEST(FindReferences, BytesOfAnAddressAreNoVariables) {
  EXPECT_THAT(Found("https://a/?b=%E2%82%AC"), IsEmpty());
  EXPECT_THAT(Found("%AG%"), ElementsAre("%X% 0-4 AG"));
}

TEST(FindReferences, BehindManyThatAreNotClosed) {
  for (const std::string_view open : {"${", "$(", "{{", "${{", "{env:"}) {
    std::string value;
    for (int i = 0; i < 100'000; ++i) value += open;
    EXPECT_THAT(FindReferences(value), IsEmpty()) << open;
    EXPECT_THAT(FindReferences(value + " $A"), SizeIs(1)) << open;
  }
}

TEST(FindReferences, InOrderWithoutOverlaps) {
  for (const std::string_view value :
       {"${A}${B}", "{{A}}${{B}}", "{{{A}}}", "${A:-{{B}}}", "$(a)$(b)",
        "${A:-$(b)}$CD", "{env:{env:A}}"}) {
    std::size_t from = 0;
    for (const Reference& one : FindReferences(value)) {
      EXPECT_GE(one.start, from) << value;
      EXPECT_GT(one.end, one.start) << value;
      EXPECT_LE(one.end, value.size()) << value;
      from = one.end;
    }
    EXPECT_GT(from, 0U) << value;
  }
}

TEST(WithoutReferences, OnlyTheTextStays) {
  EXPECT_EQ(WithoutReferences(""), "");
  EXPECT_EQ(WithoutReferences("abc"), "abc");
  EXPECT_EQ(WithoutReferences("Bearer ${T}"), "Bearer ");
  EXPECT_EQ(WithoutReferences("a${T}b{env:U}c"), "abc");
  EXPECT_EQ(WithoutReferences("op://a/b"), "");
  EXPECT_EQ(WithoutReferences("__encrypted__:a"), "");
}

TEST(WithoutReferences, FallbacksStay) {
  EXPECT_EQ(WithoutReferences("a${T:-b}c"), "abc");
  EXPECT_EQ(WithoutReferences("${T:-}"), "");
}

}  // namespace
}  // namespace keytidy::clients
