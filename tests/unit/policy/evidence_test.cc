// SPDX-License-Identifier: Apache-2.0
#include "policy/evidence.h"

#include <gtest/gtest.h>

#include <vector>

namespace keytidy::policy {
namespace {

using List = std::vector<AgeEvidence>;

TEST(Evidence, WhatTheProviderSaidIsAdded) {
  KeyFacts facts;
  EXPECT_EQ(EvidenceOf(List{{"ulid", 5}}, facts), (List{{"ulid", 5}}));
  facts.created = 7;
  facts.last_used = 9;
  facts.expires = 11;
  EXPECT_EQ(
      EvidenceOf(List{{"ulid", 5}}, facts),
      (List{{"ulid", 5}, {"provider-created", 7}, {"provider-last-used", 9}}));
}

TEST(Evidence, TheInventorySawItToo) {
  InventoryKey key;
  key.evidence = {{"ulid", 5}};
  EXPECT_EQ(EvidenceOf(key), (List{{"ulid", 5}}));
  key.first_seen = 6;
  key.verdict.facts.created = 7;
  EXPECT_EQ(EvidenceOf(key), (List{{"ulid", 5},
                                   {"provider-created", 7},
                                   {"inventory-first-seen", 6}}));
}

}  // namespace
}  // namespace keytidy::policy
