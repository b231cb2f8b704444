// SPDX-License-Identifier: Apache-2.0
//
// Numbers for all objects of a store, so that tables over them are arrays. An
// object that stands in several places has a number for each; Find gives the
// first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pack/object_id.h"
#include "pack/object_store.h"

namespace keytidy::pack {

// Immutable once made; any thread.
class ObjectTable {
 public:
  using Number = std::uint32_t;
  static constexpr Number kNone = ~Number{0};

  // Numbers the objects of each pack by id, one pack after the other, then the
  // loose ones. The store and what it held when the table was made must
  // outlive it. kLimit: more than four thousand million.
  static Result<ObjectTable> Make(const ObjectStore& store,
                                  std::vector<LooseFile> loose);

  HashKind kind() const { return kind_; }
  Number count() const { return count_; }
  Number Find(const ObjectId& id) const;
  ObjectId IdOf(Number number) const;
  // Whether no earlier number is of the same object.
  bool IsFirst(Number number) const {
    return duplicate_.empty() || !duplicate_[number];
  }

  std::size_t pack_count() const { return packs_.size(); }
  const PackFile& PackAt(std::size_t pack) const { return *packs_[pack]; }
  Number NumberOf(std::size_t pack, std::uint32_t index) const {
    return first_[pack] + index;
  }
  // Which pack a number is in; nullopt for a loose one.
  std::optional<std::size_t> PackOf(Number number) const;
  Number FirstOf(std::size_t pack) const { return first_[pack]; }

  const std::vector<LooseFile>& loose() const { return loose_; }
  Number NumberOfLoose(std::size_t i) const {
    return first_.back() + static_cast<Number>(i);
  }

 private:
  std::uint64_t HashOf(const ObjectId& id) const;
  std::size_t SlotOf(std::uint64_t hash) const;
  std::uint32_t TagOf(std::uint64_t hash) const;
  bool Same(Number number, const ObjectId& id) const;
  void Add(Number number);

  HashKind kind_ = HashKind::kSha1;
  std::vector<std::shared_ptr<const PackFile>> packs_;
  std::vector<LooseFile> loose_;
  std::vector<Number> first_;  // by pack; then of the loose ones
  Number count_ = 0;
  std::vector<bool> duplicate_;  // empty when there are none
  // A hash table with open addressing, at most two thirds full. A slot holds a
  // number plus one in its low bits, in the bits that are left over some more
  // of the id, so that few are looked at in vain; 0 is free.
  std::vector<std::uint32_t> slots_;
  unsigned number_bits_ = 0;
  std::uint64_t seed_ = 0;
};

}  // namespace keytidy::pack
