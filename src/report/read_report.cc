// SPDX-License-Identifier: Apache-2.0
#include "report/read_report.h"

#include <algorithm>
#include <array>
#include <optional>

#include "report/json_finding.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxDepth = 64;

// Brackets open at a time, so that what is parsed cannot nest without end.
bool IsTooDeep(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

std::optional<std::string> TextAt(const Json& json, const char* name) {
  if (!json.is_object()) return std::nullopt;
  const auto it = json.find(name);
  if (it == json.end() || !it->is_string()) return std::nullopt;
  return it->get<std::string>();
}

std::optional<SourceKind> ParseSource(std::string_view name) {
  for (const SourceKind kind :
       {SourceKind::kFile, SourceKind::kStdin, SourceKind::kArchive,
        SourceKind::kIndex, SourceKind::kHistory}) {
    if (Name(kind) == name) return kind;
  }
  return std::nullopt;
}

const Json* ListAt(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto it = json.find(name);
  return it != json.end() && it->is_array() ? &*it : nullptr;
}

}  // namespace

Result<std::vector<ReportedFinding>> ReadReport(std::string_view name,
                                                std::string_view text) {
  if (IsTooDeep(text)) {
    return Fail(ErrorCode::kInvalid, "{}: nests deeper than a report", name);
  }
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    return Fail(ErrorCode::kInvalid, "{}: is not JSON", name);
  }
  const auto schema = TextAt(json, "schema");
  if (schema != kReportSchema) {
    return Fail(ErrorCode::kInvalid,
                "{}: is no report of keytidy (its \"schema\" is not \"{}\"); "
                "make one with `keytidy scan --format json -o FILE`",
                name, kReportSchema);
  }
  const Json* findings = ListAt(json, "findings");
  if (findings == nullptr) {
    return Fail(ErrorCode::kInvalid, "{}: has no list of findings", name);
  }
  std::vector<ReportedFinding> out;
  for (std::size_t i = 0; i < findings->size(); ++i) {
    const Json& one = (*findings)[i];
    const auto id = TextAt(one, "id");
    const auto rule = TextAt(one, "rule");
    const Json* places = ListAt(one, "occurrences");
    if (!id || !rule || places == nullptr) {
      return Fail(ErrorCode::kInvalid,
                  "{}: findings[{}] lacks id, rule or occurrences", name, i);
    }
    ReportedFinding finding{*id, *rule, {}};
    for (const Json& place : *places) {
      const auto path = TextAt(place, "path");
      const auto source = ParseSource(TextAt(place, "source").value_or(""));
      if (!path || !source) {
        return Fail(ErrorCode::kInvalid,
                    "{}: findings[{}] has an occurrence without path or source",
                    name, i);
      }
      finding.places.push_back({*source, *path});
    }
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace keytidy::report
