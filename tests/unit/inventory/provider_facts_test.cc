// SPDX-License-Identifier: Apache-2.0
//
// Keys found by what a provider says of them, and what it says kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/inventory/provider_scene.h"

namespace keytidy::inventory {
namespace {

TEST(ProviderFacts, KeysAreFoundByHint) {
  const TempDir dir;
  ExpectHintsToWork(*Opened(dir / "inventory.db"));
}

TEST(ProviderFacts, KeysAreFoundByTheirNameThere) {
  const TempDir dir;
  ExpectKeyIdsToWork(*Opened(dir / "inventory.db"));
}

TEST(ProviderFacts, WhatIsSetReplacesTheRestStays) {
  const TempDir dir;
  ExpectFactsToWork(*Opened(dir / "inventory.db"));
}

TEST(ProviderFacts, NothingInClearBecomesAHint) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  SeenKey key = KeyOf(1);
  key.hints = {FingerprintOf(7), "kryton_ab"};
  EXPECT_EQ(inventory->Record(RunAt(kNow), {&key, 1}).error().code,
            ErrorCode::kInternal);
  EXPECT_TRUE(Listed(*inventory).empty());
}

TEST(ProviderFacts, FactsNeedAKnownKey) {
  const TempDir dir;
  const auto inventory = Opened(dir / "inventory.db");
  Recorded(*inventory, RunAt(kNow), {KeyOf(1)});
  EXPECT_EQ(inventory->AddFacts(FingerprintOf(2), {}, kNow).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(inventory->AddFacts("", {}, kNow).error().code,
            ErrorCode::kInternal);
}

}  // namespace
}  // namespace keytidy::inventory
