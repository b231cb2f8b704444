// SPDX-License-Identifier: Apache-2.0
#include "cli/hook_install.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "cli/hook_scripts.h"

namespace keytidy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxHook = 1 << 20;
constexpr int kVersion = 1;
constexpr std::string_view kMark = "# keytidy hook, version ";
constexpr int kMarkWithin = 5;  // lines
constexpr std::string_view kNoBinary = "\nbinary=''\n";
constexpr std::string_view kBinary = "\nbinary=";

// 0 where it is not ours.
int VersionOf(std::string_view text) {
  for (int line = 0; line < kMarkWithin && !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view here = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (here.substr(0, kMark.size()) != kMark) continue;
    here.remove_prefix(kMark.size());
    if (here.empty() || here.size() > 6 ||
        !std::all_of(here.begin(), here.end(), IsDigit)) {
      continue;
    }
    int version = 0;
    for (const char c : here) version = version * 10 + (c - '0');
    return version;
  }
  return 0;
}

// As one word of a POSIX shell.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// Reads what Quoted wrote and moves `text` behind it.
std::optional<std::string> Unquote(std::string_view* text) {
  std::string out;
  if (text->substr(0, 1) != "'") return std::nullopt;
  for (;;) {
    text->remove_prefix(1);
    const std::size_t end = text->find('\'');
    if (end == std::string_view::npos) return std::nullopt;
    out += text->substr(0, end);
    text->remove_prefix(end + 1);
    if (text->substr(0, 3) != "\\''") return out;
    out += '\'';
    text->remove_prefix(2);
  }
}

Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return Fail(SystemError(ForTerminal(path), error.value()));
  return {};
}

// A file beside `path` with this text, mode 0755; its name.
Result<std::string> WriteBeside(const std::string& path,
                                std::string_view text) {
  std::string temporary = path + ".keytidy-XXXXXX";
  Fd fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return Fail(SystemError(ForTerminal(path), errno));
  Status written = WriteAll(fd.get(), text);
  if (written && (fchmod(fd.get(), 0755) != 0 || fsync(fd.get()) != 0)) {
    written = Fail(SystemError("", errno));
  }
  if (written) return temporary;
  unlink(temporary.c_str());
  return Fail(written.error().code, "{}: could not be written: {}",
              ForTerminal(path), written.error().message);
}

Status Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return {};
  return Fail(SystemError(ForTerminal(to), errno));
}

// Gives `path` the name `earlier` without ever taking that of another file.
// Where the file system has hard links the old name stays until the new hook
// takes it, so that there is no moment without a hook.
Status SetAside(const std::string& path, const std::string& earlier) {
  if (linkat(AT_FDCWD, path.c_str(), AT_FDCWD, earlier.c_str(), 0) == 0) {
    return {};
  }
  struct stat st;
  if (errno == EEXIST || lstat(earlier.c_str(), &st) == 0) {
    return Fail(SystemError(ForTerminal(earlier), EEXIST));
  }
  return Rename(path, earlier);
}

}  // namespace

const std::vector<HookKind>& HookKinds() {
  static const std::vector<HookKind> kinds = {
      {"pre-commit", kPreCommitScript, "keytidy scan --staged --no-progress"},
      {"pre-push", kPrePushScript, "keytidy scan --range - --remote \"$1\""},
      {"pre-receive", kPreReceiveScript, "keytidy scan --range -"},
  };
  return kinds;
}

const HookKind* FindHookKind(std::string_view name) {
  const auto& kinds = HookKinds();
  const auto it = std::find_if(kinds.begin(), kinds.end(),
                               [&](const auto& k) { return k.name == name; });
  return it == kinds.end() ? nullptr : &*it;
}

std::string EarlierPath(const std::string& hook_path) {
  return hook_path + ".before-keytidy";
}

Result<HookFile> InspectHook(const std::string& path) {
  HookFile file;
  struct stat st;
  const std::string earlier = EarlierPath(path);
  file.earlier = lstat(earlier.c_str(), &st) == 0;
  file.earlier_runs = stat(earlier.c_str(), &st) == 0 && S_ISREG(st.st_mode) &&
                      access(earlier.c_str(), X_OK) == 0;
  if (lstat(path.c_str(), &st) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return file;
    return Fail(SystemError(ForTerminal(path), errno));
  }
  if (S_ISDIR(st.st_mode)) {
    return Fail(ErrorCode::kUnsupported, "{}: is a directory",
                ForTerminal(path));
  }
  const bool link = S_ISLNK(st.st_mode);
  file.state = HookState::kForeign;
  file.executable = access(path.c_str(), X_OK) == 0;
  auto text = ReadSmallFile(path, kMaxHook);
  if (!text) {
    const ErrorCode code = text.error().code;
    // Too large, a device, a link to nowhere: at any rate not ours.
    if (code == ErrorCode::kLimit || code == ErrorCode::kUnsupported ||
        (link && code == ErrorCode::kNotFound)) {
      return file;
    }
    return Fail(code, "{}", ForTerminal(text.error().message));
  }
  file.version = VersionOf(*text);
  if (file.version == 0) return file;
  file.state = link ? HookState::kOursLinked : HookState::kOurs;
  file.text = *std::move(text);
  return file;
}

