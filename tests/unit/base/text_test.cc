// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy {
namespace {

constexpr std::string_view kReplaced = "\xEF\xBF\xBD";

TEST(Characters, AreOfAscii) {
  std::string digits, lower, upper, alnum, hex;
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (IsDigit(c)) digits += c;
    if (IsLower(c)) lower += c;
    if (IsUpper(c)) upper += c;
    if (IsAlnum(c)) alnum += c;
    if (IsHexDigit(c)) hex += c;
  }
  EXPECT_EQ(digits, "0123456789");
  EXPECT_EQ(lower, "abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  EXPECT_EQ(alnum, digits + upper + lower);
  EXPECT_EQ(hex, "0123456789ABCDEFabcdef");
}

TEST(Characters, CaseChangesOnlyLettersOfAscii) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const int lower = i >= 'A' && i <= 'Z' ? i + 32 : i;
    const int upper = i >= 'a' && i <= 'z' ? i - 32 : i;
    EXPECT_EQ(static_cast<unsigned char>(ToLower(c)), lower);
    EXPECT_EQ(static_cast<unsigned char>(ToUpper(c)), upper);
  }
}

TEST(Lowercase, LeavesOtherBytesAlone) {
  EXPECT_EQ(Lowercase("Kryton-API_09 \xC3\x84"), "kryton-api_09 \xC3\x84");
  EXPECT_EQ(Lowercase(""), "");
}

TEST(FindIgnoringCase, FindsTheFirst) {
  EXPECT_EQ(FindIgnoringCase("my KrYtOn kryton", "kryton"), 3u);
  EXPECT_EQ(FindIgnoringCase("kryto", "kryton"), std::string_view::npos);
  EXPECT_EQ(FindIgnoringCase("", "k"), std::string_view::npos);
  EXPECT_EQ(FindIgnoringCase("k", ""), 0u);
  EXPECT_EQ(FindIgnoringCase("", ""), 0u);
}

TEST(FindIgnoringCase, AtTheVeryEnd) {
  EXPECT_EQ(FindIgnoringCase("abK", "k"), 2u);
}

TEST(ToValidUtf8, KeepsWhatIsValid) {
  const std::string text =
      "a\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"
      "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  EXPECT_EQ(ToValidUtf8(text), text);
  EXPECT_EQ(ToValidUtf8(std::string_view("\0\x7F", 2)),
            std::string("\0\x7F", 2));
}

struct BadUtf8 {
  const char* name;
  std::string bytes;
};

class ToValidUtf8Of : public testing::TestWithParam<BadUtf8> {};

INSTANTIATE_TEST_SUITE_P(
    Bad, ToValidUtf8Of,
    testing::Values(BadUtf8{"LoneContinuation", "\x80"},
                    BadUtf8{"OverlongTwo", "\xC0\xAF"},
                    BadUtf8{"OverlongTwoC1", "\xC1\xBF"},
                    BadUtf8{"OverlongThree", "\xE0\x9F\xBF"},
                    BadUtf8{"OverlongFour", "\xF0\x8F\xBF\xBF"},
                    BadUtf8{"HighSurrogate", "\xED\xA0\x80"},
                    BadUtf8{"LowSurrogate", "\xED\xBF\xBF"},
                    BadUtf8{"AboveUnicode", "\xF4\x90\x80\x80"},
                    BadUtf8{"FiveBytes", "\xF8\x88\x80\x80\x80"},
                    BadUtf8{"Fe", "\xFE"}, BadUtf8{"Ff", "\xFF"},
                    BadUtf8{"TruncatedTwo", "\xC3"},
                    BadUtf8{"TruncatedThree", "\xE2\x82"},
                    BadUtf8{"TruncatedFour", "\xF0\x9F\x98"}),
    [](const auto& one) { return one.param.name; });

TEST_P(ToValidUtf8Of, EachByteIsReplaced) {
  const std::string& bytes = GetParam().bytes;
  std::string wanted = "a";
  for (std::size_t i = 0; i < bytes.size(); ++i) wanted += kReplaced;
  EXPECT_EQ(ToValidUtf8("a" + bytes), wanted);
  EXPECT_EQ(ToValidUtf8("a" + bytes + "b"), wanted + "b");
}

TEST(ToValidUtf8, AByteThatBreaksASequenceIsReadAgain) {
  EXPECT_EQ(ToValidUtf8("\xE2\xC3\xA4"), std::string(kReplaced) + "\xC3\xA4");
}

