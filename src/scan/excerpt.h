// SPDX-License-Identifier: Apache-2.0
//
// The line a key stands on, fit to be shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"

namespace keytidy::scan {

// A stretch of text that must not be shown, and what stands in its place.
struct Mask {
  Span span;
  std::string redacted;
};

// The masks within `reach` of `secret`, and masks for further places there in
// which the value of the secret or of a mask close by stands once more, where
// no rule would find it. Sorted as MakeExcerpt wants them.
std::vector<Mask> MasksNear(std::string_view text, Span secret,
                            const std::vector<Mask>& masks, std::size_t reach);

// `range` of `text` with every mask applied.
std::string ApplyMasks(std::string_view text, Span range,
                       const std::vector<Mask>& masks);

// The line of `text` on which `secret` begins, cut to a readable width around
// it, with every mask applied. `masks` are sorted by start and include the
// secret's own; where they overlap the first one's text stands for all.
Excerpt MakeExcerpt(std::string_view text, Span secret,
                    const std::vector<Mask>& masks);

}  // namespace keytidy::scan
