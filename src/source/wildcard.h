// SPDX-License-Identifier: Apache-2.0
//
// The wildcards of gitignore(5) over a slash-separated path, as git itself
// reads them. Immutable once compiled, safe to share between threads.
//
//   ?        one byte, not a slash
//   *        any number of bytes, no slash; so is a run of stars elsewhere
//            than below
//   **/      at the start or after a slash: nothing, or any number of whole
//            directories
//   /**      at the end (or all of the pattern): whatever is left
//   [a-z]    one byte of the set, not a slash; `!` or `^` first for the others;
//            a backslash takes the next byte as it is; [:alpha:] and its like
//            name sets of ASCII
//   \x       the byte x
//
// A pattern that is not well formed (a class that is not closed or names an
// unknown set, a backslash at the end) matches nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/char_class.h"

namespace keytidy::source {

class Wildcard {
 public:
  // nullopt when the pattern is not well formed. Time and memory are linear in
  // its length.
  static std::optional<Wildcard> Compile(std::string_view pattern);

  // Whether the pattern matches all of `text`. Takes no more than the product
  // of the two lengths in steps, needs no memory and does not recurse; a
  // pattern that asks for more bytes than `text` has is answered at once.
  bool Matches(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t {
    kByte,        // `value` itself
    kAny,         // any byte but a slash
    kSet,         // a byte of sets_[value]
    kStar,        // any number of bytes, no slash
    kDirs,        // nothing, or anything up to and with a slash
    kSlashAhead,  // anything up to and with a slash
    kRest,        // whatever is left
  };
  struct Element {
    Kind kind;
    std::uint32_t value = 0;
  };
  class Compiler;

  Wildcard() = default;
  bool MatchesOne(Element element, char c) const;

  std::vector<Element> elements_;
  std::vector<CharClass> sets_;
  std::size_t least_ = 0;  // bytes that every match has
};

}  // namespace keytidy::source
