// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an entry of a pack, anywhere in it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "check.h"
#include "pack/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using keytidy::Check;
  using keytidy::pack::Entry;
  using keytidy::pack::HashKind;
  using keytidy::pack::ObjectType;
  const std::string bytes(data, data + size);
  for (const HashKind kind : {HashKind::kSha1, HashKind::kSha256}) {
    for (const std::uint64_t offset :
         {std::uint64_t{12}, std::uint64_t{5000}, std::uint64_t{1} << 40,
          ~std::uint64_t{0}}) {
      const auto entry = keytidy::pack::ParseEntry(bytes, offset, kind);
      if (!entry) {
        Check(entry.error().code == keytidy::ErrorCode::kDamaged, "the code",
              bytes);
        Check(keytidy::IsShowable(entry.error().message),
              "the message can be shown", bytes);
        continue;
      }
      Check(entry->data > 0 && entry->data <= size, "where the data begins",
            bytes);
      Check((entry->type == ObjectType::kNone) ==
                (entry->base != Entry::Base::kNone),
            "an object or a delta", bytes);
      if (entry->base == Entry::Base::kOffset) {
        Check(entry->base_offset > 0 && entry->base_offset < offset,
              "the base is before it", bytes);
      }
    }
  }
  return 0;
}
