// SPDX-License-Identifier: Apache-2.0
#include "cli/user_config.h"

#include <cstdlib>

namespace keytidy::cli {

std::string UserConfigPath() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') {
    return std::string(config) + "/keytidy/keytidy.toml";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.config/keytidy/keytidy.toml";
}

}  // namespace keytidy::cli
