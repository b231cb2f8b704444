// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as what a provider answers: a status, headers, an empty line and a
// body. The key is alive only where the answer proves it, and nothing that is
// reported holds the key.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/text.h"
#include "check.h"
#include "rules/recipe_file.h"
#include "verify/judge.h"
#include "verify/retry_after.h"

namespace {

using keytidy::Check;
using keytidy::KeyFacts;
using keytidy::Outcome;
using keytidy::Recipe;
using keytidy::verify::HttpAnswer;

using Json = nlohmann::json;

constexpr std::string_view kKey = "fuzz-key-fuzz-key-fuzz-key";

constexpr std::string_view kRecipe = R"(
provider = 'demo'
name = 'Demo'
[[recipe]]
id = 'demo-key'
rules = ['demo-key']
sources = ['https://example.org/docs']
[[recipe.step]]
title = 'Ask'
url = 'https://api.example.com/me'
[[recipe.step.answer]]
status = [200]
json = { '/login' = '@string', '/data' = '@array' }
verdict = 'active'
says = 'it is alive'
[recipe.step.answer.metadata]
row = { in = '/data', field = '/prefix', first = 8 }
key_id = 'row:/id'
name = '/name'
owner = '/login'
account = 'header:x-account'
scopes = 'row:/scopes'
created = 'row:/created'
expires = '/expires'
last_used = 'header:date'
[[recipe.step.answer]]
status = [200]
headers = { x-kind = 'api*key' }
text = ['one', 'two']
verdict = 'active'
says = 'it is alive'
metadata = { name = 'header:x-name', scopes = 'header:x-scopes' }
[[recipe.step.answer]]
status = [401]
json = { '/error' = 'bad*' }
verdict = 'inactive'
says = 'it is dead'
metadata = { name = '/error', scopes = '/scopes' }
)";

const Recipe& TheRecipe() {
  static const auto* file = new keytidy::rules::RecipeFile([] {
    auto read = keytidy::rules::ReadRecipes("demo.toml", std::string(kRecipe));
    if (!read) std::abort();
    return *std::move(read);
  }());
  return file->recipes[0];
}

HttpAnswer AnswerOf(std::string_view text) {
  HttpAnswer out;
  bool first = true;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    if (first) {
      out.status = std::atoi(std::string(line.substr(0, 3)).c_str());
    } else if (colon != std::string_view::npos) {
      out.headers.emplace_back(keytidy::Lowercase(line.substr(0, colon)),
                               line.substr(colon + 2));
    }
    first = false;
  }
  out.body = text;
  return out;
}

// The same, found another way.
bool ProvesLife(const HttpAnswer& answer) {
  if (answer.status != 200) return false;
  const Json body = Json::parse(answer.body, nullptr, false);
  if (body.is_object() && body.contains("login") && body["login"].is_string() &&
      body["login"] != "" && body.contains("data") && body["data"].is_array()) {
    return true;
  }
  return answer.body.find("one") != std::string::npos &&
         answer.body.find("two") != std::string::npos &&
         std::any_of(answer.headers.begin(), answer.headers.end(),
                     [](const auto& header) {
                       return header.first == "x-kind" &&
                              header.second.size() >= 6 &&
                              header.second.starts_with("api") &&
                              header.second.ends_with("key");
                     });
}

void CheckText(const std::string& shown, const std::string& text) {
  Check(shown.find(kKey) == std::string::npos, "the key is not reported", text);
  Check(keytidy::ToValidUtf8(shown) == shown, "what is reported is UTF-8",
        text);
  Check(shown.size() <= 300, "what is reported is short", text);
  Check(std::none_of(shown.begin(), shown.end(),
                     [](char c) {
                       const auto byte = static_cast<unsigned char>(c);
                       return byte < 0x20 || byte == 0x7F;
                     }),
        "what is reported is one line", text);
}

void CheckFacts(const KeyFacts& facts, const std::string& text) {
  for (const auto* one :
       {&facts.key_id, &facts.name, &facts.owner, &facts.account}) {
    CheckText(*one, text);
  }
  Check(facts.scopes.size() <= 100, "there are few scopes", text);
  for (const std::string& scope : facts.scopes) {
    CheckText(scope, text);
    Check(!scope.empty(), "a scope has a name", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  const HttpAnswer answer = AnswerOf(text);
  keytidy::verify::Values values;
  values.SetSecret("secret", kKey, "fu********");
  const auto judged =
      keytidy::verify::Judge(TheRecipe(), TheRecipe().steps[0], answer, values);
  CheckText(judged.says, text);
  CheckFacts(judged.facts, text);
  if (judged.outcome == Outcome::kActive) {
    Check(ProvesLife(answer), "active is proved", text);
  }
  if (judged.outcome == Outcome::kInactive) {
    Check(answer.status == 401 &&
              Json::parse(answer.body, nullptr, false).contains("error"),
          "inactive is proved", text);
  }
  if (judged.outcome == Outcome::kUnknown) {
    Check(judged.facts == KeyFacts(), "the unknown tells nothing", text);
  }
  const std::string masked = values.Mask(text);
  Check(masked.find(kKey) == std::string::npos, "a mask hides the key", text);
  if (const auto delay = keytidy::verify::RetryAfter(
          answer, "Retry after %{seconds}s", 1'700'000'000)) {
    Check(delay->count() >= 0 && delay->count() <= 7 * 86400,
          "a delay is a week at most", text);
  }
  return 0;
}
