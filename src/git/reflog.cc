// SPDX-License-Identifier: Apache-2.0
#include "git/reflog.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace keytidy::git {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;

// "<id> <id> ", of which the rest of the line is of no interest.
std::optional<ReflogEntry> ParseHead(std::string_view head,
                                     std::size_t digits) {
  if (head.size() < 2 * digits + 2 || head[digits] != ' ' ||
      head[2 * digits + 1] != ' ') {
    return std::nullopt;
  }
  const auto before = pack::ObjectId::FromHex(head.substr(0, digits));
  const auto after = pack::ObjectId::FromHex(head.substr(digits + 1, digits));
  if (!before || !after) return std::nullopt;
  return ReflogEntry{*before, *after};
}

}  // namespace

Status ReadReflog(const std::string& path, pack::HashKind kind,
                  const std::function<void(const ReflogEntry&)>& visit) {
  auto file = OpenRegular(path, Links::kFollow);
  if (!file) return Fail(file.error());
  const std::size_t digits = 2 * pack::IdSize(kind);
  const std::size_t need = 2 * digits + 2;
  std::size_t line = 0;
  std::size_t first_wrong = 0;
  std::string head;
  bool in_line = false;
  const auto finish = [&](bool whole) {
    ++line;
    if (auto entry = ParseHead(head, digits)) {
      entry->whole = whole;
      visit(*entry);
    } else if (first_wrong == 0) {
      first_wrong = line;
    }
    head.clear();
    in_line = false;
  };
  std::string buffer(
      std::clamp<std::size_t>(static_cast<std::size_t>(file->size) + 1, 4096,
                              kBuffer),
      '\0');
  for (;;) {
    auto got = ReadFull(file->fd.get(), buffer.data(), buffer.size(), path);
    if (!got) return Fail(got.error());
    std::string_view rest(buffer.data(), *got);
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      const std::string_view piece = rest.substr(0, end);
      head += piece.substr(0, need - head.size());
      in_line = true;
      if (end == std::string_view::npos) break;
      finish(true);
      rest.remove_prefix(end + 1);
    }
    if (*got < buffer.size()) break;
  }
  if (in_line) finish(false);
  if (first_wrong != 0) {
    return Fail(ErrorCode::kDamaged, "{}: line {} does not begin with two ids",
                path, first_wrong);
  }
  return {};
}

Result<pack::ObjectId> NthOfReflog(const std::string& path, pack::HashKind kind,
                                   std::size_t n) {
  std::vector<pack::ObjectId> before;
  const Status read = ReadReflog(path, kind, [&](const ReflogEntry& entry) {
    if (entry.whole) before.push_back(entry.before);
  });
  if (!read && read.error().code != ErrorCode::kDamaged) {
    return Fail(read.error());
  }
  if (n == 0 || n > before.size() || before[before.size() - n].IsZero()) {
    return Fail(ErrorCode::kNotFound, "{}: does not go back {} steps", path, n);
  }
  return before[before.size() - n];
}

}  // namespace keytidy::git
