// SPDX-License-Identifier: Apache-2.0
#include "import/match_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::imports {
namespace {

using Texts = std::vector<std::string>;

// An inventory in memory, with the hints that inventory/hints.h keeps.
class Keys {
 public:
  // `prefix`: how much all keys of the kind have in common.
  Keys& Add(std::string_view id, std::string_view key, std::uint32_t prefix,
            std::string_view provider = "acme", std::string_view key_id = "") {
    const std::string fingerprint = "fp:" + std::string(key);
    keys_[fingerprint] = {fingerprint, std::string(id),       "",
                          "",          std::string(provider), prefix};
    const auto hint = [&](Side side, std::string_view text) {
      hints_[{std::string(provider), side, std::string(text)}].insert(
          fingerprint);
    };
    hint(Side::kLast, key.substr(key.size() - 4));
    hint(Side::kLast, key.substr(key.size() - 8));
    for (const std::size_t size : {8u, prefix + 4, prefix + 8}) {
      if (size > prefix) hint(Side::kFirst, key.substr(0, size));
    }
    if (!key_id.empty()) {
      ids_[{std::string(provider), std::string(key_id)}].insert(fingerprint);
    }
    return *this;
  }

  KeyIndex Index() const {
    KeyIndex out;
    out.with_hint = [this](std::string_view provider, Side side,
                           std::string_view text) {
      return List(hints_,
                  std::tuple(std::string(provider), side, std::string(text)));
    };
    out.with_key_id = [this](std::string_view provider,
                             std::string_view key_id) {
      return List(ids_, std::pair(std::string(provider), std::string(key_id)));
    };
    out.find =
        [this](
            std::string_view fingerprint) -> Result<std::optional<IndexedKey>> {
      const auto found = keys_.find(std::string(fingerprint));
      if (found == keys_.end()) return std::nullopt;
      return found->second;
    };
    out.known_prefixes = [this](std::string_view provider) {
      std::vector<std::uint32_t> prefixes;
      for (const auto& [fingerprint, key] : keys_) {
        if (key.provider == provider) prefixes.push_back(key.known_prefix);
      }
      return prefixes;
    };
    return out;
  }

  // "kt-1", "-", "?kt-1,kt-2", with "(why)" behind.
  Texts Match(const std::vector<ProviderRow>& rows) const {
    const auto matches = MatchRows(rows, Index());
    if (!matches) return {matches.error().message};
    Texts out;
    for (const RowMatch& match : *matches) {
      std::string one = match.kind == RowMatch::Kind::kUnmatched   ? "-"
                        : match.kind == RowMatch::Kind::kAmbiguous ? "?"
                                                                   : "";
      for (std::size_t i = 0; i < match.keys.size(); ++i) {
        one += (i == 0 ? "" : ",") + match.keys[i].id;
      }
      if (!match.why.empty()) one += " (" + match.why + ")";
      out.push_back(one);
    }
    return out;
  }

 private:
  template <class Map, class Key>
  static Result<Texts> List(const Map& map, const Key& key) {
    const auto found = map.find(key);
    if (found == map.end()) return Texts();
    return Texts(found->second.begin(), found->second.end());
  }

