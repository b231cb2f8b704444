// SPDX-License-Identifier: Apache-2.0
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "config/node.h"

namespace keytidy::config {
namespace {

Place PlaceOf(const toml::source_position& position) {
  return {position.line, position.column};
}

// Where lines begin, to make bytes of places.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    // The parser passes a byte-order mark over.
    starts_.push_back(text.starts_with(kByteOrderMark) ? kByteOrderMark.size()
                                                       : 0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }
  std::uint32_t ByteOf(const toml::source_position& position) const {
    if (position.line == 0 || position.line > starts_.size()) return 0;
    std::size_t at = starts_[position.line - 1];
    for (std::uint32_t i = 1; i < position.column && at < text_.size(); ++i) {
      ++at;
      while (at < text_.size() && !BeginsCharacter(text_[at])) ++at;
    }
    return static_cast<std::uint32_t>(at);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

Node Convert(const toml::node& in, const Lines& lines) {
  Node out;
  out.place = PlaceOf(in.source().begin);
  if (in.is_value()) {
    out.start = lines.ByteOf(in.source().begin);
    out.end = std::max(out.start, lines.ByteOf(in.source().end));
  }
  if (const auto* table = in.as_table()) {
    out.kind = Node::Kind::kTable;
    for (const auto& [key, value] : *table) {
      out.members.push_back(Member{std::string(key.str()),
                                   PlaceOf(key.source().begin),
                                   Convert(value, lines)});
    }
    // toml++ sorts members by name.
    std::stable_sort(out.members.begin(), out.members.end(),
                     [](const Member& a, const Member& b) {
                       return std::pair(a.key_place.line, a.key_place.column) <
                              std::pair(b.key_place.line, b.key_place.column);
                     });
  } else if (const auto* array = in.as_array()) {
    out.kind = Node::Kind::kArray;
    for (const auto& item : *array) out.items.push_back(Convert(item, lines));
  } else if (const auto* string = in.as_string()) {
    out.kind = Node::Kind::kString;
    out.string = string->get();
  } else if (const auto* integer = in.as_integer()) {
    out.kind = Node::Kind::kInteger;
    out.integer = integer->get();
    out.number = static_cast<double>(out.integer);
  } else if (const auto* number = in.as_floating_point()) {
    out.kind = Node::Kind::kFloat;
    out.number = number->get();
  } else if (const auto* boolean = in.as_boolean()) {
    out.kind = Node::Kind::kBool;
    out.boolean = boolean->get();
  }
  return out;
}

// toml++ recurses once for each part of a dotted key, without a bound. A line
// with so many dots among letters, blanks and quotes is no key of ours.
bool HasEndlessKey(std::string_view text) {
  constexpr int kMostDots = 100;
  int dots = 0;
  for (const char c : text) {
    if (c == '.') {
      if (++dots > kMostDots) return true;
    } else if (!IsAlnum(c) &&
               std::string_view("_- \t\"'").find(c) == std::string_view::npos) {
      dots = 0;
    }
  }
  return false;
}

// What toml++ 3.3 is not to see: a table's header that begins with no key, and
// letters outside of ASCII that stand in no text and no comment. Finds the
// first of either.
class HeaderCheck {
 public:
  explicit HeaderCheck(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) {
      at_ = start_ = kByteOrderMark.size();
    }
  }

  std::optional<Place> FirstBad() {
    while (at_ < text_.size()) {
      bool header = false;
      if (depth_ == 0) {
        Skip(" \t");
        header = At("[");
        if (header && !HeaderIsGood()) return Here();
      }
      if (!RestOfLine()) return Here();
      if (header) depth_ = 0;
    }
    return std::nullopt;
  }

 private:
  bool At(std::string_view what) const {
    return text_.substr(at_, what.size()) == what;
  }
  void Skip(std::string_view what) {
    at_ = std::min(text_.find_first_not_of(what, at_), text_.size());
  }

  // Leaves at_ where the key should begin.
  bool HeaderIsGood() {
    depth_ += At("[[") ? 2 : 1;
    at_ += At("[[") ? 2 : 1;
    Skip(" \t");
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    return IsAlnum(c) || c == '_' || c == '-' || c == '"' || c == '\'';
  }

  // To the beginning of the next line that is not within a text; false where a
  // letter stands in the way that is none of ASCII's.
  bool RestOfLine() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        NewLine();
        return true;
      }
      if ((static_cast<unsigned char>(c) & 0x80) != 0) return false;
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        Text(c);
      } else {
        if (c == '[' || c == '{') ++depth_;
        if ((c == ']' || c == '}') && depth_ > 0) --depth_;
        ++at_;
      }
    }
    return true;
  }

  Place Here() const {
    std::uint32_t column = 1;
    for (const char c : text_.substr(start_, at_ - start_)) {
      if (BeginsCharacter(c)) ++column;
    }
    return {line_, column};
  }

  void NewLine() {
    ++line_;
    start_ = ++at_;
  }

  void Text(char quote) {
    const std::string three(3, quote);
    const bool lines = At(three);
    at_ += lines ? 3 : 1;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        ++at_;
        if (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (text_[at_] == '\n') {
        if (!lines) return;
        NewLine();
      } else if (lines ? At(three) : text_[at_] == quote) {
        at_ += lines ? 3 : 1;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // of the line
  std::uint32_t line_ = 1;
  int depth_ = 0;
};

}  // namespace

Result<Document> ParseToml(std::string name, std::string text) {
  Document document{std::move(name), std::move(text), {}};
  if (ToValidUtf8(document.text) != document.text) {
    return Fail(ErrorCode::kInvalid, "{}: not valid UTF-8", document.name);
  }
  if (HasEndlessKey(document.text)) {
    return Fail(ErrorCode::kInvalid,
                "{}: a key has more than 100 parts; nothing is nested so deep",
                document.name);
  }
  if (const auto place = HeaderCheck(document.text).FirstBad()) {
    return Fail(document.ErrorAt(*place, "a name must stand here"));
  }
  const toml::parse_result parsed =
      toml::parse(std::string_view(document.text));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Fail(
        document.ErrorAt(PlaceOf(error.source().begin), error.description()));
  }
  document.root = Convert(parsed.table(), Lines(document.text));
  return document;
}

}  // namespace keytidy::config
