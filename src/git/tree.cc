// SPDX-License-Identifier: Apache-2.0
#include "git/tree.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace keytidy::git {
namespace {

// "key value\n" at the front of `rest`: takes it and gives the value.
std::optional<std::string_view> TakeLine(std::string_view* rest,
                                         std::string_view key) {
  if (rest->size() <= key.size() || rest->substr(0, key.size()) != key ||
      (*rest)[key.size()] != ' ') {
    return std::nullopt;
  }
  const std::size_t end = std::min(rest->find('\n'), rest->size());
  const std::string_view value =
      rest->substr(key.size() + 1, end - key.size() - 1);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return value;
}

// "Name <email> seconds zone", as far as it goes.
Person ParsePerson(std::string_view text) {
  Person out;
  const std::size_t open = text.find('<');
  const std::size_t close = text.rfind('>');
  std::string_view name = text.substr(0, open);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  out.name = name;
  if (open == std::string_view::npos || close == std::string_view::npos ||
      close < open) {
    return out;
  }
  out.email = text.substr(open + 1, close - open - 1);
  std::string_view rest = text.substr(close + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  std::from_chars(rest.data(), rest.data() + rest.size(), out.time);
  return out;
}

}  // namespace

bool IsEmptyTree(const pack::ObjectId& id) {
  return id == pack::ObjectHasher(id.kind()).IdOf(pack::ObjectType::kTree,
                                                  std::string_view());
}

bool TreeReader::Next(TreeEntry* entry) {
  if (rest_.empty()) return false;
  std::uint32_t mode = 0;
  std::size_t at = 0;
  while (at < rest_.size() && at < 8 && rest_[at] >= '0' && rest_[at] <= '7') {
    mode = mode * 8 + static_cast<std::uint32_t>(rest_[at++] - '0');
  }
  const std::size_t id = pack::IdSize(kind_);
  const char* nul = nullptr;
  if (at > 0 && at < rest_.size() && rest_[at] == ' ') {
    ++at;
    nul = static_cast<const char*>(
        std::memchr(rest_.data() + at, '\0', rest_.size() - at));
  }
  if (nul == nullptr ||
      static_cast<std::size_t>(rest_.data() + rest_.size() - nul) < id + 1) {
    damaged_ = true;
    return false;
  }
  entry->mode = mode;
  entry->name = {rest_.data() + at,
                 static_cast<std::size_t>(nul - rest_.data()) - at};
  entry->id = reinterpret_cast<const std::uint8_t*>(nul + 1);
  rest_.remove_prefix(static_cast<std::size_t>(nul - rest_.data()) + 1 + id);
  return true;
}

Result<Commit> ParseCommit(std::string_view content) {
  Commit out;
  const auto tree = TakeLine(&content, "tree");
  const auto id = tree ? pack::ObjectId::FromHex(*tree) : std::nullopt;
  if (!id) return Fail(ErrorCode::kDamaged, "commit: names no tree");
  out.tree = *id;
  while (const auto line = TakeLine(&content, "parent")) {
    const auto parent = pack::ObjectId::FromHex(*line);
    if (!parent) return Fail(ErrorCode::kDamaged, "commit: no such parent");
    out.parents.push_back(*parent);
  }
  TakeLine(&content, "author");
  if (const auto line = TakeLine(&content, "committer")) {
    out.time = ParsePerson(*line).time;
  }
  return out;
}

CommitText ParseCommitText(std::string_view content) {
  CommitText out;
  TakeLine(&content, "tree");
  while (TakeLine(&content, "parent")) {
  }
  if (const auto line = TakeLine(&content, "author")) {
    out.author = ParsePerson(*line);
  }
  const std::size_t body = content.find("\n\n");
  if (body == std::string_view::npos) return out;
  std::string_view text = content.substr(body + 2);
  while (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  out.subject = text.substr(0, text.find('\n'));
  while (!out.subject.empty() &&
         (out.subject.back() == '\r' || out.subject.back() == ' ')) {
    out.subject.pop_back();
  }
  return out;
}

Result<pack::ObjectId> ParseTagTarget(std::string_view content) {
  const auto object = TakeLine(&content, "object");
  const auto id = object ? pack::ObjectId::FromHex(*object) : std::nullopt;
  if (!id) return Fail(ErrorCode::kDamaged, "tag: names no object");
  return *id;
}

}  // namespace keytidy::git
