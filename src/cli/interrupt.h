// SPDX-License-Identifier: Apache-2.0
//
// SIGINT and SIGTERM as a stop token.
#pragma once

#include <stop_token>

namespace keytidy::cli {

// Installs the handlers (once) and returns the token they set off. A second
// signal ends the process at once.
std::stop_token StopOnInterrupt();

}  // namespace keytidy::cli
