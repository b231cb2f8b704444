// SPDX-License-Identifier: Apache-2.0
#include "policy/key_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

TEST(KeyName, NamesThatSayNothing) {
  PolicyKey key = Key();
  for (const char* name :
       {"key1", "Test", "new key", "my-api-token-2", "API_KEY", "default"}) {
    key.name = name;
    EXPECT_EQ(Found({}, key), "NAME-POOR low warn") << name;
  }
  for (const char* name :
       {"cursor", "keyboard", "testing", "kéy", "2026", ""}) {
    key.name = name;
    EXPECT_EQ(Found({}, key), "") << name;
  }
}

TEST(KeyName, NamesAsAskedFor) {
  Policy policy = With(
      [](PolicyRule* rule) { rule->name_pattern = std::string(kNameForm); });
  PolicyKey key = Key();
  for (const char* name : {"cursor-laptop-notes", "claude-mac-mini-read"}) {
    key.name = name;
    EXPECT_EQ(Found(policy, key), "") << name;
  }
  for (const char* name :
       {"cursor", "cursor-laptop", "cursor--notes", "-cursor-laptop",
        "cursor-laptop-", "my-api-key", "key1"}) {
    key.name = name;
    EXPECT_EQ(Found(policy, key), "NAME-POOR medium fail") << name;
  }
  policy.allowed_labels = {"key?"};
  EXPECT_EQ(Found(policy, key), "");
  key.name.clear();
  EXPECT_EQ(Found(policy, key), "NAME-POOR low warn");
  policy.rules[0].name_pattern = "team-*";
  key.name = "team-a";
  EXPECT_EQ(Found(policy, key), "");
  key.name = "a-team";
  EXPECT_EQ(Found(policy, key), "NAME-POOR medium fail");
}

}  // namespace
}  // namespace keytidy::policy
