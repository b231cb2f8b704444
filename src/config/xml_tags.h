// SPDX-License-Identifier: Apache-2.0
//
// As much of XML as property lists are made of: tags, text, comments and the
// entities that XML itself has. Document types are passed over, and nothing
// that they declare or refer to is used.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/places.h"

namespace keytidy::config {

// Over a text that must outlive this. What returns false has set error() and
// place().
class XmlTags {
 public:
  explicit XmlTags(std::string_view text);

  // The next tag; nothing but blanks, comments and instructions stands before.
  bool Next();

  // Of the tag that was read last.
  std::string_view name() const { return name_; }
  std::size_t start() const { return start_; }
  bool closes() const { return closes_; }  // </name>
  bool opens() const { return opens_; }    // <name>, not <name/>

  // What stands between the opening tag that was read last and `</name>`, which
  // is then the tag that was read last.
  bool Text(std::string_view name, std::string* out);

  // Whether nothing more than comments follows.
  bool Ended();

  // Beyond what was read.
  std::size_t at() const { return at_; }
  Place PlaceOf(std::size_t offset) const { return places_.At(offset); }

  // Only the first thing that is wrong is kept. Without an offset: at the tag.
  bool Wrong(std::string_view what) { return WrongAt(start_, what); }
  bool WrongAt(std::size_t at, std::string_view what);
  std::string_view error() const { return error_; }
  Place place() const { return places_.At(error_at_); }

 private:
  void SkipBlanks();
  bool At(std::string_view what) const;
  bool Beyond(std::string_view end);
  bool SkipDoctype();
  bool SkipMisc();
  bool Tag();
  bool Entity(std::string* out);

  std::string_view text_;
  Places places_;
  std::size_t at_ = 0;
  std::string_view name_;
  std::size_t start_ = 0;
  bool closes_ = false;
  bool opens_ = false;
  std::string_view error_;
  std::size_t error_at_ = 0;
};

}  // namespace keytidy::config
