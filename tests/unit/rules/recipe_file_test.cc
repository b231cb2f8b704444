// SPDX-License-Identifier: Apache-2.0
#include "rules/recipe_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::rules {
namespace {

using Texts = std::vector<std::string>;

// A file with a field of each kind.
constexpr std::string_view kFile = R"(provider = 'kryton'
name = 'Kryton'
[[recipe]]
id = 'kryton-key'
rules = ['kryton-api-key']
sources = ['https://example.org/docs']
[recipe.parameter.where]
what = 'where it is'
kind = 'pointer'
[recipe.with.half]
rules = ['kryton-half']
[recipe.limits]
requests = [30, 60]
failures = [8, 90]
at_once = 1
delay_text = 'Retry after %{seconds}s'
[[recipe.step]]
title = 'Ask'
method = 'POST'
url = 'https://api.example.com/me'
headers = { Authorization = 'Bearer %{secret}' }
basic = '%{half}:%{secret}'
form = { key = '%{secret}', n = 7, b = true }
[[recipe.step.answer]]
status = [200, '201-204']
headers = { X-Kind = 'api*' }
json = { '/login' = '@string', '%{where}' = 'x*' }
verdict = 'active'
says = 'it is alive'
metadata = { name = '/name', owner = 'header:x-owner' }
[[recipe.step.answer]]
status = [401]
verdict = 'inactive'
says = 'it is dead'
stop = true
[recipe.revoke]
by_hand = ['Look.']
[[recipe.revoke.needs]]
name = 'email'
ask = 'Address'
[[recipe.revoke.step]]
title = 'Delete'
method = 'DELETE'
url = 'https://api.example.com/keys/%{email}'
writes = true
[[recipe.revoke.step.answer]]
status = [204]
verdict = 'next'
says = 'it is gone'
save = { id = '/id' }
[[recipe.record]]
status = 403
body = 'no'
verdict = 'unknown'
)";

std::string Changed(std::string_view from, std::string_view to) {
  std::string out(kFile);
  const std::size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) out.replace(at, from.size(), to);
  return out;
}

// "a.toml:4:6" of the first `what` in `text`.
std::string PlaceOf(const std::string& text, std::string_view what) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  const std::size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  return fmt::format(
      "a.toml:{}:{}",
      1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n'),
      at - start + 1);
}

Texts LinesOf(const std::string& text) {
  Texts out{""};
  for (const char c : text) {
    if (c == '\n') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// The mistakes of `text`, without their lines and carets, which are checked.
Texts MistakesOf(const std::string& text) {
  const auto file = ReadRecipes("a.toml", text);
  if (file) return {};
  EXPECT_EQ(file.error().code, ErrorCode::kInvalid);
  Texts out;
  const Texts lines = LinesOf(file.error().message);
  const Texts source = LinesOf(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("a.toml:")) continue;
    out.push_back(lines[i]);
    std::size_t end = 0;
    const std::size_t row = std::stoul(lines[i].substr(7), &end);
    const std::size_t column = std::stoul(lines[i].substr(8 + end));
    EXPECT_LT(i + 2, lines.size()) << lines[i];
    if (i + 2 >= lines.size()) break;
    const std::string& shown = lines[i + 1];
    const std::size_t indent = shown.find(source.at(row - 1));
    EXPECT_NE(indent, std::string::npos) << lines[i];
    EXPECT_EQ(lines[i + 2].find('^'), indent + column - 1) << lines[i];
  }
  return out;
}

Recipe Read(const std::string& text) {
  auto file = ReadRecipes("a.toml", text);
  EXPECT_TRUE(file) << file.error().message;
  if (!file || file->recipes.empty()) return {};
  return std::move(file->recipes[0]);
}

TEST(ReadRecipes, EveryField) {
  const auto file = ReadRecipes("a.toml", std::string(kFile));
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->recipes.size(), 1u);
  const Recipe& recipe = file->recipes[0];
  EXPECT_EQ(recipe.id, "kryton-key");
  EXPECT_EQ(recipe.provider, "kryton");
  EXPECT_EQ(recipe.provider_name, "Kryton");
  EXPECT_EQ(recipe.rules, Texts{"kryton-api-key"});
  EXPECT_EQ(recipe.sources, Texts{"https://example.org/docs"});
  EXPECT_FALSE(recipe.base);
  ASSERT_EQ(recipe.parameters.size(), 1u);
  EXPECT_EQ(recipe.parameters[0].name, "where");
  EXPECT_EQ(recipe.parameters[0].kind, Parameter::Kind::kPointer);
  ASSERT_EQ(recipe.companions.size(), 1u);
  EXPECT_EQ(recipe.companions[0].name, "half");
  EXPECT_EQ(recipe.companions[0].within, 4096u);
  EXPECT_FALSE(recipe.companions[0].optional);
  EXPECT_EQ(recipe.limits.requests.most, 30u);
  EXPECT_EQ(recipe.limits.requests.seconds, 60u);
  EXPECT_EQ(recipe.limits.failures.most, 8u);
  EXPECT_EQ(recipe.limits.failures.seconds, 90u);
  EXPECT_EQ(recipe.limits.at_once, 1u);
  EXPECT_EQ(recipe.limits.delay_text, "Retry after %{seconds}s");
  ASSERT_EQ(recipe.steps.size(), 1u);
  const Step& step = recipe.steps[0];
  EXPECT_EQ(step.method, "POST");
  EXPECT_EQ(step.headers, (NamedTexts{{"Authorization", "Bearer %{secret}"}}));
  EXPECT_EQ(step.basic, "%{half}:%{secret}");
  EXPECT_EQ(step.form,
            (NamedTexts{{"key", "%{secret}"}, {"n", "7"}, {"b", "true"}}));
  ASSERT_EQ(step.answers.size(), 2u);
  const Answer& answer = step.answers[0];
  ASSERT_EQ(answer.when.status.size(), 2u);
  EXPECT_EQ(answer.when.status[0].last, 200);
  EXPECT_EQ(answer.when.status[1].first, 201);
  EXPECT_EQ(answer.when.status[1].last, 204);
  EXPECT_EQ(answer.when.headers, (NamedTexts{{"x-kind", "api*"}}));
  EXPECT_EQ(answer.when.json,
            (NamedTexts{{"/login", "@string"}, {"%{where}", "x*"}}));
  EXPECT_EQ(answer.outcome, Outcome::kActive);
  EXPECT_EQ(answer.metadata.name, "/name");
  EXPECT_EQ(answer.metadata.owner, "header:x-owner");
  EXPECT_TRUE(step.answers[1].stop);
  ASSERT_TRUE(recipe.revoke);
  EXPECT_EQ(recipe.revoke->steps[0].answers[0].save,
            (NamedTexts{{"id", "/id"}}));
  EXPECT_FALSE(recipe.replace);
  ASSERT_EQ(file->records.size(), 1u);
  ASSERT_EQ(file->records[0].size(), 1u);
  EXPECT_EQ(file->records[0][0].status, 403);
  EXPECT_EQ(file->places[0].line, 3u);
}

