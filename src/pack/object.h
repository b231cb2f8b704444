// SPDX-License-Identifier: Apache-2.0
//
// What git stores: an object of one of four types, and the id its bytes make.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hasher.h"
#include "pack/object_id.h"

namespace keytidy::pack {

enum class ObjectType : std::uint8_t { kNone, kCommit, kTree, kBlob, kTag };

// "blob", …; and back. kNone is "none", and nothing leads back to it.
std::string_view Name(ObjectType type);
std::optional<ObjectType> ParseObjectType(std::string_view name);

// Computes ids; one thread's, reused.
class ObjectHasher {
 public:
  explicit ObjectHasher(HashKind kind);

  ObjectId IdOf(ObjectType type, std::string_view content);

  // In pieces: the size must be the sum of what is given to Update.
  void Begin(ObjectType type, std::uint64_t size);
  void Update(std::string_view piece) { hasher_.Update(piece); }
  ObjectId Finish();

 private:
  HashKind kind_;
  Hasher hasher_;
};

}  // namespace keytidy::pack
