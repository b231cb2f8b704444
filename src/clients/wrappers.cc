// SPDX-License-Identifier: Apache-2.0
#include "clients/wrappers.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "base/text.h"
#include "clients/arguments.h"
#include "clients/flags.h"

namespace keytidy::clients {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMostLayers = 6;
constexpr std::string_view kBlank = " \t\r\n";

bool IsShell(std::string_view name) {
  return IsOneOf(name, {"sh", "bash", "zsh", "dash", "fish", "ksh", "cmd",
                        "powershell", "pwsh"});
}

bool IsStore(std::string_view name) {
  return IsOneOf(name, {"op", "envchain", "doppler", "infisical", "aws-vault",
                        "sops", "teller", "chamber", "vault", "hcp", "envmcp"});
}

bool IsAssignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::string_view name = word.substr(0, equals);
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return IsAlnum(c) || c == '_'; });
}

Words From(const Words& words, std::size_t first) {
  while (first < words.size() && IsAssignment(words[first])) ++first;
  if (first >= words.size()) return {};
  return {words.begin() + static_cast<std::ptrdiff_t>(first), words.end()};
}

Words BehindDashes(const Words& words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  return dashes == words.end() ? Words() : Words(dashes + 1, words.end());
}

// Of all that a shell is given, the command that counts.
class ShellText {
 public:
  explicit ShellText(std::string_view text) : text_(text) {}

  std::string_view Command() {
    for (at_ = 0; at_ < text_.size(); ++at_) {
      if (!IsHeld() && Divides()) Divide();
    }
    Take(text_.size());
    return WithoutAssignments(command_);
  }

 private:
  // "A=$(b c) d" is d.
  static std::string_view WithoutAssignments(std::string_view command) {
    for (;;) {
      const std::size_t begin = command.find_first_not_of(kBlank);
      if (begin == std::string_view::npos) return {};
      command.remove_prefix(begin);
      const std::size_t end = ShellText(command).WordEnd();
      if (!IsAssignment(command.substr(0, end))) return command;
      command.remove_prefix(end);
    }
  }

  std::size_t WordEnd() {
    for (at_ = 0; at_ < text_.size(); ++at_) {
      if (!IsHeld() && kBlank.find(text_[at_]) != std::string_view::npos) break;
    }
    return std::min(at_, text_.size());
  }

  // Quoted or within brackets, so that it means nothing of its own.
  bool IsHeld() {
    const char c = text_[at_];
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
      return true;
    }
    if (c == '\\') {
      ++at_;
      return true;
    }
    if (c == '\'' || c == '"' || c == '`') {
      quote_ = c;
      return true;
    }
    if (c == '(') ++depth_;
    if (c == ')' && depth_ > 0) --depth_;
    return depth_ > 0;
  }

  bool Divides() const {
    const char c = text_[at_];
    // "2>&1" and "&>file".
    if (c == '&' && (Before('>') || Next('>'))) return false;
    return c == ';' || c == '&' || c == '|' || c == '\n';
  }

  void Divide() {
    Take(at_);
    passing_ = text_[at_] == '|';
    if (Next(text_[at_]) || (passing_ && Next('&'))) ++at_;
    start_ = at_ + 1;
  }

  void Take(std::size_t end) {
    const std::string_view one =
        start_ < end ? text_.substr(start_, end - start_) : std::string_view();
    const bool any = one.find_first_not_of(kBlank) != std::string_view::npos;
    if (any && !passing_) command_ = one;
  }

  bool Before(char c) const { return at_ > 0 && text_[at_ - 1] == c; }
  bool Next(char c) const {
    return at_ + 1 < text_.size() && text_[at_ + 1] == c;
  }

  std::string_view text_;
  std::string_view command_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::size_t depth_ = 0;
  char quote_ = 0;
  bool passing_ = false;  // behind a `|`
};

// As cmd does: backslashes are part of paths, and only `"` quotes.
Words SplitOfCmd(std::string_view line) {
  Words out;
  std::string word;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if ((c == ' ' || c == '\t') && !quoted) {
      if (!word.empty()) out.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

Words InShell(std::string_view name, const Words& words) {
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (!IsOneOf(Lowercase(words[i]),
                 {"-c", "-lc", "-ic", "-lic", "/c", "-command"})) {
      continue;
    }
    const std::string_view text = words[i + 1];
    if (name != "cmd") return From(SplitCommand(ShellText(text).Command()), 0);
    return From(i + 2 < words.size() ? From(words, i + 1)
                                     : SplitOfCmd(ShellText(text).Command()),
                0);
  }
  return {};
}

Words InStore(std::string_view name, const Words& words) {
  if (name == "envmcp") return From(words, 1);
  Words out = BehindDashes(words);
  if (out.empty() && name == "envchain") out = From(words, 2);
  return out;
}

Words InPlain(const Words& words, FlagNames taking) {
  const auto rest = std::span<const std::string>(words).subspan(1);
  return From(words, 1 + FirstPlain(rest, taking));
}

Words InEnv(const Words& words) {
  const auto rest = std::span<const std::string>(words).subspan(1);
  if (const auto text = FlagValue(rest, {"-S", "--split-string"});
      text && !text->empty()) {
    return From(SplitCommand(*text), 0);
  }
  return InPlain(words, {"-u", "--unset", "-C", "--chdir"});
}

// Takes one layer off; false where there is none.
bool UnwrapOne(Unwrapping* out) {
  const Words& words = out->words;
  if (words.empty()) return false;
  const std::string name = ProgramName(words.front());
  const bool shell = IsShell(name);
  const bool store = IsStore(name);
  Words inner;
  if (shell) {
    inner = InShell(name, words);
  } else if (store) {
    inner = InStore(name, words);
  } else if (name == "env") {
    inner = InEnv(words);
  } else if (name == "sudo") {
    inner =
        InPlain(words, {"-u", "--user",   "-g", "--group",      "-h", "--host",
                        "-p", "--prompt", "-C", "--close-from", "-D", "--chdir",
                        "-R", "--chroot", "-T", "-U",           "-r", "--role",
                        "-t", "--type"});
  } else if (name == "nice") {
    inner = InPlain(words, {"-n", "--adjustment"});
  } else if (name == "exec") {
    inner = InPlain(words, {"-a"});
  } else if (name == "time") {
    inner = InPlain(words, {"-f", "--format", "-o", "--output"});
  } else if (name == "nohup") {
    inner = InPlain(words, {});
  } else if (name == "dotenv" || name == "dotenvx") {
    inner = BehindDashes(words);
  }
  if (inner.empty()) return false;
  out->shell = out->shell || shell;
  out->store = out->store || store;
  out->words = std::move(inner);
  return true;
}

}  // namespace

Unwrapping Unwrap(std::string_view command, const Words& arguments) {
  Unwrapping out;
  if (arguments.empty() && command.find(' ') != std::string_view::npos) {
    out.words = SplitCommand(command);
  } else if (!command.empty()) {
    out.words.emplace_back(command);
  }
  out.words.insert(out.words.end(), arguments.begin(), arguments.end());
  for (std::size_t i = 0; i < kMostLayers && UnwrapOne(&out); ++i) {
  }
  return out;
}

std::vector<std::string> Unwrapped(std::string_view command,
                                   const Words& arguments) {
  return Unwrap(command, arguments).words;
}

}  // namespace keytidy::clients
