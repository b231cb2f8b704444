// SPDX-License-Identifier: Apache-2.0
#include "policy/marker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace keytidy::policy {
namespace {

constexpr std::string_view kRule = "kryton-key";
constexpr MarkerOptions kOwn{true, false};
constexpr MarkerOptions kForeign{false, true};
constexpr MarkerOptions kBoth{true, true};
constexpr MarkerOptions kNeither{false, false};

MarkerResult Find(std::string_view line, std::string_view above = "",
                  const MarkerOptions& options = kOwn) {
  return FindMarker(line, above, kRule, options);
}

// What a marker of ours on the key's line comes to: the reason, the note after
// "note: ", or nothing.
std::string Said(const MarkerResult& result) {
  if (result.allowed && result.note) return "both";
  if (result.allowed) return *result.allowed;
  return result.note ? "note: " + *result.note : "";
}

TEST(OwnMarker, WithRuleAndReason) {
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key made up")),
            "keytidy:allow kryton-key: made up");
}

TEST(OwnMarker, ForAnyRule) {
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow * made up")),
            "keytidy:allow *: made up");
}

TEST(OwnMarker, ForAnotherRule) {
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow acme-key made up")), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton made up")), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key-2 made up")), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow Kryton-Key made up")), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-* made up")), "");
}

TEST(OwnMarker, WithoutAReason) {
  const std::string note =
      "note: keytidy:allow kryton-key gives no reason, so it does not count";
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key")), note);
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key  \t\r")), note);
  EXPECT_EQ(Said(Find("t = K  /* keytidy:allow kryton-key */")), note);
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow *")),
            "note: keytidy:allow * gives no reason, so it does not count");
}

TEST(OwnMarker, WithoutARule) {
  const std::string note =
      "note: keytidy:allow names no rule, so it does not count";
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow")), note);
  EXPECT_EQ(Said(Find("<a/> <!-- keytidy:allow -->")), note);
}

TEST(OwnMarker, OfAnotherRuleWithoutAReasonIsNotOurs) {
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow acme-key")), "");
}

TEST(OwnMarker, WhatClosesTheCommentIsNoReason) {
  EXPECT_EQ(Said(Find("t = K;  /* keytidy:allow kryton-key made up */ u = 1")),
            "keytidy:allow kryton-key: made up");
  EXPECT_EQ(Said(Find("<t>K</t> <!-- keytidy:allow kryton-key made up -->")),
            "keytidy:allow kryton-key: made up");
}

TEST(OwnMarker, BlanksOfAnyKind) {
  EXPECT_EQ(Said(Find("t=K #keytidy:allow\tkryton-key \t made  up \t\r")),
            "keytidy:allow kryton-key: made  up");
}

TEST(OwnMarker, SeveralOnALine) {
  EXPECT_EQ(Said(Find("t = K  /* keytidy:allow acme-key one */ "
                      "/* keytidy:allow kryton-key two */")),
            "keytidy:allow kryton-key: two");
  EXPECT_EQ(Said(Find("t = K  /* keytidy:allow */ "
                      "/* keytidy:allow kryton-key two */")),
            "keytidy:allow kryton-key: two");
  EXPECT_EQ(Said(Find("t = K  /* keytidy:allow kryton-key one */ "
                      "/* keytidy:allow * two */")),
            "keytidy:allow kryton-key: one");
}

TEST(OwnMarker, OnAnyLineOfTheKey) {
  EXPECT_EQ(
      Said(Find("begin  # keytidy:allow kryton-key made up\nmiddle\nend")),
      "keytidy:allow kryton-key: made up");
  EXPECT_EQ(
      Said(Find("begin\nmiddle\nend  # keytidy:allow kryton-key made up")),
      "keytidy:allow kryton-key: made up");
}

// The reason ends with the line, and is not what stands on the next.
TEST(OwnMarker, AReasonDoesNotGoOnOnTheNextLine) {
  EXPECT_EQ(Said(Find("begin  # keytidy:allow kryton-key\nend of it")),
            "note: keytidy:allow kryton-key gives no reason, so it does not "
            "count");
}

TEST(OwnMarker, OnTheLineAboveWhereThatIsAComment) {
  for (const std::string above : {"# keytidy:allow kryton-key made up",
                                  "  // keytidy:allow kryton-key made up",
                                  "\t/* keytidy:allow kryton-key made up */",
                                  " * keytidy:allow kryton-key made up",
                                  "-- keytidy:allow kryton-key made up",
                                  "<!-- keytidy:allow kryton-key made up -->",
                                  "; keytidy:allow kryton-key made up",
                                  "% keytidy:allow kryton-key made up"}) {
    EXPECT_EQ(Said(Find("t = K", above)), "keytidy:allow kryton-key: made up")
        << above;
  }
}

