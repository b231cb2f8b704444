// SPDX-License-Identifier: Apache-2.0
#include "verify/judge.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "verify/answer_reader.h"

namespace keytidy::verify {
namespace {

Filler FillerFor(const Values& values, std::string* missing) {
  return
      [&values, missing](std::string_view text) -> std::optional<std::string> {
        auto filled = values.Fill(text, Escape::kNone, false);
        if (filled) return *std::move(filled);
        *missing = filled.error().message;
        return std::nullopt;
      };
}

std::string_view Header(const HttpAnswer& answer, std::string_view wanted) {
  for (const auto& [name, value] : answer.headers) {
    if (name == wanted) return value;
  }
  return {};
}

bool IsWebPage(const HttpAnswer& answer) {
  if (Lowercase(Header(answer, "content-type")).starts_with("text/html")) {
    return true;
  }
  const std::size_t start = answer.body.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return false;
  const std::string head = Lowercase(answer.body.substr(start, 16));
  return head.starts_with("<!doctype html") || head.starts_with("<html");
}

// An answer that no rule of the recipe knows.
std::string Unrecognised(const HttpAnswer& answer) {
  if (answer.status >= 301 && answer.status <= 308 && answer.status != 304 &&
      answer.status != 305 && answer.status != 306) {
    return "the server redirects elsewhere, where the key is not sent";
  }
  if (answer.status == 429) return "the server limits the rate of requests";
  if (answer.status >= 500) return "the server has an error of its own";
  if (IsWebPage(answer)) {
    return "a web page, as proxies and firewalls send it, proves nothing";
  }
  if (answer.status == 407) return "the proxy asks for a password";
  return "an answer that the recipe does not know proves nothing";
}

}  // namespace

void DropSecrets(const Values& values, KeyFacts* facts) {
  for (std::string* text :
       {&facts->key_id, &facts->name, &facts->owner, &facts->account}) {
    if (values.Holds(*text)) text->clear();
  }
  std::erase_if(facts->scopes,
                [&](const std::string& scope) { return values.Holds(scope); });
}

std::string MissingParameter(const Recipe& recipe, std::string_view name) {
  for (const Parameter& parameter : recipe.parameters) {
    if (parameter.name != name) continue;
    return fmt::format(
        "{} does not document {}: set {} under [verify.{}] in your own "
        "configuration",
        recipe.provider_name, parameter.what, name, recipe.provider);
  }
  return fmt::format("'{}' is not known", name);
}

Judgement Judge(const Recipe& recipe, const Step& step,
                const HttpAnswer& answer, const Values& values) {
  Judgement out;
  const AnswerReader reader(answer);
  std::string missing;
  const Filler fill = FillerFor(values, &missing);
  std::string wanted;  // what kept a rule from being asked
  for (const Answer& rule : step.answers) {
    missing.clear();
    if (!reader.Holds(rule.when, fill)) {
      if (!missing.empty()) wanted = missing;
      continue;
    }
    out.outcome = rule.outcome;
    out.says = rule.says;
    out.answer = &rule;
    const Secret secret(values.Get("secret"));
    out.facts = reader.Read(rule.metadata, secret, fill);
    DropSecrets(values, &out.facts);
    return out;
  }
  out.says =
      wanted.empty() ? Unrecognised(answer) : MissingParameter(recipe, wanted);
  return out;
}

Status Save(const Answer& answer, const HttpAnswer& from, Values* values) {
  const AnswerReader reader(from);
  std::string missing;
  const Secret secret(values->Get("secret"));
  for (const auto& [name, place] : answer.save) {
    const auto text = reader.TextAt(place, answer.metadata.row, secret,
                                    FillerFor(*values, &missing));
    if (!text || text->empty()) {
      return Fail(ErrorCode::kNotFound, "the answer does not hold {}", name);
    }
    if (name == "new_secret") {
      values->SetSecret(name, *text, "********");
    } else {
      values->Set(name, *text);
    }
  }
  return {};
}

}  // namespace keytidy::verify
