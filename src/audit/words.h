// SPDX-License-Identifier: Apache-2.0
//
// The words that a name is made of.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace keytidy::audit {

// "createIssue_v2" is create, issue, v2; in lower case.
inline std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool begins = IsUpper(c) && i > 0 && IsLower(name[i - 1]);
    if ((!IsAlnum(c) || begins) && !out.back().empty()) out.emplace_back();
    if (IsAlnum(c)) out.back() += ToLower(c);
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

inline bool Contains(const std::vector<std::string>& list,
                     std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

inline bool AnyOf(const std::vector<std::string>& words,
                  const std::vector<std::string>& list) {
  return std::any_of(words.begin(), words.end(),
                     [&](const auto& word) { return Contains(list, word); });
}

}  // namespace keytidy::audit
