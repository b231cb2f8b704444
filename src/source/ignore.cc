// SPDX-License-Identifier: Apache-2.0
#include "source/ignore.h"

#include <algorithm>
#include <utility>

namespace keytidy::source {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Cuts trailing spaces, but not one that a backslash escapes.
std::string_view TrimSpaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ') continue;
    if (line[i] == '\\' && ++i == line.size()) return line;
    end = i + 1;
  }
  return line.substr(0, end);
}

// How many bytes stand before the first wildcard.
std::size_t LiteralLength(std::string_view pattern) {
  return std::min(pattern.find_first_of("*?[\\"), pattern.size());
}

}  // namespace

std::shared_ptr<const IgnoreFile> IgnoreFile::Parse(std::string_view text,
                                                    std::string display_path) {
  return std::shared_ptr<const IgnoreFile>(
      new IgnoreFile(text, std::move(display_path)));
}

IgnoreFile::IgnoreFile(std::string_view text, std::string display_path)
    : display_path_(std::move(display_path)), text_(text) {
  std::string_view rest = text_;
  if (rest.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    rest.remove_prefix(kByteOrderMark.size());
  }
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    AddLine(rest.substr(0, end), number);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void IgnoreFile::AddLine(std::string_view line, std::size_t number) {
  if (line.empty() || line[0] == '#') return;
  if (line.back() == '\r') line.remove_suffix(1);
  line = TrimSpaces(line.substr(0, line.find('\0')));

  Pattern pattern;
  pattern.line = number;
  pattern.text = line;
  pattern.negated = !line.empty() && line[0] == '!';
  if (pattern.negated) line.remove_prefix(1);
  pattern.directory_only = !line.empty() && line.back() == '/';
  if (pattern.directory_only) line.remove_suffix(1);

  std::string_view rest;
  if (line.find('/') != std::string_view::npos) {
    // Git compares what stands before the first wildcard byte by byte and
    // hands only the remainder to the wildcard, which so begins there: in
    // `a**/b` the stars count as leading ones, and `ab` and `ax/b` match.
    if (line[0] == '/') line.remove_prefix(1);
    const std::size_t split = LiteralLength(line);
    pattern.literal = line.substr(0, split);
    rest = line.substr(split);
    pattern.kind = rest.empty() ? Kind::kPath : Kind::kPathWildcard;
  } else if (const std::size_t split = LiteralLength(line);
             split == line.size()) {
    pattern.literal = line;
  } else if (split == 0 && line[0] == '*' &&
             LiteralLength(line.substr(1)) == line.size() - 1) {
    pattern.kind = Kind::kNameSuffix;
    pattern.literal = line.substr(1);
  } else {
    pattern.kind = Kind::kNameWildcard;
    rest = line;
  }
  AddPattern(pattern, rest);
}

void IgnoreFile::AddPattern(Pattern pattern, std::string_view rest) {
  const std::size_t index = patterns_.size();
  if (pattern.kind == Kind::kName || pattern.kind == Kind::kPath) {
    if (pattern.literal.empty()) return;
    auto& literals = pattern.kind == Kind::kName ? names_ : paths_;
    Last& last = literals[pattern.literal];
    last.for_directory = index + 1;
    if (!pattern.directory_only) last.for_other = index + 1;
  } else {
    if (pattern.kind != Kind::kNameSuffix) {
      std::optional<Wildcard> wildcard = Wildcard::Compile(rest);
      if (!wildcard) return;
      pattern.wildcard = static_cast<std::uint32_t>(wildcards_.size());
      wildcards_.push_back(std::move(*wildcard));
    }
    not_literal_.push_back(index);
  }
  patterns_.push_back(pattern);
}

bool IgnoreFile::Fits(const Pattern& pattern, std::string_view path,
                      std::string_view name) const {
  switch (pattern.kind) {
    case Kind::kNameSuffix:
      return name.ends_with(pattern.literal);
    case Kind::kNameWildcard:
      return wildcards_[pattern.wildcard].Matches(name);
    case Kind::kPathWildcard:
      return path.starts_with(pattern.literal) &&
             wildcards_[pattern.wildcard].Matches(
                 path.substr(pattern.literal.size()));
    default:
      return false;
  }
}

bool IgnoreFile::Match(std::string_view path, std::string_view name,
                       bool is_directory, IgnoreMatch* match) const {
  std::size_t found = 0;  // one more than the index of the last that matches
  const auto look_up = [&](const LiteralIndex& literals, std::string_view key) {
    if (literals.empty()) return;
    const auto it = literals.find(key);
    if (it == literals.end()) return;
    const Last& last = it->second;
    found = std::max(found, is_directory ? last.for_directory : last.for_other);
  };
  look_up(names_, name);
  look_up(paths_, path);
  for (auto it = not_literal_.rbegin(); it != not_literal_.rend(); ++it) {
    if (*it < found) break;
    const Pattern& pattern = patterns_[*it];
    if (pattern.directory_only && !is_directory) continue;
    if (!Fits(pattern, path, name)) continue;
    found = *it + 1;
    break;
  }
  if (found == 0) return false;
  const Pattern& pattern = patterns_[found - 1];
  *match = {!pattern.negated, display_path_, pattern.line, pattern.text};
  return true;
}

// Deeply nested directories make a long chain, but not longer than a path can
// have components, so that destroying it one in the other is safe.
struct IgnoreStack::Scope {
  std::shared_ptr<const Scope> outer;  // the next one up that has files
  std::string path;                    // relative to the outermost scope
  Files files;
};

IgnoreStack::IgnoreStack(Files files) {
  if (files.empty()) return;
  scope_ = std::make_shared<const Scope>(Scope{nullptr, "", std::move(files)});
}

IgnoreStack IgnoreStack::With(Files files) const {
  if (scope_ == nullptr) return IgnoreStack(std::move(files));
  Scope scope = *scope_;
  std::move(files.begin(), files.end(), std::back_inserter(scope.files));
  IgnoreStack out;
  out.scope_ = std::make_shared<const Scope>(std::move(scope));
  return out;
}

IgnoreStack IgnoreStack::Enter(std::string_view name, Files files) const {
  // Where nothing is in force yet, paths may as well begin here.
  if (scope_ == nullptr) return IgnoreStack(std::move(files));
  std::string path = scope_->path;
  if (!path.empty()) path += '/';
  path += name;
  IgnoreStack inner;
  inner.scope_ = std::make_shared<const Scope>(
      Scope{scope_->files.empty() ? scope_->outer : scope_, std::move(path),
            std::move(files)});
  return inner;
}

IgnoreMatch IgnoreStack::Match(std::string_view name, bool is_directory) const {
  IgnoreMatch match;
  if (scope_ == nullptr) return match;
  std::string path = scope_->path;
  if (!path.empty()) path += '/';
  path += name;
  for (const Scope* scope = scope_.get(); scope; scope = scope->outer.get()) {
    const std::size_t above = scope->path.empty() ? 0 : scope->path.size() + 1;
    const std::string_view relative = std::string_view(path).substr(above);
    for (auto it = scope->files.rbegin(); it != scope->files.rend(); ++it) {
      if ((*it)->Match(relative, name, is_directory, &match)) return match;
    }
  }
  return match;
}

}  // namespace keytidy::source
