// SPDX-License-Identifier: Apache-2.0
#include "cli/provider_import.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace keytidy::cli {
namespace {

// What policies know such keys by.
constexpr std::string_view kNeverExpires = "never-expires";

const Rule* RuleNamed(const match::Engine& engine, std::string_view id) {
  for (const Rule& rule : engine.rules()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

inventory::HintSide SideOf(imports::Side side) {
  return side == imports::Side::kFirst ? inventory::HintSide::kFirst
                                       : inventory::HintSide::kLast;
}

}  // namespace

Result<std::unique_ptr<ProviderImport>> ProviderImport::Make(
    const match::Engine& engine, inventory::Inventory& inventory) {
  auto scanner = match::Scanner::Make(engine);
  if (!scanner) return Fail(scanner.error());
  return std::unique_ptr<ProviderImport>(
      new ProviderImport(engine, inventory, *std::move(scanner)));
}

ProviderImport::ProviderImport(const match::Engine& engine,
                               inventory::Inventory& inventory,
                               match::Scanner scanner)
    : engine_(engine), inventory_(inventory), scanner_(std::move(scanner)) {
  tests_.is_key = [this](std::string_view text) {
    const auto matches = KeysIn(text);
    return std::any_of(
        matches.begin(), matches.end(), [&](const match::Match& one) {
          return one.secret.start == 0 && one.secret.end == text.size();
        });
  };
  tests_.holds_key = [this](std::string_view text) {
    return !KeysIn(text).empty();
  };
  tests_.fingerprint = [this](std::string_view key) {
    return inventory_.fingerprints().Fingerprint(key);
  };
}

std::vector<match::Match> ProviderImport::KeysIn(std::string_view text) {
  std::vector<match::Match> out;
  const Status scanned = scanner_.Scan(text, 0, text.size(), &out);
  // What was not looked at counts as a key.
  if (!scanned) {
    match::Match all;
    all.secret = {0, text.size()};
    out.push_back(all);
  }
  return out;
}

imports::KeyIndex ProviderImport::Index() {
  imports::KeyIndex out;
  out.with_hint = [this](std::string_view provider, imports::Side side,
                         std::string_view text) {
    return inventory_.WithHint(
        provider, inventory_.fingerprints().Hint(SideOf(side), text));
  };
  out.with_key_id = [this](std::string_view provider, std::string_view key_id) {
    return inventory_.WithKeyId(provider, key_id);
  };
  out.find = [this](std::string_view fingerprint)
      -> Result<std::optional<imports::IndexedKey>> {
    auto key = inventory_.Find(fingerprint);
    if (!key && key.error().code == ErrorCode::kNotFound) return std::nullopt;
    if (!key) return Fail(key.error());
    const Rule* rule = RuleNamed(engine_, key->rule);
    return imports::IndexedKey{
        key->fingerprint, key->id,
        key->name,        key->title,
        key->provider,    rule != nullptr ? rule->known_prefix : 0};
  };
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> prefixes;
  for (const Rule& rule : engine_.rules()) {
    auto& list = prefixes[std::string(rule.provider)];
    if (std::find(list.begin(), list.end(), rule.known_prefix) == list.end()) {
      list.push_back(rule.known_prefix);
    }
  }
  out.known_prefixes = [prefixes](std::string_view provider) {
    const auto found = prefixes.find(provider);
    return found == prefixes.end() ? std::vector<std::uint32_t>()
                                   : found->second;
  };
  return out;
}

Status ProviderImport::Write(const imports::ProviderRow& row,
                             const imports::IndexedKey& key, std::int64_t now) {
  if (auto ok = inventory_.AddFacts(key.fingerprint, row.facts, now); !ok) {
    return ok;
  }
  if (!row.never_expires && !row.facts.expires) return {};
  auto known = inventory_.Find(key.fingerprint);
  if (!known) return Fail(known.error());
  std::vector<std::string> labels = known->labels;
  std::erase(labels, kNeverExpires);
  if (row.never_expires) labels.emplace_back(kNeverExpires);
  std::sort(labels.begin(), labels.end());
  if (labels == known->labels) return {};
  inventory::KeyChange change;
  change.labels = std::move(labels);
  return inventory_.Set(key.fingerprint, change);
}

Status ProviderImport::Bring(imports::ImportReport* report, bool write,
                             std::int64_t now) {
  auto matches = imports::MatchRows(report->rows, Index());
  if (!matches) return Fail(matches.error());
  report->matches = *std::move(matches);
  report->written = write;
  if (!write) return {};
  for (std::size_t i = 0; i < report->rows.size(); ++i) {
    const imports::RowMatch& match = report->matches[i];
    if (match.kind != imports::RowMatch::Kind::kMatched) continue;
    if (auto ok = Write(report->rows[i], match.keys.front(), now); !ok) {
      return ok;
    }
  }
  return {};
}

}  // namespace keytidy::cli
