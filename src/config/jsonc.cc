// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.h"
#include "config/node.h"
#include "config/unique_members.h"
#include "config/utf8.h"

namespace keytidy::config {
namespace {

constexpr int kMaxDepth = 200;
// A tree takes some twenty times its text; a person's settings are smaller.
constexpr std::size_t kMaxNodes = 500'000;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    line_start_ = at_;
  }

  // False: error() says what is wrong at place().
  bool Parse(Node* root) {
    if (!SkipBlank()) return false;
    if (!Value(root, 0)) return false;
    if (!SkipBlank()) return false;
    return at_ == text_.size() || Wrong("something follows the value");
  }

  const std::string& error() const { return error_; }
  Place place() const { return error_place_; }

 private:
  bool Wrong(std::string_view what) {
    if (error_.empty()) {
      error_ = what;
      error_place_ = Here();
    }
    return false;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Ended() const { return at_ >= text_.size(); }

  // Columns count characters; looked at only where a value begins, and from
  // where the last one did.
  Place Here() {
    if (counted_ < line_start_) {
      counted_ = line_start_;
      column_ = 1;
    }
    for (; counted_ < std::min(at_, text_.size()); ++counted_) {
      column_ += BeginsCharacter(text_[counted_]);
    }
    return {line_, column_};
  }

  void Next() {
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }

  // Blanks and comments.
  bool SkipBlank() {
    while (!Ended()) {
      const char c = Peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        Next();
      } else if (text_.substr(at_, 2) == "//") {
        while (!Ended() && Peek() != '\n') Next();
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t close = text_.find("*/", at_ + 2);
        if (close == std::string_view::npos) {
          return Wrong("this comment does not end");
        }
        while (at_ < close + 2) Next();
      } else {
        break;
      }
    }
    return true;
  }

  bool Value(Node* out, int depth) {
    if (++nodes_ > kMaxNodes) return Wrong("holds more values than are read");
    out->place = Here();
    out->start = static_cast<std::uint32_t>(at_);
    bool good = false;
    switch (Peek()) {
      case '{':
        good = Table(out, depth);
        break;
      case '[':
        good = Array(out, depth);
        break;
      case '"':
        out->kind = Node::Kind::kString;
        good = String(&out->string);
        break;
      default:
        good = Scalar(out);
    }
    out->end = static_cast<std::uint32_t>(at_);
    return good;
  }

  bool Table(Node* out, int depth) {
    out->kind = Node::Kind::kTable;
    if (depth == kMaxDepth) return Wrong("nests too deep");
    Next();
    UniqueMembers members(out);
    for (;;) {
      if (!SkipBlank()) return false;
      if (Peek() == '}' && !Ended()) break;
      if (Peek() != '"') {
        return Wrong(Ended() ? "the file ends within an object"
                             : "a name in quotes must stand here");
      }
      Member member;
      member.key_place = Here();
      if (!String(&member.key) || !SkipBlank()) return false;
      if (Peek() != ':') return Wrong("':' must stand here");
      Next();
      if (!SkipBlank() || !Value(&member.value, depth + 1)) return false;
      members.Put(std::move(member));
      if (!SkipBlank()) return false;
      if (Peek() == ',') {
        Next();
      } else if (Peek() != '}') {
        return Wrong(Ended() ? "the file ends within an object"
                             : "',' or '}' must stand here");
      }
    }
    Next();
    return true;
  }

  bool Array(Node* out, int depth) {
    out->kind = Node::Kind::kArray;
    if (depth == kMaxDepth) return Wrong("nests too deep");
    Next();
    for (;;) {
      if (!SkipBlank()) return false;
      if (Peek() == ']' && !Ended()) break;
      if (Ended()) return Wrong("the file ends within an array");
      if (!Value(&out->items.emplace_back(), depth + 1)) return false;
      if (!SkipBlank()) return false;
      if (Peek() == ',') {
        Next();
      } else if (Peek() != ']') {
        return Wrong(Ended() ? "the file ends within an array"
                             : "',' or ']' must stand here");
      }
    }
    Next();
    return true;
  }

  bool String(std::string* out) {
    Next();
    for (;;) {
      if (Ended() || Peek() == '\n') return Wrong("this text does not end");
      const char c = Peek();
      if (c == '"') break;
      if (c == '\\') {
        if (!Escape(out)) return false;
        continue;
      }
      *out += c;
      Next();
    }
    Next();
    return true;
  }

  bool Escape(std::string* out) {
    Next();
    const char c = Peek();
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    if (const std::size_t i = kFrom.find(c);
        i != std::string_view::npos && !Ended()) {
      *out += kTo[i];
      Next();
      return true;
    }
    if (c != 'u') return Wrong("there is no such escape");
    Next();
    auto unit = Hex4();
    if (!unit) return Wrong("four hexadecimal digits must follow");
    if (*unit >= 0xD800 && *unit < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const std::size_t back = at_;
      at_ += 2;
      const auto low = Hex4();
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
      } else {
        at_ = back;
      }
    }
    AppendCharacter(*unit, out);
    return true;
  }

  std::optional<std::uint32_t> Hex4() {
    std::uint32_t value = 0;
    if (text_.size() - at_ < 4) return std::nullopt;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_];
      if (!IsHexDigit(c)) return std::nullopt;
      const char low = ToLower(c);
      value = value * 16 + static_cast<std::uint32_t>(
                               IsDigit(low) ? low - '0' : low - 'a' + 10);
      ++at_;
    }
    return value;
  }

  bool Scalar(Node* out) {
    const std::size_t end =
        std::min(text_.find_first_of(" \t\r\n,]}:/\"{[", at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    if (word == "true" || word == "false") {
      out->kind = Node::Kind::kBool;
      out->boolean = word == "true";
    } else if (word == "null") {
      out->kind = Node::Kind::kNull;
    } else if (!Number(word, out)) {
      return Wrong(Ended() ? "the file ends where a value must stand"
                           : "a value must stand here");
    }
    at_ = end;
    return true;
  }

  static bool Number(std::string_view word, Node* out) {
    const bool minus = word.starts_with('-');
    const std::string_view digits = word.substr(minus ? 1 : 0);
    if (digits.empty() || !IsDigit(digits.front())) return false;
    const char* const end = word.data() + word.size();
    const auto whole = std::from_chars(word.data(), end, out->integer);
    if (whole.ec == std::errc() && whole.ptr == end) {
      out->kind = Node::Kind::kInteger;
      out->number = static_cast<double>(out->integer);
      return true;
    }
    const auto real = std::from_chars(word.data(), end, out->number);
    out->kind = Node::Kind::kFloat;
    if (real.ec == std::errc::result_out_of_range) {
      const bool tiny = Lowercase(word).find("e-") != std::string::npos;
      out->number = tiny ? 0 : std::numeric_limits<double>::infinity();
      if (minus) out->number = -out->number;
    } else if (real.ec != std::errc()) {
      return false;
    }
    return real.ptr == end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t counted_ = 0;
  std::uint32_t column_ = 1;
  std::size_t nodes_ = 0;
  std::string error_;
  Place error_place_;
};

}  // namespace

Result<Document> ParseJsonc(std::string name, std::string text) {
  Document document{std::move(name), std::move(text), {}};
  if (document.text.size() > std::numeric_limits<std::uint32_t>::max()) {
    return Fail(ErrorCode::kLimit, "{}: larger than 4 GiB", document.name);
  }
  Parser parser(document.text);
  if (!parser.Parse(&document.root)) {
    return Fail(document.ErrorAt(parser.place(), parser.error()));
  }
  return document;
}

}  // namespace keytidy::config
