// SPDX-License-Identifier: Apache-2.0
#include "pack/object_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <random>
#include <utility>

namespace keytidy::pack {
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
  out.seed_ =
      std::uint64_t{std::random_device()()} << 32 | std::random_device()();
  out.number_bits_ = static_cast<unsigned>(std::bit_width(count + 1));
  out.slots_.assign(std::bit_ceil<std::uint64_t>(count + count / 2 + 1), 0);
  for (Number i = 0; i < out.count_; ++i) out.Add(i);
  return out;
}

// Ids of a table need not be digests: whoever made it may have chosen them so
// that they collide, unless what they are hashed with is not known before.
std::uint64_t ObjectTable::HashOf(const ObjectId& id) const {
  std::uint64_t hash = seed_;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data() + 8 * i, sizeof word);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15;
    hash ^= hash >> 32;
  }
  return hash;
}

std::size_t ObjectTable::SlotOf(std::uint64_t hash) const {
  return hash & (slots_.size() - 1);
}

std::uint32_t ObjectTable::TagOf(std::uint64_t hash) const {
  return number_bits_ >= 32
             ? 0
             : static_cast<std::uint32_t>(hash >> 32) << number_bits_;
}

bool ObjectTable::Same(Number number, const ObjectId& id) const {
  return IdOf(number) == id;
}

void ObjectTable::Add(Number number) {
  const ObjectId id = IdOf(number);
  const Number known = Find(id);
  if (known != kNone) {
    if (duplicate_.empty()) duplicate_.assign(count_, false);
    duplicate_[number] = true;
    return;
  }
  const std::uint64_t hash = HashOf(id);
  std::size_t slot = SlotOf(hash);
  while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = TagOf(hash) | (number + 1);
}

ObjectTable::Number ObjectTable::Find(const ObjectId& id) const {
  const std::uint64_t hash = HashOf(id);
  const std::uint32_t tag = TagOf(hash);
  const std::uint32_t mask = number_bits_ >= 32
                                 ? ~std::uint32_t{0}
                                 : (std::uint32_t{1} << number_bits_) - 1;
  for (std::size_t slot = SlotOf(hash); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    if ((slots_[slot] & ~mask) != tag) continue;
    const Number number = (slots_[slot] & mask) - 1;
    if (Same(number, id)) return number;
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
