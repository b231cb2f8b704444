// SPDX-License-Identifier: Apache-2.0
#include "policy/check_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace keytidy::policy {
namespace {

TEST(CheckTable, TheDocumentationListsEveryCheck) {
  std::ifstream file(KEYTIDY_SOURCE_DIR "/docs/policy.md");
  const std::string page((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  std::string last;
  for (const PolicyCheckInfo& check : PolicyChecks()) {
    EXPECT_LT(last, check.id);
    last = check.id;
    const std::string row = "| `" + std::string(check.id) + "` | " +
                            std::string(Name(check.broken)) + " | ";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace keytidy::policy
