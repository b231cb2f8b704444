// SPDX-License-Identifier: Apache-2.0
//
// Whether the name of a key says what it is for.
#pragma once

#include <string_view>

namespace keytidy::policy {

// Words of no meaning, numbers and what joins them, and nothing else: "key1",
// "my-api-token".
bool IsBareName(std::string_view name);

// Three parts or more, joined by hyphens, none of them empty, and not bare:
// "cursor-laptop-notes" (kNameForm).
bool HasNameForm(std::string_view name);

}  // namespace keytidy::policy