TEST(ReadRecipes, Defaults) {
  const Recipe recipe = Read(R"(provider = 'p'
name = 'P'
[[recipe]]
id = 'a'
rules = ['r']
sources = ['s']
[[recipe.step]]
title = 'Ask'
url = 'https://api.example.com/'
[[recipe.step.answer]]
status = [401]
verdict = 'inactive'
says = 'dead'
)");
  EXPECT_EQ(recipe.limits.requests.most, 60u);
  EXPECT_EQ(recipe.limits.requests.seconds, 60u);
  EXPECT_EQ(recipe.limits.failures.most, 10u);
  EXPECT_EQ(recipe.limits.failures.seconds, 60u);
  EXPECT_EQ(recipe.limits.at_once, 2u);
  ASSERT_EQ(recipe.steps.size(), 1u);
  EXPECT_EQ(recipe.steps[0].method, "GET");
  EXPECT_FALSE(recipe.steps[0].writes);
}

TEST(ReadRecipes, AFileWithoutRecipes) {
  const auto file = ReadRecipes("a.toml", "provider = 'p'\nname = 'P'\n");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->recipes.empty());
}

TEST(ReadRecipes, NoToml) {
  const auto file = ReadRecipes("a.toml", "provider = \n");
  ASSERT_FALSE(file);
  EXPECT_TRUE(file.error().message.starts_with("a.toml:1:"))
      << file.error().message;
}

struct Case {
  std::string_view from;
  std::string_view to;
  std::string_view at;  // where the caret stands
  std::string_view message;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.message; }

class MistakeTest : public testing::TestWithParam<Case> {};

TEST_P(MistakeTest, IsSaidWithLineAndCaret) {
  const Case& one = GetParam();
  const std::string text = Changed(one.from, one.to);
  EXPECT_EQ(MistakesOf(text),
            Texts{PlaceOf(text, one.at) + ": " + std::string(one.message)});
}

constexpr std::string_view kActiveBare =
    "headers = { X-Kind = 'api*' }\n"
    "json = { '/login' = '@string', '%{where}' = 'x*' }\n"
    "verdict = 'active'";
constexpr std::string_view kNoEvidence =
    "answer: active needs evidence in 'json', 'text' or 'headers': any proxy "
    "answers 200";
constexpr std::string_view kInactive = "status = [401]\nverdict = 'inactive'";
constexpr std::string_view kNot401 =
    "answer: inactive needs status 401, or evidence in 'json' or 'text': "
    "firewalls answer 403 and 404";
constexpr std::string_view kForm =
    "form = { key = '%{secret}', n = 7, b = true }";
constexpr std::string_view kMetadata =
    "metadata = { name = '/name', owner = 'header:x-owner' }";
constexpr std::string_view kBadStatus = "a status is 200 or \"200-299\"";
constexpr std::string_view kBadName =
    "'%{' must be followed by a name of [a-z0-9_] and '}'";
constexpr std::string_view kUrl = "url = 'https://api.example.com/me'";
constexpr std::string_view kNoHost =
    "step: must begin with https:// and the name of a host";

