// SPDX-License-Identifier: Apache-2.0
//
// The content of the entry that libarchive stands at.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "source/archive_budget.h"
#include "source/byte_reader.h"

namespace keytidy::source {

// The size that its archive states, if it does.
std::optional<std::uint64_t> StatedSize(archive_entry* entry);

// Valid until the next call that moves the archive on. Holes of a sparse file
// read as zeros. What cannot be unpacked is an error of Read, after all that
// can be; a limit that is reached is one of kind kLimit.
class MemberReader final : public ByteReader {
 public:
  // `charge`: count what is read against the budget. Holes always count: they
  // are unpacked here, from nothing.
  MemberReader(archive* a, archive_entry* entry, ArchiveBudget& budget,
               bool charge)
      : archive_(a),
        size_(StatedSize(entry)),
        budget_(budget),
        charge_(charge) {}

  Result<std::size_t> Read(char* data, std::size_t size) override;
  std::optional<std::uint64_t> Size() const override { return size_; }

  // Unpacks what was not read, to count it and to see whether it is sound.
  void Drain();

  // What is wrong with the content, as far as it was read; empty when nothing
  // is.
  const std::string& damage() const { return damage_; }
  // Whether everything was read.
  bool at_end() const { return at_end_ && hole_ == 0 && block_.empty(); }
  // Whether the whole archive cannot be read on.
  bool fatal() const { return fatal_; }

 private:
  void NextBlock();
  void Charge(std::uint64_t bytes);

  archive* const archive_;
  const std::optional<std::uint64_t> size_;
  ArchiveBudget& budget_;
  const bool charge_;
  std::uint64_t position_ = 0;
  std::uint64_t hole_ = 0;  // zeros before block_
  std::string_view block_;  // libarchive's, until the next one
  bool at_end_ = false;
  bool fatal_ = false;
  std::string damage_;
  std::optional<Error> failure_;
};

}  // namespace keytidy::source
