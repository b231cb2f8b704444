// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as the index of a pack, with a checksum that holds and without.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "pack/pack_index.h"
#include "unit/pack/pack_maker.h"

namespace {

using keytidy::ErrorCode;
using keytidy::pack::HashKind;
using keytidy::pack::ObjectId;
using keytidy::pack::PackIndex;
using Depth = keytidy::pack::Check;

void Run(std::string_view bytes, HashKind kind, Depth depth) {
  const auto index = PackIndex::Parse(bytes, kind, depth);
  if (!index) {
    keytidy::Check(index.error().code == ErrorCode::kDamaged ||
                       index.error().code == ErrorCode::kUnsupported,
                   "the code", bytes);
    keytidy::Check(keytidy::IsShowable(index.error().message),
                   "the message can be shown", bytes);
    return;
  }
  keytidy::Check(index->count() <= bytes.size() / 24, "the count", bytes);
  index->pack_checksum();
  for (std::uint32_t i = 0; i < index->count(); ++i) {
    const ObjectId id = index->IdAt(i);
    index->OffsetAt(i);
    index->CrcAt(i);
    keytidy::Check(index->LowerBound(id) <= index->count(), "the bound", bytes);
    const auto found = index->Find(id);
    if (depth == Depth::kShape) continue;
    keytidy::Check(found && index->IdAt(*found) == id, "it is found", bytes);
    keytidy::Check(i == 0 || index->IdAt(i - 1) <= id, "the order", bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string bytes(data, data + size);
  for (const HashKind kind : {HashKind::kSha1, HashKind::kSha256}) {
    Run(bytes, kind, Depth::kShape);
    Run(bytes, kind, Depth::kAll);
    const std::size_t id = keytidy::pack::IdSize(kind);
    if (size < id) continue;
    const std::string body = bytes.substr(0, size - id);
    Run(body + keytidy::pack::Checksum(body, kind), kind, Depth::kAll);
  }
  return 0;
}
