// SPDX-License-Identifier: Apache-2.0
//
// A report as one page for people: numbers, what to do first, how old the keys
// are, every key and place, every violation, and what was read. The page is
// complete in itself: it runs no script and loads nothing, and its policy for
// content lets it do neither. A pure function: same arguments, same bytes. No
// key is in it, except where Finding::shown is set; then it says so.
#pragma once

#include <string>
#include <unordered_map>

#include "core/policy.h"
#include "core/report.h"

namespace keytidy::report {

struct HtmlOptions {
  std::string title;      // "" for one that fits the report
  std::string generated;  // the date, "2026-03-31"; "" leaves it out
  // Paths below this folder are shown with `~`; "" for none.
  std::string home;
  // When keys are due and when they are too old, by the ids of findings; what
  // is not here has the limits of its tier.
  std::unordered_map<std::string, AgeLimits> limits = {};
};

// Valid UTF-8 that ends with a newline. Lists are bounded; what is left out
// is counted.
std::string WriteHtml(const Report& report, const HtmlOptions& options);

}  // namespace keytidy::report
