// SPDX-License-Identifier: Apache-2.0
//
// Where the user's own keytidy.toml is.
#pragma once

#include <string>

namespace keytidy::cli {

// $XDG_CONFIG_HOME/keytidy/keytidy.toml, or below ~/.config; empty where
// neither is known. The file need not be there.
std::string UserConfigPath();

}  // namespace keytidy::cli
