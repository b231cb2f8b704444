// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "config/node.h"
#include "unit/config/shown.h"

namespace keytidy::config {
namespace {

Result<Document> Parse(std::string_view text) {
  return ParseDotenv(".env", std::string(text));
}
std::string Tree(std::string_view text) { return Shown(Parse(text)); }
std::string Spans(std::string_view text) { return Written(Parse(text)); }

TEST(ParseDotenv, Assignments) {
  EXPECT_EQ(Tree("A=b\nC_1=d # e\n\n# F=g\nH=\n"), "{A='b' C_1='d' H=''}");
  EXPECT_EQ(Tree("A=b\nA=c"), "{A='b' A='c'}");
  EXPECT_EQ(Tree("  A=b#c\nd.e-f=g\nH+=i\n"), "{A='b#c' d.e-f='g' H='i'}");
  EXPECT_EQ(Tree(""), "{}");
}

TEST(ParseDotenv, Quotes) {
  EXPECT_EQ(Tree("export A=\"b $c\" # comment\n"), "{A='b $c'}");
  EXPECT_EQ(Tree(R"(A="b\"\\\$\n" B='c\"d' C=e\ f)"),
            R"({A='b"\$\n' B='c\"d' C='e f'})");
  EXPECT_EQ(Tree("A=b\"c d\"'e f'g\n"), "{A='bc de fg'}");
  EXPECT_EQ(Tree("A=\"b\nC=d\"\nE='f\n\ng'\n"), "{A='b\nC=d' E='f\n\ng'}");
  EXPECT_EQ(Tree("A=$'b c'\n"), "{A='b c'}");
}

TEST(ParseDotenv, AQuoteThatIsNotClosed) {
  EXPECT_EQ(Tree("A=it's\nB=don't\n"), "{A='it's' B='don't'}");
  EXPECT_EQ(Tree("A=\"b\nC=d\n"), "{A='\"b' C='d'}");
  const std::string inside(64 << 10, 'x');
  EXPECT_EQ(Tree("A='" + inside.substr(2) + "'\nB=c"),
            "{A='" + inside.substr(2) + "' B='c'}");
  EXPECT_EQ(Tree("A='" + inside + "'\nB=c"), "{A=''" + inside + "'' B='c'}");
}

TEST(ParseDotenv, SpacesAroundTheSign) {
  EXPECT_EQ(Tree("A = b c # d\nE =f\nG = 'h i'\n"), "{A='b c' E='f' G='h i'}");
  EXPECT_EQ(Tree("A= b\nC= d e\nF = \n"), "{A='b' C='' F=''}");
  EXPECT_EQ(Tree("export A = b\n"), "{}");
  EXPECT_EQ(Spans("A = b c  # d\r\n"), "1:5 b c");
}

TEST(ParseDotenv, ManyOnOneLine) {
  EXPECT_EQ(Tree("export A=b C D='e f' # G=h\n"), "{A='b' D='e f'}");
  EXPECT_EQ(Tree("A=b C=d command E=f\n"), "{A='b' C='d'}");
  EXPECT_EQ(Tree("export A=b; export C=d && E=f\n"), "{A='b' C='d' E='f'}");
  EXPECT_EQ(Tree("export A=b \\\n  C=d\n"), "{A='b' C='d'}");
}

TEST(ParseDotenv, AddressesAreOneWord) {
  EXPECT_EQ(Tree("A=a://b/c?d=e&f=g;h|i\n"), "{A='a://b/c?d=e&f=g;h|i'}");
}

TEST(ParseDotenv, Substitutions) {
  EXPECT_EQ(Tree("A=$(b \"c\" $(d)) E=`f g` H=\"$(i \"j\")\"\n"),
            "{A='$(b \"c\" $(d))' E='`f g`' H='$(i \"j\")'}");
  EXPECT_EQ(Tree("A=$(b c\nD=`e\n"), "{A='$(b' D='`e'}");
}

TEST(ParseDotenv, OtherShells) {
  EXPECT_EQ(Tree("set -gx A b\nset -Ux C 'd e'\nset --export F g h # i\n"),
            "{A='b' C='d e' F='g h'}");
  EXPECT_EQ(Tree("set -x\nset -euo pipefail\nset -gx A\nset\n"), "{}");
  EXPECT_EQ(Tree("setenv A b\nset C = d\nset E=f\n"), "{A='b' C='d' E='f'}");
  EXPECT_EQ(Tree("declare -x A=\"b\"\ntypeset -x C=d\nreadonly E=f\n"),
            "{A='b' C='d' E='f'}");
  EXPECT_EQ(Tree("if true; then export A=b; fi\nor set -gx C d\n"),
            "{A='b' C='d'}");
}

TEST(ParseDotenv, PowerShell) {
  EXPECT_EQ(Tree("$env:A = \"b`\"c\"\n$Env:D='e''f'; $env:G=\"h\"\n"),
            "{A='b\"c' D='e'f' G='h'}");
  EXPECT_EQ(Spans("$env:A = \"b\" # c\n"), "1:10 \"b\"");
}

TEST(ParseDotenv, LinesThatAreNoAssignment) {
  EXPECT_EQ(Tree("alias a='b'\nif [ a = b ]; then\necho A=b\n1A=b\n--a=b\n=c\n"
                 "a == b\nsource x\n"),
            "{}");
  EXPECT_EQ(Tree(std::string_view("\0A=b\nC=\0d\nE=f", 13)), "{C='' E='f'}");
}

TEST(ParseDotenv, Spans) {
  EXPECT_EQ(Spans("export A=\"b c\" B='d'\nC=e\\ f\n"),
            "1:10 \"b c\"; 1:18 'd'; 2:3 e\\ f");
  EXPECT_EQ(Spans("\xEF\xBB\xBF"
                  "A='\xC3\xA4' B=c\r\nD=e\r\n"),
            "1:3 '\xC3\xA4'; 1:9 c; 2:3 e");
  EXPECT_EQ(Spans("A='b\nc'\nset -x D e f # g\n"), "1:3 'b\nc'; 3:10 e f");
  const auto document = Parse(" \xC3\xA4=1\n  export AB=c");
  ASSERT_TRUE(document);
  ASSERT_EQ(document->root.members.size(), 1U);
  EXPECT_EQ(document->root.members[0].key_place.line, 2U);
  EXPECT_EQ(document->root.members[0].key_place.column, 10U);
}

}  // namespace
}  // namespace keytidy::config
