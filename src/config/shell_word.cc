// SPDX-License-Identifier: Apache-2.0
#include "config/shell_word.h"

#include <algorithm>

namespace keytidy::config {
namespace {

constexpr std::size_t kMostQuoted = std::size_t{64} << 10;
constexpr std::size_t kNowhere = std::string_view::npos;

bool IsBlankOrEnd(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

}  // namespace

std::size_t ShellWords::EndOfLine(std::size_t at) {
  if (at < line_from_ || at > line_end_) {
    line_from_ = at;
    line_end_ = std::min(text_.find('\n', at), text_.size());
  }
  return line_end_;
}

bool ShellWords::EndsCommand(std::size_t at) const {
  const char c = At(at);
  if (c != ';' && c != '&' && c != '|') return false;
  const char next = At(at + 1);
  return IsBlankOrEnd(next) || next == c;
}

std::size_t ShellWords::Closing(std::size_t at, std::size_t limit,
                                Quoting quoting) {
  const char quote = text_[at];
  const bool shell = quoting == Quoting::kShell;
  const char escape = shell ? '\\' : '`';
  for (std::size_t i = at + 1; i < limit; ++i) {
    if (quote == '"' && text_[i] == escape) {
      ++i;
    } else if (text_[i] == quote) {
      if (shell || At(i + 1) != quote) return i;
      ++i;
    } else if (quote == '"' && shell && text_[i] == '$') {
      std::string ignored;
      std::size_t after = i;
      if (Substitution(&after, limit, &ignored)) i = after - 1;
    }
  }
  return kNowhere;
}

void ShellWords::Quoted(std::size_t from, std::size_t to, char quote,
                        Quoting quoting, std::string* out) {
  const bool shell = quoting == Quoting::kShell;
  for (std::size_t i = from; i < to; ++i) {
    const char c = text_[i];
    const char next = i + 1 < to ? text_[i + 1] : '\0';
    if (quote == '"' && shell && c == '\\') {
      if (next == '\n') {
        ++i;
        continue;
      }
      if (std::string_view("\"\\$`").find(next) != kNowhere) ++i;
    } else if (!shell && ((quote == '"' && c == '`') || c == quote)) {
      ++i;
    }
    if (i < to) *out += text_[i];
  }
}

bool ShellWords::Substitution(std::size_t* at, std::size_t limit,
                              std::string* out) {
  const std::size_t end = std::min(EndOfLine(*at), limit);
  std::size_t close = kNowhere;
  if (At(*at) == '`') {
    close = text_.find('`', *at + 1);
  } else if (text_.substr(*at, 2) == "$(" && *at >= unclosed_until_) {
    int depth = 0;
    for (std::size_t i = *at + 1; i < end && close == kNowhere; ++i) {
      if (text_[i] == '(') ++depth;
      if (text_[i] == ')' && --depth == 0) close = i;
    }
    if (close == kNowhere) unclosed_until_ = end;
  }
  if (close == kNowhere || close >= end) return false;
  out->append(text_.substr(*at, close + 1 - *at));
  *at = close + 1;
  return true;
}

std::string ShellWords::Read(std::size_t* at, Quoting quoting) {
  const bool shell = quoting == Quoting::kShell;
  const std::size_t start = *at;
  std::string out;
  while (!IsBlankOrEnd(At(*at)) && !EndsCommand(*at)) {
    const char c = text_[*at];
    const bool ansi = c == '$' && At(*at + 1) == '\'' && *at == start;
    if (c == '"' || c == '\'' || ansi) {
      const std::size_t open = *at + (ansi ? 1 : 0);
      // A quote within a word is often an apostrophe.
      const std::size_t limit = *at == start
                                    ? std::min(text_.size(), open + kMostQuoted)
                                    : EndOfLine(open);
      const std::size_t close = Closing(open, limit, quoting);
      if (close != kNowhere) {
        Quoted(open + 1, close, text_[open], quoting, &out);
        *at = close + 1;
        continue;
      }
    } else if (c == '\\' && shell) {
      const bool crlf = text_.substr(*at + 1, 2) == "\r\n";
      if (crlf || At(*at + 1) == '\n') {
        *at += crlf ? 3 : 2;
        continue;
      }
      if (*at + 1 < text_.size()) ++*at;
    } else if (shell && (c == '`' || c == '$') &&
               Substitution(at, text_.size(), &out)) {
      continue;
    }
    out += text_[(*at)++];
  }
  return out;
}

}  // namespace keytidy::config
