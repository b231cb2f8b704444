// SPDX-License-Identifier: Apache-2.0
#include "policy/reuse_book.h"

#include <gtest/gtest.h>

#include <vector>

#include "unit/policy/policy_scene.h"

namespace keytidy::policy {
namespace {

TEST(ReuseBook, OneKeyForEachClientAndEnvironment) {
  const Policy policy = With([](PolicyRule* rule) {
    rule->one_per_client = true;
    rule->one_per_environment = true;
  });
  PolicyKey key = Key();
  key.environment = "dev";
  key.places = {At("b", "zed"), At("a", "cursor"), At("c", "cursor")};
  EXPECT_EQ(Found({}, key), "");
  EXPECT_EQ(Found(policy, key), "KEY-REUSE-CLIENT high fail");
  EXPECT_EQ(Message(policy, key),
            "The key cursor-laptop-notes (demo…1234) is shared by 2 programs: "
            "cursor, zed.");
  key.places.pop_back();
  key.places.front() = At("d", "cursor");
  EXPECT_EQ(Found(policy, key), "");
  key.places[0].environment = "prod";
  EXPECT_EQ(Found(policy, key), "KEY-REUSE-ENV critical fail");
}

TEST(ReuseBook, EntriesWithOneIdAreOneKey) {
  const Policy policy =
      With([](PolicyRule* rule) { rule->one_per_client = true; });
  PolicyKey one = Key();
  one.places = {At("a", "cursor")};
  PolicyKey two = Key();
  two.places = {At("a", "zed")};
  // Once for each client at a place, and once where the place is the same.
  EXPECT_EQ(Found(policy, std::vector{one, two}),
            "KEY-REUSE-CLIENT high fail; "
            "KEY-REUSE-CLIENT high fail");
  two.places = {At("a", "cursor"), At("b", "zed")};
  EXPECT_EQ(Found(policy, std::vector{one, two}), "KEY-REUSE-CLIENT high fail");
  one.id = two.id = "";
  two.places = {At("b", "zed")};
  EXPECT_EQ(Found(policy, std::vector{one, two}), "");
}

}  // namespace
}  // namespace keytidy::policy
