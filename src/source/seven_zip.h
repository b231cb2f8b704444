// SPDX-License-Identifier: Apache-2.0
//
// A look at the header of a 7z archive before libarchive is given it. The
// numbers in that header decide how much memory libarchive 3.6 takes before it
// reads the first member, and a header of a few hundred bytes can ask for 10
// GB. So the header is unpacked and read here, with bounds; what is too large,
// or not understood to the last byte, is not handed on.
#pragma once

#include "base/result.h"
#include "source/archive_budget.h"
#include "source/byte_reader.h"

namespace keytidy::source {

// The most that a header may be, packed and unpacked. Real ones take some 50
// to 100 bytes for each member.
inline constexpr std::uint64_t kMaxSevenZipHeader = std::uint64_t{16} << 20;

// `input` can seek and has a size; where it stands afterwards is undefined.
// Counts the members against `budget`, which may thereby be exceeded (and then
// the result is kLimit). kDamaged or kUnsupported: the reason in plain words,
// without the path.
Status CheckSevenZip(ByteReader& input, ArchiveBudget& budget);

}  // namespace keytidy::source
