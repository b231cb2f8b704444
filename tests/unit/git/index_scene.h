// SPDX-License-Identifier: Apache-2.0
//
// A repository made by git itself, and what git says is in its index.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "git/index_file.h"
#include "unit/temp_dir.h"

namespace keytidy::git {

// "mode id stage<TAB>path", as `git ls-files --stage` has it.
using Lines = std::vector<std::string>;

class IndexScene {
 public:
  explicit IndexScene(pack::HashKind kind = pack::HashKind::kSha1)
      : kind_(kind) {
    Git(kind == pack::HashKind::kSha1
            ? "init -q -b main ."
            : "init -q -b main --object-format=sha256 .");
  }

  // The output of a git command, whose words are the shell's.
  std::string Git(const std::string& words, int expected = 0) const {
    // Exported, so that every command of a line has it.
    const std::string command =
        "cd '" + work_ +
        "' && for v in $(env | sed -n 's/^\\(GIT_[A-Z_]*\\)="
        ".*/\\1/p'); do unset $v; done; export HOME='" +
        dir_.path() + "' GIT_CONFIG_GLOBAL='" + (dir_ / "config") +
        "' GIT_CONFIG_NOSYSTEM=1 LC_ALL=C GIT_AUTHOR_NAME=T"
        " GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=T"
        " GIT_COMMITTER_EMAIL=t@example.org;"
        " git -c protocol.file.allow=always " +
        words + " 2>'" + (dir_ / "stderr") + "'";
    std::FILE* const pipe = popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> chunk;
    while (const std::size_t n =
               std::fread(chunk.data(), 1, chunk.size(), pipe)) {
      out.append(chunk.data(), n);
    }
    const int status = pclose(pipe);
    EXPECT_EQ(WEXITSTATUS(status), expected) << words << dir_.Read("stderr");
    return out;
  }
  std::string Line(const std::string& words) const {
    std::string out = Git(words);
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }

  std::string Write(const std::string& name, std::string_view bytes) const {
    return dir_.Write("work/" + name, bytes);
  }
  // A few files in a few folders, committed.
  void Commit() const {
    for (const char* name : {"a", "b/c", "b/d/e", "b/d/f", "b-c", "b.c", "z"}) {
      Write(name, name);
    }
    CommitAll();
  }
  void CommitAll() const { Git("add -A && git commit -q -m m"); }

  pack::HashKind kind() const { return kind_; }
  std::string index_path() const { return work_ + "/.git/index"; }
  std::string bytes() const { return dir_.Read("work/.git/index"); }
  const TempDir& dir() const { return dir_; }

  IndexFile Read() const {
    const Result<IndexFile> index = ReadIndex(index_path(), kind_);
    EXPECT_TRUE(index) << index.error().message;
    return index ? *index : IndexFile();
  }

 private:
  TempDir dir_;
  std::string work_ = dir_.Directory("work");
  pack::HashKind kind_;
};

inline std::string Octal(std::uint32_t mode) {
  std::array<char, 16> out;
  std::snprintf(out.data(), out.size(), "%06o", mode);
  return out.data();
}

inline Lines SplitAtNul(const std::string& text) {
  Lines out;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\0', start);
    out.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

inline Lines StageLines(const IndexFile& index) {
  Lines out;
  for (const IndexEntry& entry : index.entries) {
    out.push_back(Octal(entry.mode) + " " + entry.id.Hex() + " " +
                  std::to_string(entry.stage) + "\t" + entry.path);
  }
  return out;
}

inline Lines Paths(const IndexFile& index) {
  Lines out;
  for (const IndexEntry& entry : index.entries) out.push_back(entry.path);
  return out;
}

inline Lines TreePaths(const IndexFile& index) {
  Lines out;
  for (const CachedTree& tree : index.trees) out.push_back(tree.path);
  return out;
}

// The entries are those that git lists, and every cached tree has what git says
// is in it.
inline void ExpectAsGitHasIt(const IndexScene& scene) {
  const IndexFile index = scene.Read();
  EXPECT_EQ(StageLines(index),
            SplitAtNul(scene.Git("ls-files --stage --sparse -z")));
  for (const CachedTree& tree : index.trees) {
    ASSERT_LE(tree.first + tree.count, index.entries.size());
    Lines held;
    for (std::size_t i = tree.first; i < tree.first + tree.count; ++i) {
      const IndexEntry& entry = index.entries[i];
      held.push_back(
          Octal(entry.mode) + (entry.mode == 0160000 ? " commit " : " blob ") +
          entry.id.Hex() + "\t" +
          entry.path.substr(tree.path.empty() ? 0 : tree.path.size() + 1));
    }
    EXPECT_EQ(held, SplitAtNul(scene.Git("ls-tree -r -z " + tree.id.Hex())))
        << tree.path;
  }
}

}  // namespace keytidy::git
