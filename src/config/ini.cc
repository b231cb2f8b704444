// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "config/node.h"
#include "config/places.h"

namespace keytidy::config {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::size_t kNowhere = std::string_view::npos;

class Reader {
 public:
  Reader(std::string_view text, Node* out)
      : text_(text), places_(text), out_(out) {
    if (text.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  void Read() {
    while (at_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      at_ = std::min(text_.find_first_not_of(" \t\r", at_), end);
      const char c = at_ < end ? text_[at_] : '#';
      if (c == '#' || c == ';') {
        at_ = end + 1;
      } else if (c == '[') {
        Section(end);
        at_ = end + 1;
      } else {
        Line(end);
      }
    }
  }

 private:
  // [name], [name "with ] in it"]
  void Section(std::size_t end) {
    const std::size_t start = at_ + 1;
    bool quoted = false;
    for (std::size_t i = start; i < end; ++i) {
      const char c = text_[i];
      if (quoted && c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ']' && !quoted) {
        Enter(std::string(text_.substr(start, i - start)));
        return;
      }
    }
  }

  // A section that comes again goes on.
  void Enter(std::string name) {
    const auto [it, fresh] = sections_.try_emplace(name, out_->members.size());
    if (fresh) {
      Member& member = out_->members.emplace_back();
      member.key = std::move(name);
      member.key_place = places_.At(at_ + 1);
      member.value.kind = Node::Kind::kTable;
      member.value.place = places_.At(at_);
      member.value.start = static_cast<std::uint32_t>(at_);
      member.value.end = member.value.start;
    }
    section_ = it->second;
  }

  // `=`, or `:` before a blank, or else any `:` after a plain name.
  static std::size_t Separator(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::size_t colon = line.find(':');
    if (colon >= equals) return equals;
    const std::string_view name = line.substr(0, colon);
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      return IsAlnum(c) || c == '_' || c == '-' || c == '.';
    });
    const bool blank =
        colon + 1 == line.size() || kBlank.find(line[colon + 1]) != kNowhere;
    return blank || (plain && equals == kNowhere) ? colon : equals;
  }

  // at_ is at the first character of the line.
  void Line(std::size_t end) {
    const std::string_view line = text_.substr(at_, end - at_);
    const std::size_t separator = Separator(line);
    const std::size_t last = separator == kNowhere || separator == 0
                                 ? kNowhere
                                 : line.find_last_not_of(kBlank, separator - 1);
    if (last == kNowhere) {
      at_ = end + 1;
      return;
    }
    Member member;
    member.key = line.substr(0, last + 1);
    member.key_place = places_.At(at_);
    const std::size_t start =
        std::min(text_.find_first_not_of(" \t", at_ + separator + 1), end);
    Value(start, end, &member.value);
    Table().members.push_back(std::move(member));
  }

  Node& Table() {
    return section_ == kNowhere ? *out_ : out_->members[section_].value;
  }

  // Moves at_ beyond the value's last line.
  void Value(std::size_t start, std::size_t end, Node* out) {
    out->kind = Node::Kind::kString;
    out->place = places_.At(start);
    std::size_t from = start;
    std::size_t value_end = start;
    for (;;) {
      const std::string_view line = text_.substr(from, end - from);
      const std::size_t last = line.find_last_not_of(" \t\r");
      if (last != kNowhere) value_end = from + last + 1;
      const std::size_t last_byte = line.find_last_not_of('\r');
      const bool goes_on = last_byte != kNowhere && line[last_byte] == '\\';
      if (!goes_on || end >= text_.size()) {
        if (last != kNowhere) out->string += line.substr(0, last + 1);
        break;
      }
      out->string += line.substr(0, last_byte);
      out->string += ' ';
      from = end + 1;
      // Comments among the lines are passed over.
      for (;;) {
        end = std::min(text_.find('\n', from), text_.size());
        const std::size_t first =
            std::min(text_.find_first_not_of(" \t\r", from), end);
        if (first == end || (text_[first] != '#' && text_[first] != ';')) break;
        if (end == text_.size()) {
          from = end;
          break;
        }
        from = end + 1;
      }
    }
    at_ = end + 1;
    while (!out->string.empty() &&
           kBlank.find(out->string.back()) != kNowhere) {
      out->string.pop_back();
    }
    out->start = static_cast<std::uint32_t>(start);
    out->end = static_cast<std::uint32_t>(value_end);
    Unquote(&out->string);
  }

  // Only where the quotes hold all of it; a unit's `"A=b" "C=d"` stays.
  static void Unquote(std::string* value) {
    if (value->size() < 2) return;
    const char quote = value->front();
    if ((quote != '"' && quote != '\'') || value->back() != quote) return;
    const std::string inner = value->substr(1, value->size() - 2);
    if (inner.find(quote) == kNowhere && inner.find('\\') == kNowhere) {
      *value = inner;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Places places_;
  Node* out_;
  std::size_t section_ = kNowhere;
  std::unordered_map<std::string, std::size_t> sections_;
};

}  // namespace

Result<Document> ParseIni(std::string name, std::string text) {
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