TEST(ToValidUtf8, TheResultOfAnythingIsValid) {
  // Every pair of bytes, in front of a byte that continues a sequence.
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b),
                                 '\x80'};
      const std::string once = ToValidUtf8(bytes);
      ASSERT_EQ(ToValidUtf8(once), once) << a << " " << b;
    }
  }
}

TEST(ForTerminal, WritesControlCharacters) {
  EXPECT_EQ(ForTerminal(std::string_view("a\0b\x1b[31m\r\n\x7f", 11)),
            "a\\x00b\\x1b[31m\\x0d\\x0a\\x7f");
}

TEST(ForTerminal, ATabStaysWhenWanted) {
  EXPECT_EQ(ForTerminal("a\tb"), "a\\x09b");
  EXPECT_EQ(ForTerminal("a\tb\n", true), "a\tb\\x0a");
}

TEST(ForTerminal, WritesTheSecondControlBlock) {
  EXPECT_EQ(ForTerminal("\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0"),
            "\\u{0080}\\u{009b}\\u{009f}\xC2\xA0");
}

TEST(ForTerminal, WritesBytesThatAreNotUtf8) {
  EXPECT_EQ(ForTerminal("\xFFz\xC3"), "\\xffz\\xc3");
  EXPECT_EQ(ForTerminal("\xED\xA0\x80"), "\\xed\\xa0\\x80");
}

TEST(ForTerminal, WritesBidirectionalControls) {
  EXPECT_EQ(ForTerminal("\xD8\x9C"), "\\u{061c}");
  EXPECT_EQ(ForTerminal("\xE2\x80\x8E\xE2\x80\x8F"), "\\u{200e}\\u{200f}");
  EXPECT_EQ(ForTerminal("\xE2\x80\xAA\xE2\x80\xAB\xE2\x80\xAC\xE2\x80\xAD"
                        "\xE2\x80\xAE"),
            "\\u{202a}\\u{202b}\\u{202c}\\u{202d}\\u{202e}");
  EXPECT_EQ(ForTerminal("\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9"),
            "\\u{2066}\\u{2067}\\u{2068}\\u{2069}");
}

TEST(ForTerminal, LeavesOtherTextAlone) {
  const std::string_view text =
      "~/K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x98\x80 \\";
  EXPECT_EQ(ForTerminal(text), text);
}

struct GlobCase {
  const char* pattern;
  const char* path;
  bool matches;
};

void PrintTo(const GlobCase& c, std::ostream* out) {
  *out << c.pattern << " against " << c.path;
}

class GlobMatchOf : public testing::TestWithParam<GlobCase> {};

INSTANTIATE_TEST_SUITE_P(
    Cases, GlobMatchOf,
    testing::Values(
        GlobCase{"", "", true}, GlobCase{"", "a", false},
        GlobCase{"a", "", false}, GlobCase{"a/b", "a/b", true},
        GlobCase{"a", "a/b", false}, GlobCase{"b", "a/b", false},
        GlobCase{"A", "a", false},
        // One star: inside a component.
        GlobCase{"*", "abc", true}, GlobCase{"*", "", true},
        GlobCase{"*", "a/b", false}, GlobCase{"*.env", ".env", true},
        GlobCase{"*.env", "prod.env", true}, GlobCase{"*.env", "a/.env", false},
        GlobCase{"a*c", "abbc", true}, GlobCase{"a*c", "abbcd", false},
        GlobCase{"a*b*c", "aXbXbXc", true}, GlobCase{"src/*/x", "src/x", false},
        GlobCase{"src/*/x", "src/a/x", true},
        GlobCase{"src/*/x", "src/a/b/x", false},
        // The stars of a run inside a component count as one.
        GlobCase{"a**b", "aXXb", true}, GlobCase{"a**b", "aX/Xb", false},
        GlobCase{"a**", "a/b", false},
        // Two stars as a component.
        GlobCase{"**", "", true}, GlobCase{"**", "a/b/c", true},
        GlobCase{"**/c", "c", true}, GlobCase{"**/c", "a/b/c", true},
        GlobCase{"**/c", "a/bc", false}, GlobCase{"a/**", "a/b/c", true},
        GlobCase{"a/**", "a", true}, GlobCase{"a/**", "ab", false},
        GlobCase{"a/**/z", "a/z", true}, GlobCase{"a/**/z", "a/b/c/z", true},
        GlobCase{"a/**/z", "a/b/z/c", false},
        GlobCase{"**/a/**/b", "x/a/y/a/z/b", true},
        GlobCase{"**/test/**", "src/test", true},
        // A question mark: one byte, no slash.
        GlobCase{"a?c", "abc", true}, GlobCase{"a?c", "ac", false},
        GlobCase{"a?c", "a/c", false}, GlobCase{"??", "a", false},
        // Classes.
        GlobCase{"[a-c]x", "bx", true}, GlobCase{"[a-c]x", "dx", false},
        GlobCase{"[!a-c]x", "dx", true}, GlobCase{"[^a-c]x", "ax", false},
        GlobCase{"[]]", "]", true}, GlobCase{"[]a]", "a", true},
        GlobCase{"[a-]", "-", true}, GlobCase{"[\\]]", "]", true},
        GlobCase{"[*]", "*", true}, GlobCase{"[*]", "a", false},
        GlobCase{"[!x]", "/", false}, GlobCase{"[ab", "[ab", true},
        GlobCase{"[ab", "a", false}, GlobCase{"[\x80-\xff]", "\xC3", true},
        // A backslash.
        GlobCase{"\\*", "*", true}, GlobCase{"\\*", "a", false},
        GlobCase{"\\?", "?", true}, GlobCase{"\\[a]", "[a]", true},
        GlobCase{"a\\bc", "abc", true}, GlobCase{"a\\\\b", "a\\b", true},
        GlobCase{"\\*\\*", "a", false}));

