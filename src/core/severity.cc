// SPDX-License-Identifier: Apache-2.0
#include "core/severity.h"

#include <array>
#include <cstddef>

namespace keytidy {
namespace {

constexpr std::array<std::string_view, 5> kSeverities = {
    "info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> kConfidences = {"low", "medium",
                                                          "high"};
constexpr std::array<std::string_view, 5> kTiers = {"none", "low", "standard",
                                                    "high", "ci"};

template <class Enum, std::size_t N>
std::optional<Enum> Parse(const std::array<std::string_view, N>& names,
                          std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}
std::string_view Name(Confidence confidence) {
  return kConfidences[static_cast<std::size_t>(confidence)];
}
std::string_view Name(Tier tier) {
  return kTiers[static_cast<std::size_t>(tier)];
}

std::optional<Severity> ParseSeverity(std::string_view name) {
  return Parse<Severity>(kSeverities, name);
}
std::optional<Confidence> ParseConfidence(std::string_view name) {
  return Parse<Confidence>(kConfidences, name);
}
std::optional<Tier> ParseTier(std::string_view name) {
  return Parse<Tier>(kTiers, name);
}

Confidence Raised(Confidence confidence) {
  return confidence == Confidence::kLow ? Confidence::kMedium
                                        : Confidence::kHigh;
}
Confidence Lowered(Confidence confidence) {
  return confidence == Confidence::kHigh ? Confidence::kMedium
                                         : Confidence::kLow;
}

}  // namespace keytidy
