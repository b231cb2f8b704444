// SPDX-License-Identifier: Apache-2.0
//
// Where a key stands in a JSON configuration file: the record that it belongs
// to, such as one server of an AI client, and the addresses in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"

namespace keytidy::scan {

// The addresses in the record that holds `span`: the values of variables of
// these names, or, where there is none, the address that the record's server is
// reached at (url, serverUrl, httpUrl). Each once. Nothing where the text is no
// JSON (with comments), so that there are no records.
std::optional<std::vector<std::string>> BasesOfRecord(
    std::string_view text, Span span, const std::vector<std::string>& names);

}  // namespace keytidy::scan
