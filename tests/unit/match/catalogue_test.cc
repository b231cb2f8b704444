// SPDX-License-Identifier: Apache-2.0
//
// The catalogue that the program embeds: what every rule owes, and what the
// five systems that keytidy began with must and must not find.
#include "rules/catalogue.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "match/example.h"
#include "match/loader.h"
#include "rules/rule_set.h"
#include "unit/match/pattern_sample.h"

namespace keytidy::match {
namespace {

using Texts = std::vector<std::string>;

constexpr int kFreshSeeds = 30;
constexpr std::uint64_t kFirstFreshSeed = 500000;  // the build uses others

class CatalogueTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = LoadEngine(rules::EmbeddedCatalogue(), {}, "");
    ASSERT_TRUE(loaded) << loaded.error().message;
    engine_ = std::move(*loaded).release();
    auto scanner = Scanner::Make(engine());
    ASSERT_TRUE(scanner);
    scanner_ = new Scanner(*std::move(scanner));
  }
  static void TearDownTestSuite() {
    delete scanner_;
    delete engine_;
  }

  static const Engine& engine() { return *engine_->engine; }

  static const Rule* Find(std::string_view id) {
    for (const Rule& rule : engine().rules()) {
      if (rule.id == id) return &rule;
    }
    return nullptr;
  }

  // The ids of what is found in `text`, in its order; overlaps settled.
  static Texts Ids(std::string_view text) {
    std::vector<Match> matches;
    EXPECT_TRUE(scanner_->Scan(text, 0, text.size(), &matches));
    ResolveOverlaps(engine().rules(), &matches);
    Texts out;
    for (const Match& match : matches) {
      out.emplace_back(engine().rules()[match.rule].id);
    }
    return out;
  }

  // The same of a template, for one of the fresh seeds.
  static Texts IdsOf(std::string_view pattern, int seed = 0) {
    return Ids(Expanded(pattern, Rule(), seed));
  }

  static std::string Expanded(std::string_view pattern, const Rule& rule,
                              int seed) {
    const auto text = ExpandExample(
        pattern, rule, kFirstFreshSeed + static_cast<std::uint64_t>(seed));
    EXPECT_TRUE(text) << pattern << ": " << text.error().message;
    return text.value_or("");
  }

  static bool FindsAnywhere(std::string_view text, std::string_view id) {
    std::vector<Match> matches;
    EXPECT_TRUE(scanner_->Scan(text, 0, text.size(), &matches));
    return std::any_of(matches.begin(), matches.end(), [&](const Match& m) {
      return engine().rules()[m.rule].id == id;
    });
  }

  static LoadedEngine* engine_;
  static Scanner* scanner_;
};

LoadedEngine* CatalogueTest::engine_ = nullptr;
Scanner* CatalogueTest::scanner_ = nullptr;

// The files that the catalogue was made of.
rules::RuleSet Sources() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(KEYTIDY_PATTERNS "/rules")) {
    if (entry.path().extension() == ".toml") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  rules::RuleSet set;
  for (const std::string& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const Status added =
        set.Add(path, {std::istreambuf_iterator<char>(in), {}});
    EXPECT_TRUE(added) << added.error().message;
  }
  return set;
}

TEST_F(CatalogueTest, IsMadeOfTheRuleFiles) {
  EXPECT_EQ(rules::EmbeddedCatalogue().digest, Sources().Digest());
}

TEST_F(CatalogueTest, IdsAreUnique) {
  std::set<std::string_view> ids;
  for (const Rule& rule : engine().rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  }
}

TEST_F(CatalogueTest, HoldsAtLeast) {
  EXPECT_GE(engine().rules().size(), 105u);
  for (const std::string_view id :
       {"kataven-api-key", "karzoun-app-token", "konstantly-mcp-key",
        "corcava-api-key", "kryton-api-key"}) {
    const Rule* rule = Find(id);
    ASSERT_NE(rule, nullptr) << id;
    EXPECT_GE(rule->severity, Severity::kHigh) << id;
    EXPECT_TRUE(id.starts_with(rule->provider)) << id;
  }
}

