// SPDX-License-Identifier: Apache-2.0
#include "scan/key_chain.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace keytidy::scan {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kKey = "K-0123456789";
const Texts kNames = {"KRYTON_URL", "KRYTON_SERVER"};

// Where the key stands in `text`.
Span KeyIn(std::string_view text) {
  const std::size_t at = text.find(kKey);
  EXPECT_NE(at, std::string_view::npos);
  return {at, at + kKey.size()};
}

Texts Beside(std::string_view text, const Texts& names = kNames) {
  return BasesBeside(text, KeyIn(text), names);
}

// With the key on the next line.
Texts BesideLine(std::string_view line) {
  return Beside(std::string(line) + "\nKEY=" + std::string(kKey) + "\n");
}

Rule RuleOf(std::string_view id, std::string_view provider) {
  Rule rule;
  rule.id = id;
  rule.provider = provider;
  return rule;
}

void Put(const Rule& rule, const std::string& id, std::string_view text,
         KeyChain* chain) {
  ConfigText config(text);
  chain->Add(rule, id, config, KeyIn(text));
}

TEST(BasesBeside, AssignmentsOfManyKinds) {
  const Texts wanted = {"https://notes.example.com"};
  for (const std::string_view line :
       {"KRYTON_URL=https://notes.example.com",
        "export KRYTON_URL=\"https://notes.example.com\"",
        "KRYTON_URL: https://notes.example.com",
        "\"KRYTON_URL\": \"https://notes.example.com\",",
        "KRYTON_URL := `https://notes.example.com`",
        "set(KRYTON_URL \"https://notes.example.com\")",
        "KRYTON_SERVER\t=\thttps://notes.example.com # ours"}) {
    EXPECT_EQ(BesideLine(line), wanted) << line;
  }
  // Behind a brace is another record.
  EXPECT_EQ(BesideLine("{KRYTON_URL=https://notes.example.com}"), Texts());
}

TEST(BasesBeside, KeepsPortAndPath) {
  EXPECT_EQ(BesideLine("KRYTON_URL=http://127.0.0.1:8080/kryton/"),
            Texts{"http://127.0.0.1:8080/kryton/"});
}

TEST(BasesBeside, OtherVariablesDoNotCount) {
  for (const std::string_view line :
       {"MY_KRYTON_URL=https://notes.example.com",
        "KRYTON_URL_OLD=https://notes.example.com",
        "KRYTON_URLS=https://notes.example.com",
        "kryton_url=https://notes.example.com",
        "1KRYTON_URL=https://notes.example.com",
        "URL=https://notes.example.com", "KRYTON_URL https", "KRYTON_URL",
        "KRYTON_URL=", "KRYTON_URLhttps://notes.example.com"}) {
    EXPECT_EQ(BesideLine(line), Texts()) << line;
  }
}

TEST(BasesBeside, OnlyAddresses) {
  for (const std::string_view line :
       {"KRYTON_URL=notes.example.com", "KRYTON_URL=ftp://notes.example.com",
        "KRYTON_URL=//notes.example.com", "KRYTON_URL=$OTHER",
        "KRYTON_URL=file:///etc", "KRYTON_URL=xhttps://notes.example.com",
        "KRYTON_URL=                    https://notes.example.com"}) {
    EXPECT_EQ(BesideLine(line), Texts()) << line;
  }
}

TEST(BasesBeside, EachOnce) {
  EXPECT_EQ(Beside("KRYTON_URL=https://a.example\nKRYTON_SERVER=https://b."
                   "example\nKRYTON_URL=https://a.example\nK-0123456789\n"),
            (Texts{"https://a.example", "https://b.example"}));
}

TEST(BasesBeside, BeforeAndBehindTheKey) {
  EXPECT_EQ(Beside("K-0123456789\nKRYTON_URL=https://a.example\n"),
            Texts{"https://a.example"});
  EXPECT_EQ(Beside("KRYTON_URL=https://a.example"
                   "\nK-0123456789"),
            Texts{"https://a.example"});
}

