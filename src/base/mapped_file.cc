// SPDX-License-Identifier: Apache-2.0
#include "base/mapped_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"

namespace keytidy {

Result<MappedFile> MappedFile::Open(const std::string& path, Access access) {
  auto file = OpenRegular(path, Links::kFollow);
  if (!file) return Fail(file.error());
  MappedFile out;
  if (file->size == 0) return out;
  void* data =
      mmap(nullptr, file->size, PROT_READ, MAP_PRIVATE, file->fd.get(), 0);
  if (data == MAP_FAILED) return Fail(SystemError(path, errno));
  if (access == Access::kWhole) {
    madvise(data, file->size, MADV_WILLNEED);
#ifdef MADV_POPULATE_READ
    // All at once costs a third of one fault after the other. Not where it
    // would push out what others have in memory.
    const auto memory = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                        static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    if (file->size < memory / 4) {
      madvise(data, file->size, MADV_POPULATE_READ);
    }
#endif
  }
  out.data_ = static_cast<const char*>(data);
  out.size_ = file->size;
  return out;
}

void MappedFile::Close() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
  data_ = nullptr;
}

}  // namespace keytidy
