// SPDX-License-Identifier: Apache-2.0
//
// The ages of keys as one picture: a bar for each key, a line where its limit
// is, and a broken one where it is due before that. It needs no fixed width;
// letters keep their size on a phone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "report/html.h"

namespace keytidy::report {

// An <svg> with one row for each of `keys`, in that order; each has a known
// age. `label` is the picture's name, and `described_by` the id of the element
// that says the same in words.
std::string AgeChart(const std::vector<const Finding*>& keys,
                     std::string_view label, std::string_view described_by,
                     const HtmlOptions& options = {});

}  // namespace keytidy::report
