// SPDX-License-Identifier: Apache-2.0
#include "source/wildcard.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace keytidy::source {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

// The sets of [:name:] as git has them: ASCII only, and its white space is
// these four, without vertical tab and form feed.
bool InNamedSet(std::string_view name, unsigned char byte) {
  const char c = static_cast<char>(byte);
  const bool graphic = byte > 0x20 && byte < 0x7f;
  if (name == "alnum") return IsAlnum(c);
  if (name == "alpha") return IsLower(c) || IsUpper(c);
  if (name == "blank") return c == ' ' || c == '\t';
  if (name == "cntrl") return byte < 0x20 || byte == 0x7f;
  if (name == "digit") return IsDigit(c);
  if (name == "graph") return graphic;
  if (name == "lower") return IsLower(c);
  if (name == "print") return graphic || c == ' ';
  if (name == "punct") return graphic && !IsAlnum(c);
  if (name == "space") return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  if (name == "upper") return IsUpper(c);
  return name == "xdigit" && IsHexDigit(c);
}

bool IsSetName(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames = {
      "alnum", "alpha", "blank", "cntrl", "digit", "graph",
      "lower", "print", "punct", "space", "upper", "xdigit"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace

class Wildcard::Compiler {
 public:
  explicit Compiler(std::string_view pattern) : pattern_(pattern) {}

  std::optional<Wildcard> Run() {
    while (at_ < pattern_.size()) {
      switch (pattern_[at_]) {
        case '*':
          Stars();
          break;
        case '?':
          Single(Kind::kAny, 0);
          ++at_;
          break;
        case '[':
          if (!Class()) return std::nullopt;
          break;
        case '\\':
          if (++at_ == pattern_.size()) return std::nullopt;
          [[fallthrough]];
        default:
          Single(Kind::kByte, static_cast<unsigned char>(pattern_[at_]));
          ++at_;
      }
    }
    return std::move(result_);
  }

 private:
  void Single(Kind kind, std::uint32_t value) {
    result_.elements_.push_back({kind, value});
    ++result_.least_;
  }

  void Stars() {
    const std::size_t begin = at_;
    at_ = std::min(pattern_.find_first_not_of('*', at_), pattern_.size());
    const std::string_view after = pattern_.substr(at_);
    Kind kind = Kind::kStar;
    if (at_ - begin >= 2 && (begin == 0 || pattern_[begin - 1] == '/')) {
      if (after.empty()) {
        kind = Kind::kRest;
      } else if (after[0] == '/') {
        kind = Kind::kDirs;
        at_ += 1;
      } else if (after.substr(0, 2) == "\\/") {
        // Git lets `**` stand for nothing only before a bare slash.
        kind = Kind::kSlashAhead;
        at_ += 2;
        ++result_.least_;
      }
    }
    result_.elements_.push_back({kind, 0});
  }

  // One [...]; false when it is not well formed.
  bool Class() {
    CharClass set;
    ++at_;
    const bool negated = Peek() == '!' || Peek() == '^';
    if (negated) ++at_;
    unsigned char previous = 0;  // 0: no start of a range
    do {
      if (at_ >= pattern_.size()) return false;
      const char c = pattern_[at_];
      if (c == '-' && previous != 0 && at_ + 1 < pattern_.size() &&
          pattern_[at_ + 1] != ']') {
        ++at_;
        if (!Unescape()) return false;
        for (unsigned b = previous; b <= Byte(); ++b) {
          set.Add(static_cast<unsigned char>(b));
        }
        previous = 0;
      } else if (const std::string_view name = SetName(); name.data()) {
        if (!IsSetName(name)) return false;
        for (unsigned b = 0; b < 256; ++b) {
          const auto byte = static_cast<unsigned char>(b);
          if (InNamedSet(name, byte)) set.Add(byte);
        }
        at_ += name.size() + 3;  // to the closing bracket of [:name:]
        previous = 0;
      } else {
        if (!Unescape()) return false;
        previous = Byte();
        set.Add(previous);
      }
      ++at_;
    } while (Peek() != ']');
    ++at_;
    AddSet(set, negated);
    return true;
  }

  void AddSet(const CharClass& set, bool negated) {
    CharClass bytes;
    for (unsigned b = 1; b < 256; ++b) {
      const auto byte = static_cast<unsigned char>(b);
      const char c = static_cast<char>(byte);
      if (c != '/' && set.Has(c) != negated) bytes.Add(byte);
    }
    Single(Kind::kSet, static_cast<std::uint32_t>(result_.sets_.size()));
    result_.sets_.push_back(bytes);
  }

  // The name when `[:name:]` stands here, or else a view of nothing.
  std::string_view SetName() {
    if (pattern_.substr(at_, 2) != "[:") return {};
    const std::size_t begin = at_ + 2;
    // Looked for once for all the `[:` before it, or it would be quadratic.
    if (bracket_ < begin) {
      bracket_ = std::min(pattern_.find(']', begin), pattern_.size());
    }
    // Not closed at all: the caller finds the end of the pattern.
    if (bracket_ == pattern_.size()) return {};
    if (bracket_ == begin || pattern_[bracket_ - 1] != ':') return {};
    return pattern_.substr(begin, bracket_ - 1 - begin);
  }

  // Steps over a backslash; false at the end of the pattern.
  bool Unescape() {
    if (pattern_[at_] == '\\') ++at_;
    return at_ < pattern_.size();
  }
  char Peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }
  unsigned char Byte() const {
    return static_cast<unsigned char>(pattern_[at_]);
  }

  const std::string_view pattern_;
  std::size_t at_ = 0;
  std::size_t bracket_ = 0;  // the next `]` after some `[:`
  Wildcard result_;
};

std::optional<Wildcard> Wildcard::Compile(std::string_view pattern) {
  return Compiler(pattern).Run();
}

bool Wildcard::MatchesOne(Element element, char c) const {
  switch (element.kind) {
    case Kind::kByte:
      return static_cast<unsigned char>(c) == element.value;
    case Kind::kAny:
      return c != '/';
    case Kind::kSet:
      return sets_[element.value].Has(c);
    default:
      return false;
  }
}

// Each kind of gap takes as little as it can at first and more when what
// follows does not fit. Only the last gap of a kind is ever taken up again: a
// later match of what lies between two gaps cannot do better than the first
// one, since the second gap can take what it would have skipped.
bool Wildcard::Matches(std::string_view text) const {
  if (text.size() < least_) return false;
  std::size_t e = 0;
  std::size_t t = 0;
  std::size_t star = kNone;  // the element after the last star ...
  std::size_t star_end = 0;  // ... and where that star ends now
  std::size_t dirs = kNone;  // the same for kDirs and kSlashAhead
  std::size_t dirs_end = 0;
  for (;;) {
    bool fits = e < elements_.size() || t == text.size();
    if (fits && e == elements_.size()) return true;
    if (fits) {
      switch (elements_[e].kind) {
        case Kind::kRest:
          return true;
        case Kind::kStar:
          star = ++e;
          star_end = t;
          continue;
        case Kind::kDirs:
        case Kind::kSlashAhead:
          fits = elements_[e].kind == Kind::kDirs;
          dirs = ++e;
          dirs_end = t;
          star = kNone;
          break;
        default:
          fits = t < text.size() && MatchesOne(elements_[e], text[t]);
          if (fits) ++e, ++t;
      }
      if (fits) continue;
    }
    if (star != kNone && star_end < text.size() && text[star_end] != '/') {
      e = star;
      t = ++star_end;
    } else if (dirs != kNone) {
      const std::size_t slash = text.find('/', dirs_end);
      if (slash == kNone) return false;
      e = dirs;
      t = dirs_end = slash + 1;
      star = kNone;
    } else {
      return false;
    }
  }
}

}  // namespace keytidy::source
