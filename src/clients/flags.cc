// SPDX-License-Identifier: Apache-2.0
#include "clients/flags.h"

#include "base/text.h"

namespace keytidy::clients {

std::string ProgramName(std::string_view path) {
  std::string name = Lowercase(path.substr(path.find_last_of("/\\") + 1));
  for (const std::string_view end : {".exe", ".cmd", ".bat", ".ps1"}) {
    if (name.ends_with(end)) name.resize(name.size() - end.size());
  }
  return name;
}

std::optional<std::string_view> FlagValue(std::span<const std::string> words,
                                          FlagNames names) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--") break;
    const std::size_t equals = word.find('=');
    if (!IsOneOf(word.substr(0, equals), names)) continue;
    if (equals != std::string_view::npos) return word.substr(equals + 1);
    const bool value = i + 1 < words.size() && !words[i + 1].starts_with('-');
    return value ? std::string_view(words[i + 1]) : std::string_view();
  }
  return std::nullopt;
}

std::size_t FirstPlain(std::span<const std::string> words, FlagNames taking) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") return i + 1;
    if (!words[i].starts_with('-')) return i;
    if (IsOneOf(words[i], taking)) ++i;
  }
  return words.size();
}

}  // namespace keytidy::clients