TEST(OwnMarker, OnTheLineAboveInJson) {
  EXPECT_EQ(
      Find("\"t\": \"K\"", "  \"//\": \"keytidy:allow kryton-key made up\",")
          .allowed.value_or("")
          .substr(0, 33),
      "keytidy:allow kryton-key: made up");
}

TEST(OwnMarker, OnALineAboveThatIsMoreThanAComment) {
  EXPECT_EQ(Said(Find("t = K", "s = J  # keytidy:allow kryton-key made up")),
            "");
  EXPECT_EQ(Said(Find("t = K", "s = J;  // keytidy:allow kryton-key made up")),
            "");
}

// The marker is for the key it stands beside.
TEST(OwnMarker, OnALineAboveThatBeginsWithAComment) {
  EXPECT_EQ(
      Said(Find("t = K", "/* keytidy:allow kryton-key made up */ s = J;")), "");
  EXPECT_EQ(Said(Find("<t>K</t>",
                      "<!-- keytidy:allow kryton-key made up --> <s>J</s>")),
            "");
}

TEST(OwnMarker, TheKeysOwnLineGoesBeforeTheLineAbove) {
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key one",
                      "# keytidy:allow kryton-key two")),
            "keytidy:allow kryton-key: one");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key",
                      "# keytidy:allow kryton-key two")),
            "keytidy:allow kryton-key: two");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key", "# nothing")),
            "note: keytidy:allow kryton-key gives no reason, so it does not "
            "count");
  EXPECT_EQ(Said(Find("t = K", "# keytidy:allow kryton-key")),
            "note: keytidy:allow kryton-key gives no reason, so it does not "
            "count");
}

TEST(OwnMarker, IsAWordOfItsOwn) {
  EXPECT_EQ(Said(Find("t = K  # keytidy:allowkryton-key made up")), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow-list kryton-key made up")), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy: allow kryton-key made up")), "");
}

TEST(OwnMarker, CanBeTurnedOff) {
  const std::string_view line = "t = K  # keytidy:allow kryton-key made up";
  EXPECT_EQ(Said(Find(line, line, kNeither)), "");
  EXPECT_EQ(Said(Find(line, line, kForeign)), "");
  EXPECT_EQ(Said(Find("t = K  # keytidy:allow kryton-key", "", kForeign)), "");
}

TEST(ForeignMarker, CountsOnlyWhenTurnedOn) {
  for (const std::string_view marker : ForeignMarkers()) {
    const std::string line = "t = K  # " + std::string(marker);
    EXPECT_EQ(Said(Find(line, "", kForeign)), "marked " + std::string(marker));
    EXPECT_EQ(Said(Find(line, "", kBoth)), "marked " + std::string(marker));
    EXPECT_EQ(Said(Find(line, "", kOwn)), "");
    EXPECT_EQ(Said(Find("t = K", "# " + std::string(marker), kForeign)), "");
  }
}

TEST(ForeignMarker, TheOnesThatAreDocumented) {
  const auto& markers = ForeignMarkers();
  for (const std::string_view marker :
       {"gitleaks:allow", "trufflehog:ignore", "pragma: allowlist secret",
        "ggignore", "kingfisher:ignore"}) {
    EXPECT_NE(std::find(markers.begin(), markers.end(), marker), markers.end())
        << marker;
  }
}

TEST(ForeignMarker, TheNextLine) {
  const std::string_view marker = "# pragma: allowlist nextline secret";
  EXPECT_EQ(Said(Find("t = K", marker, kForeign)),
            "marked pragma: allowlist nextline secret");
  EXPECT_EQ(Said(Find("t = K", marker, kOwn)), "");
  // On the key's own line it is about the next.
  EXPECT_EQ(Said(Find(marker, "", kForeign)), "");
  EXPECT_EQ(Said(Find("t = K", "s = J  " + std::string(marker), kForeign)), "");
}

TEST(ForeignMarker, OursGoesFirst) {
  EXPECT_EQ(Said(Find("t = K  # gitleaks:allow keytidy:allow kryton-key why",
                      "", kBoth)),
            "keytidy:allow kryton-key: why");
}

TEST(ForeignMarker, LetsPassWhereOursDoesNotCount) {
  const MarkerResult result =
      Find("t = K  # keytidy:allow kryton-key\n# nosec", "", kBoth);
  EXPECT_EQ(result.allowed, "marked nosec");
}

TEST(NoMarker, OnOrdinaryLines) {
  EXPECT_EQ(Said(Find("t = K", "# a comment", kBoth)), "");
  EXPECT_EQ(Said(Find("", "", kBoth)), "");
}

}  // namespace
}  // namespace keytidy::policy
