// SPDX-License-Identifier: Apache-2.0
#include "core/text_template.h"

#include "base/text.h"

namespace keytidy {
namespace {

constexpr std::string_view kOpen = "%{";

// The name that "%{" at the start of `text` begins; empty: none.
std::string_view NameAt(std::string_view text) {
  std::size_t end = kOpen.size();
  while (end < text.size() &&
         (IsLower(text[end]) || IsDigit(text[end]) || text[end] == '_')) {
    ++end;
  }
  if (end == text.size() || text[end] != '}') return {};
  return text.substr(kOpen.size(), end - kOpen.size());
}

}  // namespace

Result<std::vector<std::string>> TemplateNames(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos;
       at = text.find(kOpen, at + kOpen.size())) {
    const std::string_view name = NameAt(text.substr(at));
    if (name.empty()) {
      return Fail(ErrorCode::kInvalid,
                  "'%{{' must be followed by a name of [a-z0-9_] and '}}'");
    }
    out.emplace_back(name);
  }
  return out;
}

std::string FillTemplate(
    std::string_view text,
    const std::function<std::string(std::string_view name)>& value) {
  std::string out;
  for (;;) {
    const std::size_t at = text.find(kOpen);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at);
    const std::string_view name = NameAt(text);
    if (name.empty()) {
      out += kOpen;
      text.remove_prefix(kOpen.size());
      continue;
    }
    out += value(name);
    text.remove_prefix(name.size() + kOpen.size() + 1);
  }
}

}  // namespace keytidy