  std::map<std::string, IndexedKey> keys_;
  std::map<std::tuple<std::string, Side, std::string>, std::set<std::string>>
      hints_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> ids_;
};

ProviderRow Row(std::vector<RowHint> hints, std::string_view name = "") {
  static std::uint64_t number = 0;
  ProviderRow out;
  out.number = ++number;
  out.provider = "acme";
  out.hints = std::move(hints);
  out.facts.name = name;
  return out;
}

ProviderRow WithId(ProviderRow row, std::string_view id) {
  row.facts.key_id = id;
  return row;
}

ProviderRow WithKey(ProviderRow row, std::string_view key) {
  row.fingerprints.push_back("fp:" + std::string(key));
  return row;
}

const std::string kOne = "acme_1111aaaaaaaaaaaaaaaaaaaa11112222";
const std::string kTwo = "acme_1111bbbbbbbbbbbbbbbbbbbb33332222";
const std::string kThree = "acme_3333cccccccccccccccccccc55556666";

Keys ThreeKeys() {
  Keys out;
  out.Add("kt-1", kOne, 5, "acme", "id-1");
  out.Add("kt-2", kTwo, 5).Add("kt-3", kThree, 5);
  return out;
}

TEST(MatchRows, TheLastBytes) {
  const Keys keys = ThreeKeys();
  EXPECT_EQ(
      keys.Match(
          {Row({{Side::kLast, "6666"}}), Row({{Side::kLast, "55556666"}}),
           Row({{Side::kLast, "c55556666"}}), Row({{Side::kLast, "11112222"}}),
           Row({{Side::kLast, "00006666"}}), Row({{Side::kLast, "7777"}})}),
      (Texts{"kt-3", "kt-3", "kt-3", "kt-1", "-", "-"}));
  EXPECT_EQ(keys.Match({Row({{Side::kLast, "2222"}})}), Texts{"?kt-1,kt-2"});
  EXPECT_EQ(keys.Match({Row({{Side::kLast, "666"}})}),
            Texts{"- (the row shows too little of its key)"});
}

TEST(MatchRows, TheFirstBytes) {
  const Keys keys = ThreeKeys();
  EXPECT_EQ(keys.Match({Row({{Side::kFirst, "acme_3333"}}),
                        Row({{Side::kFirst, "acme_3333cccc"}}),
                        Row({{Side::kFirst, "acme_3333ccccccc"}}),
                        Row({{Side::kFirst, "acme_1111bbbb"}})}),
            (Texts{"kt-3", "kt-3", "kt-3", "kt-2"}));
  EXPECT_EQ(keys.Match({Row({{Side::kFirst, "acme_1111"}})}),
            Texts{"?kt-1,kt-2"});
  // What all keys have in common, and one byte more, is no proof; neither is
  // a beginning that goes on otherwise.
  EXPECT_EQ(keys.Match({Row({{Side::kFirst, "acme_"}}),
                        Row({{Side::kFirst, "acme_333"}}),
                        Row({{Side::kFirst, "acme_3333xxxx"}})}),
            (Texts{"-", "-", "-"}));
}

TEST(MatchRows, BothEndsFit) {
  const Keys keys = ThreeKeys();
  EXPECT_EQ(
      keys.Match({Row({{Side::kFirst, "acme_1111"}, {Side::kLast, "11112222"}}),
                  Row({{Side::kFirst, "acme_"}, {Side::kLast, "6666"}}),
                  Row({{Side::kFirst, "acme_1111"}, {Side::kLast, "6666"}}),
                  Row({{Side::kFirst, "acme_1111"}, {Side::kLast, "2222"}})}),
      (Texts{"kt-1", "kt-3", "-", "?kt-1,kt-2"}));
}

TEST(MatchRows, AnEndThatIsNotNamed) {
  const Keys keys = ThreeKeys();
  EXPECT_EQ(
      keys.Match(
          {Row({{Side::kEither, "6666"}}), Row({{Side::kEither, "acme_3333"}}),
           Row({{Side::kEither, "acme_"}}), Row({{Side::kEither, "nowhere"}})}),
      (Texts{"kt-3", "kt-3", "-", "-"}));
}

// Eight bytes of which one alone is the key's own prove nothing.
TEST(MatchRows, OneByteOfAKeyIsNoProof) {
  Keys keys;
  keys.Add("kt-1", "kryton_8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 7);
  EXPECT_EQ(keys.Match({Row({{Side::kFirst, "kryton_8"}}),
                        Row({{Side::kFirst, "kryton_821cc659"}}),
                        Row({{Side::kFirst, "kryton_8aaaaaaa"}})}),
            (Texts{"-", "-", "kt-1"}));
}

TEST(MatchRows, OtherProviders) {
  Keys keys;
  keys.Add("kt-1", kOne, 5, "other", "id-1");
  ProviderRow foreign = Row({{Side::kLast, "6666"}});
  foreign.foreign = true;
  EXPECT_EQ(
      keys.Match({Row({{Side::kLast, "11112222"}}), WithId(Row({}), "id-1"),
                  WithKey(Row({}), kOne)}),
      (Texts{"-",
             "- (the row shows nothing of its key but an id, which verifying "
             "a key would tell)",
             "-"}));
  EXPECT_EQ(ThreeKeys().Match({foreign}),
            Texts{"- (it is of another provider)"});
}

TEST(MatchRows, TheKeyItselfAndItsId) {
  const Keys keys = ThreeKeys();
  EXPECT_EQ(keys.Match({WithKey(Row({}), kTwo), WithId(Row({}), "id-1"),
                        WithId(Row({}), "id-2"),
                        WithKey(Row({{Side::kLast, "6666"}}), "unknown")}),
            (Texts{"kt-2", "kt-1",
                   "- (the row shows nothing of its key but an id, which "
                   "verifying a key would tell)",
                   "-"}));
  EXPECT_EQ(keys.Match({WithId(Row({{Side::kLast, "6666"}}), "id-9")}),
            Texts{"kt-3"});
  EXPECT_EQ(keys.Match({Row({})}),
            Texts{"- (the row shows nothing of its key)"});
}

TEST(MatchRows, SeveralRowsOfOneKey) {
  const Keys keys = ThreeKeys();
  const auto named = [&](std::string_view name) {
    return Row({{Side::kLast, "6666"}}, name);
  };
  EXPECT_EQ(keys.Match({named("a"), named("b")}),
            (Texts{"?kt-3 (several rows fit the key)",
                   "?kt-3 (several rows fit the key)"}));
  EXPECT_EQ(keys.Match({named("a"), named("a")}), (Texts{"kt-3", "kt-3"}));
  EXPECT_EQ(
      keys.Match({named("a"), WithKey(Row({}, "b"), kThree)}),
      (Texts{"- (another row is of the key that it looks like)", "kt-3"}));
  EXPECT_EQ(keys.Match(
                {WithKey(Row({}, "a"), kThree), WithKey(Row({}, "b"), kThree)}),
            (Texts{"?kt-3 (several rows fit the key)",
                   "?kt-3 (several rows fit the key)"}));
}

TEST(MatchRows, WhatTheInventorySaysOfErrors) {
  const Keys none;
  KeyIndex index = none.Index();
  index.with_hint = [](std::string_view, Side,
                       std::string_view) -> KeyIndex::Fingerprints {
    return Fail(ErrorCode::kIo, "gone");
  };
  const auto matches = MatchRows({Row({{Side::kLast, "6666"}})}, index);
  ASSERT_FALSE(matches);
  EXPECT_EQ(matches.error().message, "gone");
}

}  // namespace
}  // namespace keytidy::imports