TEST_F(CatalogueTest, EveryRuleSaysWhatItMust) {
  for (const Rule& rule : engine().rules()) {
    EXPECT_FALSE(rule.title.empty()) << rule.id;
    EXPECT_FALSE(rule.advice.empty()) << rule.id;
    EXPECT_FALSE(rule.provider_name.empty()) << rule.id;
    EXPECT_FALSE(rule.sources.empty()) << rule.id;
    for (const std::string_view source : rule.sources) {
      EXPECT_TRUE(source.starts_with("https://")) << rule.id << ": " << source;
    }
    EXPECT_EQ(rule.is_public, rule.severity == Severity::kInfo) << rule.id;
    for (const std::string_view id : rule.yields_to) {
      EXPECT_NE(Find(id), nullptr) << rule.id << " yields to " << id;
    }
  }
}

// Their names are put together here, so that they stand in no file.
TEST_F(CatalogueTest, NoPackageRegistryIsNamed) {
  constexpr std::pair<std::string_view, std::string_view> kHosts[] = {
      {"crates", "io"},
      {"npmjs", "com"},
      {"npmjs", "org"},
      {"yarnpkg", "com"},
      {"jsr", "io"},
      {"pypi", "org"},
      {"pypi", "python.org"},
      {"pythonhosted", "org"},
      {"anaconda", "org"},
      {"rubygems", "org"},
      {"nuget", "org"},
      {"packagist", "org"},
      {"pkg.go", "dev"},
      {"golang", "org"},
      {"pub", "dev"},
      {"hex", "pm"},
      {"maven", "org"},
      {"sonatype", "com"},
      {"mvnrepository", "com"},
      {"clojars", "org"},
      {"cocoapods", "org"},
      {"hackage.haskell", "org"},
      {"cran.r-project", "org"},
      {"metacpan", "org"},
      {"luarocks", "org"},
      {"opam.ocaml", "org"}};
  for (const Rule& rule : engine().rules()) {
    Texts texts = {std::string(rule.advice), std::string(rule.title)};
    for (const std::string_view source : rule.sources) {
      texts.emplace_back(source);
    }
    for (const std::string& text : texts) {
      for (const auto& [name, top] : kHosts) {
        const std::string host = fmt::format("{}.{}", name, top);
        EXPECT_EQ(text.find(host), std::string::npos)
            << rule.id << ": " << text;
      }
    }
  }
}

TEST_F(CatalogueTest, EveryExampleIsClaimedByItsRule) {
  const rules::RuleSet set = Sources();
  for (std::size_t i = 0; i < set.rules().size(); ++i) {
    const std::string_view id = set.rules()[i].id;
    const Rule* rule = Find(id);
    ASSERT_NE(rule, nullptr) << id;
    for (const std::string& example : set.origin(i).examples) {
      for (int seed = 0; seed < kFreshSeeds; ++seed) {
        const Texts ids = Ids(Expanded(example, *rule, seed));
        EXPECT_EQ(std::count(ids.begin(), ids.end(), id) > 0, true)
            << id << ", seed " << seed << ": " << example << " gives "
            << testing::PrintToString(ids);
      }
    }
  }
}

TEST_F(CatalogueTest, NoCounterExampleIsFoundByItsRule) {
  const rules::RuleSet set = Sources();
  for (std::size_t i = 0; i < set.rules().size(); ++i) {
    const std::string_view id = set.rules()[i].id;
    for (const std::string& example : set.origin(i).counter_examples) {
      for (int seed = 0; seed < kFreshSeeds; ++seed) {
        EXPECT_FALSE(FindsAnywhere(Expanded(example, *Find(id), seed), id))
            << id << ", seed " << seed << ": " << example;
      }
    }
  }
}

// core/rule.h: the anchor is contained in every match, and begins at most
// `reach` bytes after the match does. Else stage 1 walks past keys.
TEST_F(CatalogueTest, EveryMatchHoldsItsAnchor) {
  auto scratch = Scratch::Make(engine().database());
  ASSERT_TRUE(scratch);
  for (std::uint32_t number = 0; number < engine().shape_count(); ++number) {
    const Shape& shape = engine().ShapeAt(number);
    if (shape.anchor_is_context) continue;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      PatternSampler sampler(shape.pattern, seed);
      const auto sample = sampler.Make();
      ASSERT_TRUE(sample) << engine().RuleOf(number).id << ": "
                          << sampler.trouble();
      const std::string text = " " + *sample + " ";
      re2::StringPiece found;
      ASSERT_TRUE(engine().PatternOf(number).Match(
          text, 1, text.size(), RE2::ANCHOR_START, &found, 1))
          << engine().RuleOf(number).id << ": " << ForTerminal(*sample);
      if (found.size() > shape.max_length) continue;
      std::vector<Hit> hits;
      ASSERT_TRUE(scratch->Scan(engine().database(), text, &hits));
      const bool held =
          std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) {
            return hit.shape == number && hit.end <= 1 + found.size() &&
                   hit.end >= 1 + shape.anchor_min &&
                   hit.end <= 1 + shape.reach + shape.anchor_max;
          });
      EXPECT_TRUE(held) << engine().RuleOf(number).id << ", shape " << number
                        << ", seed " << seed << ": " << ForTerminal(*sample);
      if (!held) break;
    }
  }
}

