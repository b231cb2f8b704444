// SPDX-License-Identifier: Apache-2.0
#include "match/loader.h"

#include "base/digest.h"
#include "match/rule_cache.h"
#include "match/rule_check.h"

namespace keytidy::match {
namespace {

// A database that loads here: its processor level fits, and so do the version
// and the working memory.
Result<Database> LoadFitting(std::string_view bytes) {
  auto database = Database::Load(bytes);
  if (!database) return database;
  const auto scratch = Scratch::Make(*database);
  if (!scratch) return Fail(scratch.error());
  return database;
}

Result<Database> CatalogueDatabase(const rules::Catalogue& catalogue) {
  for (const rules::EmbeddedDatabase& embedded : catalogue.databases) {
    if (!RunsHere(embedded.cpu)) continue;
    auto database = LoadFitting(embedded.bytes);
    if (database) return database;
  }
  // Built for other processors, or against another version of the library.
  return Database::Compile(catalogue.rules, Cpu::kThis);
}

}  // namespace

Result<std::unique_ptr<LoadedEngine>> LoadEngine(
    const rules::Catalogue& catalogue, std::vector<RuleFile> files,
    const std::string& cache_directory) {
  auto out = std::make_unique<LoadedEngine>();
  if (files.empty()) {
    auto database = CatalogueDatabase(catalogue);
    if (!database) return Fail(database.error());
    out->digest = fmt::format("sha256:{}", catalogue.digest);
    out->engine =
        std::make_unique<Engine>(catalogue.rules, *std::move(database));
    return out;
  }

  rules::RuleSet& set = out->user_rules;
  set.SetTaken(catalogue.rules);
  for (RuleFile& file : files) {
    if (auto ok = set.Add(std::move(file.name), std::move(file.text)); !ok) {
      return Fail(ok.error());
    }
  }
  const std::string digest =
      ToHex(Sha256(std::string(catalogue.digest) + set.Digest()));
  out->digest = "sha256:" + digest;
  const std::string key =
      ToHex(Sha256(fmt::format("{} {}", digest, LibraryAndProcessor())));

  const auto combine = [&] {
    out->all_rules.assign(catalogue.rules.begin(), catalogue.rules.end());
    out->all_rules.insert(out->all_rules.end(), set.rules().begin(),
                          set.rules().end());
  };
  if (const auto cached = LoadCache(cache_directory, key, &set)) {
    if (auto database = LoadFitting(*cached)) {
      combine();
      out->engine =
          std::make_unique<Engine>(out->all_rules, *std::move(database));
      return out;
    }
  }
  CheckOptions options;
  options.seeds = 4;
  if (auto ok = CheckRules(&set, catalogue.rules, options); !ok) {
    return Fail(ok.error());
  }
  combine();
  auto database = Database::Compile(out->all_rules, Cpu::kThis);
  if (!database) return Fail(database.error());
  if (const auto bytes = database->Serialise()) {
    StoreCache(cache_directory, key, set, *bytes);
  }
  out->engine = std::make_unique<Engine>(out->all_rules, *std::move(database));
  return out;
}

}  // namespace keytidy::match
