// SPDX-License-Identifier: Apache-2.0
#include "cli/one_key.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "base/file.h"
#include "match/one_key.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMostInput = 64 << 10;

// Echo off while it lives, on a terminal.
class Unseen {
 public:
  explicit Unseen(int fd) : fd_(fd) {
    if (isatty(fd) == 0 || tcgetattr(fd, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    changed_ = tcsetattr(fd, TCSAFLUSH, &silent) == 0;
  }
  ~Unseen() {
    if (changed_) tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  int fd_;
  termios before_{};
  bool changed_ = false;
};

// All of it, or one line of a terminal.
Result<Secret> Read(int fd, bool one_line) {
  std::string text;
  text.reserve(kMostInput + 1);  // so that no copy is left behind
  char c;
  for (;;) {
    const ssize_t n = read(fd, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(SystemError("standard input", errno));
    if (n == 0 || (one_line && c == '\n')) break;
    if (text.size() == kMostInput) {
      Wipe(&text);
      return Fail(ErrorCode::kInvalid,
                  "standard input: more than one key; `keytidy scan -` reads "
                  "files");
    }
    text += c;
  }
  std::string_view trimmed = text;
  constexpr std::string_view kBlank = " \t\r\n";
  while (!trimmed.empty() && kBlank.find(trimmed.back()) != kBlank.npos) {
    trimmed.remove_suffix(1);
  }
  while (!trimmed.empty() && kBlank.find(trimmed.front()) != kBlank.npos) {
    trimmed.remove_prefix(1);
  }
  Secret out(trimmed);
  Wipe(&text);
  return out;
}

}  // namespace

Result<Secret> AskOnTerminal(const std::string& prompt, bool hidden) {
  Fd tty(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!tty) return Fail(ErrorCode::kUnsupported, "there is no terminal to ask");
  std::optional<Unseen> unseen;  // before the prompt: people type ahead
  if (hidden) unseen.emplace(tty.get());
  if (auto ok = WriteAll(tty.get(), prompt + ": "); !ok) {
    return Fail(ok.error());
  }
  return Read(tty.get(), true);
}

Result<Secret> ReadSecret() {
  const bool typed = isatty(STDIN_FILENO) != 0;
  const Unseen unseen(STDIN_FILENO);
  if (typed) {
    const auto asked = WriteAll(STDERR_FILENO, "Key (it is not shown): ");
    (void)asked;
  }
  return Read(STDIN_FILENO, typed);
}

Result<Report> ReadOneKey(const match::Engine& engine, const std::string& rule,
                          scan::KeyChain* chain) {
  const auto text = ReadSecret();
  if (!text) return Fail(text.error());
  if (text->size() == 0) {
    return Fail(ErrorCode::kInvalid, "standard input holds no key");
  }
  return KeyReport(engine, *text, rule, chain);
}

Result<Report> KeyReport(const match::Engine& engine, const Secret& text,
                         const std::string& rule, scan::KeyChain* chain) {
  auto known = match::RecogniseKey(engine, text, rule);
  if (!known) return Fail(known.error());
  Finding finding;
  finding.rule = known->rule;
  finding.severity = known->rule->severity;
  finding.confidence = known->confidence;
  finding.id = known->id;
  finding.redacted = known->redacted;
  finding.length = known->secret.size();
  const Span span = known->span;
  Occurrence place;
  place.source = SourceKind::kStdin;
  place.path = "-";
  place.span = span;
  place.range = {1,           span.start + 1, 1, span.end + 1, span.start + 1,
                 span.end + 1};
  finding.occurrences.push_back(std::move(place));
  chain->Add(*known->rule, finding.id, known->secret, {}, !rule.empty());

  Report report;
  report.rules = engine.rules();
  report.coverage.files = 1;
  report.coverage.bytes = text.size();
  report.findings.push_back(std::move(finding));
  return report;
}

}  // namespace keytidy::cli
