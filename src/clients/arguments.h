// SPDX-License-Identifier: Apache-2.0
//
// The values in a command line, each under the name that it is given:
// `--api-key V`, `--api-key=V`, `-e NAME=V`, `--header "Authorization: V"`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::clients {

// Views into the arguments.
struct NamedValue {
  std::string_view name;  // "api-key", "NAME", "Authorization"; "" for none
  std::string_view value;
  std::size_t index = 0;  // of the argument that holds the value
};

// Every argument gives one entry, except for flags without a value. A flag that
// names a secret keeps its value whole, unless that has a secret's name too.
std::vector<NamedValue> NamedValues(const std::vector<std::string>& arguments);

// `line` as a shell divides it: white space, quotes and backslashes, of which
// one at the end of a line goes on with the next. Nothing is replaced.
std::vector<std::string> SplitCommand(std::string_view line);

}  // namespace keytidy::clients
