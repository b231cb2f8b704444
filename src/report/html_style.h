// SPDX-License-Identifier: Apache-2.0
//
// How the page looks.
#pragma once

#include <string>
#include <string_view>

namespace keytidy::report {

// What stands between <style> and </style>. Light and dark, for paper and for
// narrow screens.
std::string_view HtmlStyle();

// The source that lets a content security policy accept that style and no
// other: 'sha256-...', with its quotes.
std::string HtmlStyleSource();

}  // namespace keytidy::report
