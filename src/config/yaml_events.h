// SPDX-License-Identifier: Apache-2.0
//
// What a YAML parser finds, one after another; aliases are not followed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml_scalar.h"

namespace keytidy::config {

constexpr std::size_t kMaxYamlDepth = 200;
constexpr std::size_t kMaxYamlNodes = 200'000;

// Thrown where a text is no YAML, or more than we take; ParseYaml catches it.
struct YamlRefusal {
  std::size_t at;
  std::string what;
};

struct YamlEvent {
  enum class Type { kNull, kScalar, kAlias, kArray, kTable, kEnd };

  Type type = Type::kNull;
  bool resolves = false;   // of kScalar: its kind depends on what is written
  Span span;               // empty but for kScalar
  std::string value;       // of kScalar
  std::size_t target = 0;  // of kAlias: the event; of kArray, kTable: its end
};

struct YamlEvents {
  std::vector<YamlEvent> all;
  std::vector<std::size_t> documents;  // the first event of each
};

// Of UTF-8. An alias points to an event before it that does not enclose it;
// collections nest no deeper than kMaxYamlDepth.
YamlEvents ReadYamlEvents(std::string_view text);

}  // namespace keytidy::config