// What may be shown leaves something that may not: no rule takes a key that
// its examples write out for the beginning of all keys.
TEST_F(CatalogueTest, TheKnownPrefixIsNotTheKey) {
  const rules::RuleSet set = Sources();
  for (std::size_t i = 0; i < set.rules().size(); ++i) {
    const Rule* rule = Find(set.rules()[i].id);
    for (const std::string& example : set.origin(i).examples) {
      const std::string text = Expanded(example, *rule, 0);
      std::vector<Match> matches;
      EXPECT_TRUE(scanner_->Scan(text, 0, text.size(), &matches));
      for (const Match& match : matches) {
        if (engine().rules()[match.rule].id != rule->id) continue;
        EXPECT_GE(match.secret.size(), rule->known_prefix + 6u) << rule->id;
      }
    }
  }
}

// --- the five systems

struct System {
  std::string_view name;  // as its server is called in configurations
  std::string_view variable;
  std::string_view host;
  std::string_view header;  // with the scheme
  std::vector<std::string_view> placeholders;
};

// From the providers' documents and repositories.
const std::vector<System>& Systems() {
  static const std::vector<System> systems = {
      {"kataven",
       "KATAVEN_API_KEY",
       "api.kataven.ai",
       "Authorization: Bearer ",
       {"sk_live_acme_...", "sk_live_acme_AbCd1234secretportionhere\u2026",
        "sk_live_acme_AbCd1234secretportionhere", "sk_live_\u2026",
        "sk_live_...", "pk_live_...", "pk_live_acme_xxxxxxxxxxxxxxxxxxxxxxxxxx",
        "$KATAVEN_API_KEY", "${process.env.KATAVEN_SECRET_KEY}",
        "eyJhbGciOiJSUzI1NiIs...", "<api-key>", "<agent uuid>",
        "sk_live_abc123...", "sk_live_your_api_key",
        "sk_live_abc123xyz789..."}},
      {"karzoun",
       "KARZOUN_APP_TOKEN",
       "acme.api.karzoun.chat",
       "x-app-token: ",
       {"YOUR_APP_TOKEN_JWT", "YOUR_APP_TOKEN", "YOUR_TOKEN", "YOUR_APP_JWT",
        "<YOUR_APP_JWT>", "<your-app-token>",
        "<paste-app-token-from-/developer/apps>",
        "\u0631\u0645\u0632_API_"
        "\u0627\u0644\u062e\u0627\u0635_\u0628\u0643_\u0647\u0646\u0627",
        "${env:KARZOUN_APP_TOKEN}", "YOUR_SUBDOMAIN", "YOUR",
        "YOURWORKSPACENAME"}},
      {"konstantly",
       "KONSTANTLY_MCP_KEY",
       "your-instance.konstantly.com",
       "X-MCP-Key: ",
       {"kmcp_a8f3b2k9X7yZqWpL3mN8RvU2sT5dH6jK4F1gA9oP", "kmcp_...",
        "kmcp_\u2026", "https://your-instance.konstantly.com",
        "${KMCP_TOKEN}"}},
      {"corcava",
       "CORCAVA_API_KEY",
       "app.corcava.com",
       "Authorization: Bearer ",
       {"YOUR_API_KEY", "YOUR_API_KEY_HERE", "Bearer YOUR_API_KEY",
        "IHR_API_KEY", "your-domain.com", "${env:CORCAVA_API_KEY}"}},
      {"kryton",
       "KRYTON_TOKEN",
       "kryton.example.com",
       "Authorization: Bearer ",
       {"kryton_...", "kryton_your_key_here", "kryton_a1b2c3d4e5f6...",
        "kryton_<your-api-key>", "kryton_xxxx...", "kryton_abc123",
        "kryton_test1234", "kryton_abcdef1234567890", "kryton_aaa", "kryton_x",
        "kryton_refresh", "kryton_server_url", "kryton_api_key",
        "kryton_last_sync_at", "kryton_test", "kryton_http_requests_total",
        "kryton_handlers"}}};
  return systems;
}

