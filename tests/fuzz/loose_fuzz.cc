// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a loose object, as they are and compressed.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "pack/loose.h"
#include "unit/pack/pack_maker.h"

namespace {

using keytidy::Check;
using keytidy::ErrorCode;
using keytidy::pack::LooseObject;

constexpr std::uint64_t kLimit = 1 << 20;

void CheckError(const keytidy::Error& error, std::string_view bytes) {
  Check(error.code == ErrorCode::kDamaged || error.code == ErrorCode::kLimit,
        "the code", bytes);
  Check(keytidy::IsShowable(error.message), "the message", bytes);
}

void Run(std::string_view bytes) {
  const auto object = LooseObject::Parse(bytes);
  if (!object) return CheckError(object.error(), bytes);
  const auto whole = object->ReadAll(kLimit);
  if (!whole) return CheckError(whole.error(), bytes);
  Check(whole->size() == object->head().size, "the size", bytes);
  auto reader = object->Content();
  std::string pieces;
  for (char piece[7];;) {
    const auto n = reader.Read(piece, sizeof piece);
    Check(bool{n}, "what is read whole is read in pieces", bytes);
    if (*n == 0) break;
    pieces.append(piece, *n);
  }
  Check(pieces == *whole, "the same in pieces", bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string bytes(data, data + size);
  Run(bytes);
  Run(keytidy::pack::Deflated(bytes));
  return 0;
}
