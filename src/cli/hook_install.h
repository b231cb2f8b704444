// SPDX-License-Identifier: Apache-2.0
//
// Putting the scripts of hooks/ into a repository as git's hooks, and taking
// them out again. Ours is a hook with the line `# keytidy hook, version N`
// among its first five; whatever else stands there is somebody else's and is
// never lost: it is renamed to NAME.before-keytidy and run first by ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy::cli {

// One of the hooks there is a script for.
struct HookKind {
  std::string_view name;     // as git names it
  std::string_view script;   // the file of hooks/, without a binary
  std::string_view command;  // what the script runs, for doing it by hand
};

// pre-commit, pre-push, pre-receive.
const std::vector<HookKind>& HookKinds();
// nullptr where there is no such hook.
const HookKind* FindHookKind(std::string_view name);

enum class HookState {
  kAbsent,
  kOurs,
  kOursLinked,  // a symbolic link to a script of ours; put there by a person
  kForeign,     // somebody else's, of any kind but a directory
};

// What stands at a hook's path.
struct HookFile {
  HookState state = HookState::kAbsent;
  int version = 0;            // of ours
  std::string text;           // of ours
  bool executable = false;    // by this user, through a link
  bool earlier = false;       // NAME.before-keytidy is there
  bool earlier_runs = false;  // and executable; git and we pass over it if not
};

// kUnsupported: `path` is a directory. Otherwise what reading it fails with.
Result<HookFile> InspectHook(const std::string& path);

// NAME.before-keytidy.
std::string EarlierPath(const std::string& hook_path);

// The script with the absolute path of a binary in it; an empty `binary` means
// the one on PATH alone.
std::string HookText(const HookKind& kind, std::string_view binary);

// The binary that a script of ours names, empty where it names none; nullopt
// where `text` is not what HookText makes of any binary.
std::optional<std::string> BinaryOf(const HookKind& kind,
                                    std::string_view text);

// What is going to be done at `path`. Planning changes nothing, so that several
// hooks are all changed or none.
struct HookChange {
  enum class Kind {
    kNothing,
    kWrite,    // `text`, where nothing stands or in place of ours
    kChain,    // rename what is there, then as kWrite
    kRemove,   // ours
    kRestore,  // put NAME.before-keytidy back in place of ours
  };
  Kind kind = Kind::kNothing;
  std::string path;
  std::string text;
  std::string done;  // one line for people, for when it has been done
};

// kInvalid: there is a reason not to; the message says which, and what to do.
Result<HookChange> PlanInstall(const HookKind& kind, const std::string& path,
                               std::string_view binary);
Result<HookChange> PlanUninstall(const std::string& path);

// At every moment either the old hook or the new one is in place.
Status Apply(const HookChange& change);

}  // namespace keytidy::cli