INSTANTIATE_TEST_SUITE_P(
    OfTheRecipe, MistakeTest,
    testing::Values(
        Case{"provider = 'kryton'\n", "", "name",
             "file: 'provider' is missing"},
        Case{"name = 'Kryton'\n", "", "provider", "file: 'name' is missing"},
        Case{"id = 'kryton-key'\n", "", "[[recipe]]",
             "recipe: 'id' is missing"},
        Case{"'kryton-key'", "'Kryton_key'", "'Kryton_key'",
             "recipe: an id is written [a-z0-9-]+"},
        Case{"['kryton-api-key']", "[]", "[]",
             "recipe: 'rules' must name at least one rule"},
        Case{"['https://example.org/docs']", "[]", "[]",
             "recipe: 'sources' must name a public document"},
        Case{"id = 'kryton-key'", "id = 'kryton-key'\nstepp = 1", "stepp",
             "recipe: unknown field 'stepp'; did you mean 'step'?"},
        Case{"id = 'kryton-key'", "id = 'kryton-key'\ncaution = 1", "1\n",
             "recipe: 'caution' must be a string, not a whole number"}));

INSTANTIATE_TEST_SUITE_P(
    OfNear, MistakeTest,
    testing::Values(
        Case{"[recipe.limits]",
             "[recipe.near]\nwords = ['kryton']\n[recipe.limits]",
             "[recipe.near]", "near: 'rules' must name a rule"},
        Case{"[recipe.limits]",
             "[recipe.near]\nrules = []\nwords = ['kryton']\n[recipe.limits]",
             "[]", "near: 'rules' must name a rule"},
        Case{"[recipe.limits]",
             "[recipe.near]\nrules = ['kryton-api-key']\n[recipe.limits]",
             "[recipe.near]", "near: 'words' must hold a word"},
        Case{"[recipe.limits]",
             "[recipe.near]\nrules = ['kryton-api-key']\nwords = []\n"
             "[recipe.limits]",
             "[]", "near: 'words' must hold a word"},
        Case{"[recipe.limits]",
             "[recipe.near]\nrules = ['kryton-api-key']\n"
             "words = ['kryton', '']\n[recipe.limits]",
             "['kryton', '']", "near: a word is empty"},
        Case{"[recipe.limits]",
             "[recipe.near]\nrules = ['kryton-api-key']\n"
             "words = ['kryton']\nword = 1\n[recipe.limits]",
             "word = 1", "near: unknown field 'word'; did you mean 'words'?"},
        Case{"id = 'kryton-key'", "id = 'kryton-key'\nnear = 'kryton'",
             "'kryton'\nrules",
             "recipe: 'near' must be a table, not a string"}));

// A kind that the recipe is not for is a slip of the pen: it would leave the
// right one open to everybody.
TEST(ReadRecipes, NearNamesRulesOfTheRecipe) {
  EXPECT_EQ(MistakesOf(Changed("[recipe.limits]",
                               "[recipe.near]\nrules = ['kryton-api-kex']\n"
                               "words = ['kryton']\n[recipe.limits]"))
                .size(),
            1u);
}

TEST(ReadRecipes, Near) {
  const Recipe recipe =
      Read(Changed("[recipe.limits]",
                   "[recipe.near]\nrules = ['kryton-api-key']\n"
                   "words = ['Kryton', 'notes.EXAMPLE']\n[recipe.limits]"));
  EXPECT_EQ(recipe.near.rules, Texts{"kryton-api-key"});
  EXPECT_EQ(recipe.near.words, (Texts{"kryton", "notes.example"}));
  EXPECT_EQ(Read(std::string(kFile)).near.rules, Texts());
}

INSTANTIATE_TEST_SUITE_P(
    OfParametersAndCompanions, MistakeTest,
    testing::Values(
        Case{"what = 'where it is'\n", "", "[recipe.parameter.where]",
             "parameter: 'what' is missing"},
        Case{"kind = 'pointer'\n", "", "[recipe.parameter.where]",
             "parameter: 'kind' is missing"},
        Case{"'pointer'", "'url'", "'url'",
             "parameter: 'kind' must be one of path, pointer, word"},
        Case{"kind = 'pointer'", "kind = 'pointer'\ndefault = '/'", "default",
             "parameter: unknown field 'default'"},
        Case{"[recipe.with.half]",
             "[recipe.parameter.BIG]\nwhat = 'BIG'\n"
             "kind = 'word'\n[recipe.with.half]",
             "'BIG'", "parameter: 'BIG': a name is written [a-z0-9_]+"},
        Case{"[recipe.with.half]",
             "[recipe.parameter.secret]\nwhat = 'its'\n"
             "kind = 'word'\n[recipe.with.half]",
             "'its'", "parameter: 'secret' has a meaning already"},
        Case{"[recipe.with.half]",
             "[recipe.parameter.time]\nwhat = 'its'\n"
             "kind = 'word'\n[recipe.with.half]",
             "'its'", "parameter: 'time' has a meaning already"},
        Case{"[recipe.with.half]",
             "[recipe.parameter.base]\nwhat = 'its'\n"
             "kind = 'word'\n[recipe.with.half]",
             "'its'", "parameter: 'base' is not a parameter"},
        Case{"['kryton-half']", "[]", "[]", "with: 'rules' must name a rule"},
        Case{"['kryton-half']", "['kryton-half']\nwithin = 0", "0\n[",
             "with: 'within' must be from 1 to 1048576"},
        Case{"['kryton-half']", "['kryton-half']\nwithin = 1048577", "1048577",
             "with: 'within' must be from 1 to 1048576"},
        Case{"['kryton-half']", "['kryton-half']\noptional = 'x'", "'x'",
             "with: 'optional' must be true or false, not a string"},
        Case{"[recipe.limits]",
             "[recipe.with.where]\nrules = ['kryton-other']\n[recipe.limits]",
             "['kryton-other']", "with: 'where' has a meaning already"}));

