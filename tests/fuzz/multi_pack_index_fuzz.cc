// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a multi-pack-index, with a checksum that holds and without.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "pack/multi_pack_index.h"
#include "unit/pack/pack_maker.h"

namespace {

using keytidy::Check;
using keytidy::ErrorCode;
using keytidy::pack::HashKind;
using keytidy::pack::MultiPackIndex;

void Run(std::string_view bytes, HashKind kind) {
  const auto index = MultiPackIndex::Parse(bytes, kind);
  if (!index) {
    Check(index.error().code == ErrorCode::kDamaged ||
              index.error().code == ErrorCode::kUnsupported,
          "the code", bytes);
    Check(keytidy::IsShowable(index.error().message),
          "the message can be shown", bytes);
    return;
  }
  Check(index->packs().size() <= bytes.size(), "the number of packs", bytes);
  for (std::uint32_t i = 0; i < index->count(); ++i) {
    Check(index->PackAt(i) < index->packs().size(), "the pack", bytes);
    Check(i == 0 || index->IdAt(i - 1) < index->IdAt(i), "the order", bytes);
    index->OffsetAt(i);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string bytes(data, data + size);
  for (const HashKind kind : {HashKind::kSha1, HashKind::kSha256}) {
    Run(bytes, kind);
    const std::size_t id = keytidy::pack::IdSize(kind);
    if (size < id) continue;
    const std::string body = bytes.substr(0, size - id);
    Run(body + keytidy::pack::Checksum(body, kind), kind);
  }
  return 0;
}
