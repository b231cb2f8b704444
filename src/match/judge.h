// SPDX-License-Identifier: Apache-2.0
//
// The questions stage 2 asks of a candidate after its shape fits: does it
// stand alone, is it a value at all or words for one, is it random enough,
// what stands near it. Pure functions over bounded stretches of text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/char_class.h"
#include "core/rule.h"

namespace keytidy::match {

// Whether nothing of the class stands directly before `position`. The end of
// an escape (`\n`, `\x3d`, `\u003d`, `%3D`) or of a terminal colour sequence is
// a boundary, whatever letter it ends with.
bool StandsAloneBefore(std::string_view text, std::size_t position,
                       const CharClass& forbidden);
bool StandsAloneAfter(std::string_view text, std::size_t position,
                      const CharClass& forbidden);

// Whether the value is one that documentation uses: of the rule's own list, or
// plainly words or filler. `known_prefix` bytes at its start do not count.
bool IsPlaceholder(std::string_view value, std::size_t known_prefix,
                   std::span<const std::string_view> placeholders);

// Whether it mostly counts up ("0123456789abcdef0123…"): somebody typed it.
bool IsSequence(std::string_view value);

// Shannon entropy, bits per byte; 0 for the empty text.
double Entropy(std::string_view value);

enum class ContextFit {
  kAbsent,    // no word is near
  kPresent,   // a word is near
  kExcluded,  // a word of `unless` is near
};
// Looks `context.within` bytes before `start` and after `end`.
ContextFit FitContext(std::string_view text, std::size_t start, std::size_t end,
                      const Context& context);

}  // namespace keytidy::match
