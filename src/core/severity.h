// SPDX-License-Identifier: Apache-2.0
//
// The scales a finding is judged on, and their names in reports and files.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace keytidy {

// How bad it is when this kind of key is out.
enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };

// How sure we are that it is a key of this kind.
enum class Confidence : std::uint8_t { kLow, kMedium, kHigh };

// How often this kind of key is to be rotated.
enum class Tier : std::uint8_t { kNone, kLow, kStandard, kHigh, kCi };

std::string_view Name(Severity severity);
std::string_view Name(Confidence confidence);
std::string_view Name(Tier tier);

std::optional<Severity> ParseSeverity(std::string_view name);
std::optional<Confidence> ParseConfidence(std::string_view name);
std::optional<Tier> ParseTier(std::string_view name);

// One step up or down; the ends stay where they are.
Confidence Raised(Confidence confidence);
Confidence Lowered(Confidence confidence);

}  // namespace keytidy
