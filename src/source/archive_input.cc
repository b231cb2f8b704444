// SPDX-License-Identifier: Apache-2.0
#include "source/archive_input.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace keytidy::source {

std::string WhyOf(archive* a) {
  const char* text = archive_error_string(a);
  const std::string_view line = text == nullptr ? "" : text;
  const std::string why = ForTerminal(line.substr(0, line.find('\n')));
  return why.empty() ? "it ends too early" : why;
}

int ArchiveInput::Open(archive* a, bool seekable) {
  archive_read_set_callback_data(a, this);
  archive_read_set_read_callback(a, OnRead);
  if (seekable) archive_read_set_seek_callback(a, OnSeek);
  return archive_read_open1(a);
}

la_ssize_t ArchiveInput::OnRead(archive* a, void* self, const void** block) {
  return static_cast<ArchiveInput*>(self)->Read(a, block);
}

la_int64_t ArchiveInput::OnSeek(archive* a, void* self, la_int64_t offset,
                                int whence) {
  return static_cast<ArchiveInput*>(self)->Seek(a, offset, whence);
}

la_ssize_t ArchiveInput::Read(archive* a, const void** block) {
  *block = nullptr;
  if (budget_.exceeded()) {
    archive_set_error(a, EFBIG, "%s", budget_.why().c_str());
    return ARCHIVE_FATAL;
  }
  if (const la_int64_t taken = archive_filter_bytes(a, 0); taken != taken_) {
    taken_ = taken;
    ahead_ = 0;
  }
  std::size_t size = chunk_.size();
  if (allowed_) size = std::min<std::uint64_t>(size, *allowed_);
  if (ahead_ > look_ahead_ || size == 0) {
    stopped_ = true;
    archive_set_error(a, EFBIG, "%s", kStopped);
    return ARCHIVE_FATAL;
  }
  Result<std::size_t> read = reader_.Read(chunk_.data(), size);
  if (!read) {
    failure_ = std::move(read.error());
    archive_set_error(a, EIO, "%s", failure_->message.c_str());
    return ARCHIVE_FATAL;
  }
  ahead_ += *read;
  offset_ += *read;
  if (allowed_) *allowed_ -= *read;
  if (outermost_) budget_.SetPacked(offset_);
  *block = chunk_.data();
  return static_cast<la_ssize_t>(*read);
}

std::uint64_t ArchiveInput::Leftover(archive* a) const {
  const la_int64_t taken = archive_filter_bytes(a, -1);
  const std::uint64_t end = std::max(offset_, reader_.Size().value_or(0));
  if (taken < 0 || static_cast<std::uint64_t>(taken) >= end) return 0;
  return end - static_cast<std::uint64_t>(taken);
}

la_int64_t ArchiveInput::Seek(archive* a, la_int64_t offset, int whence) {
  const std::uint64_t size = reader_.Size().value_or(0);
  const std::uint64_t base = whence == SEEK_SET   ? 0
                             : whence == SEEK_CUR ? offset_
                                                  : size;
  // Offsets come from the archive; what is before its start or past its end
  // is refused here, so that nothing wraps around.
  const bool inside =
      base <= size &&
      (offset < 0 ? static_cast<std::uint64_t>(-(offset + 1)) < base
                  : static_cast<std::uint64_t>(offset) <= size - base);
  if (!inside) {
    archive_set_error(a, EINVAL, "it points to a place outside of itself");
    return ARCHIVE_FATAL;
  }
  const std::uint64_t target = base + static_cast<std::uint64_t>(offset);
  if (Status sought = reader_.SeekTo(target); !sought) {
    failure_ = std::move(sought.error());
    archive_set_error(a, EIO, "%s", failure_->message.c_str());
    return ARCHIVE_FATAL;
  }
  offset_ = target;
  return static_cast<la_int64_t>(target);
}

}  // namespace keytidy::source
