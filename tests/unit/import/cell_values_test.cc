// SPDX-License-Identifier: Apache-2.0
#include "import/cell_values.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "import/column_names.h"

namespace keytidy::imports {
namespace {

using Texts = std::vector<std::string>;

// "first:abc last:def", "whole" or "".
std::string Shown(std::string_view cell, Side side = Side::kEither) {
  const ShownKey shown = ShownIn(cell, side);
  if (shown.whole) return "whole";
  std::string out;
  for (const RowHint& hint : shown.hints) {
    out += out.empty() ? "" : " ";
    out += hint.side == Side::kFirst  ? "first:"
           : hint.side == Side::kLast ? "last:"
                                      : "either:";
    out += hint.text;
  }
  return out;
}

TEST(ShownIn, FormsThatProvidersShow) {
  EXPECT_EQ(Shown("****ab12"), "last:ab12");
  EXPECT_EQ(Shown("...ab12cd34"), "last:ab12cd34");
  EXPECT_EQ(Shown("\xE2\x80\xA6"
                  "ab12cd34"),
            "last:ab12cd34");
  EXPECT_EQ(Shown("sk_live_...ab12cd34"), "first:sk_live_ last:ab12cd34");
  EXPECT_EQ(Shown("kryton_821cc659"), "either:kryton_821cc659");
  EXPECT_EQ(Shown("kmcp_abcd\xE2\x80\xA6wxyz"), "first:kmcp_abcd last:wxyz");
  EXPECT_EQ(Shown("\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2 wxyz"),
            "last:wxyz");
  EXPECT_EQ(Shown("kmcp_abcd..."), "first:kmcp_abcd");
  EXPECT_EQ(Shown("ab**-****-****-wxyz"), "first:ab last:-wxyz");
  EXPECT_EQ(Shown("  ****ab12\n"), "last:ab12");
}

TEST(ShownIn, WithoutAMaskTheColumnSaysWhichEnd) {
  EXPECT_EQ(Shown("ab12", Side::kLast), "last:ab12");
  EXPECT_EQ(Shown("kmcp_abcd", Side::kFirst), "first:kmcp_abcd");
  EXPECT_EQ(Shown("...ab12", Side::kFirst), "last:ab12");
}

TEST(ShownIn, Nothing) {
  EXPECT_EQ(Shown(""), "");
  EXPECT_EQ(Shown("********"), "");
  EXPECT_EQ(Shown("..."), "");
  EXPECT_EQ(Shown("b\xC3\xBCro"), "");
  EXPECT_EQ(Shown("two words"), "");
}

TEST(ShownIn, WhatIsLongerThanAHint) {
  EXPECT_EQ(Shown(std::string(24, 'a')), "either:" + std::string(24, 'a'));
  EXPECT_EQ(Shown(std::string(25, 'a')), "whole");
  EXPECT_EQ(Shown(std::string(30, 'a') + "..." + std::string(30, 'b')),
            "first:" + std::string(24, 'a') + " last:" + std::string(24, 'b'));
  EXPECT_EQ(Shown("one.dot.is.no.mask.in.a.key"), "whole");
}

TEST(TimeIn, WhatExportsWrite) {
  EXPECT_EQ(TimeIn("2026-03-31"), 1774915200);
  EXPECT_EQ(TimeIn(" 2026-03-31T10:00:00Z "), 1774951200);
  EXPECT_EQ(TimeIn("2026-03-31T10:00:00.123Z"), 1774951200);
  EXPECT_EQ(TimeIn("2026-03-31T10:00:00"), 1774951200);
  EXPECT_EQ(TimeIn("2026-03-31 10:00:00"), 1774951200);
  EXPECT_EQ(TimeIn("2026-03-31 10:00:00 UTC"), 1774951200);
  EXPECT_EQ(TimeIn("2026-03-31T12:00:00+02:00"), 1774951200);
  EXPECT_EQ(TimeIn("2026-03-31T10:00"), 1774951200);
  EXPECT_EQ(TimeIn("1774951200"), 1774951200);
  EXPECT_EQ(TimeIn("1774951200123"), 1774951200);
}

TEST(TimeIn, WhatIsNoTime) {
  for (const std::string_view text :
       {"", "yesterday", "03/31/2026", "31.03.2026", "2026-02-30", "2026",
        "20260331", "2026-03-31T25:00:00Z", "-1", "1e9", "2026-03-31x",
        "99999999999999999999", "Mar 31, 2026", "2 days ago"}) {
    EXPECT_EQ(TimeIn(text), std::nullopt) << text;
  }
}

TEST(CellValues, Never) {
  for (const std::string_view text :
       {"Never", "never expires", "No expiration", "no-expiry", "NEVER",
        "Does not expire", "Unlimited"}) {
    EXPECT_TRUE(MeansNever(text)) << text;
    EXPECT_FALSE(TellsNothing(text)) << text;
  }
  for (const std::string_view text : {"", "none", "2026-03-31", "soon"}) {
    EXPECT_FALSE(MeansNever(text)) << text;
  }
}

TEST(CellValues, Nothing) {
  for (const std::string_view text :
       {"", " ", "-", "--", "\xE2\x80\x94", "N/A", "n/a", "None", "null",
        "not used", "no_information", "()"}) {
    EXPECT_TRUE(TellsNothing(text)) << text;
  }
  for (const std::string_view text : {"x", "0", "never", "\xC3\xBC"}) {
    EXPECT_FALSE(TellsNothing(text)) << text;
  }
}

TEST(CellValues, States) {
  EXPECT_EQ(StateIn("Active", false), RowState::kInUse);
  EXPECT_EQ(StateIn("true", false), RowState::kInUse);
  EXPECT_EQ(StateIn("Revoked", false), RowState::kOutOfUse);
  EXPECT_EQ(StateIn("false", true), RowState::kInUse);
  EXPECT_EQ(StateIn("true", true), RowState::kOutOfUse);
  EXPECT_EQ(StateIn("pending", false), RowState::kNotTold);
  EXPECT_EQ(StateIn("", true), RowState::kNotTold);
}

TEST(CellValues, Scopes) {
  EXPECT_EQ(ScopesIn("read write"), (Texts{"read", "write"}));
  EXPECT_EQ(ScopesIn("repo, read:org"), (Texts{"repo", "read:org"}));
  EXPECT_EQ(ScopesIn("Full access; Reports"),
            (Texts{"Full access", "Reports"}));
  EXPECT_EQ(ScopesIn(""), Texts{});
  EXPECT_EQ(ScopesIn(",,"), Texts{});
  EXPECT_EQ(ScopesIn(std::string(1000, ',') + "a"), Texts{"a"});
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "s,";
  EXPECT_EQ(ScopesIn(many).size(), 100u);
}

TEST(CellValues, Texts) {
  EXPECT_EQ(CleanText(" a\tb\x01 "), "a b");
  EXPECT_EQ(CleanText("\xFF"), "\xEF\xBF\xBD");
  EXPECT_EQ(CleanText(std::string(1000, 'x')).size(), 256u);
  std::string wide;
  for (int i = 0; i < 500; ++i) wide += "\xC3\xBC";
  EXPECT_EQ(CleanText("x" + wide).size(), 255u);
}

TEST(ColumnNamed, WhateverCaseAndPunctuation) {
  for (const std::string_view name :
       {"Created At", "created_at", "createdAt", "CreateDate", "CREATED",
        "Created (UTC)", "creation-date"}) {
    const auto column = ColumnNamed(name);
    ASSERT_TRUE(column) << name;
    EXPECT_EQ(column->field, Field::kCreated) << name;
  }
  EXPECT_EQ(ColumnNamed("Valid until")->field, Field::kExpires);
  EXPECT_EQ(ColumnNamed("AccessKeyId")->field, Field::kKeyId);
  EXPECT_EQ(ColumnNamed("token_last_eight")->side, Side::kLast);
  EXPECT_EQ(ColumnNamed("keyPrefix")->side, Side::kFirst);
  EXPECT_EQ(ColumnNamed("accessToken")->side, Side::kEither);
  EXPECT_TRUE(ColumnNamed("Revoked")->inverted);
  EXPECT_FALSE(ColumnNamed("Favourite colour"));
  EXPECT_FALSE(ColumnNamed(""));
  EXPECT_FALSE(ColumnNamed("UTC"));
  EXPECT_FALSE(ColumnNamed(std::string(100'000, 'a')));
}

TEST(ColumnForField, AsPeopleNameThem) {
  for (const std::string_view name :
       {"hint", "first", "last", "id", "name", "owner", "account", "scopes",
        "created", "expires", "last-used", "status", "provider"}) {
    EXPECT_TRUE(ColumnForField(name)) << name;
  }
  EXPECT_EQ(ColumnForField("Last_Used")->field, Field::kLastUsed);
  EXPECT_EQ(ColumnForField("first")->side, Side::kFirst);
  EXPECT_FALSE(ColumnForField("key"));
}

}  // namespace
}  // namespace keytidy::imports