INSTANTIATE_TEST_SUITE_P(
    OfLimits, MistakeTest,
    testing::Values(
        Case{"[30, 60]", "[30]", "[30]",
             "limits: 'requests' must be [most, seconds]"},
        Case{"[30, 60]", "[30, 60, 90]", "[30, 60, 90]",
             "limits: 'requests' must be [most, seconds]"},
        Case{"[30, 60]", "[0, 60]", "[0, 60]",
             "limits: 'requests' must be [most, seconds]"},
        Case{"[30, 60]", "30", "30",
             "limits: 'requests' must be [most, seconds]"},
        Case{"[8, 90]", "[8, 0]", "[8, 0]",
             "limits: 'failures' must be [most, seconds]"},
        Case{"[8, 90]", "[8, -1]", "[8, -1]",
             "limits: 'failures' must be [most, seconds]"},
        Case{"[8, 90]", "[1000001, 1]", "[1000001, 1]",
             "limits: 'failures' must be [most, seconds]"},
        Case{"[8, 90]", "['8', 90]", "['8', 90]",
             "limits: 'failures' must be [most, seconds]"},
        Case{"at_once = 1", "at_once = 65", "65",
             "limits: 'at_once' must be from 1 to 64"},
        Case{"at_once = 1", "at_once = 0", "0\ndelay",
             "limits: 'at_once' must be from 1 to 64"},
        Case{"'Retry after %{seconds}s'", "'Retry later'", "'Retry later'",
             "limits: 'delay_text' must hold %{seconds} once"},
        Case{"'Retry after %{seconds}s'", "'%{seconds}%{seconds}'",
             "'%{seconds}%{seconds}'",
             "limits: 'delay_text' must hold %{seconds} once"},
        Case{"'Retry after %{seconds}s'", "'%{secret}'", "'%{secret}'\n[[",
             "limits: 'delay_text' must hold %{seconds} once"},
        Case{"'Retry after %{seconds}s'", "'%{'", "'%{'",
             "limits: 'delay_text' must hold %{seconds} once"},
        Case{"at_once", "atonce", "atonce",
             "limits: unknown field 'atonce'; did you mean 'at_once'?"}));

INSTANTIATE_TEST_SUITE_P(
    OfSteps, MistakeTest,
    testing::Values(
        Case{"title = 'Ask'\n", "", "[[recipe.step]]",
             "step: 'title' is missing"},
        Case{"'POST'", "'post'", "'post'",
             "step: must be GET, HEAD, POST, PUT, PATCH or DELETE"},
        Case{"'POST'", "'CONNECT'", "'CONNECT'",
             "step: must be GET, HEAD, POST, PUT, PATCH or DELETE"},
        Case{kUrl, "", "[[recipe.step]]", "step: 'url' is missing"},
        Case{kUrl, "url = 'http://api.example.com/'",
             "'http://api.example.com/'", kNoHost},
        Case{kUrl, "url = '%{where}'", "'%{where}'", kNoHost},
        Case{kUrl, "url = 'https://%{where}.example.com/'",
             "'https://%{where}.example.com/'", kNoHost},
        Case{kUrl, "url = 'https://api.example.com%{where}'",
             "'https://api.example.com%{where}'", kNoHost},
        Case{kUrl, "url = 'https://api.example.com:443/'",
             "'https://api.example.com:443/'", kNoHost},
        Case{kUrl, "url = 'https://a@api.example.com/'",
             "'https://a@api.example.com/'", kNoHost},
        Case{kUrl, "url = 'https://127.0.0.1/'", "'https://127.0.0.1/'",
             kNoHost},
        Case{kUrl, "url = 'https://api.example.com/%{secret}'",
             "'https://api.example.com/%{secret}'",
             "step: holds the key, and no 'key_in_url' says why"},
        Case{kUrl, "url = 'https://api.example.com/'\nkey_in_url = 'no way'",
             "'no way'", "step: the key is not in the URL"},
        Case{kUrl, "url = 'https://api.example.com/%{nothing}'",
             "'https://api.example.com/%{nothing}'",
             "nothing is called 'nothing' here"},
        Case{kUrl, "url = 'https://api.example.com/%{'",
             "'https://api.example.com/%{'", kBadName},
        Case{"'Bearer %{secret}'", "'%{base}'", "'%{base}'",
             "nothing is called 'base' here"},
        Case{"'Bearer %{secret}'", "'%{Secret}'", "'%{Secret}'", kBadName},
        Case{"'Bearer %{secret}'", "['a']", "['a']",
             "'Authorization' must be a string"},
        Case{"'%{half}:%{secret}'", "'%{secret}'", "'%{secret}'\nform",
             "step: 'basic' must be user:password"},
        Case{"'%{half}:%{secret}'", "'%{email}:x'", "'%{email}:x'",
             "nothing is called 'email' here"},
        Case{"n = 7", "n = '%{id}'", "'%{id}'", "nothing is called 'id' here"},
        Case{"n = 7", "n = 1.5", "1.5", "'n' must be a string"},
        Case{kForm, "json = '%{x}'", "'%{x}'", "nothing is called 'x' here"},
        Case{kForm, "body = '%{x}'", "'%{x}'", "nothing is called 'x' here"},
        Case{kForm, "body = 'a'\njson = 'b'", "'a'",
             "step: a step has one of 'form', 'json' and 'body'"},
        Case{kForm, "form = { a = 'b' }\nbody = 'c'", "'c'",
             "step: a step has one of 'form', 'json' and 'body'"},
        Case{kForm, "writes = true", "true\n[[recipe.step.answer]]",
             "step: checking a key changes nothing"},
        Case{kForm, "retries = 3", "retries",
             "step: unknown field 'retries'"}));

