// SPDX-License-Identifier: Apache-2.0
//
// When a line of a log was written, by the log's own word: histories of shells
// and transcripts date what they keep. A key in such a line existed then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "core/finding.h"

namespace keytidy::audit {

// Of the line at `at`, in seconds since 1970. `text` begins where a line does
// and holds the lines before and after too. Known are zsh's extended
// history, bash's with HISTTIMEFORMAT, fish's, and lines of JSON with
// "timestamp" or "ts" (the last in Codex's history), as text, seconds or
// milliseconds.
std::optional<std::int64_t> DateOfLine(std::string_view text, std::size_t at);

// A log of which lines are looked at again.
class DatedLog {
 public:
  explicit DatedLog(const std::string& path);

  // The date of the line that `key` (bytes of the file) stands in. `is_key`
  // says whether what stands there is the key still. nullopt: nothing dates
  // it, it is no more there, or its line is longer than a person would write.
  std::optional<std::int64_t> DateOf(
      Span key, const std::function<bool(std::string_view)>& is_key);

 private:
  std::optional<std::string> Read(std::uint64_t from, std::uint64_t to) const;

  Fd file_;
  std::uint64_t size_ = 0;
  std::uint64_t left_ = 64 << 20;  // to be read, at most
};

}  // namespace keytidy::audit
