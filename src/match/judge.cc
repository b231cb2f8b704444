// SPDX-License-Identifier: Apache-2.0
#include "match/judge.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"

namespace keytidy::match {
namespace {

// Words that stand for a value. Those of seven letters and more count
// anywhere: in random letters they do not happen. The short ones count only
// as a word of their own.
constexpr std::array<std::string_view, 8> kLongWords = {
    "placeholder", "example",  "changeme",   "replaceme",
    "redacted",    "insert_y", "not-a-real", "notarealk"};
constexpr std::array<std::string_view, 8> kShortWords = {
    "your", "yours", "xxxx", "dummy", "sample", "todo", "fake", "here"};

constexpr std::size_t kFewCharacters = 5;

// True when the two hex digits and what is before them end at `end`.
bool EndsWithEscape(std::string_view text, std::size_t end,
                    std::string_view opening, std::size_t digits) {
  const std::size_t size = opening.size() + digits;
  if (end < size) return false;
  const std::string_view tail = text.substr(end - size, size);
  return tail.substr(0, opening.size()) == opening &&
         std::all_of(tail.begin() + static_cast<std::ptrdiff_t>(opening.size()),
                     tail.end(), IsHexDigit);
}

// ESC [ 3 1 m
bool EndsWithColour(std::string_view text, std::size_t end) {
  if (text[end - 1] != 'm') return false;
  std::size_t i = end - 1;
  while (i > 0 && end - i < 12 &&
         (IsDigit(text[i - 1]) || text[i - 1] == ';')) {
    --i;
  }
  return i > 1 && text[i - 1] == '[';
}

bool IsWordAt(std::string_view text, std::size_t at, std::size_t size) {
  const bool open = at == 0 || !IsAlnum(text[at - 1]);
  const std::size_t end = at + size;
  return open && (end == text.size() || !IsAlnum(text[end]));
}

bool ContainsWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if (IsWordAt(text, at, word.size())) return true;
  }
  return false;
}

// `*` stands for anything; both sides in lower case.
bool WildcardMatch(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool HasFewCharacters(std::string_view value) {
  std::array<bool, 256> seen{};
  std::size_t different = 0;
  for (const char c : value) {
    bool& s = seen[static_cast<unsigned char>(c)];
    if (!s && ++different >= kFewCharacters) return false;
    s = true;
  }
  return true;
}

// A value that is a reference to one: ${X}, {{x}}, <x>, $X, %X%.
bool IsReference(std::string_view value) {
  if (value.find("${") != std::string_view::npos ||
      value.find("{{") != std::string_view::npos ||
      value.find("$(") != std::string_view::npos) {
    return true;
  }
  const char first = value.front();
  const char last = value.back();
  return (first == '<' && last == '>') || (first == '%' && last == '%') ||
         (first == '{' && last == '}') || (first == '[' && last == ']') ||
         (first == '$' && value.size() > 1 &&
          std::all_of(value.begin() + 1, value.end(),
                      [](char c) { return IsAlnum(c) || c == '_'; }));
}

bool AnyNear(std::string_view before, std::string_view after,
             std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return FindIgnoringCase(before, word) != std::string_view::npos ||
           FindIgnoringCase(after, word) != std::string_view::npos;
  });
}

}  // namespace

bool StandsAloneBefore(std::string_view text, std::size_t position,
                       const CharClass& forbidden) {
  if (position == 0 || !forbidden.Has(text[position - 1])) return true;
  constexpr std::string_view kEscapes = "nrtbfve0";
  if (position > 1 && text[position - 2] == '\\' &&
      kEscapes.find(text[position - 1]) != std::string_view::npos) {
    return true;
  }
  return EndsWithEscape(text, position, "%", 2) ||
         EndsWithEscape(text, position, "\\x", 2) ||
         EndsWithEscape(text, position, "\\u", 4) ||
         EndsWithColour(text, position);
}

bool StandsAloneAfter(std::string_view text, std::size_t position,
                      const CharClass& forbidden) {
  return position >= text.size() || !forbidden.Has(text[position]);
}

bool IsPlaceholder(std::string_view value, std::size_t known_prefix,
                   std::span<const std::string_view> placeholders) {
  if (value.empty()) return true;
  const std::string lower = Lowercase(value);
  for (const std::string_view pattern : placeholders) {
    if (WildcardMatch(pattern, lower)) return true;
  }
  if (IsReference(value)) return true;
  const std::string_view rest =
      std::string_view(lower).substr(std::min(known_prefix, lower.size()));
  if (rest.size() >= 4 && HasFewCharacters(rest)) return true;
  for (const std::string_view word : kLongWords) {
    if (rest.find(word) != std::string_view::npos) return true;
  }
  return std::any_of(
      kShortWords.begin(), kShortWords.end(),
      [&](std::string_view word) { return ContainsWord(rest, word); });
}

bool IsSequence(std::string_view value) {
  if (value.size() < 12) return false;
  std::size_t steps = 0;
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] == value[i - 1] + 1) ++steps;
  }
  return steps * 4 >= (value.size() - 1) * 3;
}

double Entropy(std::string_view value) {
  if (value.empty()) return 0;
  std::array<std::uint32_t, 256> counts{};
  for (const char c : value) ++counts[static_cast<unsigned char>(c)];
  const auto size = static_cast<double>(value.size());
  double bits = 0;
  for (const std::uint32_t count : counts) {
    if (count == 0) continue;
    const double p = count / size;
    bits -= p * std::log2(p);
  }
  return bits;
}

ContextFit FitContext(std::string_view text, std::size_t start, std::size_t end,
                      const Context& context) {
  const std::size_t from = start > context.within ? start - context.within : 0;
  const std::string_view before = text.substr(from, start - from);
  const std::string_view after = text.substr(end, context.within);
  if (AnyNear(before, after, context.unless)) return ContextFit::kExcluded;
  return AnyNear(before, after, context.words) ? ContextFit::kPresent
                                               : ContextFit::kAbsent;
}

}  // namespace keytidy::match