INSTANTIATE_TEST_SUITE_P(
    OfSignatures, MistakeTest,
    testing::Values(
        Case{kForm, "sign = {}", "{}", "sign: 'kind' is missing"},
        Case{kForm, "sign = { kind = 'rsa' }", "'rsa'",
             "sign: 'kind' must be aws-sigv4 or hmac-sha256"},
        Case{kForm,
             "sign = { kind = 'aws-sigv4', region = 'r', key_id = '%{half}' }",
             "{ kind", "sign: 'service' is missing"},
        Case{kForm,
             "sign = { kind = 'aws-sigv4', service = 's', key_id = '%{half}' }",
             "{ kind", "sign: 'region' is missing"},
        Case{kForm,
             "sign = { kind = 'aws-sigv4', service = 's', region = 'r' }",
             "{ kind", "sign: 'key_id' is missing"},
        Case{kForm,
             "sign = { kind = 'aws-sigv4', service = 's', region = 'r', "
             "key_id = '%{x}' }",
             "'%{x}'", "nothing is called 'x' here"},
        Case{kForm, "sign = { kind = 'hmac-sha256', message = 'm' }", "{ kind",
             "sign: 'header' is missing"},
        Case{kForm,
             "sign = { kind = 'hmac-sha256', header = 'X', message = '%{x}' }",
             "'%{x}'", "nothing is called 'x' here"},
        Case{kForm,
             "sign = { kind = 'hmac-sha256', header = 'X', message = 'm', "
             "encoding = 'base32' }",
             "'base32'", "sign: 'encoding' must be hex or base64"},
        Case{kForm,
             "sign = { kind = 'hmac-sha256', header = 'X', message = 'm', "
             "service = 's' }",
             "service", "sign: unknown field 'service'"}));

INSTANTIATE_TEST_SUITE_P(
    OfAnswers, MistakeTest,
    testing::Values(
        Case{"status = [200, '201-204']\n", "", "[[recipe.step.answer]]",
             "answer: 'status' must be an array of numbers and ranges"},
        Case{"[200, '201-204']", "[]", "[]",
             "answer: 'status' must be an array of numbers and ranges"},
        Case{"[200, '201-204']", "200", "200",
             "answer: 'status' must be an array of numbers and ranges"},
        Case{"'201-204'", "20", "20]", kBadStatus},
        Case{"'201-204'", "2000", "2000", kBadStatus},
        Case{"'201-204'", "-200", "-200", kBadStatus},
        Case{"'201-204'", "99", "99]", kBadStatus},
        Case{"'201-204'", "true", "true]", kBadStatus},
        Case{"'201-204'", "'204-201'", "'204-201'", kBadStatus},
        Case{"'201-204'", "'200-29x'", "'200-29x'", kBadStatus},
        Case{"'201-204'", "'2xx'", "'2xx'", kBadStatus},
        Case{"'201-204'", "'200-'", "'200-'", kBadStatus},
        Case{"'201-204'", "'200_204'", "'200_204'", kBadStatus},
        Case{"'201-204'", "'x00-204'", "'x00-204'", kBadStatus},
        Case{"'/login' = ", "'login' = ", "{ 'login'",
             "answer: 'login' is no JSON pointer"},
        Case{"'@string'", "'@text'", "{ '/login'",
             "answer: there is no '@text'"},
        Case{"'%{where}' =", "'/%{x}' =", "{ '/login'",
             "nothing is called 'x' here"},
        Case{"'@string'", "[1]", "[1]", "'/login' must be a string"},
        Case{"'active'", "'alive'", "'alive'",
             "answer: 'verdict' must be one of active, inactive, unknown, "
             "next"},
        Case{"verdict = 'active'\n", "", "[[recipe.step.answer]]",
             "answer: 'verdict' is missing"},
        Case{"says = 'it is alive'\n", "", "[[recipe.step.answer]]",
             "answer: 'says' is missing"},
        Case{"stop = true", "stop = 1", "1\n[recipe.revoke]",
             "answer: 'stop' must be true or false, not a whole number"},
        Case{"stop = true", "text = [7]", "7]",
             "answer: 'text' holds strings, not a whole number"},
        Case{"stop = true", "save = { id = '/id' }", "{ id",
             "answer: only in a procedure"},
        Case{"{ id = '/id' }", "{ Id = '/id' }", "{ Id",
             "answer: a name is written [a-z0-9_]+"},
        Case{"stop = true", "verdicts = 1", "verdicts",
             "answer: unknown field 'verdicts'; did you mean 'verdict'?"}));

