// SPDX-License-Identifier: Apache-2.0
//
// What trees, commits and tags say. Formats: gitformat-… have none for these;
// git's own writer is the definition: "mode name\0id" one after another, and
// header lines up to an empty line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pack/object.h"

namespace keytidy::git {

inline constexpr std::uint32_t kModeType = 0170000;
inline constexpr std::uint32_t kModeTree = 0040000;
inline constexpr std::uint32_t kModeLink = 0120000;
inline constexpr std::uint32_t kModeGitlink = 0160000;
constexpr bool IsTree(std::uint32_t mode) {
  return (mode & kModeType) == kModeTree;
}
constexpr bool IsGitlink(std::uint32_t mode) {
  return (mode & kModeType) == kModeGitlink;
}

// The tree of nothing, which git knows without storing it.
bool IsEmptyTree(const pack::ObjectId& id);

struct TreeEntry {
  std::uint32_t mode = 0;
  std::string_view name;  // any bytes but NUL; nothing makes sure it has no "/"
  const std::uint8_t* id = nullptr;  // IdSize bytes
};

// Goes through the entries of a tree; the content must outlive it.
class TreeReader {
 public:
  TreeReader(std::string_view content, pack::HashKind kind)
      : rest_(content), kind_(kind) {}
  // False at the end, and where the rest cannot be read: see damaged().
  bool Next(TreeEntry* entry);
  bool damaged() const { return damaged_; }

 private:
  std::string_view rest_;
  pack::HashKind kind_;
  bool damaged_ = false;
};

struct Person {
  std::string name;
  std::string email;
  std::int64_t time = 0;  // seconds since 1970; 0 when it cannot be read
};

struct Commit {
  pack::ObjectId tree;
  std::vector<pack::ObjectId> parents;
  std::int64_t time = 0;  // the committer's
};
// kDamaged: no tree, or ids that are none.
Result<Commit> ParseCommit(std::string_view content);

// The rest of what a commit says, for the few that are shown.
struct CommitText {
  Person author;
  std::string subject;  // the first paragraph's first line
};
CommitText ParseCommitText(std::string_view content);

// What an annotated tag names.
Result<pack::ObjectId> ParseTagTarget(std::string_view content);

}  // namespace keytidy::git
