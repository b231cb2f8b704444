// SPDX-License-Identifier: Apache-2.0
#include "audit/check_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace keytidy::audit {
namespace {

std::vector<std::string> RowsOfTheDocument() {
  std::ifstream in(std::string(KEYTIDY_SOURCE_DIR) + "/docs/audit.md");
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| `") &&
        std::count(line.begin(), line.end(), '|') == 5) {
      out.push_back(line);
    }
  }
  return out;
}

TEST(Checks, StandInTheOrderOfTheirIds) {
  std::string last;
  for (const CheckInfo& check : Checks()) {
    EXPECT_LT(last, check.id);
    last = check.id;
    EXPECT_EQ(&CheckOf(check.id), &check);
  }
}

TEST(Checks, SayWhatTheyAre) {
  for (const CheckInfo& check : Checks()) {
    EXPECT_FALSE(check.title.empty()) << check.id;
    EXPECT_FALSE(check.many.empty()) << check.id;
    EXPECT_FALSE(check.references.empty()) << check.id;
    EXPECT_FALSE(check.title.ends_with('.')) << check.id;
  }
}

// docs/audit.md has the same table.
TEST(Checks, AreDocumented) {
  std::vector<std::string> expected;
  for (const CheckInfo& check : Checks()) {
    expected.push_back(fmt::format("| `{}` | {} | {} | {} |", check.id,
                                   Name(check.severity), check.title,
                                   check.references));
  }
  EXPECT_EQ(RowsOfTheDocument(), expected);
}

}  // namespace
}  // namespace keytidy::audit