TEST(BasesBeside, FarAwayIsNotBeside) {
  const std::string line = "KRYTON_URL=https://a.example\n";
  const std::string far(5000, '\n');
  EXPECT_EQ(Beside(line + far + std::string(kKey)), Texts());
  EXPECT_EQ(Beside(std::string(kKey) + far + line), Texts());
}

// An address that is cut where the view ends is another address.
TEST(BasesBeside, AnAddressIsWholeOrNotThere) {
  const std::string line = "\nKRYTON_URL=https://notes.example.com.au/kryton\n";
  const std::string whole = "https://notes.example.com.au/kryton";
  for (std::size_t gap = 4000; gap < 4200; ++gap) {
    const std::string text = std::string(kKey) + std::string(gap, '.') + line;
    const Texts bases = Beside(text);
    ASSERT_TRUE(bases.empty() || bases == Texts{whole}) << gap;
  }
}

// A name that is cut where the view begins is another name.
TEST(BasesBeside, ANameIsWholeOrNotThere) {
  const std::string line = "OTHER_KRYTON_URL=https://other.example\n";
  for (std::size_t gap = 4000; gap < 4200; ++gap) {
    ASSERT_EQ(Beside(line + std::string(gap, '.') + std::string(kKey)), Texts())
        << gap;
  }
}

TEST(BasesBeside, NoNames) {
  EXPECT_EQ(Beside("KRYTON_URL=https://a.example\nK-0123456789", {}), Texts());
}

TEST(KeyChain, FindsWhatWasAdded) {
  KeyChain chain;
  const Rule rule = RuleOf("kryton-api-key", "kryton");
  const std::string text = "TOKEN=" + std::string(kKey) + "\n";
  Put(rule, "kt-1", text, &chain);
  const KnownKey* key = chain.Find("kryton-api-key", "kt-1");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->secret.Reveal(), kKey);
  EXPECT_EQ(key->bases, Texts());
  EXPECT_EQ(chain.Find("kryton-api-key", "kt-2"), nullptr);
  EXPECT_EQ(chain.Find("other", "kt-1"), nullptr);
}

TEST(KeyChain, BasesOfItsProviderOnly) {
  KeyChain chain;
  chain.LookFor("kryton", kNames);
  const std::string text =
      "KRYTON_URL=https://a.example\nTOKEN=" + std::string(kKey);
  Put(RuleOf("kryton-api-key", "kryton"), "kt-1", text, &chain);
  Put(RuleOf("acme-key", "acme"), "kt-1", text, &chain);
  EXPECT_EQ(chain.Find("kryton-api-key", "kt-1")->bases,
            Texts{"https://a.example"});
  EXPECT_EQ(chain.Find("acme-key", "kt-1")->bases, Texts());
}

TEST(KeyChain, BasesOfAllPlacesSortedAndOnce) {
  KeyChain chain;
  chain.LookFor("kryton", kNames);
  const Rule rule = RuleOf("kryton-api-key", "kryton");
  for (const std::string_view host : {"c", "a", "c", "b"}) {
    const std::string text =
        fmt::format("KRYTON_URL=https://{}.example\n{}", host, kKey);
    Put(rule, "kt-1", text, &chain);
  }
  chain.Add(rule, "kt-1", Secret(kKey), {"https://a.example", "https://d"},
            false);
  const KnownKey* key = chain.Find("kryton-api-key", "kt-1");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->secret.Reveal(), kKey);
  EXPECT_EQ(key->bases, (Texts{"https://a.example", "https://b.example",
                               "https://c.example", "https://d"}));
}

// Whether the word "acme", or one more, stands near the key.
bool Settled(const std::string& text, const Texts& words = {"acme", "ac/me"}) {
  KeyChain chain;
  chain.LookNear("acme-key", words);
  Put(RuleOf("acme-key", "acme"), "kt-1", text, &chain);
  return chain.Find("acme-key", "kt-1")->settled;
}

