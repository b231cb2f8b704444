// SPDX-License-Identifier: Apache-2.0
#include "pack/object_table.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace keytidy::pack {
namespace {

// Up to so many packs are searched one by one.
constexpr std::size_t kFewPacks = 3;

std::uint64_t KeyOf(const ObjectId& id) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) key = key << 8 | id.data()[i];
  return key;
}

}  // namespace

Result<ObjectTable> ObjectTable::Make(const ObjectStore& store,
                                      std::vector<LooseFile> loose) {
  ObjectTable out;
  out.kind_ = store.kind();
  out.packs_ = store.packs();
  out.loose_ = std::move(loose);
  std::uint64_t count = 0;
  for (const auto& pack : out.packs_) {
    out.first_.push_back(static_cast<Number>(count));
    count += pack->count();
  }
  out.first_.push_back(static_cast<Number>(count));
  count += out.loose_.size();
  if (count >= std::numeric_limits<Number>::max()) {
    return Fail(ErrorCode::kLimit, "{} objects are more than can be numbered",
                count);
  }
  out.count_ = static_cast<Number>(count);
  if (out.packs_.size() > kFewPacks) out.BuildRows();
  out.FindDuplicates();
  return out;
}

void ObjectTable::BuildRows() {
  rows_.reserve(count_);
  for (Number i = 0; i < count_; ++i) rows_.push_back({KeyOf(IdOf(i)), i});
  std::sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) {
    if (a.key != b.key) return a.key < b.key;
    const ObjectId a_id = IdOf(a.number);
    const ObjectId b_id = IdOf(b.number);
    return a_id != b_id ? a_id < b_id : a.number < b.number;
  });
}

void ObjectTable::FindDuplicates() {
  const auto mark = [&](Number number) {
    if (duplicate_.empty()) duplicate_.assign(count_, false);
    duplicate_[number] = true;
  };
  if (!rows_.empty()) {
    for (std::size_t i = 1; i < rows_.size(); ++i) {
      if (rows_[i].key == rows_[i - 1].key &&
          IdOf(rows_[i].number) == IdOf(rows_[i - 1].number)) {
        mark(rows_[i].number);
      }
    }
    return;
  }
  for (std::size_t pack = 0; pack < packs_.size(); ++pack) {
    for (std::uint32_t i = 0; i < packs_[pack]->count(); ++i) {
      const Number number = NumberOf(pack, i);
      // Damaged tables may name an object twice.
      if (pack > 0 || (i > 0 && IdOf(number) == IdOf(number - 1))) {
        if (Find(IdOf(number)) != number) mark(number);
      }
    }
  }
  for (std::size_t i = 0; i < loose_.size(); ++i) {
    if (Find(loose_[i].id) != NumberOfLoose(i)) mark(NumberOfLoose(i));
  }
}

ObjectTable::Number ObjectTable::FindLoose(const ObjectId& id) const {
  const auto it = std::lower_bound(
      loose_.begin(), loose_.end(), id,
      [](const LooseFile& file, const ObjectId& key) { return file.id < key; });
  if (it == loose_.end() || it->id != id) return kNone;
  return NumberOfLoose(static_cast<std::size_t>(it - loose_.begin()));
}

ObjectTable::Number ObjectTable::Find(const ObjectId& id) const {
  if (rows_.empty()) {
    for (std::size_t pack = 0; pack < packs_.size(); ++pack) {
      if (const auto index = packs_[pack]->Find(id)) {
        return NumberOf(pack, *index);
      }
    }
    return FindLoose(id);
  }
  const std::uint64_t key = KeyOf(id);
  for (auto it = std::lower_bound(
           rows_.begin(), rows_.end(), key,
           [](const Row& row, std::uint64_t k) { return row.key < k; });
       it != rows_.end() && it->key == key; ++it) {
    if (IdOf(it->number) == id) return it->number;
  }
  return kNone;
}

std::optional<std::size_t> ObjectTable::PackOf(Number number) const {
  if (number >= first_.back()) return std::nullopt;
  const auto it = std::upper_bound(first_.begin(), first_.end() - 1, number);
  return static_cast<std::size_t>(it - first_.begin()) - 1;
}

ObjectId ObjectTable::IdOf(Number number) const {
  const auto pack = PackOf(number);
  if (!pack) return loose_[number - first_.back()].id;
  return packs_[*pack]->IdAt(number - first_[*pack]);
}

}  // namespace keytidy::pack
