// SPDX-License-Identifier: Apache-2.0
//
// Secrets that no rule knows, found in a client's settings by what they are
// called.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "clients/contents.h"
#include "core/finding.h"
#include "core/rule.h"

namespace keytidy::audit {

// The kind they are reported as: "client-secret".
const Rule& PlainRule();

struct PlainSecretAt {
  clients::Slot slot;
  Span span;              // in the file
  std::string_view text;  // into the contents
  bool in_address = false;
};

// Every such secret of a file, each once, in the order of the file. `text` is
// the file's, or empty where spans do not count.
std::vector<PlainSecretAt> FindPlainSecrets(const clients::Contents& contents,
                                            std::string_view text);

// Lines and columns of spans, which are asked for in order: the text is walked
// once.
class LineCursor {
 public:
  explicit LineCursor(std::string_view text) : text_(text) {}
  TextRange Range(Span span);

 private:
  void MoveTo(std::uint64_t offset);

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 1;
  std::uint64_t character_ = 1;
};

// Without what may surround it, decoded from an address: for telling whether
// two values are the same.
std::string Comparable(std::string_view text);

}  // namespace keytidy::audit
