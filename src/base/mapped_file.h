// SPDX-License-Identifier: Apache-2.0
//
// A file mapped for reading. Only for files that are never changed in place,
// as git's packs: a file cut short under a mapping ends the process.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace keytidy {

// Owns the mapping; the bytes stay when the file is removed. Any thread.
class MappedFile {
 public:
  // How it will be read; advice to the system.
  enum class Access { kNormal, kWhole };

  // A regular file, links followed. Errors as of OpenRegular.
  static Result<MappedFile> Open(const std::string& path, Access access);

  MappedFile() = default;
  ~MappedFile() { Close(); }
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    if (this != &other) {
      Close();
      data_ = std::exchange(other.data_, nullptr);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }

  std::string_view bytes() const { return {data_, size_}; }

 private:
  void Close();

  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace keytidy
