// SPDX-License-Identifier: Apache-2.0
//
// Reading the members of one zip, 7z or tar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/report.h"
#include "source/archive.h"
#include "source/archive_budget.h"
#include "source/byte_reader.h"

namespace keytidy::source {

enum class ContainerFormat : std::uint8_t {
  kSeekableZip,  // as its directory lists the members; needs to seek
  kStreamedZip,  // as they lie one after the other
  kSevenZip,     // needs to seek, and CheckSevenZip first
  kTar,
};

struct ContainerOutcome {
  std::uint64_t entries = 0;  // of any kind
  // Whether damage of some member was reported to the visitor.
  bool reported = false;
  // What is wrong with the container itself, not reported yet; empty when
  // nothing is.
  std::string damage;
  // Set when `input` failed; then `damage` is empty.
  std::optional<Error> input_failure;
};

// Visits all members. `charge`: count what they unpack to against the budget.
ContainerOutcome ReadContainer(ContainerFormat format, ByteReader& input,
                               const std::string& display_path,
                               ArchiveBudget& budget, ArchiveVisitor& visitor,
                               bool charge);

// The Skip of something that is not, or not wholly, read because it is damaged
// or of an unsupported kind.
Skip CannotUnpack(std::string path, std::string_view why,
                  std::optional<std::uint64_t> bytes = std::nullopt);

}  // namespace keytidy::source
