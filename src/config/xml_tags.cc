// SPDX-License-Identifier: Apache-2.0
#include "config/xml_tags.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"
#include "config/utf8.h"

namespace keytidy::config {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

// #65 or #x41.
std::optional<std::uint32_t> CharacterNumber(std::string_view name) {
  if (!name.starts_with('#')) return std::nullopt;
  const bool hex = name.starts_with("#x");
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t point = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, point, hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != end || point == 0) {
    return std::nullopt;
  }
  return point;
}

}  // namespace

XmlTags::XmlTags(std::string_view text) : text_(text), places_(text) {
  if (text.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

bool XmlTags::WrongAt(std::size_t at, std::string_view what) {
  if (error_.empty()) {
    error_ = what;
    error_at_ = at;
  }
  return false;
}

void XmlTags::SkipBlanks() {
  at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size());
}
bool XmlTags::At(std::string_view what) const {
  return text_.substr(at_, what.size()) == what;
}

bool XmlTags::Beyond(std::string_view end) {
  const std::size_t found = text_.find(end, at_);
  if (found == std::string_view::npos) {
    return WrongAt(at_, "what begins here does not end");
  }
  at_ = found + end.size();
  return true;
}

// A document type, with all that it declares; nothing of it is used.
bool XmlTags::SkipDoctype() {
  const std::size_t start = at_;
  for (int depth = 0; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      at_ = text_.find(c, at_ + 1);
      if (at_ == std::string_view::npos) break;
    } else if (c == '[' || c == '<') {
      ++depth;
    } else if (c == ']' || c == '>') {
      if (--depth == 0) {
        ++at_;
        return true;
      }
    }
  }
  at_ = start;
  return WrongAt(start, "what begins here does not end");
}

// Comments, instructions, document types; then blanks.
bool XmlTags::SkipMisc() {
  for (;;) {
    SkipBlanks();
    if (At("<!--")) {
      if (!Beyond("-->")) return false;
    } else if (At("<?")) {
      if (!Beyond("?>")) return false;
    } else if (At("<!DOCTYPE")) {
      if (!SkipDoctype()) return false;
    } else {
      return true;
    }
  }
}

bool XmlTags::Ended() {
  if (!SkipMisc()) return false;
  return at_ == text_.size() ||
         WrongAt(at_, "something follows the property list");
}

bool XmlTags::Next() {
  if (!SkipMisc()) return false;
  start_ = at_;
  if (at_ == text_.size()) return Wrong("the file ends too early");
  if (!At("<")) return Wrong("text where an element must stand");
  return Tag();
}

bool XmlTags::Tag() {
  start_ = at_++;
  closes_ = At("/");
  if (closes_) ++at_;
  const std::size_t name = at_;
  while (at_ < text_.size() && IsAlnum(text_[at_])) ++at_;
  name_ = text_.substr(name, at_ - name);
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      at_ = text_.find(c, at_ + 1);
      if (at_ == std::string_view::npos) break;
    } else if (c == '>') {
      opens_ = !closes_ && text_[at_ - 1] != '/';
      ++at_;
      return true;
    } else if (c == '<') {
      break;
    }
  }
  at_ = text_.size();
  return Wrong("this tag does not end");
}

// All up to `</name>`: text, entities, CDATA; comments are passed over.
bool XmlTags::Text(std::string_view name, std::string* out) {
  if (!opens_) return true;
  for (;;) {
    const std::size_t next = text_.find_first_of("<&", at_);
    if (next == std::string_view::npos) {
      return Wrong("this element does not end");
    }
    out->append(text_.substr(at_, next - at_));
    at_ = next;
    if (At("&")) {
      if (!Entity(out)) return false;
    } else if (At("<!--")) {
      if (!Beyond("-->")) return false;
    } else if (At("<![CDATA[")) {
      const std::size_t from = at_ + 9;
      if (!Beyond("]]>")) return false;
      out->append(text_.substr(from, at_ - 3 - from));
    } else {
      return Tag() && ((closes_ && name_ == name) ||
                       Wrong("this tag does not belong here"));
    }
  }
}

bool XmlTags::Entity(std::string* out) {
  constexpr std::size_t kLongest = 16;
  const std::string_view near = text_.substr(at_, kLongest);
  const std::size_t end = near.find(';');
  if (end == std::string_view::npos) {
    return WrongAt(at_, "'&' must be written &amp;");
  }
  const std::string_view name = near.substr(1, end - 1);
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  const auto* const it =
      std::find_if(std::begin(kNamed), std::end(kNamed),
                   [&](const auto& one) { return one.first == name; });
  if (it != std::end(kNamed)) {
    *out += it->second;
  } else if (const auto point = CharacterNumber(name)) {
    AppendCharacter(*point, out);
  } else {
    return WrongAt(at_, "there is no such entity");
  }
  at_ += end + 1;
  return true;
}

}  // namespace keytidy::config
