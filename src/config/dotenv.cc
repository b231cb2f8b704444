// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "config/node.h"
#include "config/places.h"
#include "config/shell_word.h"

namespace keytidy::config {
namespace {

bool BeginsName(char c) { return (IsAlnum(c) && !IsDigit(c)) || c == '_'; }

class Reader {
 public:
  Reader(std::string_view text, Node* out)
      : text_(text), places_(text), words_(text), out_(out) {
    if (text.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  void Read() {
    while (at_ < text_.size()) {
      Command();
      EndCommand();
    }
  }

 private:
  char At(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  void SkipBlanks() {
    for (;;) {
      while (At(at_) == ' ' || At(at_) == '\t' || At(at_) == '\r') ++at_;
      // A line goes on after a backslash.
      if (text_.substr(at_, 2) == "\\\n") {
        at_ += 2;
      } else if (text_.substr(at_, 3) == "\\\r\n") {
        at_ += 3;
      } else {
        return;
      }
    }
  }

  // After blanks: whether another word of this command stands here.
  bool More() {
    SkipBlanks();
    return at_ < text_.size() && At(at_) != '\n' && At(at_) != '#' &&
           !words_.EndsCommand(at_);
  }

  void SkipLine() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  // Beyond what is left of the command and what ends it.
  void EndCommand() {
    while (More()) {
      const std::size_t before = at_;
      words_.Read(&at_, Quoting::kShell);
      if (at_ == before) ++at_;
    }
    if (At(at_) == '#') SkipLine();
    if (at_ < text_.size()) ++at_;
  }

  // The word here, if it has no quotes; at_ stays.
  std::string_view Plain() const {
    const std::size_t end = text_.find_first_of(" \t\r\n;\"'=`$&|#", at_);
    return text_.substr(at_, end == std::string_view::npos ? end : end - at_);
  }

  void Command() {
    if (!More()) return;
    if (PowerShell()) return;
    std::string_view word = Plain();
    while (IsOneOf(word, {"and", "or", "then", "do", "else", "begin"}) &&
           (At(at_ + word.size()) == ' ' || At(at_ + word.size()) == '\t')) {
      at_ += word.size();
      if (!More()) return;
      word = Plain();
    }
    const char next = At(at_ + word.size());
    if (next == ' ' || next == '\t') {
      if (IsOneOf(word,
                  {"export", "declare", "typeset", "readonly", "local"})) {
        at_ += word.size();
        Assignments();
        return;
      }
      if (word == "set" || word == "setenv") {
        at_ += word.size();
        Set();
        return;
      }
    }
    if (Spaced()) return;
    while (More() && Assignment(true)) {
    }
  }

  // Past a name. `wide`: as dotenv has it, with dots and dashes.
  std::size_t EndOfName(std::size_t at, bool wide) const {
    if (!BeginsName(At(at))) return at;
    while (BeginsName(At(at)) || IsDigit(At(at)) ||
           (wide && (At(at) == '.' || At(at) == '-'))) {
      ++at;
    }
    return at;
  }

  // NAME=value at at_; at_ stays where it is none.
  bool Assignment(bool wide) {
    const std::size_t end = EndOfName(at_, wide);
    const std::size_t equals = At(end) == '+' ? end + 1 : end;
    if (end == at_ || At(equals) != '=') return false;
    const std::size_t name = at_;
    at_ = equals + 1;
    Word(name, end);
    return true;
  }

  void Word(std::size_t name, std::size_t name_end,
            Quoting quoting = Quoting::kShell) {
    const std::size_t start = at_;
    std::string value = words_.Read(&at_, quoting);
    Add(name, name_end, start, std::move(value));
  }

  void Add(std::size_t name, std::size_t name_end, std::size_t start,
           std::string value) {
    Member& member = out_->members.emplace_back();
    member.key = text_.substr(name, name_end - name);
    member.key_place = places_.At(name);
    member.value.kind = Node::Kind::kString;
    member.value.place = places_.At(start);
    member.value.start = static_cast<std::uint32_t>(start);
    member.value.end = static_cast<std::uint32_t>(at_);
    member.value.string = std::move(value);
  }

  // export -x A=1 B C=2
  void Assignments() {
    while (More()) {
      const std::size_t before = at_;
      if (!Assignment(false)) words_.Read(&at_, Quoting::kShell);
      if (at_ == before) ++at_;
    }
  }

  // fish: set -gx NAME value...; csh: setenv NAME value, set NAME=value.
  void Set() {
    while (More() && At(at_) == '-') words_.Read(&at_, Quoting::kShell);
    if (!More() || Assignment(false)) return;
    const std::size_t name = at_;
    const std::size_t end = EndOfName(at_, false);
    if (end == name || (At(end) != ' ' && At(end) != '\t')) return;
    at_ = end;
    if (!More()) return;
    if (At(at_) == '=' && (At(at_ + 1) == ' ' || At(at_ + 1) == '\t')) {
      ++at_;
      if (!More()) return;
    }
    const std::size_t start = at_;
    std::string value = words_.Read(&at_, Quoting::kShell);
    std::size_t last = at_;
    while (More()) {
      const std::size_t before = at_;
      value += ' ' + words_.Read(&at_, Quoting::kShell);
      if (at_ == before) break;
      last = at_;
    }
    at_ = last;
    Add(name, end, start, std::move(value));
  }

  // $env:NAME = "value"
  bool PowerShell() {
    constexpr std::string_view kPrefix = "$env:";
    if (Lowercase(text_.substr(at_, kPrefix.size())) != kPrefix) return false;
    const std::size_t name = at_ + kPrefix.size();
    const std::size_t end = EndOfName(name, false);
    std::size_t at = end;
    while (At(at) == ' ' || At(at) == '\t') ++at;
    if (At(at) == '+') ++at;
    if (end == name || At(at) != '=') return false;
    at_ = at + 1;
    if (More()) Word(name, end, Quoting::kPowerShell);
    return true;
  }

  // As dotenv reads it and no shell does: `NAME = a value`, to the comment, and
  // `NAME= value` of one word.
  bool Spaced() {
    const std::size_t name = at_;
    const std::size_t end = EndOfName(at_, true);
    if (end == name) return false;
    const auto blanks = [this](std::size_t at) {
      while (At(at) == ' ' || At(at) == '\t') ++at;
      return at;
    };
    const std::size_t equals = blanks(end);
    const std::size_t start = blanks(equals + 1);
    if (At(equals) != '=' || At(equals + 1) == '=' ||
        (equals == end && start == equals + 1)) {
      return false;
    }
    at_ = start;
    if (!More()) {
      at_ = equals + 1;
      Add(name, end, at_, "");
      return true;
    }
    std::string value = words_.Read(&at_, Quoting::kShell);
    const std::size_t first = at_;
    if (first == start || (More() && equals == end)) {
      at_ = name;
      return false;
    }
    at_ = first;
    const bool quoted = At(start) == '"' || At(start) == '\'';
    if (!quoted && More()) {
      std::size_t line_end = at_;
      SkipLine();
      for (std::size_t i = line_end; i < at_; ++i) {
        const char c = text_[i];
        if (c == '#' && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) break;
        if (c != ' ' && c != '\t' && c != '\r') line_end = i + 1;
      }
      at_ = line_end;
      value = text_.substr(start, at_ - start);
    } else {
      at_ = first;
    }
    Add(name, end, start, std::move(value));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Places places_;
  ShellWords words_;
  Node* out_;
};

}  // namespace

Result<Document> ParseDotenv(std::string name, std::string text) {
  Document document{std::move(name), std::move(text), {}};
  if (document.text.size() > std::numeric_limits<std::uint32_t>::max()) {
    return Fail(ErrorCode::kLimit, "{}: larger than 4 GiB", document.name);
  }
  document.root.kind = Node::Kind::kTable;
  document.root.end = static_cast<std::uint32_t>(document.text.size());
  document.root.place = {1, 1};
  Reader(document.text, &document.root).Read();
  return document;
}

}  // namespace keytidy::config
