// SPDX-License-Identifier: Apache-2.0
#include "policy/marker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace keytidy::policy {
namespace {

constexpr std::string_view kMarker = "keytidy:allow";
constexpr std::string_view kNextLine = "pragma: allowlist nextline secret";
constexpr std::string_view kBlanks = " \t\r\n";

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool IsCommentLine(std::string_view line) {
  constexpr std::array<std::string_view, 9> kOpenings = {
      "#", "//", "/*", "*", "--", "<!--", ";", "%", "\"//"};
  const std::string_view text = Trim(line);
  for (const std::string_view closing : {"*/", "-->"}) {
    const std::size_t at = text.find(closing);
    if (at != std::string_view::npos && at + closing.size() < text.size()) {
      return false;  // code behind the comment
    }
  }
  return std::any_of(kOpenings.begin(), kOpenings.end(),
                     [&](std::string_view opening) {
                       return text.substr(0, opening.size()) == opening;
                     });
}

// The text after a marker, up to the end of its line and without what closes
// the comment.
std::string_view MarkerText(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  for (const std::string_view closing : {"*/", "-->"}) {
    text = text.substr(0, text.find(closing));
  }
  return Trim(text);
}

MarkerResult ReadOwn(std::string_view text, std::string_view rule_id) {
  MarkerResult result;
  for (std::size_t at = text.find(kMarker); at != std::string_view::npos;
       at = text.find(kMarker, at + 1)) {
    const std::string_view behind = text.substr(at + kMarker.size());
    if (!behind.empty() && IsAlnum(behind.front())) continue;  // another word
    const std::string_view rest = MarkerText(behind);
    const std::size_t blank = std::min(rest.find_first_of(" \t"), rest.size());
    const std::string_view rule = rest.substr(0, blank);
    const std::string_view reason = Trim(rest.substr(blank));
    if (rule.empty()) {
      result.note = "keytidy:allow names no rule, so it does not count";
    } else if (rule != rule_id && rule != "*") {
      continue;
    } else if (reason.empty()) {
      result.note = fmt::format(
          "keytidy:allow {} gives no reason, so it does not count", rule);
    } else {
      result.allowed = fmt::format("keytidy:allow {}: {}", rule, reason);
      result.note.reset();
      return result;
    }
  }
  return result;
}

}  // namespace

const std::vector<std::string_view>& ForeignMarkers() {
  static const std::vector<std::string_view> markers = {
      "gitleaks:allow",
      "betterleaks:allow",
      "trufflehog:ignore",
      "kingfisher:ignore",
      "ggignore",
      "pragma: allowlist secret",
      "pragma: whitelist secret",
      "secretlint-disable-line",
      "nosec",
      "noqa: S105",
      "noqa: S106",
      "noqa: S107",
  };
  return markers;
}

MarkerResult FindMarker(std::string_view lines, std::string_view line_above,
                        std::string_view rule_id,
                        const MarkerOptions& options) {
  const bool above = IsCommentLine(line_above);
  MarkerResult result;
  if (options.own) {
    result = ReadOwn(lines, rule_id);
    if (!result.allowed && above) {
      MarkerResult from_above = ReadOwn(line_above, rule_id);
      if (from_above.allowed || !result.note) result = std::move(from_above);
    }
    if (result.allowed) return result;
  }
  if (options.foreign) {
    for (const std::string_view marker : ForeignMarkers()) {
      if (lines.find(marker) == std::string_view::npos) continue;
      result.allowed = fmt::format("marked {}", marker);
      return result;
    }
    if (above && line_above.find(kNextLine) != std::string_view::npos) {
      result.allowed = fmt::format("marked {}", kNextLine);
    }
  }
  return result;
}

}  // namespace keytidy::policy