INSTANTIATE_TEST_SUITE_P(
    OfEvidence, MistakeTest,
    testing::Values(
        Case{kActiveBare, "verdict = 'active'", "'active'", kNoEvidence},
        Case{kActiveBare, "json = { '' = '@any' }\nverdict = 'active'",
             "'active'", kNoEvidence},
        Case{kActiveBare, "json = { '/error' = '@absent' }\nverdict = 'active'",
             "'active'", kNoEvidence},
        Case{kActiveBare, "empty_body = true\nverdict = 'active'", "'active'",
             kNoEvidence},
        Case{kActiveBare, "text = ['']\nverdict = 'active'", "'active'",
             kNoEvidence},
        Case{kInactive, "status = [403]\nverdict = 'inactive'", "'inactive'",
             kNot401},
        Case{kInactive, "status = [401, 403]\nverdict = 'inactive'",
             "'inactive'", kNot401},
        Case{kInactive, "status = ['400-401']\nverdict = 'inactive'",
             "'inactive'", kNot401},
        Case{kInactive,
             "status = [404]\nheaders = { x = '1' }\nverdict = 'inactive'",
             "'inactive'", kNot401},
        Case{kInactive,
             "status = [404]\njson = { '' = '@any' }\nverdict = 'inactive'",
             "'inactive'", kNot401},
        Case{kInactive, "status = [404]\ntext = ['']\nverdict = 'inactive'",
             "'inactive'", kNot401}));

constexpr std::string_view kPlace =
    "metadata: must be a JSON pointer, row:/pointer or header:name";
constexpr std::string_view kOneOf =
    "row: a row has one of 'first', 'last' and 'equals'";

INSTANTIATE_TEST_SUITE_P(
    OfMetadata, MistakeTest,
    testing::Values(
        Case{"'/name'", "'name'", "'name'", kPlace},
        Case{"'/name'", "'rows:/name'", "'rows:/name'", kPlace},
        Case{"'/name'", "'row:/name'", "'row:/name'",
             "metadata: there is no 'row'"},
        Case{"owner = ", "ower = ", "ower",
             "metadata: unknown field 'ower'; did you mean 'owner'?"},
        Case{kMetadata, "metadata = { row = { in = '', field = '/p' } }",
             "'/p'", kOneOf},
        Case{kMetadata,
             "metadata = { row = { field = '/p', first = 4, last = 4 } }",
             "'/p'", kOneOf},
        Case{kMetadata, "metadata = { row = { first = 4 } }", "{ first",
             "row: 'field' is missing"},
        Case{kMetadata,
             "metadata = { row = { field = '/p', first = 65, "
             "last = 4 } }",
             "65", "row: 'first' must be from 1 to 64"},
        Case{kMetadata,
             "metadata = { row = { field = '/p', last = 0, "
             "first = 4 } }",
             "0, first", "row: 'last' must be from 1 to 64"},
        Case{kMetadata,
             "metadata = { row = { field = '/p', equals = '%{x}' } }", "'%{x}'",
             "nothing is called 'x' here"},
        Case{kMetadata,
             "metadata = { row = { field = '/p', first = 4, at = '' } }",
             "at = ''", "row: unknown field 'at'"}));

// A pointer that is none never leads anywhere, and nobody would notice.
TEST(ReadRecipes, ARowIsFoundByPointers) {
  for (const std::string_view row :
       {"{ in = 'data', field = '/p', first = 4 }",
        "{ in = '/data', field = 'p', first = 4 }"}) {
    const std::string text =
        Changed(kMetadata, fmt::format("metadata = {{ row = {} }}", row));
    EXPECT_EQ(MistakesOf(text).size(), 1u) << row;
  }
}

