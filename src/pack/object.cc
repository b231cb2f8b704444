// SPDX-License-Identifier: Apache-2.0
#include "pack/object.h"

#include <string>

namespace keytidy::pack {

std::string_view Name(ObjectType type) {
  switch (type) {
    case ObjectType::kCommit:
      return "commit";
    case ObjectType::kTree:
      return "tree";
    case ObjectType::kBlob:
      return "blob";
    case ObjectType::kTag:
      return "tag";
    case ObjectType::kNone:
      break;
  }
  return "none";
}

std::optional<ObjectType> ParseObjectType(std::string_view name) {
  for (const ObjectType type : {ObjectType::kCommit, ObjectType::kTree,
                                ObjectType::kBlob, ObjectType::kTag}) {
    if (Name(type) == name) return type;
  }
  return std::nullopt;
}

ObjectHasher::ObjectHasher(HashKind kind)
    : kind_(kind),
      hasher_(kind == HashKind::kSha1 ? Hasher::Kind::kSha1
                                      : Hasher::Kind::kSha256) {}

ObjectId ObjectHasher::IdOf(ObjectType type, std::string_view content) {
  Begin(type, content.size());
  Update(content);
  return Finish();
}

void ObjectHasher::Begin(ObjectType type, std::uint64_t size) {
  std::string head(Name(type));
  head += ' ' + std::to_string(size);
  head.push_back('\0');
  hasher_.Update(head);
}

ObjectId ObjectHasher::Finish() {
  const std::string digest = hasher_.Finish();
  return ObjectId(reinterpret_cast<const std::uint8_t*>(digest.data()), kind_);
}

}  // namespace keytidy::pack
