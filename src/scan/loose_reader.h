// SPDX-License-Identifier: Apache-2.0
//
// The content of a loose object as bytes to read; at their end it says whether
// they make the id they should.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "pack/loose.h"
#include "pack/object.h"
#include "source/byte_reader.h"

namespace keytidy::scan {

class LooseReader final : public source::ByteReader {
 public:
  LooseReader(const pack::LooseObject& object, const pack::ObjectId& id)
      : reader_(object.Content()),
        size_(object.head().size),
        id_(id),
        hasher_(id.kind()) {
    hasher_.Begin(object.head().type, size_);
  }
  Result<std::size_t> Read(char* data, std::size_t size) override {
    auto n = reader_.Read(data, size);
    if (!n) return n;
    if (*n > 0) {
      hasher_.Update({data, *n});
    } else if (size > 0 && !std::exchange(ended_, true) &&
               hasher_.Finish() != id_) {
      return Fail(ErrorCode::kDamaged, "its content does not make its id");
    }
    return n;
  }
  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  pack::LooseObject::Reader reader_;
  std::uint64_t size_;
  pack::ObjectId id_;
  pack::ObjectHasher hasher_;
  bool ended_ = false;
};

}  // namespace keytidy::scan