TEST_P(GlobMatchOf, Case) {
  const GlobCase& c = GetParam();
  EXPECT_EQ(GlobMatch(c.pattern, c.path), c.matches);
}

TEST(GlobMatch, AClassMayReachBeyondAscii) {
  EXPECT_TRUE(GlobMatch("[a-\xff]", "\xC3"));
  EXPECT_FALSE(GlobMatch("[!a-\xff]", "\xC3"));
}

TEST(GlobMatch, ABackslashTakesASlashToo) {
  EXPECT_TRUE(GlobMatch("a\\/b", "a/b"));
}

TEST(GlobMatch, ManyStarsAreNotExponential) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "*a";
  EXPECT_FALSE(GlobMatch(pattern + "b", std::string(4000, 'a')));
  std::string deep;
  std::string path;
  for (int i = 0; i < 40; ++i) deep += "**/a/";
  for (int i = 0; i < 2000; ++i) path += "a/";
  EXPECT_FALSE(GlobMatch(deep + "b", path + "c"));
}

TEST(BeginsCharacter, AllButTheBytesBehindAFirstOne) {
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(BeginsCharacter(static_cast<char>(i)), i < 0x80 || i >= 0xC0);
  }
}

TEST(IsOneOf, WholeWordsAlone) {
  EXPECT_TRUE(IsOneOf("b", {"a", "b"}));
  EXPECT_FALSE(IsOneOf("B", {"a", "b"}));
  EXPECT_FALSE(IsOneOf("", {"a"}));
  EXPECT_FALSE(IsOneOf("a", {"ab", "ba"}));
  const std::vector<std::string> words = {"a", "b"};
  EXPECT_TRUE(IsOneOf("b", words));
  EXPECT_FALSE(IsOneOf("ab", words));
}

using Parts = std::vector<std::string_view>;

TEST(SplitText, EveryPart) {
  EXPECT_EQ(SplitText("a; b;c", "; "), (Parts{"a", "b;c"}));
  EXPECT_EQ(SplitText("a", "; "), (Parts{"a"}));
  EXPECT_EQ(SplitText("", "/"), (Parts{""}));
  EXPECT_EQ(SplitText("/a//b/", "/"), (Parts{"", "a", "", "b", ""}));
  EXPECT_EQ(SplitText("aaa", "aa"), (Parts{"", "a"}));
}

using Words = std::vector<std::string>;

TEST(WordsOf, PartsOfAName) {
  EXPECT_EQ(WordsOf("createIssue_v2"), (Words{"create", "issue", "v2"}));
  EXPECT_EQ(WordsOf("x-apiKey"), (Words{"x", "api", "key"}));
  EXPECT_EQ(WordsOf("oauth2Bearer"), (Words{"oauth2", "bearer"}));
  EXPECT_EQ(WordsOf("EXA_API_KEY"), (Words{"exa", "api", "key"}));
  EXPECT_EQ(WordsOf("APIKey2"), (Words{"apikey2"}));
  EXPECT_EQ(WordsOf("a.B"), (Words{"a", "b"}));
  EXPECT_EQ(WordsOf("\xC3\xA4"
                    "b C"),
            (Words{"b", "c"}));
}

