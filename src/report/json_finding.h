// SPDX-License-Identifier: Apache-2.0
//
// The parts that the JSON report and JSON Lines share, so that a finding or
// a violation is the same object in both. docs/report.schema.json describes
// every field. Strings may hold any bytes: write them out with Dump only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/report.h"

namespace keytidy::report {

using Json = nlohmann::ordered_json;  // fields stay in the order they are set

// Changes only together with the schema file.
inline constexpr std::string_view kReportSchema = "keytidy-report/1";

Json ToolJson(const Report& report);
Json FindingJson(const Finding& finding);
Json SkipJson(const Skip& skip);
Json ViolationJson(const Violation& violation);
Json AuditJson(const AuditSummary& audit);
// Null where there is none.
Json ClientJson(const std::optional<ClientPlace>& client);
// Null where it is empty.
Json TextOrNull(const std::string& text);

// `indent` as in nlohmann: -1 for one line. Always valid UTF-8: other bytes
// become U+FFFD. Ends without a newline.
std::string Dump(const Json& json, int indent);

}  // namespace keytidy::report
