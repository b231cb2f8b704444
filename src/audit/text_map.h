// SPDX-License-Identifier: Apache-2.0
//
// The text that is understood, and how it lies in the file: as it is, decoded
// from wide characters, or (of a binary property list) written out.
#pragma once

#include <string>
#include <string_view>

#include "config/node.h"
#include "core/finding.h"
#include "core/secret.h"
#include "source/encoding.h"

namespace keytidy::audit {

// Immutable once made. The file outlives it.
class TextMap {
 public:
  // Decodes where the file says that it is wide.
  explicit TextMap(std::string_view file);
  ~TextMap() { Wipe(&written_); }
  TextMap(const TextMap&) = delete;
  TextMap& operator=(const TextMap&) = delete;

  // Writes every value of the tree on a line of its own, behind its name, and
  // gives the tree those places: for files whose bytes run into one another.
  void WriteOut(config::Node* root);

  std::string_view text() const { return same_ ? file_ : written_; }
  bool written_out() const { return written_out_; }

  // A span of the file in the text; not for what is written out.
  Span ToText(Span span) const;
  // A span of the text in the file; all of the file where it cannot be told.
  Span ToFile(Span span) const;

 private:
  void Write(config::Node* node, const std::string& path);

  std::string_view file_;
  source::Detected detected_;
  bool same_ = true;
  bool written_out_ = false;
  std::string written_;
};

}  // namespace keytidy::audit