TEST(KeyChain, AWordNearTheKeySettlesIt) {
  const std::string key(kKey);
  EXPECT_FALSE(Settled("TOKEN=" + key));
  EXPECT_TRUE(Settled("ACME_TOKEN=" + key));
  EXPECT_TRUE(Settled(key + " # of aCmE"));
  EXPECT_TRUE(Settled("see Ac/Me\n\n" + key));
  EXPECT_FALSE(Settled("ac me " + key));
  EXPECT_FALSE(Settled("ACME_TOKEN=" + key, {}));
  EXPECT_FALSE(Settled("ACME_TOKEN=" + key, {"other"}));
}

TEST(KeyChain, AWordWithinTheKeyDoesNot) {
  EXPECT_FALSE(Settled(std::string(kKey), {"k-0", "123", "k-0123456789"}));
  EXPECT_FALSE(Settled("x" + std::string(kKey) + "y", {"xk", "9y", "xk-01"}));
}

TEST(KeyChain, NearIsWithinAThousandBytes) {
  const std::string key(kKey);
  for (const std::size_t gap : {0u, 1u, 1020u}) {
    EXPECT_TRUE(Settled("acme" + std::string(gap, ' ') + key)) << gap;
    EXPECT_TRUE(Settled(key + std::string(gap, ' ') + "acme")) << gap;
  }
  for (const std::size_t gap : {1021u, 1024u, 5000u}) {
    EXPECT_FALSE(Settled("acme" + std::string(gap, ' ') + key)) << gap;
    EXPECT_FALSE(Settled(key + std::string(gap, ' ') + "acme")) << gap;
  }
}

// One place where it is settled is enough, and none of them takes it back.
TEST(KeyChain, ItIsSettledAtOneOfItsPlaces) {
  const Rule rule = RuleOf("acme-key", "acme");
  const std::string key(kKey);
  for (const bool first : {true, false}) {
    KeyChain chain;
    chain.LookNear("acme-key", {"acme"});
    for (const bool with : {first, !first}) {
      const std::string text = (with ? "acme " : "") + key;
      Put(rule, "kt-1", text, &chain);
      Put(rule, "kt-2", key, &chain);
    }
    EXPECT_TRUE(chain.Find("acme-key", "kt-1")->settled);
    EXPECT_FALSE(chain.Find("acme-key", "kt-2")->settled);
  }
}

TEST(KeyChain, WordsAreOfTheirRuleOnly) {
  KeyChain chain;
  chain.LookNear("acme-key", {"acme"});
  const std::string text = "acme " + std::string(kKey);
  Put(RuleOf("acme-token", "acme"), "kt-1", text, &chain);
  EXPECT_FALSE(chain.Find("acme-token", "kt-1")->settled);
}

TEST(KeyChain, APersonSettlesIt) {
  KeyChain chain;
  const Rule rule = RuleOf("acme-key", "acme");
  chain.Add(rule, "kt-1", Secret(kKey), {}, true);
  chain.Add(rule, "kt-1", Secret(kKey), {}, false);
  EXPECT_TRUE(chain.Find("acme-key", "kt-1")->settled);
}

TEST(KeyChain, TakesKeysFromAnyThread) {
  KeyChain chain;
  chain.LookFor("kryton", kNames);
  const Rule rule = RuleOf("kryton-api-key", "kryton");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string text =
            fmt::format("KRYTON_URL=https://{}.example\n{}", t, kKey);
        Put(rule, fmt::format("kt-{}", i), text, &chain);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 200; ++i) {
    const KnownKey* key = chain.Find("kryton-api-key", fmt::format("kt-{}", i));
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->bases.size(), 4u);
  }
}

}  // namespace
}  // namespace keytidy::scan
