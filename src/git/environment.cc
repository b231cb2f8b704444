// SPDX-License-Identifier: Apache-2.0
#include "git/environment.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "git/paths.h"
#include "git/repository.h"

namespace keytidy::git {
namespace {

struct Unquoted {
  std::string text;
  std::size_t size = 0;  // what it took, with both quotes
};

// "…" with \a \b \f \n \r \t \v \\ \" and three octal digits.
std::optional<Unquoted> UnquoteC(std::string_view quoted) {
  Unquoted out;
  for (std::size_t i = 1; i < quoted.size(); ++i) {
    if (quoted[i] == '"') {
      out.size = i + 1;
      return out;
    }
    if (quoted[i] != '\\') {
      out.text += quoted[i];
      continue;
    }
    if (++i == quoted.size()) break;
    constexpr std::string_view kLetters = "abfnrtv\\\"";
    constexpr std::string_view kMeaning = "\a\b\f\n\r\t\v\\\"";
    const std::size_t letter = kLetters.find(quoted[i]);
    if (letter != std::string_view::npos) {
      out.text += kMeaning[letter];
      continue;
    }
    unsigned value = 0;
    if (i + 3 > quoted.size() || quoted[i] > '3') return std::nullopt;
    for (const char c : quoted.substr(i, 3)) {
      if (c < '0' || c > '7') return std::nullopt;
      value = value * 8 + static_cast<unsigned>(c - '0');
    }
    out.text += static_cast<char>(static_cast<unsigned char>(value));
    i += 2;
  }
  return std::nullopt;
}

}  // namespace

Environment Environment::OfProcess() {
  Environment out;
  out.git_dir = Variable("GIT_DIR");
  out.work_tree = Variable("GIT_WORK_TREE");
  out.common_dir = Variable("GIT_COMMON_DIR");
  out.object_directory = Variable("GIT_OBJECT_DIRECTORY");
  out.alternates = Variable("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  out.index_file = Variable("GIT_INDEX_FILE");
  out.ceilings = Variable("GIT_CEILING_DIRECTORIES");
  return out;
}

std::vector<std::string> SplitAlternates(std::string_view value) {
  std::vector<std::string> out;
  while (!value.empty()) {
    std::size_t used = 0;
    std::string path;
    std::optional<Unquoted> quoted;
    if (value[0] == '"') quoted = UnquoteC(value);
    if (quoted) {
      path = std::move(quoted->text);
      used = quoted->size;
    } else {
      used = std::min(value.find(':'), value.size());
      if (value[0] != '#') path = value.substr(0, used);
    }
    if (!path.empty()) out.push_back(WithoutEndSlashes(path));
    value.remove_prefix(std::min(used + 1, value.size()));
  }
  return out;
}

int LongestCeiling(std::string_view path, std::string_view ceilings) {
  int longest = -1;
  if (path == "/") return longest;
  bool as_given = false;
  for (std::size_t begin = 0; begin <= ceilings.size();) {
    const std::size_t end =
        std::min(ceilings.find(':', begin), ceilings.size());
    std::string ceiling(ceilings.substr(begin, end - begin));
    begin = end + 1;
    if (ceiling.empty()) {
      as_given = true;
      continue;
    }
    if (ceiling[0] != '/') continue;
    if (as_given) {
      ceiling = std::filesystem::path(ceiling).lexically_normal().string();
    } else {
      auto real = RealPath(ceiling);
      if (!real) continue;
      ceiling = std::move(*real);
    }
    ceiling = WithoutEndSlashes(ceiling);
    if (ceiling == "/") ceiling.clear();
    if (path.starts_with(ceiling) && path.size() > ceiling.size() &&
        path[ceiling.size()] == '/') {
      longest = std::max(longest, static_cast<int>(ceiling.size()));
    }
  }
  return longest;
}

}  // namespace keytidy::git
