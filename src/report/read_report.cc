// SPDX-License-Identifier: Apache-2.0
#include "report/read_report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/time.h"
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

// The member, or null where it is absent or null itself.
const Json* At(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto it = json.find(name);
  return it != json.end() && !it->is_null() ? &*it : nullptr;
}

std::string TextOr(const Json* json, const char* name) {
  return json == nullptr ? "" : TextAt(*json, name).value_or("");
}

std::optional<std::int64_t> TimeAt(const Json* json, const char* name) {
  return ParseTime(TextOr(json, name));
}

std::uint64_t NumberAt(const Json& json, const char* name) {
  const Json* number = At(json, name);
  return number != nullptr && number->is_number_unsigned()
             ? number->get<std::uint64_t>()
             : 0;
}

std::optional<ClientPlace> ClientAt(const Json& json) {
  const Json* client = At(json, "client");
  if (client == nullptr || TextOr(client, "name").empty()) return std::nullopt;
  return ClientPlace{TextOr(client, "name"), TextOr(client, "server"),
                     TextOr(client, "slot")};
}

Verdict VerdictAt(const Json& json) {
  Verdict out;
  const Json* verdict = At(json, "verdict");
  const std::string state = TextOr(verdict, "state");
  for (const VerdictState one : {VerdictState::kActive, VerdictState::kInactive,
                                 VerdictState::kUnknown}) {
    if (Name(one) == state) out.state = one;
  }
  out.evidence = TextOr(verdict, "evidence");
  out.checked_at = TimeAt(verdict, "checked_at");
  const Json* key = verdict != nullptr ? At(*verdict, "key") : nullptr;
  out.facts.key_id = TextOr(key, "id");
  out.facts.name = TextOr(key, "name");
  out.facts.owner = TextOr(key, "owner");
  out.facts.account = TextOr(key, "account");
  out.facts.created = TimeAt(key, "created");
  out.facts.expires = TimeAt(key, "expires");
  out.facts.last_used = TimeAt(key, "last_used");
  return out;
}

std::vector<AgeEvidence> EvidenceAt(const Json& json) {
  std::vector<AgeEvidence> out;
  const Json* age = At(json, "age");
  const Json* list = age != nullptr ? ListAt(*age, "evidence") : nullptr;
  if (list == nullptr) return out;
  for (const Json& one : *list) {
    const auto at = TimeAt(&one, "at");
    if (at) out.push_back({TextOr(&one, "source"), *at});
  }
  return out;
}

Violation ViolationOf(const Json& json) {
  Violation out;
  out.check = TextOr(&json, "check");
  out.finding = TextOr(&json, "finding");
  out.path = TextOr(&json, "path");
  out.client = ClientAt(json);
  return out;
}

}  // namespace

Result<ReportedRun> ReadRun(std::string_view name, std::string_view text) {
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
  ReportedRun out;
  const Json* complete = At(json, "complete");
  out.complete =
      complete == nullptr || !complete->is_boolean() || complete->get<bool>();
  for (std::size_t i = 0; i < findings->size(); ++i) {
    const Json& one = (*findings)[i];
    const auto id = TextAt(one, "id");
    const auto rule = TextAt(one, "rule");
    const Json* places = ListAt(one, "occurrences");
    if (!id || !rule || places == nullptr) {
      return Fail(ErrorCode::kInvalid,
                  "{}: findings[{}] lacks id, rule or occurrences", name, i);
    }
    ReportedFinding finding;
    finding.id = *id;
    finding.rule = *rule;
    finding.provider = TextOr(&one, "provider");
    finding.title = TextOr(&one, "title");
    finding.redacted = TextOr(At(one, "secret"), "redacted");
    finding.verdict = VerdictAt(one);
    finding.evidence = EvidenceAt(one);
    for (const Json& place : *places) {
      const auto path = TextAt(place, "path");
      const auto source = ParseSource(TextAt(place, "source").value_or(""));
      if (!path || !source) {
        return Fail(ErrorCode::kInvalid,
                    "{}: findings[{}] has an occurrence without path or source",
                    name, i);
      }
      finding.places.push_back({*source, *path, NumberAt(place, "line"),
                                ClientAt(place),
                                At(place, "allowed") != nullptr});
    }
    out.findings.push_back(std::move(finding));
  }
  if (const Json* violations = ListAt(json, "violations")) {
    for (const Json& one : *violations) {
      out.violations.push_back(ViolationOf(one));
    }
  }
  return out;
}

Result<std::vector<ReportedFinding>> ReadReport(std::string_view name,
                                                std::string_view text) {
  auto run = ReadRun(name, text);
  if (!run) return Fail(run.error());
  return std::move(run->findings);
}

}  // namespace keytidy::report
