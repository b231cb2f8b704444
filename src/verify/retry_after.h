// SPDX-License-Identifier: Apache-2.0
//
// How long a server asks to be left alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "verify/message.h"

namespace keytidy::verify {

// From the header Retry-After, in seconds or as a date (RFC 9110, 10.2.3), or
// else from the body in the form "Retry after %{seconds}s". `now`: seconds
// since 1970. Nothing where it does not say, or not clearly.
std::optional<std::chrono::seconds> RetryAfter(const HttpAnswer& answer,
                                               std::string_view delay_text,
                                               std::int64_t now);

}  // namespace keytidy::verify
