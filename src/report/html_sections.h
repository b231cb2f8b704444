// SPDX-License-Identifier: Apache-2.0
//
// The sections of the page, each a <section> with its heading, or "" where
// there is nothing to say.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/report.h"
#include "report/html.h"

namespace keytidy::report {

inline constexpr std::size_t kMaxHtmlRows = 1000;  // of a table

// The visible findings, the worst first, else in the order of the report.
std::vector<const Finding*> KeysBySeverity(const Report& report);

std::string HtmlSteps(const Report& report, const HtmlOptions& options);
std::string HtmlAges(const Report& report, const HtmlOptions& options);
std::string HtmlKeys(const Report& report, const HtmlOptions& options);
std::string HtmlViolations(const Report& report, const HtmlOptions& options);
std::string HtmlCoverage(const Report& report, const HtmlOptions& options);

}  // namespace keytidy::report
