// SPDX-License-Identifier: Apache-2.0
#include "clients/plain_secret.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "clients/reference.h"

namespace keytidy::clients {
namespace {

using Words = std::initializer_list<std::string_view>;

constexpr std::size_t kLeastKey = 8;
constexpr std::size_t kLeastRandom = 20;
constexpr int kDeepestFallback = 8;

bool Has(const std::vector<std::string>& words, Words any) {
  return std::any_of(words.begin(), words.end(),
                     [any](const auto& word) { return IsOneOf(word, any); });
}

bool NamesPassword(std::string_view name) {
  return Has(WordsOf(name),
             {"password", "passwd", "pwd", "pass", "passphrase", "secret"});
}

double EntropyOf(std::string_view value) {
  std::array<std::size_t, 256> counts = {};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  const auto size = static_cast<double>(value.size());
  for (const std::size_t n : counts) {
    if (n == 0) continue;
    const double p = static_cast<double>(n) / size;
    bits -= p * std::log2(p);
  }
  return bits;
}

bool All(std::string_view value, bool (*is)(char)) {
  return std::all_of(value.begin(), value.end(), is);
}

bool IsWordOrNumber(std::string_view value) {
  return All(value,
             [](char c) {
               return IsLower(c) || IsUpper(c) || c == '-' || c == '_' ||
                      c == ' ' || c == '.' || c == ',';
             }) ||
         All(value, [](char c) { return IsDigit(c) || c == '.' || c == ','; });
}

bool IsPathOrAddress(std::string_view value) {
  return value.starts_with('/') || value.starts_with("./") ||
         value.starts_with("../") || value.starts_with("~/") ||
         value.find("://") != std::string_view::npos ||
         (value.size() > 2 && value[1] == ':' && value[2] == '\\');
}

// `bare` has no references.
std::string_view SecretIn(std::string_view name, std::string_view bare) {
  if (IsFiller(bare) || IsPathOrAddress(bare)) return {};
  if (bare.find(' ') != std::string_view::npos) return {};
  if (IsOneOf(Lowercase(bare), {"true", "false", "none", "null", "auto",
                                "enabled", "disabled", "default", "undefined",
                                "keyring", "keychain", "file", "oauth"})) {
    return {};
  }
  if (NamesPassword(name)) return bare;
  if (bare.size() < kLeastKey || IsWordOrNumber(bare)) return {};
  return EntropyOf(bare) >= 2.5 ? bare : std::string_view();
}

}  // namespace

bool NamesSecret(std::string_view name) {
  const std::vector<std::string> words = WordsOf(name);
  if (words.empty()) return false;
  // "KEY_FILE" holds a path, "TOKEN_LIMIT" a number, "AUTH_TYPE" a word.
  if (IsOneOf(
          words.back(),
          {"file", "path",  "dir",   "url",  "uri",     "host",   "endpoint",
           "id",   "limit", "type",  "mode", "name",    "expiry", "ttl",
           "port", "count", "scope", "user", "timeout", "method", "provider",
           "env",  "var",   "size",  "map",  "bindings"})) {
    return false;
  }
  if (Has(words, {"public", "max", "min", "num", "pub", "publishable"})) {
    return false;
  }
  return Has(words, {"key",     "apikey",     "token",       "secret",
                     "secrets", "password",   "passwd",      "pwd",
                     "pass",    "passphrase", "pat",         "authorization",
                     "auth",    "bearer",     "credential",  "credentials",
                     "cookie",  "authtoken",  "accesstoken", "secretkey",
                     "keys",    "apitoken"});
}

bool IsFiller(std::string_view value) {
  const std::string text = Lowercase(value);
  if (text.empty()) return true;
  for (const std::string_view begin :
       {"your",      "<",         "xxx",         "changeme",
        "change-me", "change_me", "...",         "placeholder",
        "example",   "**",        "dummy",       "\xE2\x80\xA6",
        "my-",       "my_",       "redacted",    "[redacted",
        "put-",      "fake",      "replacewith", "insertyour",
        "enteryour", "pasteyour"}) {
    if (text.starts_with(begin)) return true;
  }
  // Keys may begin with longer words: "enterprise_", "todoist-".
  for (const std::string_view word :
       {"replace", "replaceme", "insert", "todo", "enter", "paste"}) {
    if (text.starts_with(word) &&
        (text.size() == word.size() || !IsLower(text[word.size()]))) {
      return true;
    }
  }
  for (const std::string_view part :
       {"...", "your-", "your_", "yourapi", "_here", "-here", "xxxx",
        "placeholder", "\xE2\x80\xA6", "redacted", "example", "****"}) {
    if (text.find(part) != std::string::npos) return true;
  }
  return text.find_first_not_of(text.front()) == std::string::npos;
}

std::string_view Bare(std::string_view value) {
  const auto trim = [&value] {
    while (!value.empty() &&
           std::string_view(" \t\r\n\"'`").find(value.front()) !=
               std::string_view::npos) {
      value.remove_prefix(1);
    }
    while (!value.empty() &&
           std::string_view(" \t\r\n\"'`").find(value.back()) !=
               std::string_view::npos) {
      value.remove_suffix(1);
    }
  };
  trim();
  for (const std::string_view scheme :
       {"bearer ", "basic ", "token ", "apikey ", "api-key ", "key "}) {
    if (value.size() > scheme.size() &&
        FindIgnoringCase(value.substr(0, scheme.size()), scheme) == 0) {
      value.remove_prefix(scheme.size());
      trim();
      break;
    }
  }
  return value;
}

std::string_view PlainSecret(std::string_view name, std::string_view value) {
  if (!NamesSecret(name)) return {};
  std::vector<std::string_view> left = {value};
  for (int depth = 0; depth <= kDeepestFallback && !left.empty(); ++depth) {
    std::vector<std::string_view> fallbacks;
    for (const std::string_view one : left) {
      const std::string_view bare = Bare(one);
      if (bare.size() < kLeastPassword) continue;
      const auto references = FindReferences(bare);
      for (const Reference& reference : references) {
        fallbacks.push_back(reference.fallback);
      }
      if (!references.empty()) continue;
      const std::string_view secret = SecretIn(name, bare);
      if (!secret.empty()) return secret;
    }
    left = std::move(fallbacks);
  }
  return {};
}

bool LooksRandom(std::string_view value) {
  if (value.size() < kLeastRandom || IsFiller(value)) return false;
  bool digit = false;
  bool letter = false;
  for (const char c : value) {
    if (IsDigit(c)) {
      digit = true;
    } else if (IsAlnum(c)) {
      letter = true;
    } else if (c != '-' && c != '_') {
      return false;
    }
  }
  return digit && letter && EntropyOf(value) >= 3.3;
}

}  // namespace keytidy::clients
