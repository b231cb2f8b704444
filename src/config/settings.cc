// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include "config/table_reader.h"

namespace keytidy::config {
namespace {

AllowRule ReadAllow(const Node& node, Errors* errors) {
  TableReader table(node, "allow", errors);
  AllowRule out;
  out.rule = table.String("rule").value_or("");
  out.path = table.String("path").value_or("");
  out.fingerprint = table.String("fingerprint").value_or("");
  out.reason = table.RequiredString("reason");
  out.place = node.place;
  const auto absent = [&table](std::string_view key) {
    const Node* field = table.Any(key);
    return field == nullptr ||
           (field->kind == Node::Kind::kString && field->string.empty());
  };
  if (absent("rule") && absent("path") && absent("fingerprint")) {
    errors->Add(node.place,
                "allow: needs 'rule', 'path' or 'fingerprint'; without one it "
                "would allow everything");
  }
  if (!out.fingerprint.empty() && out.fingerprint.substr(0, 3) != "kt-") {
    table.Error("fingerprint", "a fingerprint is the id of a finding, kt-…");
  }
  table.Finish();
  return out;
}

VerifySettings ReadVerify(const Member& member, Errors* errors) {
  VerifySettings out;
  out.provider = member.key;
  out.place = member.key_place;
  if (member.value.kind != Node::Kind::kTable) {
    errors->Add(member.value.place,
                fmt::format("verify: '{}' must be a table", member.key));
    return out;
  }
  for (const Member& field : member.value.members) {
    if (field.value.kind != Node::Kind::kString || field.value.string.empty()) {
      errors->Add(field.value.place,
                  fmt::format("verify: '{}' must be a text", field.key));
    } else if (field.key == "base") {
      out.base = field.value.string;
    } else {
      out.parameters.emplace_back(field.key, field.value.string);
    }
  }
  return out;
}

}  // namespace

std::optional<FailOn> ParseFailOn(std::string_view name) {
  if (name == "never") return FailOn(std::nullopt);
  const auto severity = ParseSeverity(name);
  if (!severity) return std::nullopt;
  return FailOn(severity);
}

Result<Settings> ParseSettings(std::string name, std::string text) {
  auto document = ParseToml(std::move(name), std::move(text));
  if (!document) return Fail(document.error());
  Settings out;
  out.name = document->name;
  Errors errors(*document);
  TableReader root(document->root, "keytidy.toml", &errors);
  out.exclude = root.Strings("exclude");
  for (const Node* node : root.Tables("allow")) {
    out.allow.push_back(ReadAllow(*node, &errors));
  }
  if (const Node* table = root.Table("severity")) {
    for (const Member& member : table->members) {
      const auto severity = member.value.kind == Node::Kind::kString
                                ? ParseSeverity(member.value.string)
                                : std::nullopt;
      if (severity) {
        out.severity.emplace_back(member.key, *severity);
      } else {
        errors.Add(member.value.place,
                   fmt::format("severity: '{}' must be one of critical, high, "
                               "medium, low, info",
                               member.key));
      }
    }
  }
  if (const auto fail_on = root.String("fail_on")) {
    out.fail_on = ParseFailOn(*fail_on);
    if (!out.fail_on) {
      root.Error("fail_on",
                 "'fail_on' must be one of critical, high, medium, low, info, "
                 "never");
    }
  }
  if (const auto confidence = root.String("min_confidence")) {
    out.min_confidence = ParseConfidence(*confidence);
    if (!out.min_confidence) {
      root.Error("min_confidence",
                 "'min_confidence' must be one of low, medium, high");
    }
  }
  if (const Node* node = root.Table("markers")) {
    TableReader markers(*node, "markers", &errors);
    out.own_markers = markers.Bool("keytidy").value_or(true);
    out.foreign_markers = markers.Bool("foreign").value_or(false);
    markers.Finish();
  }
  // Read where it is asked for: policy/rotation_policy.h.
  root.Table("policy");
  if (const Node* table = root.Table("audit")) {
    TableReader audit(*table, "audit", &errors);
    out.ignored_checks = audit.Strings("ignore");
    audit.Finish();
  }
  if (const Node* table = root.Table("verify")) {
    for (const Member& member : table->members) {
      out.verify.push_back(ReadVerify(member, &errors));
    }
  }
  root.Finish();
  if (!errors.empty()) return Fail(errors.Take());
  return out;
}

}  // namespace keytidy::config
