// SPDX-License-Identifier: Apache-2.0
#include "core/char_class.h"

namespace keytidy {

Result<CharClass> CharClass::Parse(std::string_view text) {
  CharClass out;
  if (text.empty()) return out;
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') {
    return Fail(ErrorCode::kInvalid,
                "'{}' is not a character class such as [0-9A-Za-z_]", text);
  }
  std::string_view rest = text.substr(1, text.size() - 2);
  const bool negated = rest.front() == '^';
  if (negated) rest.remove_prefix(1);

  constexpr std::string_view kEscaped = "\\][^-";
  bool good = !rest.empty();
  const auto take = [&]() -> unsigned char {
    if (rest.front() == '\\') {
      rest.remove_prefix(1);
      if (rest.empty() ||
          kEscaped.find(rest.front()) == std::string_view::npos) {
        good = false;
        return 0;
      }
    }
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    return byte;
  };
  while (good && !rest.empty()) {
    if (rest.front() == ']' ||
        (rest.front() == '[' && rest.size() > 1 && rest[1] == ':')) {
      return Fail(ErrorCode::kInvalid,
                  "'{}': only bytes and ranges may stand in a class", text);
    }
    const unsigned low = take();
    unsigned high = low;
    if (!good) break;
    if (rest.size() > 1 && rest.front() == '-') {
      rest.remove_prefix(1);
      high = take();
    }
    if (high < low) {
      return Fail(ErrorCode::kInvalid, "'{}': a range runs backwards", text);
    }
    for (unsigned b = low; b <= high; ++b) {
      out.Add(static_cast<unsigned char>(b));
    }
  }
  if (!good) {
    return Fail(ErrorCode::kInvalid,
                "'{}': a backslash stands only before one of \\ ] [ ^ -", text);
  }
  if (negated) {
    for (auto& word : out.bits_) word = ~word;
  }
  return out;
}

std::string CharClass::Members() const {
  std::string out;
  for (int b = 0; b < 256; ++b) {
    if (Has(static_cast<char>(b))) out.push_back(static_cast<char>(b));
  }
  return out;
}

}  // namespace keytidy
