// SPDX-License-Identifier: Apache-2.0
//
// Which entries of a directory tree `.gitignore` files (and `.ignore` files,
// of the same form) leave out, exactly as git decides it: gitignore(5).
// Nothing here reads from disk. Everything is immutable and may be shared
// between threads.
//
//   IgnoreStack root({IgnoreFile::Parse(text, ".gitignore")});
//   if (!root.Match("build", true).ignored) {
//     IgnoreStack build = root.Enter("build", {...its ignore files...});
//     build.Match("notes.txt", false);
//   }
//
// A file cannot be taken back when a directory above it is ignored: that
// follows from not entering ignored directories.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/wildcard.h"

namespace keytidy::source {

// The answer, and the pattern that decided: the last one that matches in the
// innermost file that has one. The views live as long as the IgnoreFile.
struct IgnoreMatch {
  bool ignored = false;
  std::string_view file;     // as it was given to Parse
  std::size_t line = 0;      // counts from 1; 0 when no pattern matches
  std::string_view pattern;  // its line, without trailing spaces
};

// One parsed file. It can take a hundred times its text in memory (a file of
// one-byte patterns), so bound what is read from disk; git reads any size.
class IgnoreFile {
 public:
  // Never fails: git has no invalid ignore file, only patterns that match
  // nothing.
  static std::shared_ptr<const IgnoreFile> Parse(std::string_view text,
                                                 std::string display_path);
  IgnoreFile(const IgnoreFile&) = delete;
  IgnoreFile& operator=(const IgnoreFile&) = delete;

  // Whether no pattern in it can match anything.
  bool empty() const { return patterns_.empty(); }

  // `path` is relative to the file's directory; `name` is its last component.
  // False when no pattern matches. For most files the time is that of two hash
  // look-ups and of one comparison for every pattern with a wildcard.
  bool Match(std::string_view path, std::string_view name, bool is_directory,
             IgnoreMatch* match) const;

 private:
  enum class Kind : std::uint8_t {
    kName,          // `literal` is the name
    kPath,          // `literal` is the path
    kNameSuffix,    // the name ends in `literal`
    kNameWildcard,  // `wildcard` matches the name
    kPathWildcard,  // the path is `literal`, then what `wildcard` matches
  };
  struct Pattern {
    Kind kind = Kind::kName;
    bool negated = false;
    bool directory_only = false;
    std::uint32_t wildcard = 0;
    std::size_t line = 0;
    std::string_view literal;
    std::string_view text;
  };
  // The last pattern with a given literal, for directories and for the rest;
  // one more than its index, 0 for none.
  struct Last {
    std::size_t for_directory = 0;
    std::size_t for_other = 0;
  };
  using LiteralIndex = std::unordered_map<std::string_view, Last>;

  IgnoreFile(std::string_view text, std::string display_path);
  void AddLine(std::string_view line, std::size_t number);
  void AddPattern(Pattern pattern, std::string_view rest);
  bool Fits(const Pattern& pattern, std::string_view path,
            std::string_view name) const;

  const std::string display_path_;
  const std::string text_;  // what the views point into
  std::vector<Pattern> patterns_;
  std::vector<Wildcard> wildcards_;
  std::vector<std::size_t> not_literal_;  // indices, ascending
  LiteralIndex names_;
  LiteralIndex paths_;
};

// The ignore files in force in one directory: its own and those of the
// directories above it. A handle of one pointer, cheap to copy.
class IgnoreStack {
 public:
  // The files of one directory, each outranking those before it: first
  // `.gitignore`, then `.ignore`. At the root, what is weaker than those comes
  // before them: the user's own file, then `info/exclude`. No null pointers.
  using Files = std::vector<std::shared_ptr<const IgnoreFile>>;

  // Ignores nothing.
  IgnoreStack() = default;
  // For the directory where the walk starts.
  explicit IgnoreStack(Files files);

  // With further files of this directory, which outrank those it has.
  IgnoreStack With(Files files) const;

  // For the directory `name` of this directory.
  IgnoreStack Enter(std::string_view name, Files files) const;

  // The entry `name` of this directory. A symbolic link is never a directory
  // here, whatever it points to.
  IgnoreMatch Match(std::string_view name, bool is_directory) const;

 private:
  struct Scope;
  std::shared_ptr<const Scope> scope_;  // null when there is no file at all
};

}  // namespace keytidy::source
