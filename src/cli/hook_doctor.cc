// SPDX-License-Identifier: Apache-2.0
#include "cli/hook_doctor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "cli/hook_folder.h"

namespace keytidy::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{10};
constexpr std::string_view kProgram = "keytidy ";  // before the version

bool IsProgram(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

// What a shell would find; empty where there is none.
std::string FindOnPath(std::string_view name) {
  const char* value = std::getenv("PATH");
  std::string_view rest = value == nullptr ? "" : value;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string folder(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::string path =
        (fs::path(folder.empty() ? "." : folder) / name).string();
    if (IsProgram(path)) return path;
  }
  return "";
}

// Its standard output, at most 256 bytes; nullopt where it cannot be started,
// fails, or takes too long.
std::optional<std::string> OutputOf(const std::string& path,
                                    const std::string& argument) {
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const Fd reader(ends[0]);
  Fd writer(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::string program = path;
  std::string word = argument;
  std::array<char*, 3> words = {program.data(), word.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, path.c_str(), &actions, nullptr,
                                 words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  writer.Close();

  std::string out;
  std::array<char, 256> buffer;
  const auto deadline = Clock::now() + kPatience;
  bool ended = false;
  while (!ended && out.size() < buffer.size()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - Clock::now());
    pollfd ready = {reader.get(), POLLIN, 0};
    const int rc =
        left.count() <= 0 ? 0 : poll(&ready, 1, static_cast<int>(left.count()));
    if (rc < 0 && errno == EINTR) continue;
    if (rc <= 0) break;
    const ssize_t n =
        read(reader.get(), buffer.data(), buffer.size() - out.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    ended = n == 0;
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  if (!ended) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return std::nullopt;
  }
  return out;
}

struct BinaryHealth {
  bool sound = false;
  std::string text;  // "version 1.2.3", or what is wrong
};

// A file in the repository may be anybody's: it is not started, unless it is
// the program that runs already.
BinaryHealth ExamineBinary(const git::Repository& repository,
                           const std::string& path) {
  struct stat st;
  if (stat(path.c_str(), &st) != 0) return {false, "is not there"};
  if (!IsProgram(path)) return {false, "cannot be run"};
  std::error_code error;
  const auto own = OwnBinary();
  if (!own || !fs::equivalent(path, *own, error)) {
    if (IsInside(repository, path)) {
      return {false,
              "is in the repository, so it was not started to ask for its "
              "version; run its own `hook doctor`"};
    }
    if (st.st_uid != 0 && st.st_uid != geteuid()) {
      return {false,
              "belongs to another user, so it was not started to ask for its "
              "version"};
    }
  }
  const auto out = OutputOf(path, "--version");
  if (!out) return {false, "does not run"};
  const std::string_view line =
      std::string_view(*out).substr(0, out->find('\n'));
  if (line.substr(0, kProgram.size()) != kProgram) {
    return {false, "runs, but is not keytidy"};
  }
  return {true,
          fmt::format("version {}", ForTerminal(line.substr(kProgram.size())))};
}

class Examination {
 public:
  Examination(const git::Repository& repository, const HookKind& kind)
      : repository_(repository), kind_(kind) {}

  HookHealth Run(bool wanted) {
    const auto folder = LocateHooks(repository_, kind_.name);
    if (!folder) {
      Head(fmt::format("not installed; {}", folder.error().message));
      return std::move(health_);
    }
    const std::string path = fmt::format("{}/{}", folder->path, kind_.name);
    const auto file = InspectHook(path);
    if (!file) {
      Head(fmt::format("not installed; {}", file.error().message));
    } else if (file->state == HookState::kAbsent) {
      Head("not installed");
      if (file->earlier) {
        Note(fmt::format("{} is there, but git does not run it",
                         ForTerminal(EarlierPath(path))));
      }
    } else if (file->state == HookState::kForeign) {
      Head(fmt::format("not installed; {} is another hook", ForTerminal(path)));
    } else {
      Head(fmt::format(
          "installed, {}{}", ForTerminal(path),
          file->state == HookState::kOursLinked ? " (a symbolic link)" : ""));
      health_.installed = true;
      health_.sound = true;
      Script(*file);
      Binary(*file);
      Earlier(path, *file);
    }
    Place(*folder);
    if (health_.installed ? !health_.sound : wanted) Remedy(*folder);
    return std::move(health_);
  }

 private:
  void Head(std::string_view text) {
    health_.text = fmt::format("{}: {}\n", kind_.name, text);
  }
  void Note(std::string_view text) {
    health_.text += fmt::format("  {}\n", text);
  }
  void Problem(std::string_view text) {
    health_.sound = false;
    Note(fmt::format("problem: {}", text));
  }

  void Script(const HookFile& file) {
    if (!file.executable) {
      Problem("the script is not executable, so git passes over it");
    }
    if (!BinaryOf(kind_, file.text)) {
      Problem(
          "the script is not that of this keytidy: changed by hand, or of "
          "another version");
    }
  }

  // The hook takes the binary it names, and the one on PATH where that is not
  // there.
  void Binary(const HookFile& file) {
    const auto binary = BinaryOf(kind_, file.text);
    if (!binary) return;
    if (!binary->empty()) {
      if (binary->front() != '/') {
        return Problem("the script names a binary without its whole path");
      }
      const BinaryHealth named = ExamineBinary(repository_, *binary);
      const std::string text =
          fmt::format("{}: {}", ForTerminal(*binary), named.text);
      if (named.sound) return Note(fmt::format("binary: {}", text));
      if (IsProgram(*binary)) return Problem(fmt::format("binary {}", text));
      Note(fmt::format("binary: {}; the one on PATH is taken", text));
    }
    const std::string found = FindOnPath("keytidy");
    if (found.empty()) {
      return Problem("there is no keytidy on PATH, so every run is stopped");
    }
    const BinaryHealth health = ExamineBinary(repository_, found);
    const std::string text =
        fmt::format("{} (on PATH): {}", ForTerminal(found), health.text);
    if (health.sound) return Note(fmt::format("binary: {}", text));
    Problem(fmt::format("binary {}", text));
  }

  void Earlier(const std::string& path, const HookFile& file) {
    if (!file.earlier) return;
    Note(fmt::format("earlier hook: {}, {}", ForTerminal(EarlierPath(path)),
                     file.earlier_runs
                         ? "runs first"
                         : "is not executable, so it is passed over"));
  }

  void Place(const HookFolder& folder) {
    if (!folder.Moved()) return;
    const std::string setting = ForTerminal(folder.setting);
    if (health_.installed) {
      Note(fmt::format("found by core.hooksPath, which is {}", setting));
    }
    const std::string usual = fmt::format("{}/{}", folder.usual, kind_.name);
    const auto file = InspectHook(usual);
    if (!file || file->state == HookState::kAbsent) return;
    Note(fmt::format("{}{} is not run, because core.hooksPath is {}",
                     ForTerminal(usual),
                     file->state == HookState::kForeign ? ", another hook,"
                                                        : ", keytidy's hook,",
                     setting));
  }

  void Remedy(const HookFolder& folder) {
    if (folder.shared.empty()) {
      return Note(fmt::format("do: keytidy hook install {}", kind_.name));
    }
    Note(fmt::format(
        "do: keytidy hook install {} --shared, or add by hand to {}/{}: {} "
        "|| exit",
        kind_.name, ForTerminal(folder.by_hand), kind_.name, kind_.command));
  }

  const git::Repository& repository_;
  const HookKind& kind_;
  HookHealth health_;
};

}  // namespace

HookHealth ExamineHook(const git::Repository& repository, const HookKind& kind,
                       bool wanted) {
  return Examination(repository, kind).Run(wanted);
}

Result<std::string> OwnBinary() {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/exe", error);
  if (error || !IsProgram(path.string())) {
    return Fail(ErrorCode::kNotFound,
                "the path of the running keytidy is not known; "
                "--global-binary takes the one on PATH");
  }
  return path.string();
}

}  // namespace keytidy::cli
