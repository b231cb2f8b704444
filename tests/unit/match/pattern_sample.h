// SPDX-License-Identifier: Apache-2.0
//
// Random texts that a pattern matches, made from the pattern itself and not
// from anybody's examples of it.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "core/char_class.h"
#include "match/example.h"

namespace keytidy::match {

// For what rules are written in: literals, classes, groups, alternatives,
// repeats and (?i).
class PatternSampler {
 public:
  PatternSampler(std::string_view pattern, std::uint64_t seed)
      : rest_(pattern), random_(seed) {}

  // Nothing when the pattern has something else in it; trouble() says what.
  std::optional<std::string> Make() {
    std::string out = Alternatives();
    if (!rest_.empty()) Refuse("a ')' too many");
    if (!trouble_.empty()) return std::nullopt;
    return out;
  }
  const std::string& trouble() const { return trouble_; }

 private:
  static constexpr std::size_t kMostUnbounded = 30;

  void Refuse(std::string_view why) {
    if (trouble_.empty()) trouble_ = std::string(why) + " at " + Shown();
    rest_ = {};
  }
  std::string Shown() const {
    return "'" + std::string(rest_.substr(0, 20)) + "'";
  }
  bool Take(std::string_view text) {
    if (rest_.substr(0, text.size()) != text) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  // Every alternative is made, and one of them kept.
  std::string Alternatives() {
    const bool ignore_case = ignore_case_;
    std::string out = Sequence();
    for (std::size_t count = 2; Take("|"); ++count) {
      std::string other = Sequence();
      if (random_.Below(count) == 0) out = std::move(other);
    }
    ignore_case_ = ignore_case;
    return out;
  }

  std::string Sequence() {
    std::string out;
    while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      // A flag holds to the end of its group.
      if (Take("(?i)")) {
        ignore_case_ = true;
        continue;
      }
      const std::string_view from = rest_;
      std::string once = Element();
      const std::string_view element =
          from.substr(0, from.size() - rest_.size());
      const std::size_t count = Count();
      for (std::size_t i = 0; i < count; ++i) {
        out += once;
        if (i + 1 == count) break;
        const std::string_view after = rest_;
        rest_ = element;
        once = Element();
        if (trouble_.empty()) rest_ = after;
      }
    }
    return out;
  }

  std::string Element() {
    const bool ignore_case = ignore_case_;
    if (Take("(?i:")) {
      ignore_case_ = true;
      return Group(ignore_case);
    }
    if (Take("(?:")) return Group(ignore_case);
    if (rest_.substr(0, 2) == "(?") {
      Refuse("a group of an unknown kind");
      return {};
    }
    if (Take("(")) return Group(ignore_case);
    if (rest_[0] == '[') return std::string(1, Cased(Class()));
    if (rest_[0] == '\\') return std::string(1, Cased(Escape()));
    if (std::string_view("^$.*+?{").find(rest_[0]) != std::string_view::npos) {
      Refuse("something unknown");
      return {};
    }
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return std::string(1, Cased(c));
  }

  std::string Group(bool ignore_case) {
    std::string out = Alternatives();
    ignore_case_ = ignore_case;
    if (!Take(")")) Refuse("a ')' is missing");
    return out;
  }

  char Cased(char c) {
    if (!ignore_case_) return c;
    return random_.Below(2) == 0 ? ToUpper(c) : ToLower(c);
  }

  // One byte of `\x27`, `\s`, `\d`, `\w`, `\t` or of a byte that stands for
  // itself.
  char Escape() {
    rest_.remove_prefix(1);
    if (rest_.empty()) {
      Refuse("a backslash at the end");
      return '\0';
    }
    const char c = rest_[0];
    rest_.remove_prefix(1);
    if (c == 'x' && rest_.size() >= 2) {
      unsigned value = 0;
      std::from_chars(rest_.data(), rest_.data() + 2, value, 16);
      rest_.remove_prefix(2);
      return static_cast<char>(value);
    }
    if (!IsAlnum(c)) return c;
    const std::string_view members = MembersOf(c);
    if (members.empty()) {
      Refuse("an unknown escape before");
      return '\0';
    }
    return members[random_.Below(members.size())];
  }

  static std::string_view MembersOf(char escape) {
    switch (escape) {
      case 's':
        return "\t\n\f\r ";
      case 'd':
        return "0123456789";
      case 'w':
        return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
               "abcdefghijklmnopqrstuvwxyz";
      case 't':
        return "\t";
      case 'n':
        return "\n";
      case 'r':
        return "\r";
      default:
        return {};
    }
  }

  char Class() {
    rest_.remove_prefix(1);
    const bool negated = Take("^");
    CharClass set;
    bool first = true;
    while (!rest_.empty() && (rest_[0] != ']' || first)) {
      first = false;
      if (rest_.substr(0, 2) == "[:") Refuse("a named class");
      if (rest_.size() > 1 && rest_[0] == '\\' && IsAlnum(rest_[1]) &&
          rest_[1] != 'x') {
        for (const char c : MembersOf(rest_[1])) {
          set.Add(static_cast<unsigned char>(c));
        }
        if (MembersOf(rest_[1]).empty()) Refuse("an unknown escape");
        rest_.remove_prefix(std::min<std::size_t>(2, rest_.size()));
        continue;
      }
      const char low = OneOfClass();
      char high = low;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        rest_.remove_prefix(1);
        high = OneOfClass();
      }
      for (unsigned b = static_cast<unsigned char>(low);
           b <= static_cast<unsigned char>(high); ++b) {
        set.Add(static_cast<unsigned char>(b));
      }
    }
    if (!Take("]")) {
      Refuse("a ']' is missing");
      return '\0';
    }
    std::string members;
    for (int b = 0; b < 256; ++b) {
      const char c = static_cast<char>(b);
      if (set.Has(c) != negated) members.push_back(c);
    }
    if (members.empty()) {
      Refuse("an empty class before");
      return '\0';
    }
    return members[random_.Below(members.size())];
  }

  char OneOfClass() {
    if (rest_.empty()) return '\0';
    if (rest_[0] == '\\') return Escape();
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }

  // How often: the ends of a range more often than what is between.
  std::size_t Count() {
    std::size_t low = 1;
    std::size_t high = 1;
    if (Take("?")) {
      low = 0;
    } else if (Take("*")) {
      low = 0;
      high = kMostUnbounded;
    } else if (Take("+")) {
      high = kMostUnbounded;
    } else if (!rest_.empty() && rest_[0] == '{') {
      const std::size_t close = rest_.find('}');
      const std::string_view inside =
          rest_.substr(1, close == std::string_view::npos ? 0 : close - 1);
      const char* end = inside.data() + inside.size();
      const auto parsed = std::from_chars(inside.data(), end, low);
      high = low;
      if (parsed.ptr != end) {
        if (parsed.ptr + 1 == end) {
          high = low + kMostUnbounded;
        } else {
          std::from_chars(parsed.ptr + 1, end, high);
        }
      }
      rest_.remove_prefix(std::min(rest_.size(), inside.size() + 2));
    } else {
      return 1;
    }
    Take("?");
    switch (random_.Below(4)) {
      case 0:
        return low;
      case 1:
        return high;
      default:
        return low + random_.Below(high - low + 1);
    }
  }

  std::string_view rest_;
  Random random_;
  bool ignore_case_ = false;
  std::string trouble_;
};

}  // namespace keytidy::match