TEST(ReadRecipes, WhatIsSavedHasAPlace) {
  EXPECT_EQ(MistakesOf(Changed("{ id = '/id' }", "{ id = 'id' }")).size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    OfProcedures, MistakeTest,
    testing::Values(
        Case{"[[recipe.record]]", "[recipe.replace]\n[[recipe.record]]",
             "[recipe.replace]", "procedure: has neither 'step' nor 'by_hand'"},
        Case{"[[recipe.record]]",
             "[[recipe.replace.step]]\ntitle = 'Make'\nwrites = true\n"
             "url = 'https://api.example.com/'\n"
             "[[recipe.replace.step.answer]]\nstatus = [201]\n"
             "verdict = 'next'\nsays = 'made'\n[[recipe.record]]",
             "[[recipe.replace.step]]",
             "recipe: no answer saves the new key as 'new_secret'"},
        Case{"by_hand", "byhand", "byhand",
             "procedure: unknown field 'byhand'; did you mean 'by_hand'?"},
        Case{"name = 'email'\n",
             "name = 'half'\nask = 'x'\n[[recipe.revoke.needs]]\n"
             "name = 'email'\n",
             "'half'", "needs: 'half' has a meaning already"},
        Case{"ask = 'Address'\n", "", "[[recipe.revoke.needs]]",
             "needs: 'ask' is missing"},
        Case{"ask = 'Address'", "ask = 'Address'\nhide = true", "hide",
             "needs: unknown field 'hide'; did you mean 'hidden'?"},
        Case{"keys/%{email}", "keys/%{password}",
             "'https://api.example.com/keys/%{password}'",
             "nothing is called 'password' here"},
        Case{"keys/%{email}", "keys/%{id}",
             "'https://api.example.com/keys/%{id}'",
             "nothing is called 'id' here"}));

INSTANTIATE_TEST_SUITE_P(
    OfRecords, MistakeTest,
    testing::Values(
        Case{"status = 403\n", "", "[[recipe.record]]",
             "record: 'status' is missing"},
        Case{"verdict = 'unknown'", "verdict = 'maybe'", "'maybe'",
             "record: 'verdict' must be one of active, inactive, unknown, "
             "next"},
        Case{"status = 403", "status = 403\nstep = 2", "2\nbody",
             "record: 'step' must be from 1 to 1"},
        Case{"status = 403", "status = 403\nheader = { a = 'b' }", "header =",
             "record: unknown field 'header'; did you mean 'headers'?"},
        Case{"status = 403", "status = 403\nheaders = { a = '%{x}' }", "'%{x}'",
             "nothing is called 'x' here"}));

TEST(ReadRecipes, AStatusThatNoServerSends) {
  const std::string text = Changed("status = 403", "status = 600");
  const Texts mistakes = MistakesOf(text);
  ASSERT_FALSE(mistakes.empty());
  EXPECT_EQ(mistakes[0], PlaceOf(text, "600") +
                             ": record: 'status' must be from 100 to 599");
}

TEST(ReadRecipes, WithoutSteps) {
  const Texts mistakes = MistakesOf(
      "provider = 'p'\nname = 'P'\n[[recipe]]\nid = 'a'\nrules = ['r']\n"
      "sources = ['s']\n");
  EXPECT_EQ(mistakes, Texts{"a.toml:3:1: recipe: there is no [[recipe.step]]"});
}

TEST(ReadRecipes, AStepWithoutAnswers) {
  const std::string text =
      Changed("[[recipe.record]]",
              "[[recipe.revoke.step]]\ntitle = 'Look'\nurl = "
              "'https://api.example.com/'\n[[recipe.record]]");
  const Texts mistakes = MistakesOf(text);
  ASSERT_EQ(mistakes.size(), 1u);
  EXPECT_TRUE(mistakes[0].ends_with("step: there is no [[recipe.step.answer]]"))
      << mistakes[0];
}

TEST(ReadRecipes, TwoOfOneId) {
  const std::string file(kFile);
  const std::string second = file.substr(file.find("[[recipe]]"));
  const std::string text = file + second;
  const Texts mistakes = MistakesOf(text);
  const auto line = 1 + std::count(file.begin(), file.end(), '\n');
  EXPECT_EQ(
      mistakes,
      (Texts{
          fmt::format("a.toml:{}:1: 'kryton-key' is already the id of a recipe",
                      line),
          fmt::format("a.toml:{}:1: 'kryton-api-key' already has a recipe",
                      line)}));
}

// What one procedure saves or asks is unknown to the other.
TEST(ReadRecipes, ProceduresKnowTheirOwnNames) {
  const std::string text = Changed(
      "[[recipe.record]]",
      "[[recipe.replace.step]]\ntitle = 'Make'\nwrites = true\n"
      "url = 'https://api.example.com/%{email}'\n[[recipe.replace.step.answer]]"
      "\nstatus = [201]\nverdict = 'next'\nsays = 'made'\nsave = { new_secret "
      "= '/key' }\n[[recipe.record]]");
  EXPECT_EQ(MistakesOf(text),
            Texts{PlaceOf(text, "'https://api.example.com/%{email}'") +
                  ": nothing is called 'email' here"});
}

TEST(ReadRecipes, ASavedNameIsKnownToLaterSteps) {
  EXPECT_EQ(MistakesOf(Changed(
                "[[recipe.record]]",
                "[[recipe.revoke.step]]\ntitle = 'Again'\nwrites = true\n"
                "url = 'https://api.example.com/%{id}'\n"
                "[[recipe.revoke.step.answer]]\nstatus = [204]\n"
                "verdict = 'next'\nsays = 'gone'\n[[recipe.record]]")),
            Texts());
}

TEST(ReadRecipes, AllMistakesInTheOrderOfTheFile) {
  std::string text = Changed("'POST'", "'post'");
  text.replace(text.find("'kryton-key'"), 12, "'KEY'");
  EXPECT_EQ(MistakesOf(text),
            (Texts{"a.toml:4:6: recipe: an id is written [a-z0-9-]+",
                   "a.toml:19:10: step: must be GET, HEAD, POST, PUT, PATCH or "
                   "DELETE"}));
}

// One recipe whose server the user names.
std::string BaseFile(std::string_view base, std::string_view url) {
  return fmt::format(
      "provider = 'p'\nname = 'P'\n[[recipe]]\nid = 'a'\nrules = ['r']\n"
      "sources = ['s']\n[recipe.base]\n{}\n[recipe.parameter.path]\n"
      "what = 'its path'\nkind = 'path'\n[[recipe.step]]\ntitle = 'Ask'\n"
      "url = '{}'\n[[recipe.step.answer]]\nstatus = [401]\n"
      "verdict = 'inactive'\nsays = 'dead'\n",
      base, url);
}

TEST(ReadRecipes, Base) {
  const Recipe recipe =
      Read(BaseFile("names = ['P_URL']\nhosts = ['*.p.example']\n"
                    "otherwise = 'https://api.p.example'",
                    "%{base}/me"));
  ASSERT_TRUE(recipe.base);
  EXPECT_EQ(recipe.base->names, Texts{"P_URL"});
  EXPECT_EQ(recipe.base->hosts, Texts{"*.p.example"});
  EXPECT_EQ(recipe.base->otherwise, "https://api.p.example");
  for (const std::string_view url :
       {"%{base}", "%{base}/", "%{base}?x", "%{base}%{path}"}) {
    EXPECT_EQ(MistakesOf(BaseFile("", url)), Texts()) << url;
  }
}

TEST(ReadRecipes, ABaseThatTheUrlDoesNotBeginWith) {
  for (const std::string_view url :
       {"https://api.example.com/", "/me", "x%{base}", "%{path}"}) {
    const std::string text = BaseFile("", url);
    EXPECT_EQ(MistakesOf(text),
              Texts{PlaceOf(text, fmt::format("'{}'", url)) +
                    ": step: must begin with %{base}, as the recipe has a "
                    "[base]"});
  }
}

// Behind the base stands a path; anything else would be part of the host.
TEST(ReadRecipes, NothingLengthensTheHost) {
  for (const std::string_view url :
       {"%{base}.example.org/me", "%{base}@example.org/me", "%{base}:8443/me",
        "%{base}x"}) {
    EXPECT_EQ(MistakesOf(BaseFile("", url)).size(), 1u) << url;
  }
}

TEST(ReadRecipes, OtherwiseIsAHost) {
  for (const std::string_view otherwise :
       {"api.p.example", "http://api.p.example", "https://localhost",
        "https://10.0.0.1", "%{base}"}) {
    const std::string text =
        BaseFile(fmt::format("otherwise = '{}'", otherwise), "%{base}/me");
    EXPECT_EQ(MistakesOf(text),
              Texts{PlaceOf(text, fmt::format("'{}'", otherwise)) +
                    ": base: must be https:// and the name of a host"});
  }
}

TEST(ReadRecipes, AnUnknownFieldOfTheBase) {
  EXPECT_EQ(MistakesOf(BaseFile("name = ['X']", "%{base}/me")),
            Texts{"a.toml:8:1: base: unknown field 'name'; did you mean "
                  "'names'?"});
}

TEST(PinnedHost, OfUrls) {
  EXPECT_EQ(PinnedHost("https://api.example.com"), "api.example.com");
  EXPECT_EQ(PinnedHost("https://api-2.example.com/a?b"), "api-2.example.com");
  EXPECT_EQ(PinnedHost("https://example.com?x"), "example.com");
  EXPECT_EQ(PinnedHost("https://example.com#x"), "example.com");
  for (const std::string_view url : {"",
                                     "https://",
                                     "http://example.com",
                                     "example.com",
                                     "%{base}/x",
                                     "HTTPS://example.com",
                                     "https://Example.com",
                                     "https://localhost",
                                     "https://.example.com",
                                     "https://example.com.",
                                     "https://1.2.3.4",
                                     "https://[::1]",
                                     "https://a.example:443",
                                     "https://u@a.example",
                                     "https://a.example\\b",
                                     "https://a.example%2f",
                                     "https://%{x}.example",
                                     "https://a.%{x}",
                                     "https://a b.example",
                                     "https:///a.example"}) {
    EXPECT_EQ(PinnedHost(url), "") << url;
  }
}

}  // namespace
}  // namespace keytidy::rules
