// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "rules/rule_set.h"

namespace keytidy::rules {
namespace {

// What people write between a name and its value. The name ends with a quote
// or bracket, or not; then one of
//   = := => == : ,        code, JSON, YAML, TOML, dotenv, arguments
//   : string =            a type annotation
//   > or </key><string>   XML and property lists
//   "value": on its own   lists of {name, value} pairs, also over lines
//   blanks                ENV, setx, netrc
// then an opening quote or bracket, or not, and the scheme of an HTTP header.
constexpr std::string_view kAssign =
    R"re((?:[\\"'`)\]}]{0,4}(?:)re"
    R"re([ \t]{0,16}(?::[ \t]{0,2}[A-Za-z]{1,12}[ \t]{0,2}=|=>|:=|==|=|:|,|\?=))re"
    R"re(|</key>[ \t\r\n]{0,40}<string|>)re"
    R"re(|,?[ \t\r\n]{0,40}[\\"']{0,2}[Vv](?:alue|ALUE)[\\"']{0,2}[ \t]{0,4}[:=])re"
    R"re()[>]?[ \t]{0,16}[\\"'`(\[{]{0,4}|[ \t]{1,8}["']?))re"
    R"re((?:[Bb]earer |BEARER |[Bb]asic |[Tt]oken )?)re";

constexpr std::string_view kName = R"re([0-9A-Za-z_.-]{0,40})re";

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kMacros =
    {{{"assign", kAssign}, {"name", kName}}};

}  // namespace

Result<std::string> ExpandMacros(std::string_view pattern) {
  std::string out;
  for (;;) {
    const std::size_t start = pattern.find("%{");
    out += pattern.substr(0, start);
    if (start == std::string_view::npos) return out;
    const std::size_t end =
        pattern.find_first_not_of("abcdefghijklmnopqrstuvwxyz", start + 2);
    if (end == start + 2 || end == std::string_view::npos ||
        pattern[end] != '}') {
      out += "%{";  // the two characters, in a class for instance
      pattern.remove_prefix(start + 2);
      continue;
    }
    const std::string_view name = pattern.substr(start + 2, end - start - 2);
    bool known = false;
    for (const auto& [macro, text] : kMacros) {
      if (macro != name) continue;
      out += text;
      known = true;
    }
    if (!known) {
      return Fail(ErrorCode::kInvalid,
                  "unknown macro %{{{}}}; there are %{{assign}} and %{{name}}",
                  name);
    }
    pattern.remove_prefix(end + 1);
  }
}

}  // namespace keytidy::rules
