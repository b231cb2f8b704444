// SPDX-License-Identifier: Apache-2.0
//
// Short ways to write what tests of client files need.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/contents.h"
#include "config/node.h"
#include "core/client.h"

namespace keytidy::clients {

// Looks like a key and is none: letters and digits, the same for the same
// numbers.
inline std::string MadeKey(std::size_t size, std::size_t seed = 0) {
  constexpr std::string_view kAlphabet =
      "q7RtW2ypLs9dfGh4jkZc5vbNm3QwE8rTnA6sDFgHJ";
  std::string out = "k7";
  for (std::size_t i = 0; out.size() < size; ++i) {
    out += kAlphabet[(i * 11 + seed * 7 + i * i) % kAlphabet.size()];
  }
  return out;
}

inline config::Document Parsed(FileFormat format, std::string text,
                               std::string name = "dir/file") {
  auto document = ParseAs(format, std::move(name), std::move(text));
  if (document) return *std::move(document);
  ADD_FAILURE() << document.error().message;
  return {};
}

inline config::Document Json(std::string text) {
  return Parsed(FileFormat::kJson, std::move(text));
}

inline std::string_view Shown(SlotKind kind) {
  switch (kind) {
    case SlotKind::kEnv:
      return "env";
    case SlotKind::kHeader:
      return "header";
    case SlotKind::kArg:
      return "arg";
    case SlotKind::kCommand:
      return "command";
    case SlotKind::kUrl:
      return "url";
    case SlotKind::kName:
      return "name";
    case SlotKind::kSetting:
      break;
  }
  return "setting";
}

// "arg args[1] api-key=V": kind, slot, name and text.
inline std::vector<std::string> Shown(const std::vector<Value>& values) {
  std::vector<std::string> out;
  for (const Value& one : values) {
    out.push_back(fmt::format("{} {} {}={}", Shown(one.kind), one.slot,
                              one.name, one.text));
  }
  return out;
}

inline std::string Shown(config::Place place) {
  return fmt::format("{}:{}", place.line, place.column);
}

// What a value's span covers of the file.
inline std::string_view Written(const config::Document& document,
                                const Value& value) {
  return std::string_view(document.text)
      .substr(value.span.start, value.span.size());
}

}  // namespace keytidy::clients
