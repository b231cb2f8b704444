// SPDX-License-Identifier: Apache-2.0
#include "import/row_builder.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/secret.h"
#include "import/cell_values.h"
#include "verify/values.h"

namespace keytidy::imports {

// One row in the making.
class RowBuilder::Building {
 public:
  Building(const TableOptions& options, std::uint64_t number, TableRows* out)
      : options_(options), number_(number), out_(out) {
    row_.number = number;
  }

  ~Building() {
    for (std::string& key : keys_) Wipe(&key);
  }

  void Take(const Column& column, const NamedCell& cell) {
    if (column.field == Field::kHint) {
      TakeHint(column.side, cell);
      return;
    }
    if (TellsNothing(cell.text)) return;
    auto& best = best_[column.field];
    if (best.first == nullptr || column.rank < best.second.rank) {
      best = {&cell, column};
    }
  }

  void Finish() {
    // Cells without anything in them.
    if (best_.empty() && row_.hints.empty() && row_.fingerprints.empty()) {
      return;
    }
    for (const auto& [field, best] : best_) {
      const auto& [cell, column] = best;
      switch (field) {
        case Field::kCreated:
          TakeTime(*cell, &row_.facts.created);
          break;
        case Field::kExpires:
          TakeExpiry(*cell);
          break;
        case Field::kLastUsed:
          if (!MeansNever(cell->text)) {
            TakeTime(*cell, &row_.facts.last_used);
          }
          break;
        case Field::kState:
          row_.state = StateIn(cell->text, column.inverted);
          break;
        case Field::kProvider:
          TakeProvider(*cell);
          break;
        case Field::kKeyId:
          TakeKeyId(*cell);
          break;
        default:
          break;
      }
    }
    // Now all keys of the row are known, which must not stand in its texts.
    const auto text = [&](Field field) {
      const auto found = best_.find(field);
      return found == best_.end() ? std::string()
                                  : TextIn(*found->second.first);
    };
    row_.facts.name = text(Field::kName);
    row_.facts.owner = text(Field::kOwner);
    row_.facts.account = text(Field::kAccount);
    if (const auto found = best_.find(Field::kScopes); found != best_.end()) {
      TakeScopes(*found->second.first);
    }
    if (HoldsKey(row_.facts.key_id)) row_.facts.key_id.clear();
    if (row_.provider.empty()) {
      if (lost_provider_) return;
      row_.provider = options_.provider;
    }
    if (row_.provider.empty()) {
      Complain("does not say which provider it is of");
      return;
    }
    row_.foreign =
        !options_.provider.empty() && row_.provider != options_.provider;
    out_->rows.push_back(std::move(row_));
  }

 private:
  void Complain(std::string what) { out_->Add({number_, std::move(what)}); }

  void TakeKey(std::string_view key) {
    row_.fingerprints.push_back(options_.keys.fingerprint(key));
    keys_.emplace_back(key);
  }

  void TakeHint(Side side, const NamedCell& cell) {
    const std::string_view text = Trimmed(cell.text);
    if (options_.keys.is_key(text)) return TakeKey(text);
    if (TellsNothing(text)) return;
    ShownKey shown = ShownIn(text, side);
    if (shown.whole) return TakeKey(text);
    for (RowHint& hint : shown.hints) row_.hints.push_back(std::move(hint));
  }

  void TakeKeyId(const NamedCell& cell) {
    const std::string_view text = Trimmed(cell.text);
    if (options_.keys.is_key(text)) return TakeKey(text);
    row_.facts.key_id = CleanText(text);
  }

  void TakeTime(const NamedCell& cell, std::optional<std::int64_t>* to) {
    if (Trimmed(cell.text) == "0") return;
    *to = TimeIn(cell.text);
    if (!*to) {
      Complain(fmt::format("what stands in {} is no date", ColumnName(cell)));
    }
  }

  void TakeExpiry(const NamedCell& cell) {
    row_.never_expires = MeansNever(cell.text);
    if (!row_.never_expires) TakeTime(cell, &row_.facts.expires);
  }

  void TakeProvider(const NamedCell& cell) {
    row_.provider = options_.provider_named(Trimmed(cell.text));
    if (!row_.provider.empty()) return;
    lost_provider_ = true;
    Complain(fmt::format("what stands in {} is no provider that is known",
                         ColumnName(cell)));
  }

  void TakeScopes(const NamedCell& cell) {
    for (std::string& scope : ScopesIn(cell.text)) {
      if (HoldsKey(scope)) return ComplainOfKey(cell);
      row_.facts.scopes.push_back(std::move(scope));
    }
  }

  std::string TextIn(const NamedCell& cell) {
    std::string out = CleanText(cell.text);
    if (!HoldsKey(cell.text) && (out == cell.text || !HoldsKey(out))) {
      return out;
    }
    ComplainOfKey(cell);
    return {};
  }

  void ComplainOfKey(const NamedCell& cell) {
    Complain(
        fmt::format("a key stands in {}, which is left out", ColumnName(cell)));
  }

  bool HoldsKey(std::string_view text) const {
    if (text.empty()) return false;
    if (options_.keys.holds_key(text)) return true;
    for (const std::string& key : keys_) {
      for (std::string& form : verify::FormsOf(key)) {
        const bool found = text.find(form) != text.npos;
        Wipe(&form);
        if (found) return true;
      }
    }
    return false;
  }

  // A name that is known cannot be a key; one that a person gave is theirs.
  static std::string ColumnName(const NamedCell& cell) {
    return fmt::format("'{}'", CleanText(cell.name));
  }

  const TableOptions& options_;
  std::uint64_t number_;
  TableRows* out_;
  ProviderRow row_;
  bool lost_provider_ = false;
  std::vector<std::string> keys_;
  std::map<Field, std::pair<const NamedCell*, Column>> best_;
};

std::optional<Column> RowBuilder::ColumnOf(std::string_view name) {
  std::optional<Column> out;
  for (const ColumnChoice& choice : options_.columns) {
    if (choice.name != name) continue;
    out = choice.column;
    named_.insert(choice.name);
  }
  if (!out) {
    out = ColumnNamed(name);
    const auto chosen = [&](const ColumnChoice& choice) {
      return out && choice.column.field == out->field;
    };
    if (std::any_of(options_.columns.begin(), options_.columns.end(), chosen)) {
      return std::nullopt;
    }
  }
  if (out) seen_.insert(out->field);
  return out;
}

void RowBuilder::Add(std::uint64_t number,
                     const std::vector<NamedCell>& cells) {
  Building row(options_, number, out_);
  for (const NamedCell& cell : cells) {
    if (const auto column = ColumnOf(cell.name)) row.Take(*column, cell);
  }
  row.Finish();
}

Status RowBuilder::CheckColumns() const {
  for (const ColumnChoice& choice : options_.columns) {
    if (named_.count(choice.name) > 0) continue;
    return Fail(ErrorCode::kInvalid, "has no column '{}'", choice.name);
  }
  if (seen_.count(Field::kHint) == 0 && seen_.count(Field::kKeyId) == 0) {
    return Fail(ErrorCode::kInvalid,
                "none of its columns is known to say which key a row is of; "
                "name it: --column hint=NAME or --column id=NAME");
  }
  if (options_.provider.empty() && seen_.count(Field::kProvider) == 0) {
    return Fail(ErrorCode::kInvalid,
                "does not say which provider it is of: --provider NAME");
  }
  return {};
}

}  // namespace keytidy::imports
