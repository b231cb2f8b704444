// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an index, as they are and without a checksum, of both kinds of
// hashes; a split one together with the shared part that the corpus names.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "check.h"
#include "git/index_file.h"
#include "unit/git/index_check.h"
#include "unit/git/index_maker.h"

namespace {

using keytidy::Check;
using keytidy::Error;
using keytidy::ErrorCode;
using keytidy::Result;
using keytidy::git::IndexFile;
using keytidy::git::IndexMaker;
using keytidy::pack::HashKind;

// Entries a000, a001 and so on, in a folder that goes with the process.
class SharedPart {
 public:
  SharedPart() {
    IndexMaker maker;
    for (int i = 0; i < 200; ++i) {
      std::string number = std::to_string(i);
      number.insert(0, 3 - number.size(), '0');
      maker.Add({"a" + number});
    }
    const std::string bytes = maker.Bytes();
    const std::string_view id = std::string_view(bytes).substr(
        bytes.size() - keytidy::pack::IdSize(HashKind::kSha1));
    name_ = "sharedindex." +
            keytidy::ToHex(reinterpret_cast<const std::uint8_t*>(id.data()),
                           id.size());
    folder_ = std::filesystem::temp_directory_path() / "keytidy-fuzz-XXXXXX";
    if (mkdtemp(folder_.data()) == nullptr) std::abort();
    Write(name_, bytes);
  }
  ~SharedPart() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  SharedPart(const SharedPart&) = delete;
  SharedPart& operator=(const SharedPart&) = delete;

  const std::string& name() const { return name_; }

  Result<IndexFile> Read(std::string_view bytes) const {
    return keytidy::git::ReadIndex(Write("index", bytes), HashKind::kSha1);
  }

 private:
  std::string Write(const std::string& name, std::string_view bytes) const {
    std::string path = folder_ + "/" + name;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out.good()) std::abort();
    return path;
  }

  std::string name_;
  std::string folder_;
};

void CheckError(const Error& error, std::string_view bytes) {
  Check(error.code == ErrorCode::kDamaged ||
            error.code == ErrorCode::kUnsupported ||
            error.code == ErrorCode::kLimit,
        "the code", bytes);
  Check(!error.message.empty() && keytidy::IsShowable(error.message),
        "the message can be shown", bytes);
}

void CheckIndex(const IndexFile& index, std::string_view bytes) {
  const std::string wrong = keytidy::git::WhatIsWrong(index);
  Check(wrong.empty(), wrong, bytes);
}

void Run(std::string_view bytes, HashKind kind) {
  static const SharedPart shared;
  const Result<IndexFile> index = keytidy::git::ParseIndex(bytes, kind);
  if (!index) {
    CheckError(index.error(), bytes);
    return;
  }
  CheckIndex(*index, bytes);
  Check(index->entries.size() <= bytes.size() / 64, "the number of entries",
        bytes);
  std::size_t path_bytes = 0;
  for (const auto& entry : index->entries) path_bytes += entry.path.size();
  Check(path_bytes <= 64 * bytes.size(), "the length of all paths", bytes);
  if (index->shared != shared.name()) return;
  const Result<IndexFile> merged = shared.Read(bytes);
  if (merged) {
    CheckIndex(*merged, bytes);
  } else {
    CheckError(merged.error(), bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string bytes(data, data + size);
  for (const HashKind kind : {HashKind::kSha1, HashKind::kSha256}) {
    Run(bytes, kind);
    std::string unchecked = bytes;
    const std::size_t id_size = std::min(size, keytidy::pack::IdSize(kind));
    std::fill(unchecked.end() - static_cast<std::ptrdiff_t>(id_size),
              unchecked.end(), '\0');
    Run(unchecked, kind);
  }
  return 0;
}
