// SPDX-License-Identifier: Apache-2.0
//
// Who wrote the report: the same words in every format.
#pragma once

#include <string_view>

namespace keytidy::report {

inline constexpr std::string_view kToolName = "keytidy";

// The version of the build, `1.2.3`.
std::string_view ToolVersion();

}  // namespace keytidy::report