// The ways a value stands in files: each has the name of the system near.
Texts Forms(const System& system, std::string_view value) {
  const auto env = [&](std::string_view quote) {
    return fmt::format("# {}\n{}={}{}{}\n", system.host, system.variable, quote,
                       value, quote);
  };
  return {
      env(""),
      env("\""),
      env("'"),
      fmt::format("export {}={}\n", system.variable, value),
      fmt::format("{{ \"mcpServers\": {{ \"{}\": {{ \"command\": \"npx\", "
                  "\"env\": {{ \"{}\": \"{}\" }} }} }} }}\n",
                  system.name, system.variable, value),
      fmt::format("{{\"{}\":{{\"url\":\"https://{}/mcp\",\"headers\":{{\"{}\":"
                  "\"{}{}\"}}}}}}\n",
                  system.name, system.host,
                  system.header.substr(0, system.header.find(':')),
                  system.header.substr(system.header.find(' ') + 1), value),
      fmt::format("curl https://{}/v1/x -H \"{}{}\"\n", system.host,
                  system.header, value),
      fmt::format("GET /v1/x HTTP/1.1\r\nHost: {}\r\n{}{}\r\n\r\n", system.host,
                  system.header, value)};
}

TEST_F(CatalogueTest, PlaceholdersOfTheFiveSystems) {
  for (const System& system : Systems()) {
    for (const std::string_view value : system.placeholders) {
      for (const std::string& text : Forms(system, value)) {
        EXPECT_EQ(Ids(text), Texts()) << text;
      }
    }
  }
}

TEST_F(CatalogueTest, ReferencesOfTheFiveSystems) {
  for (const System& system : Systems()) {
    const std::string name(system.variable);
    for (const std::string& value :
         {"${env:" + name + "}", "${" + name + "}", "$" + name,
          "${input:" + std::string(system.name) + "-key}",
          "process.env." + name, "%" + name + "%", "{{ " + name + " }}",
          "${{ secrets." + name + " }}", "os.environ[\\\"" + name + "\\\"]"}) {
      for (const std::string& text : Forms(system, value)) {
        EXPECT_EQ(Ids(text), Texts()) << text;
      }
    }
  }
}

TEST_F(CatalogueTest, KeysOfTheFiveSystems) {
  const std::map<std::string_view, std::pair<std::string, std::string>> keys = {
      {"kataven", {"sk_live_acme_{alnum:40}", "kataven-api-key"}},
      {"karzoun", {"{jwt}", "karzoun-app-token"}},
      {"konstantly", {"kmcp_{base64url:43}", "konstantly-mcp-key"}},
      {"corcava", {"{alnum:40}", "corcava-api-key"}},
      {"kryton", {"kryton_{hex:64}", "kryton-api-key"}}};
  for (const System& system : Systems()) {
    const auto& [pattern, id] = keys.at(system.name);
    for (int seed = 0; seed < kFreshSeeds; ++seed) {
      const std::string value = Expanded(pattern, Rule(), seed);
      for (const std::string& text : Forms(system, value)) {
        EXPECT_EQ(Ids(text), Texts{id}) << text;
      }
    }
  }
}

TEST_F(CatalogueTest, NamesThatLookLikeKonstantlyKeys) {
  for (const std::string_view text :
       {"rkmcp_cfg_{alnum:8}", "rkmcp_{base64url:43}", "ckmcp_{base64url:43}",
        "ATTACKMCP_ENABLED=true", "SMARTFRAMEWORKMCP_PASOE_URL=https://x",
        "mcp__EpikMCP__{lower:30}", "MOCKMCP_TOKEN={alnum:20}",
        "${{KMCP_TOKEN}}", "kmcp_{base64url:42}", "kmcp_{base64url:44}",
        "KMCP_{base64url:43}", "kmCp_{base64url:43}", "-kmcp_{base64url:43}",
        "kmcp_{base64url:43}-", "AIza{alnum:14}kmCp_{alnum:16}"}) {
    for (int seed = 0; seed < kFreshSeeds; ++seed) {
      EXPECT_FALSE(
          FindsAnywhere(Expanded(text, Rule(), seed), "konstantly-mcp-key"))
          << text;
    }
  }
}

