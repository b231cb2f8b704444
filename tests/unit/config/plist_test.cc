// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "config/node.h"
#include "unit/config/shown.h"

namespace keytidy::config {
namespace {

Result<Document> Parse(std::string_view text) {
  return ParsePlist("a.plist", std::string(text));
}
std::string Tree(std::string_view text) { return Shown(Parse(text)); }
std::string Spans(std::string_view text) { return Written(Parse(text)); }
std::string ErrorOf(std::string_view text) { return FirstLine(Parse(text)); }

std::string Repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(ParsePlist, AWholeFile) {
  EXPECT_EQ(
      Tree("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!DOCTYPE plist PUBLIC \"-//x>\" 'y' [ <!ENTITY a \"]>\"> ]>\n"
           "<!-- <dict> -->\n<plist version=\"1.0\">\n<dict>\n"
           "  <key>Label</key> <string>a b</string>\n"
           "  <key>Args</key>\n  <array><string>c</string><true/></array>\n"
           "  <key>Env</key><dict><key>K</key><string/></dict>\n"
           "</dict>\n</plist>\n<!-- end -->\n"),
      "{Label='a b' Args=['c' true] Env={K=''}}");
}

TEST(ParsePlist, Scalars) {
  EXPECT_EQ(Tree("<array><integer> 42 </integer><integer>-7</integer>"
                 "<integer>0x1F</integer><integer>+3</integer></array>"),
            "[42 -7 31 3]");
  EXPECT_EQ(Tree("<array><real>1.5</real><real>-2e3</real>"
                 "<integer>9223372036854775808</integer></array>"),
            "[1.5f -2000f 9.223372036854776e+18f]");
  EXPECT_EQ(Tree("<array><true/><false></false><date>2026-03-31T10:00:00Z"
                 "</date><data>\n QUJD\n RA==\n</data><dict/><array/></array>"),
            "[true false '2026-03-31T10:00:00Z' 'QUJDRA==' {} []]");
  EXPECT_EQ(ErrorOf("<integer>x</integer>"), "a.plist:1:1: this is no number");
  EXPECT_EQ(ErrorOf("<integer/>"), "a.plist:1:1: this is no number");
  EXPECT_EQ(ErrorOf("<integer>1.5</integer>"),
            "a.plist:1:1: this is no number");
}

TEST(ParsePlist, TextAndEntities) {
  EXPECT_EQ(
      Tree("<string> a &amp;&lt;&gt;&quot;&apos; &#65;&#x1F511; </string>"),
      "' a &<>\"' A\xF0\x9F\x94\x91 '");
  EXPECT_EQ(Tree("<string>a<!-- b -->c<![CDATA[<d>&amp;]]>e</string>"),
            "'ac<d>&amp;e'");
  EXPECT_EQ(Tree("<string>&#xD800;</string>"), "'\xEF\xBF\xBD'");
  for (const std::string_view entity :
       {"&x;", "&;", "&#;", "&#x;", "&#0;", "&#xG;", "&#99999999999;"}) {
    EXPECT_EQ(ErrorOf("<string>" + std::string(entity) + "</string>"),
              "a.plist:1:9: there is no such entity")
        << entity;
  }
  EXPECT_EQ(ErrorOf("<string>a & b</string>"),
            "a.plist:1:11: '&' must be written &amp;");
}

TEST(ParsePlist, NothingThatADoctypeDeclaresIsUsed) {
  EXPECT_EQ(ErrorOf("<!DOCTYPE plist [<!ENTITY a SYSTEM \"file:///x\">]>\n"
                    "<string>&a;</string>"),
            "a.plist:2:9: there is no such entity");
}

TEST(ParsePlist, OfTheSameNameTheLastCounts) {
  EXPECT_EQ(Tree("<dict><key>a</key><true/><key>b</key><true/>"
                 "<key>a</key><false/></dict>"),
            "{a=false b=true}");
}

TEST(PlistSpans, AreElements) {
  const std::string text =
      "\xEF\xBB\xBF<dict>\r\n<key>\xC3\xA4</key><string>a&amp;</string>\r\n"
      "<key>b</key> <true/></dict>";
  EXPECT_EQ(Spans(text), "2:13 <string>a&amp;</string>; 3:14 <true/>");
  const auto document = Parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.start, 3U);
  EXPECT_EQ(document->root.end, text.size());
  EXPECT_EQ(document->root.members[1].key_place.line, 3U);
  EXPECT_EQ(document->root.members[1].key_place.column, 1U);
}

TEST(ParsePlist, WhatIsNone) {
  EXPECT_EQ(ErrorOf(""), "a.plist:1:1: the file ends too early");
  EXPECT_EQ(ErrorOf("x"), "a.plist:1:1: text where an element must stand");
  EXPECT_EQ(ErrorOf("<plist>"), "a.plist:1:8: the file ends too early");
  EXPECT_EQ(ErrorOf("<plist/>"),
            "a.plist:1:1: a property list without a value");
  EXPECT_EQ(ErrorOf("<plist></plist>"),
            "a.plist:1:8: a property list without a value");
  EXPECT_EQ(ErrorOf("<true/>x"),
            "a.plist:1:8: something follows the property list");
  EXPECT_EQ(ErrorOf("<html></html>"),
            "a.plist:1:1: this element does not belong in a property list "
            "here");
  EXPECT_EQ(ErrorOf("<array>\n x</array>"),
            "a.plist:2:2: text where an element must stand");
  EXPECT_EQ(ErrorOf("<array></dict>"),
            "a.plist:1:8: this element does not belong in a property list "
            "here");
  EXPECT_EQ(ErrorOf("<dict><true/></dict>"),
            "a.plist:1:7: a <key> must stand here");
  EXPECT_EQ(ErrorOf("<dict><key>a</key></dict>"),
            "a.plist:1:7: a key without a value");
  EXPECT_EQ(ErrorOf("<string>a"), "a.plist:1:1: this element does not end");
  EXPECT_EQ(ErrorOf("<string a=\"b"), "a.plist:1:1: this tag does not end");
  EXPECT_EQ(ErrorOf("<string>a</key>"),
            "a.plist:1:10: this tag does not belong here");
  EXPECT_EQ(ErrorOf("<!-- a"), "a.plist:1:1: what begins here does not end");
  EXPECT_EQ(ErrorOf("<!DOCTYPE a [ \""),
            "a.plist:1:1: what begins here does not end");
  EXPECT_EQ(ErrorOf("<string>\xFF</string>"), "a.plist: not valid UTF-8");
}

TEST(ParsePlist, Bounds) {
  EXPECT_EQ(ErrorOf(Repeated("<array>", 200) + Repeated("</array>", 200)), "");
  EXPECT_EQ(ErrorOf(Repeated("<array>", 100'000)),
            "a.plist:1:1401: nests too deep");
  EXPECT_EQ(ErrorOf("<array>\n" + Repeated("<true/>\n", 500'001)),
            "a.plist:500001:1: too many values");
  const auto large = Parse(std::string((8 << 20) + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
}

TEST(ParsePlist, EveryTruncationIsAnError) {
  const std::string_view text =
      "<plist a='b'><dict><key>a</key><array><string>&lt;</string><true/>"
      "</array><key>b</key><real>1</real></dict></plist>";
  ASSERT_EQ(ErrorOf(text), "");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(ErrorOf(text.substr(0, size)), "") << size;
  }
}

}  // namespace
}  // namespace keytidy::config
