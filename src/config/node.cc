// SPDX-License-Identifier: Apache-2.0
#include "config/node.h"

#include <algorithm>

#include "base/text.h"

namespace keytidy::config {
namespace {

std::string_view LineOf(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t newline = text.find('\n');
    if (newline == std::string_view::npos) return {};
    text.remove_prefix(newline + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

// A configuration file may hold a key by mistake, and an error quotes its line.
// Long runs of letters and digits are starred out, byte for byte, so that the
// caret still stands below its place.
// `also` are bytes that count as part of a run besides those.
std::string HideLongTokens(std::string_view line, std::string_view also) {
  constexpr std::size_t kLong = 20;
  const auto in_token = [also](char c) {
    return IsAlnum(c) || c == '_' || c == '+' || c == '=' ||
           also.find(c) != std::string_view::npos;
  };
  std::string out(line);
  for (std::size_t i = 0; i < out.size();) {
    std::size_t end = i;
    bool digit = false;
    bool letter = false;
    while (end < out.size() && in_token(out[end])) {
      digit = digit || IsDigit(out[end]);
      letter = letter || (IsAlnum(out[end]) && !IsDigit(out[end]));
      ++end;
    }
    if (end - i >= kLong && digit && letter) {
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(i),
                out.begin() + static_cast<std::ptrdiff_t>(end), '*');
    }
    i = end + 1;
  }
  return out;
}

}  // namespace

const Node* Node::Find(std::string_view key) const {
  const auto it =
      std::find_if(members.begin(), members.end(),
                   [&](const Member& member) { return member.key == key; });
  return it == members.end() ? nullptr : &it->value;
}

std::string_view Name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kBool:
      return "true or false";
    case Node::Kind::kInteger:
      return "a whole number";
    case Node::Kind::kFloat:
      return "a number";
    case Node::Kind::kString:
      return "a string";
    case Node::Kind::kArray:
      return "an array";
    case Node::Kind::kTable:
      return "a table";
  }
  return "nothing";
}

Error Document::ErrorAt(Place place, std::string_view message) const {
  const std::string said = ForTerminal(HideLongTokens(message, ""));
  if (place.line == 0) {
    return Error{ErrorCode::kInvalid, fmt::format("{}: {}", name, said)};
  }
  constexpr std::size_t kShown = 160;
  std::string line = HideLongTokens(LineOf(text, place.line), "-/.");
  if (line.size() > kShown) {
    std::size_t end = kShown;
    while (end > 0 && !BeginsCharacter(line[end])) --end;
    line.resize(end);
  }
  std::string out =
      fmt::format("{}:{}:{}: {}", name, place.line, place.column, said);
  if (place.column > 0 && place.column <= kShown && !line.empty()) {
    // What is before the caret, as it is shown; tabs are kept in the caret's
    // line too, so that the two line up.
    std::size_t before = 0;
    for (std::uint32_t column = 1; before < line.size(); ++before) {
      if (!BeginsCharacter(line[before])) continue;
      if (column++ >= place.column) break;
    }
    std::string indent;
    for (const char c : ForTerminal(line.substr(0, before), true)) {
      if (BeginsCharacter(c)) indent.push_back(c == '\t' ? '\t' : ' ');
    }
    out += fmt::format("\n  {}\n  {}^", ForTerminal(line, true), indent);
  }
  return Error{ErrorCode::kInvalid, std::move(out)};
}

}  // namespace keytidy::config