TEST(WordsOf, NoWords) {
  EXPECT_EQ(WordsOf(""), Words{});
  EXPECT_EQ(WordsOf("--_"), Words{});
}

TEST(DecodePercent, TwoHexadecimalDigits) {
  EXPECT_EQ(DecodePercent("a%2Fb%3a%C3%A4"), "a/b:\xC3\xA4");
  EXPECT_EQ(DecodePercent("%41"), "A");
  EXPECT_EQ(DecodePercent("%2541"), "%41");
}

TEST(DecodePercent, OtherPercentSignsStay) {
  for (const std::string text : {"", "%", "%4", "a%", "%4g", "%g4", "% 41"}) {
    EXPECT_EQ(DecodePercent(text), text);
  }
  EXPECT_EQ(DecodePercent("%%41"), "%A");
}

TEST(EditDistance, BytesPutInTakenOutAndExchanged) {
  EXPECT_EQ(EditDistance("", "", 3), 0U);
  EXPECT_EQ(EditDistance("abc", "abc", 0), 0U);
  EXPECT_EQ(EditDistance("abc", "abd", 3), 1U);
  EXPECT_EQ(EditDistance("abc", "ac", 3), 1U);
  EXPECT_EQ(EditDistance("ac", "abc", 3), 1U);
  EXPECT_EQ(EditDistance("abc", "acb", 3), 2U);
  EXPECT_EQ(EditDistance("a", "A", 3), 1U);
  EXPECT_EQ(EditDistance("kitten", "sitting", 3), 3U);
}

TEST(EditDistance, NoMoreThanOneBeyondTheMost) {
  EXPECT_EQ(EditDistance("kitten", "sitting", 2), 3U);
  EXPECT_EQ(EditDistance("kitten", "sitting", 0), 1U);
  EXPECT_EQ(EditDistance("", "abcd", 2), 3U);
  EXPECT_EQ(EditDistance("abcd", "", 4), 4U);
  EXPECT_EQ(EditDistance("abcd", "wxyz", 1), 2U);
}

TEST(Nearest, FindsATypo) {
  const std::vector<std::string_view> fields = {"rule", "path", "fingerprint",
                                                "reason"};
  EXPECT_EQ(Nearest("reson", fields), "reason");
  EXPECT_EQ(Nearest("paht", fields), "path");
  EXPECT_EQ(Nearest("fingerprnit", fields), "fingerprint");
}

TEST(Nearest, IgnoresCase) {
  EXPECT_EQ(Nearest("REASON", {"rule", "reason"}), "reason");
}

TEST(Nearest, NothingWhenNothingIsNear) {
  EXPECT_EQ(Nearest("colour", {"rule", "path", "reason"}), "");
  EXPECT_EQ(Nearest("rule", {}), "");
  EXPECT_EQ(Nearest("", {"rule"}), "");
}

TEST(Nearest, TheNearerWinsAndTheFirstOfTwoAlike) {
  EXPECT_EQ(Nearest("shapes", {"shake", "shape"}), "shape");
  EXPECT_EQ(Nearest("bat", {"cat", "hat"}), "cat");
}

TEST(WithThousands, Groups) {
  EXPECT_EQ(WithThousands(0), "0");
  EXPECT_EQ(WithThousands(999), "999");
  EXPECT_EQ(WithThousands(1000), "1,000");
  EXPECT_EQ(WithThousands(12345), "12,345");
  EXPECT_EQ(WithThousands(123456), "123,456");
  EXPECT_EQ(WithThousands(1234567), "1,234,567");
  EXPECT_EQ(WithThousands(std::numeric_limits<std::uint64_t>::max()),
            "18,446,744,073,709,551,615");
}

TEST(Count, SaysOneOrMany) {
  EXPECT_EQ(Count(0, "file"), "0 files");
  EXPECT_EQ(Count(1, "file"), "1 file");
  EXPECT_EQ(Count(2, "file"), "2 files");
  EXPECT_EQ(Count(4321, "byte"), "4,321 bytes");
}

}  // namespace
}  // namespace keytidy
