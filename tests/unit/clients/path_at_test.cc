// SPDX-License-Identifier: Apache-2.0
#include "clients/path_at.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "unit/clients/scene.h"

namespace keytidy::clients {
namespace {

// Of the first `what` in the file.
std::string At(FileFormat format, const std::string& text,
               std::string_view what) {
  const config::Document document = Parsed(format, text);
  const std::size_t start = text.find(what);
  EXPECT_NE(start, std::string::npos) << what;
  return PathIndex(document.root).PathAt({start, start + what.size()});
}
std::string At(const std::string& text, std::string_view what) {
  return At(FileFormat::kJson, text, what);
}

TEST(PathIndex, NamesOfTables) {
  const std::string text =
      R"({"accounts": {"default": {"access": "k1", "id": "x k2 y"}}})";
  EXPECT_EQ(At(text, "k1"), "accounts.default.access");
  EXPECT_EQ(At(text, "k2"), "accounts.default.id");
  EXPECT_EQ(At(text, "x k2 y"), "accounts.default.id");
  EXPECT_EQ(At(R"({"key": "k1"})", "k1"), "key");
}

TEST(PathIndex, Arrays) {
  const std::string text =
      R"({"keys": ["k0", "k1"], "all": [{"a": "k2"}, [["k3", "k4"]]]})";
  EXPECT_EQ(At(text, "k0"), "keys[0]");
  EXPECT_EQ(At(text, "k1"), "keys[1]");
  EXPECT_EQ(At(text, "k2"), "all[0].a");
  EXPECT_EQ(At(text, "k3"), "all[1][0][0]");
  EXPECT_EQ(At(text, "k4"), "all[1][0][1]");
  EXPECT_EQ(At(R"(["k0", {"a": "k1"}])", "k0"), "[0]");
  EXPECT_EQ(At(R"(["k0", {"a": "k1"}])", "k1"), "[1].a");
}

TEST(PathIndex, NamesWithSigns) {
  EXPECT_EQ(At(R"({"amp.url": {"[0]": "k1", "x": "k2"}})", "k2"), "amp.url.x");
}

TEST(PathIndex, WhatNoScalarHolds) {
  const std::string text = R"({"a": "k1", "b": "k2", "c": {}, "d": []})";
  EXPECT_EQ(At(text, "\"a\""), "");
  EXPECT_EQ(At(text, "k1\", \"b\": \"k2"), "");
  EXPECT_EQ(At(text, text), "");
  const config::Node empty;
  EXPECT_EQ(PathIndex(empty).PathAt({0, 1}), "");
}

// Tables and arrays that are empty are no scalars.
TEST(PathIndex, EmptyTablesAndArrays) {
  EXPECT_EQ(At(R"({"a": { /* k1 */ }, "b": [ /* k2 */ ]})", "k1"), "");
  EXPECT_EQ(At(R"({"a": { /* k1 */ }, "b": [ /* k2 */ ]})", "k2"), "");
}

TEST(PathIndex, OtherFormats) {
  const std::string yaml = "a:\n  - b: k1\n  - c: 'k2'\nd: k3\n";
  EXPECT_EQ(At(FileFormat::kYaml, yaml, "k1"), "a[0].b");
  EXPECT_EQ(At(FileFormat::kYaml, yaml, "k2"), "a[1].c");
  EXPECT_EQ(At(FileFormat::kYaml, yaml, "k3"), "d");
  const std::string toml = "[a.b]\nc = \"k1\"\n[[d]]\ne = \"k2\"\n";
  EXPECT_EQ(At(FileFormat::kToml, toml, "k1"), "a.b.c");
  EXPECT_EQ(At(FileFormat::kToml, toml, "k2"), "d[0].e");
  EXPECT_EQ(At(FileFormat::kIni, "[a]\nb = k1\n", "k1"), "a.b");
  EXPECT_EQ(At(FileFormat::kDotenv, "A=x\nexport B=\"k1\"\n", "k1"), "B");
}

TEST(PathIndex, SeveralOfOneTree) {
  const config::Document document =
      Json(R"({"a": "k1", "b": ["k2", {"c": "k3"}]})");
  const PathIndex index(document.root);
  const auto at = [&](std::string_view what) {
    const std::size_t start = document.text.find(what);
    return index.PathAt({start, start + what.size()});
  };
  EXPECT_EQ(at("k3"), "b[1].c");
  EXPECT_EQ(at("k1"), "a");
  EXPECT_EQ(at("k2"), "b[0]");
}

TEST(PathIndex, WhatAnAliasRepeatsHasItsFirstName) {
  EXPECT_EQ(At(FileFormat::kYaml, "a: &x k1\nb: *x\n", "k1"), "a");
}

TEST(PathIndex, NumbersAndOtherScalars) {
  EXPECT_EQ(At(R"({"a": {"b": 1234567890}})", "1234567890"), "a.b");
  EXPECT_EQ(At(R"({"a": [true, false]})", "false"), "a[1]");
}

}  // namespace
}  // namespace keytidy::clients
