// SPDX-License-Identifier: Apache-2.0
//
// One word of a shell's command line: what `"a b"'c'\ d` says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace keytidy::config {

// How a quote within a word is written.
enum class Quoting {
  kShell,       // a backslash; none within single quotes
  kPowerShell,  // a backtick; a quote twice
};

class ShellWords {
 public:
  explicit ShellWords(std::string_view text) : text_(text) {}

  // Reads the word at `*at` and moves beyond it. It ends at a blank, at the end
  // of the line, and at `;`, `&` and `|` before one of these. What `$(...)` and
  // backticks hold is taken as it is written. Quotes may hold several lines
  // where they begin the word, up to 64 KiB; a quote that is not closed is an
  // ordinary character.
  std::string Read(std::size_t* at, Quoting quoting);

  // Whether one of `;`, `&`, `|` that is no part of a word stands there.
  bool EndsCommand(std::size_t at) const;

 private:
  char At(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  std::size_t EndOfLine(std::size_t at);
  // Of the quote at `at`; npos: it is not closed before `limit`.
  std::size_t Closing(std::size_t at, std::size_t limit, Quoting quoting);
  void Quoted(std::size_t from, std::size_t to, char quote, Quoting quoting,
              std::string* out);
  // Appends the substitution at `*at`, if one begins there.
  bool Substitution(std::size_t* at, std::size_t limit, std::string* out);

  std::string_view text_;
  std::size_t line_end_ = 0;        // as it was last found
  std::size_t line_from_ = 1;       // where it was looked for
  std::size_t unclosed_until_ = 0;  // no substitution closes before this
};

}  // namespace keytidy::config
