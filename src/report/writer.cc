// SPDX-License-Identifier: Apache-2.0
#include "report/writer.h"

#include <algorithm>

namespace keytidy::report {

const std::vector<std::string_view>& FormatNames() {
  // In the order of Format.
  static const std::vector<std::string_view> kNames = {
      "human", "json", "jsonl", "sarif", "junit", "gitlab", "csv", "markdown"};
  return kNames;
}

std::optional<Format> ParseFormat(std::string_view name) {
  const auto& names = FormatNames();
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<Format>(it - names.begin());
}

std::string Write(const Report& report, Format format, const Style& style) {
  switch (format) {
    case Format::kHuman:
      return WriteHuman(report, style);
    case Format::kJson:
      return WriteJson(report);
    case Format::kJsonLines:
      return WriteJsonLines(report);
    case Format::kSarif:
      return WriteSarif(report);
    case Format::kJunit:
      return WriteJunit(report);
    case Format::kGitlab:
      return WriteGitlab(report);
    case Format::kCsv:
      return WriteCsv(report);
    case Format::kMarkdown:
      return WriteMarkdown(report);
  }
  return {};
}

}  // namespace keytidy::report
