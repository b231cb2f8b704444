// SPDX-License-Identifier: Apache-2.0
//
// Objects that stand in files of their own, "objects/ab/cdef…": zlib data of
// "type size\0content". Format: gitformat-loose(5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/mapped_file.h"
#include "base/result.h"
#include "pack/inflate.h"
#include "pack/object.h"

namespace keytidy::pack {

struct LooseHead {
  ObjectType type = ObjectType::kNone;
  std::uint64_t size = 0;
};

// One open file. git writes it whole under another name, so it may be mapped.
class LooseObject {
 public:
  // kDamaged, and the errors of opening; messages name no file but where the
  // system's do.
  static Result<LooseObject> Open(const std::string& path);
  // The bytes of such a file, which must outlive it.
  static Result<LooseObject> Parse(std::string_view bytes);

  const LooseHead& head() const { return head_; }
  // The content in pieces; from the start with each call. Ends with kDamaged
  // when it is not of the stated size.
  class Reader {
   public:
    Result<std::size_t> Read(char* out, std::size_t size);

   private:
    friend class LooseObject;
    Reader(std::string_view bytes, std::size_t head, std::uint64_t size)
        : stream_(bytes), head_(head), left_(size) {}
    InflateStream stream_;
    std::size_t head_;
    std::uint64_t left_;
  };
  Reader Content() const { return Reader(bytes_, head_size_, head_.size); }
  // All of it; kLimit when it is larger than `limit`.
  Result<std::string> ReadAll(std::uint64_t limit) const;

 private:
  MappedFile file_;
  std::string_view bytes_;
  LooseHead head_;
  std::size_t head_size_ = 0;  // with its NUL, inflated
};

}  // namespace keytidy::pack
