// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>

#include "base/text.h"
#include "base/time.h"
#include "core/text_template.h"
#include "verify/judge.h"

namespace keytidy::verify {
namespace {

std::string_view Name(Outcome outcome) {
  constexpr std::string_view kNames[] = {"active", "inactive", "unknown",
                                         "next"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string TimeText(const std::optional<std::int64_t>& at) {
  return at ? IsoTime(*at) : std::string();
}

std::map<std::string, std::string> Texts(const KeyFacts& facts) {
  std::string scopes;
  for (const std::string& scope : facts.scopes) {
    scopes += (scopes.empty() ? "" : ",") + scope;
  }
  return {{"key_id", facts.key_id},
          {"name", facts.name},
          {"owner", facts.owner},
          {"account", facts.account},
          {"scopes", scopes},
          {"created", TimeText(facts.created)},
          {"expires", TimeText(facts.expires)},
          {"last_used", TimeText(facts.last_used)}};
}

// %{first:15} and %{last:4} of the key.
std::string WithPartsOfKey(std::string body, std::string_view secret) {
  for (const std::string_view part : {"first", "last"}) {
    const std::string open = fmt::format("%{{{}:", part);
    for (std::size_t at = body.find(open); at != std::string::npos;
         at = body.find(open, at)) {
      const std::size_t end = body.find('}', at);
      if (end == std::string::npos) break;
      std::size_t n = 0;
      for (const char c :
           body.substr(at + open.size(), end - at - open.size())) {
        n = n * 10 + static_cast<std::size_t>(c - '0');
      }
      n = std::min(n, secret.size());
      const std::string_view text = part == "first"
                                        ? secret.substr(0, n)
                                        : secret.substr(secret.size() - n);
      body.replace(at, end + 1 - at, text);
    }
  }
  return body;
}

}  // namespace

Status CheckRecord(const Recipe& recipe, const Record& record,
                   std::string_view secret) {
  HttpAnswer answer;
  answer.status = record.status;
  for (const auto& [name, value] : record.headers) {
    answer.headers.emplace_back(Lowercase(name), value);
  }
  answer.body = WithPartsOfKey(record.body, secret);
  Values values;
  values.SetSecret("secret", secret, "********");
  for (const auto& [name, value] : record.parameters) values.Set(name, value);
  const Judgement judged =
      Judge(recipe, recipe.steps[record.step], answer, values);
  if (judged.outcome != record.outcome) {
    return Fail(ErrorCode::kInvalid, "this record comes to {} ({}), not {}",
                Name(judged.outcome), judged.says, Name(record.outcome));
  }
  const auto facts = Texts(judged.facts);
  for (const auto& [field, wanted] : record.metadata) {
    const auto it = facts.find(field);
    if (it == facts.end()) {
      return Fail(ErrorCode::kInvalid, "there is no metadata '{}'", field);
    }
    const std::string filled = WithPartsOfKey(wanted, secret);
    if (it->second != filled) {
      return Fail(ErrorCode::kInvalid, "'{}' is read as '{}', not '{}'", field,
                  it->second, filled);
    }
  }
  return {};
}

}  // namespace keytidy::verify
