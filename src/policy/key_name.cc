// SPDX-License-Identifier: Apache-2.0
#include "policy/key_name.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/text.h"

namespace keytidy::policy {

bool IsBareName(std::string_view name) {
  constexpr std::string_view kBare[] = {"key",   "test", "new",     "api",
                                        "token", "my",   "default", "secret"};
  const std::string lower = Lowercase(name);
  std::string_view rest = lower;
  bool any = false;
  while (!rest.empty()) {
    if (!IsAlnum(rest.front()) || IsDigit(rest.front())) {
      if (static_cast<unsigned char>(rest.front()) >= 0x80) return false;
      rest.remove_prefix(1);
      continue;
    }
    std::size_t length = 0;
    while (length < rest.size() && IsLower(rest[length])) ++length;
    const std::string_view word = rest.substr(0, length);
    if (std::find(std::begin(kBare), std::end(kBare), word) ==
        std::end(kBare)) {
      return false;
    }
    any = true;
    rest.remove_prefix(length);
  }
  return any;
}

bool HasNameForm(std::string_view name) {
  return std::count(name.begin(), name.end(), '-') >= 2 &&
         !name.starts_with('-') && !name.ends_with('-') &&
         name.find("--") == std::string_view::npos && !IsBareName(name);
}

}  // namespace keytidy::policy
