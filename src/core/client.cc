// SPDX-License-Identifier: Apache-2.0
#include "core/client.h"

#include <array>
#include <cstddef>

namespace keytidy {
namespace {

constexpr std::array<std::string_view, 3> kPlatforms = {"linux", "macos",
                                                        "windows"};

}  // namespace

std::string_view Name(Platform platform) {
  return kPlatforms[static_cast<std::size_t>(platform)];
}

std::optional<Platform> ParsePlatform(std::string_view name) {
  for (std::size_t i = 0; i < kPlatforms.size(); ++i) {
    if (kPlatforms[i] == name) return static_cast<Platform>(i);
  }
  return std::nullopt;
}

}  // namespace keytidy
