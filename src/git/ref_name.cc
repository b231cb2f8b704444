// SPDX-License-Identifier: Apache-2.0
#include "git/ref_name.h"

#include <algorithm>

#include "base/text.h"
#include "git/paths.h"

namespace keytidy::git {
namespace {

constexpr std::string_view kMain = "main-worktree/";
constexpr std::string_view kLinked = "worktrees/";

bool IsComponent(std::string_view name) {
  if (name.empty() || name[0] == '.' || name.ends_with(".lock")) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const char next = i + 1 < name.size() ? name[i + 1] : '\0';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    if (std::string_view(" ~^:?*[\\").find(c) != std::string_view::npos) {
      return false;
    }
    if ((c == '.' && next == '.') || (c == '@' && next == '{')) return false;
  }
  return true;
}

}  // namespace

bool IsRefName(std::string_view name) {
  if (name == "@" || name.ends_with('.')) return false;
  for (;;) {
    const std::size_t slash = name.find('/');
    if (!IsComponent(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

bool IsRootRefName(std::string_view name) {
  for (const std::string_view odd :
       {"AUTO_MERGE", "BISECT_EXPECTED_REV", "NOTES_MERGE_PARTIAL",
        "NOTES_MERGE_REF", "MERGE_AUTOSTASH"}) {
    if (name == odd) return true;
  }
  return name.ends_with("HEAD") &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsUpper(c) || c == '_' || c == '-'; });
}

bool IsPerWorktree(std::string_view name) {
  return !name.starts_with("refs/") || name.starts_with("refs/bisect/") ||
         name.starts_with("refs/worktree/") ||
         name.starts_with("refs/rewritten/");
}

std::string WorktreeId(const Repository& repository) {
  const std::string git_dir = RealPathOrText(repository.git_dir);
  const std::string common_dir = RealPathOrText(repository.common_dir);
  if (ParentOf(git_dir) != Join(common_dir, "worktrees")) return "";
  return std::string(LastName(git_dir));
}

std::string OwnName(std::string_view worktree_id, std::string_view name) {
  std::string_view own = name;
  if (worktree_id.empty()) {
    if (own.starts_with(kMain)) own.remove_prefix(kMain.size());
  } else if (own.starts_with(kLinked)) {
    own.remove_prefix(kLinked.size());
    if (!own.starts_with(worktree_id)) return std::string(name);
    own.remove_prefix(worktree_id.size());
    if (!own.starts_with('/')) return std::string(name);
    own.remove_prefix(1);
  }
  return std::string(own);
}

}  // namespace keytidy::git