std::string HookText(const HookKind& kind, std::string_view binary) {
  std::string text(kind.script);
  const std::size_t at = text.find(kNoBinary);
  if (binary.empty() || at == std::string::npos) return text;
  return text.replace(at, kNoBinary.size(),
                      fmt::format("{}{}\n", kBinary, Quoted(binary)));
}

std::optional<std::string> BinaryOf(const HookKind& kind,
                                    std::string_view text) {
  const std::size_t at = text.find(kBinary);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(at + kBinary.size());
  auto binary = Unquote(&rest);
  if (!binary || HookText(kind, *binary) != text) return std::nullopt;
  return binary;
}

Result<HookChange> PlanInstall(const HookKind& kind, const std::string& path,
                               std::string_view binary) {
  auto file = InspectHook(path);
  if (!file) return Fail(file.error());
  const std::string shown = ForTerminal(path);
  const std::string earlier = ForTerminal(EarlierPath(path));
  HookChange change{HookChange::Kind::kWrite, path, HookText(kind, binary), ""};
  switch (file->state) {
    case HookState::kAbsent:
      if (file->earlier) {
        return Fail(ErrorCode::kInvalid,
                    "{}: is there although {} is not, so git does not run it; "
                    "move it away or back first. Nothing was changed",
                    earlier, shown);
      }
      change.done = fmt::format("{}: installed", shown);
      return change;
    case HookState::kForeign:
      if (file->earlier) {
        return Fail(ErrorCode::kInvalid,
                    "{}: is not keytidy's, and {} is there already, so it "
                    "cannot be set aside; move one of them away first. "
                    "Nothing was changed",
                    shown, earlier);
      }
      change.kind = HookChange::Kind::kChain;
      change.done = fmt::format(
          "{}: installed; the hook that was there is {} now and runs first",
          shown, earlier);
      return change;
    case HookState::kOurs:
    case HookState::kOursLinked:
      break;
  }
  if (file->version > kVersion) {
    return Fail(ErrorCode::kInvalid,
                "{}: was installed by a newer keytidy (version {} of the hook, "
                "this one has {}). Nothing was changed",
                shown, file->version, kVersion);
  }
  if (file->state == HookState::kOursLinked) {
    if (!file->executable) {
      return Fail(ErrorCode::kInvalid,
                  "{}: is a symbolic link to keytidy's hook, which is not "
                  "executable. Nothing was changed",
                  shown);
    }
    return HookChange{HookChange::Kind::kNothing, path, "",
                      fmt::format("{}: is a symbolic link to keytidy's hook "
                                  "already; nothing to do",
                                  shown)};
  }
  if (file->text == change.text && file->executable) {
    return HookChange{
        HookChange::Kind::kNothing, path, "",
        fmt::format("{}: is installed already; nothing to do", shown)};
  }
  change.done = fmt::format("{}: replaced by the hook of this keytidy", shown);
  return change;
}

Result<HookChange> PlanUninstall(const std::string& path) {
  auto file = InspectHook(path);
  if (!file) return Fail(file.error());
  const std::string shown = ForTerminal(path);
  const auto nothing = [&](std::string_view why) {
    return HookChange{HookChange::Kind::kNothing, path, "",
                      fmt::format("{}: {}", shown, why)};
  };
  switch (file->state) {
    case HookState::kAbsent:
      return nothing("is not installed; nothing to do");
    case HookState::kForeign:
      return nothing("is not keytidy's; left as it is");
    case HookState::kOursLinked:
      return nothing(
          "is a symbolic link that keytidy did not make; left as it is");
    case HookState::kOurs:
      break;
  }
  if (!file->earlier) {
    return HookChange{HookChange::Kind::kRemove, path, "",
                      fmt::format("{}: removed", shown)};
  }
  return HookChange{
      HookChange::Kind::kRestore, path, "",
      fmt::format("{}: removed; the earlier hook is back in its place", shown)};
}

Status Apply(const HookChange& change) {
  const std::string earlier = EarlierPath(change.path);
  switch (change.kind) {
    case HookChange::Kind::kNothing:
      return {};
    case HookChange::Kind::kRemove:
      if (unlink(change.path.c_str()) == 0) return {};
      return Fail(SystemError(ForTerminal(change.path), errno));
    case HookChange::Kind::kRestore:
      return Rename(earlier, change.path);
    case HookChange::Kind::kWrite:
    case HookChange::Kind::kChain:
      break;
  }
  if (auto ok = MakeFolder(fs::path(change.path).parent_path().string()); !ok) {
    return ok;
  }
  const auto temporary = WriteBeside(change.path, change.text);
  if (!temporary) return Fail(temporary.error());
  const bool chain = change.kind == HookChange::Kind::kChain;
  Status status = chain ? SetAside(change.path, earlier) : Status();
  if (status) {
    status = Rename(*temporary, change.path);
    // Back to where it was, whether it was linked or renamed.
    if (!status && chain) {
      if (rename(earlier.c_str(), change.path.c_str()) == 0) {
        unlink(earlier.c_str());  // still there if it was linked
      }
    }
  }
  if (!status) unlink(temporary->c_str());
  return status;
}

}  // namespace keytidy::cli
