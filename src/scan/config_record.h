// SPDX-License-Identifier: Apache-2.0
//
// Where a key stands in a JSON configuration file: the record that it belongs
// to, such as one server of an AI client, and the addresses in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "core/finding.h"

namespace keytidy::scan {

// A text, read as JSON (with comments) when that is first asked for. One
// thread; the text outlives it.
class ConfigText {
 public:
  explicit ConfigText(std::string_view text) : text_(text) {}
  std::string_view text() const { return text_; }
  // Null: it is no JSON.
  const config::Node* Root();

 private:
  std::string_view text_;
  bool read_ = false;
  std::optional<config::Document> document_;
};

// The addresses in the record that holds `span`: the values of variables of
// these names, or, where there is none, the address that the record's server is
// reached at (url, serverUrl, httpUrl). Each once. Nothing where the text is no
// JSON (with comments), so that there are no records.
std::optional<std::vector<std::string>> BasesOfRecord(
    ConfigText& text, Span span, const std::vector<std::string>& names);

}  // namespace keytidy::scan
