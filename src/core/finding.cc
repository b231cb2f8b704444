// SPDX-License-Identifier: Apache-2.0
#include "core/finding.h"

#include <array>

namespace keytidy {
namespace {

constexpr std::array<std::string_view, 5> kSources = {
    "file", "stdin", "archive", "index", "history"};
constexpr std::array<std::string_view, 4> kVerdicts = {"not-tried", "active",
                                                       "inactive", "unknown"};
constexpr std::array<std::string_view, 3> kActions = {"fail", "warn", "ignore"};

}  // namespace

std::string_view Name(SourceKind kind) {
  return kSources[static_cast<std::size_t>(kind)];
}
std::string_view Name(VerdictState state) {
  return kVerdicts[static_cast<std::size_t>(state)];
}
std::string_view Name(Action action) {
  return kActions[static_cast<std::size_t>(action)];
}

}  // namespace keytidy