TEST_F(CatalogueTest, NamesThatLookLikeKrytonKeys) {
  EXPECT_EQ(Ids("kryton_http_requests_total{route=\"/api/notes\"} 1027\n"),
            Texts());
  EXPECT_EQ(Ids("kryton_refresh kryton_server_url kryton_last_sync_at"),
            Texts());
  // Another product of the name, whose tokens have no prefix.
  EXPECT_FALSE(FindsAnywhere(Expanded("KRYTON_TOKEN={hex:64}", Rule(), 1),
                             "kryton-api-key"));
  EXPECT_EQ(IdsOf("kryton_{hex:63}"), Texts());
  EXPECT_EQ(IdsOf("kryton_{hex:65}"), Texts());
  EXPECT_EQ(IdsOf("KRYTON_{hex:64}"), Texts());
}

TEST_F(CatalogueTest, AppTokensOfOtherServices) {
  for (const std::string_view text :
       {"X-App-Token: {alnum:25}",
        "curl https://data.city.example/x.json -H "
        "\"X-App-Token: {alnum:25}\"",
        "x-app-token: {jwt}", "'X-App-Token': '{alnum:20}:{alnum:32}'"}) {
    for (int seed = 0; seed < kFreshSeeds; ++seed) {
      EXPECT_FALSE(
          FindsAnywhere(Expanded(text, Rule(), seed), "karzoun-app-token"))
          << text;
    }
  }
  EXPECT_EQ(IdsOf("X-App-Token: {alnum:25}"), Texts());
}

TEST_F(CatalogueTest, BearersOfOtherServices) {
  EXPECT_EQ(IdsOf("Authorization: Bearer {alnum:40}"), Texts());
  EXPECT_EQ(IdsOf("https://corcava.example/x Bearer {alnum:40}"), Texts());
}

// The prefix belongs to several providers; what is near and what the body is
// made of decide.
TEST_F(CatalogueTest, SkLiveOfKataven) {
  for (int seed = 0; seed < kFreshSeeds; ++seed) {
    for (const std::string_view text :
         {"KATAVEN_API_KEY=sk_live_acme_{alnum:32}",
          "https://api.kataven.ai/v1/agents\nBearer sk_live_a-b_{alnum:48}",
          "key = \"sk_live_{loweralnum:8}_{base64url:42}x\"  # for Kataven"}) {
      EXPECT_EQ(IdsOf(text, seed), Texts{"kataven-api-key"}) << text;
    }
  }
}

TEST_F(CatalogueTest, SkLiveOfNobodyKnown) {
  const Rule* open = Find("sk-live-key");
  ASSERT_NE(open, nullptr);
  EXPECT_NE(open->title.find("open"), std::string_view::npos);
  EXPECT_NE(open->title.find("Kataven"), std::string_view::npos);
  EXPECT_NE(open->title.find("Stripe"), std::string_view::npos);
  for (int seed = 0; seed < kFreshSeeds; ++seed) {
    EXPECT_EQ(IdsOf("API_KEY=sk_live_acme_{alnum:32}", seed),
              Texts{"sk-live-key"});
    EXPECT_EQ(IdsOf("{{\"key\": \"sk_live_{lower:6}_{alnum:40}\"}}", seed),
              Texts{"sk-live-key"});
  }
}

TEST_F(CatalogueTest, SkLiveOfStripe) {
  for (int seed = 0; seed < kFreshSeeds; ++seed) {
    for (const std::string_view text :
         {"sk_live_{alnum:24}", "API_KEY=sk_live_{alnum:99}",
          "STRIPE_SECRET_KEY=sk_live_{alnum:24}"}) {
      EXPECT_EQ(IdsOf(text, seed), Texts{"stripe-secret-key"}) << text;
    }
  }
}

TEST_F(CatalogueTest, SkLiveOfStripesShapeNearKataven) {
  for (int seed = 0; seed < kFreshSeeds; ++seed) {
    for (const std::string_view text :
         {"KATAVEN_API_KEY=sk_live_{alnum:40}",
          "# kataven\nSECRET=sk_live_{alnum:24}\n"}) {
      EXPECT_EQ(IdsOf(text, seed), Texts{"sk-live-key"}) << text;
    }
  }
}

}  // namespace
}  // namespace keytidy::match
