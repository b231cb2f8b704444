// SPDX-License-Identifier: Apache-2.0
//
// The steps of a recipe and the answers to them.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"
#include "rules/recipe_reader.h"

namespace keytidy::rules {
namespace {

using config::Node;

std::optional<Outcome> ParseOutcome(std::string_view name) {
  if (name == "active") return Outcome::kActive;
  if (name == "inactive") return Outcome::kInactive;
  if (name == "unknown") return Outcome::kUnknown;
  if (name == "next") return Outcome::kNext;
  return std::nullopt;
}

}  // namespace

Outcome RecipeReader::ReadOutcome(Reader& table) {
  const std::string name = table.RequiredString("verdict");
  const auto outcome = ParseOutcome(name);
  if (!outcome && !name.empty()) {
    table.Error("verdict",
                "'verdict' must be one of active, inactive, unknown, next");
  }
  return outcome.value_or(Outcome::kUnknown);
}

Signature RecipeReader::ReadSignature(const Node& node) {
  Reader table(node, "sign", errors_);
  Signature out;
  const std::string kind = table.RequiredString("kind");
  if (kind == "aws-sigv4") {
    out.kind = Signature::Kind::kAwsSigV4;
    out.service = table.RequiredString("service");
    out.region = table.RequiredString("region");
    out.key_id = ReadTemplate(table, "key_id");
    if (out.key_id.empty()) table.Error("key_id", "'key_id' is missing");
  } else if (kind == "hmac-sha256") {
    out.kind = Signature::Kind::kHmacSha256;
    out.header = table.RequiredString("header");
    out.message = ReadTemplate(table, "message");
    const std::string encoding = table.String("encoding").value_or("hex");
    if (encoding == "base64") {
      out.encoding = Signature::Encoding::kBase64;
    } else if (encoding != "hex") {
      table.Error("encoding", "'encoding' must be hex or base64");
    }
    out.base64_key = table.Bool("base64_key").value_or(false);
  } else if (!kind.empty()) {
    table.Error("kind", "'kind' must be aws-sigv4 or hmac-sha256");
  }
  table.Finish();
  return out;
}

Step RecipeReader::ReadStep(const Node& node, Part part) {
  Reader table(node, "step", errors_);
  Step out;
  out.title = table.RequiredString("title");
  out.method = table.String("method").value_or("GET");
  constexpr std::string_view kMethods[] = {"GET",   "HEAD",   "POST", "PUT",
                                           "PATCH", "DELETE", "QUERY"};
  if (std::find(std::begin(kMethods), std::end(kMethods), out.method) ==
      std::end(kMethods)) {
    table.Error("method", "must be GET, HEAD, POST, PUT, PATCH or DELETE");
  }
  out.url = ReadTemplate(table, "url");
  out.headers = ReadNamedTexts(table, "headers");
  out.basic = ReadTemplate(table, "basic");
  if (!out.basic.empty() && out.basic.find(':') == std::string::npos) {
    table.Error("basic", "'basic' must be user:password");
  }
  out.form = ReadNamedTexts(table, "form");
  out.json = ReadTemplate(table, "json");
  out.body = ReadTemplate(table, "body");
  if (!out.form.empty() + !out.json.empty() + !out.body.empty() > 1) {
    table.Error("body", "a step has one of 'form', 'json' and 'body'");
  }
  if (const Node* sign = table.Table("sign")) out.sign = ReadSignature(*sign);
  out.writes = table.Bool("writes").value_or(false);
  if (out.writes && part == Part::kCheck) {
    table.Error("writes", "checking a key changes nothing");
  }
  const auto reason = table.String("key_in_url");
  CheckUrl(table, out, reason.has_value());
  for (const Node* answer : table.Tables("answer")) {
    out.answers.push_back(ReadAnswer(*answer, part));
  }
  if (out.answers.empty()) {
    table.Error("answer", "there is no [[recipe.step.answer]]");
  }
  table.Finish();
  return out;
}

bool RecipeReader::LengthensHost(std::string_view rest) const {
  if (rest.empty() || rest.front() == '/' || rest.front() == '?') return false;
  return std::none_of(paths_.begin(), paths_.end(),
                      [&](const std::string& name) {
                        return rest.starts_with("%{" + name + "}");
                      });
}

void RecipeReader::CheckUrl(Reader& table, const Step& step, bool reason) {
  if (step.url.empty()) {
    table.Error("url", "'url' is missing");
    return;
  }
  constexpr std::string_view kBase = "%{base}";
  const bool with_base = step.url.starts_with(kBase);
  if (with_base && LengthensHost(step.url.substr(kBase.size()))) {
    table.Error("url",
                "behind %{base} must stand '/', '?' or a parameter of the kind "
                "path: nothing may lengthen the host");
  }
  if (has_base_ && !with_base) {
    table.Error("url", "must begin with %{base}, as the recipe has a [base]");
  } else if (!has_base_ && PinnedHost(step.url).empty()) {
    table.Error("url", "must begin with https:// and the name of a host");
  }
  const bool holds_key = step.url.find("%{secret}") != std::string::npos;
  if (holds_key && !reason) {
    table.Error("url", "holds the key, and no 'key_in_url' says why");
  } else if (!holds_key && reason) {
    table.Error("key_in_url", "the key is not in the URL");
  }
}

Answer RecipeReader::ReadAnswer(const Node& node, Part part) {
  Reader table(node, "answer", errors_);
  Answer out;
  out.when = ReadCondition(table);
  out.outcome = ReadOutcome(table);
  out.says = table.RequiredString("says");
  out.stop = table.Bool("stop").value_or(false);
  if (const Node* metadata = table.Table("metadata")) {
    out.metadata = ReadMetadata(*metadata);
  }
  for (auto& [name, where] : ReadNamedTexts(table, "save")) {
    CheckPlace(table, "save", where);
    if (part == Part::kCheck) table.Error("save", "only in a procedure");
    // Each way through the steps may save it.
    if (!IsName(name)) table.Error("save", "a name is written [a-z0-9_]+");
    known_.insert(name);
    out.save.emplace_back(name, where);
  }
  if (part == Part::kCheck) CheckEvidence(table, out);
  table.Finish();
  return out;
}

void RecipeReader::CheckEvidence(Reader& table, const Answer& answer) {
  const Condition& when = answer.when;
  const bool telling_json =
      std::any_of(when.json.begin(), when.json.end(), [](const auto& one) {
        return one.second != "@absent" &&
               !(one.first.empty() && one.second == "@any");
      });
  // Every body holds an empty text.
  const bool telling_text =
      std::any_of(when.text.begin(), when.text.end(),
                  [](const std::string& text) { return !text.empty(); });
  const bool body = telling_json || telling_text;
  if (answer.outcome == Outcome::kActive && !body && when.headers.empty()) {
    table.Error("verdict",
                "active needs evidence in 'json', 'text' or 'headers': any "
                "proxy answers 200");
  }
  const bool only_401 =
      !when.status.empty() &&
      std::all_of(when.status.begin(), when.status.end(), [](const auto& one) {
        return one.first == 401 && one.last == 401;
      });
  if (answer.outcome == Outcome::kInactive && !body && !only_401) {
    table.Error("verdict",
                "inactive needs status 401, or evidence in 'json' or 'text': "
                "firewalls answer 403 and 404");
  }
}

Condition RecipeReader::ReadCondition(Reader& table) {
  Condition out;
  out.status = ReadStatus(table);
  for (auto& [name, glob] : ReadNamedTexts(table, "headers")) {
    out.headers.emplace_back(Lowercase(name), glob);
  }
  for (auto& [pointer, what] : ReadNamedTexts(table, "json")) {
    if (!pointer.empty() && pointer.front() != '/' &&
        !pointer.starts_with("%{")) {
      table.Error("json", fmt::format("'{}' is no JSON pointer", pointer));
    }
    constexpr std::string_view kTypes[] = {"@string", "@number", "@bool",
                                           "@array",  "@object", "@null",
                                           "@any",    "@absent"};
    if (what.starts_with('@') && std::find(std::begin(kTypes), std::end(kTypes),
                                           what) == std::end(kTypes)) {
      table.Error("json", fmt::format("there is no '{}'", what));
    }
    CheckTemplate(table.PlaceOf("json"), pointer);
    out.json.emplace_back(pointer, what);
  }
  out.text = table.Strings("text");
  out.empty_body = table.Bool("empty_body").value_or(false);
  return out;
}

std::vector<Condition::StatusRange> RecipeReader::ReadStatus(Reader& table) {
  std::vector<Condition::StatusRange> out;
  const Node* node = table.Any("status");
  if (node == nullptr || node->kind != Node::Kind::kArray ||
      node->items.empty()) {
    table.Error("status", "'status' must be an array of numbers and ranges");
    return out;
  }
  const auto number = [](std::string_view text) {
    int value = 0;
    for (const char c : text) value = IsDigit(c) ? value * 10 + (c - '0') : -1;
    return text.size() == 3 ? value : -1;
  };
  for (const Node& item : node->items) {
    const std::string text = TextOf(item);
    Condition::StatusRange range;
    range.first = number(text.substr(0, 3));
    range.last = text.size() == 7 && text[3] == '-' ? number(text.substr(4))
                 : text.size() == 3                 ? range.first
                                                    : -1;
    if (range.first < 100 || range.last < range.first) {
      errors_->Add(item.place, "a status is 200 or \"200-299\"");
    }
    out.push_back(range);
  }
  return out;
}

std::string RecipeReader::ReadPlace(Reader& table, std::string_view key) {
  const std::string text = table.String(key).value_or("");
  CheckPlace(table, key, text);
  return text;
}

void RecipeReader::CheckPlace(Reader& table, std::string_view key,
                              std::string_view place) {
  if (place.starts_with("header:")) return;
  if (place.starts_with("row:")) place.remove_prefix(4);
  if (!place.empty() && place.front() != '/') {
    table.Error(key, "must be a JSON pointer, row:/pointer or header:name");
  }
}

MetadataFields RecipeReader::ReadMetadata(const Node& node) {
  Reader table(node, "metadata", errors_);
  MetadataFields out;
  if (const Node* row = table.Table("row")) {
    Reader reader(*row, "row", errors_);
    RowSelector selector;
    selector.in = reader.String("in").value_or("");
    selector.field = reader.RequiredString("field");
    for (const auto& [name, pointer] :
         {std::pair("in", &selector.in), std::pair("field", &selector.field)}) {
      if (!pointer->empty() && pointer->front() != '/') {
        reader.Error(name, "must be a JSON pointer");
      }
    }
    selector.first =
        static_cast<std::uint32_t>(reader.Integer("first", 1, 64).value_or(0));
    selector.last =
        static_cast<std::uint32_t>(reader.Integer("last", 1, 64).value_or(0));
    selector.equals = ReadTemplate(reader, "equals");
    if ((selector.first > 0) + (selector.last > 0) + !selector.equals.empty() !=
        1) {
      reader.Error("field", "a row has one of 'first', 'last' and 'equals'");
    }
    reader.Finish();
    out.row = std::move(selector);
  }
  for (auto [key, field] :
       {std::pair("key_id", &out.key_id), std::pair("name", &out.name),
        std::pair("owner", &out.owner), std::pair("account", &out.account),
        std::pair("scopes", &out.scopes), std::pair("created", &out.created),
        std::pair("expires", &out.expires),
        std::pair("last_used", &out.last_used)}) {
    *field = ReadPlace(table, key);
    if (field->starts_with("row:") && !out.row) {
      table.Error(key, "there is no 'row'");
    }
  }
  table.Finish();
  return out;
}

}  // namespace keytidy::rules
