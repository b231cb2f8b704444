// SPDX-License-Identifier: Apache-2.0
#include "clients/arguments.h"

#include <algorithm>

#include "base/text.h"
#include "clients/plain_secret.h"

namespace keytidy::clients {
namespace {

bool IsName(std::string_view text) {
  if (text.empty() || IsDigit(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlnum(c) || c == '_' || c == '-' || c == '.';
  });
}

// "Authorization: Bearer V" and "NAME=V" have a better name than the flag
// before them; but what follows `--api-key` is a key, whatever it looks like.
void Divide(NamedValue* one) {
  const std::string_view text = one->value;
  const std::size_t at = text.find_first_of(":=");
  if (at == std::string_view::npos || !IsName(text.substr(0, at))) return;
  const std::string_view name = text.substr(0, at);
  std::string_view value = text.substr(at + 1);
  // "https://host", "C:\folder", and the padding of an encoded text.
  if (text.substr(at).starts_with("://") ||
      (at == 1 && value.starts_with('\\')) ||
      value.find_first_not_of('=') == std::string_view::npos ||
      (NamesSecret(one->name) && !NamesSecret(name))) {
    return;
  }
  while (value.starts_with(' ')) value.remove_prefix(1);
  one->name = name;
  one->value = value;
}

}  // namespace

std::vector<NamedValue> NamedValues(const std::vector<std::string>& arguments) {
  std::vector<NamedValue> out;
  std::string_view flag;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view text = arguments[i];
    NamedValue one{{}, text, i};
    if (text.size() > 1 && text.starts_with('-')) {
      flag = text.substr(std::min(text.find_first_not_of('-'), text.size()));
      const std::size_t equals = flag.find('=');
      if (equals == std::string_view::npos) continue;
      one.name = flag.substr(0, equals);
      one.value = flag.substr(equals + 1);
      flag = {};
    } else {
      one.name = flag;
      flag = {};
    }
    Divide(&one);
    out.push_back(one);
  }
  return out;
}

std::vector<std::string> SplitCommand(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  bool any = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else if (c == '\\' && quote == '"' && i + 1 < line.size() &&
                 (line[i + 1] == '"' || line[i + 1] == '\\')) {
        word += line[++i];
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      any = true;
    } else if (c == '\\' && i + 1 < line.size()) {
      i += line.substr(i + 1).starts_with("\r\n") ? 2 : 1;
      if (line[i] == '\n') continue;
      word += line[i];
      any = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (any) out.push_back(std::move(word));
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) out.push_back(std::move(word));
  return out;
}

}  // namespace keytidy::clients
