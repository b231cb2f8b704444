// SPDX-License-Identifier: Apache-2.0
#include "clients/path_pattern.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace keytidy::clients {
namespace {

constexpr std::pair<std::string_view, PathBase> kBases[] = {
    {"~/", PathBase::kHome},
    {"{config}/", PathBase::kConfig},
    {"{data}/", PathBase::kData},
    {"{state}/", PathBase::kState},
    {"{cache}/", PathBase::kCache},
    {"{appsupport}/", PathBase::kAppSupport},
    {"{library}/", PathBase::kLibrary},
    {"{appdata}/", PathBase::kAppData},
    {"{localappdata}/", PathBase::kLocalAppData},
    {"{bin}/", PathBase::kBin},
    {"{programdata}/", PathBase::kProgramData},
    {"{programfiles}/", PathBase::kProgramFiles},
    {"/", PathBase::kMachine},
};

}  // namespace

PathPattern ParsePattern(std::string_view text) {
  for (const auto& [begin, base] : kBases) {
    if (text.starts_with(begin)) return {base, {}, text.substr(begin.size())};
  }
  if (text.starts_with('$')) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    PathPattern out{PathBase::kVariable, text.substr(1, slash - 1), {}};
    if (slash < text.size()) out.tail = text.substr(slash + 1);
    if (out.variable.empty()) out.base = PathBase::kUnknown;
    return out;
  }
  if (text.starts_with('{') || text.starts_with('~')) return {};
  return {PathBase::kProject, {}, text};
}

std::vector<std::string_view> FoldersOf(PathBase base) {
  switch (base) {
    case PathBase::kHome:
      return {""};
    case PathBase::kConfig:
      return {".config"};
    case PathBase::kData:
      return {".local/share"};
    case PathBase::kState:
      return {".local/state"};
    case PathBase::kCache:
      return {".cache"};
    case PathBase::kAppSupport:
      return {"Library/Application Support"};
    case PathBase::kLibrary:
      return {"Library"};
    case PathBase::kAppData:
      return {"AppData/Roaming"};
    case PathBase::kLocalAppData:
      return {"AppData/Local"};
    case PathBase::kBin:
      return {".local/bin",     "bin",      ".bun/bin",
              "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin",
              "/snap/bin"};
    case PathBase::kProgramData:
      return {"/ProgramData"};
    case PathBase::kProgramFiles:
      return {"/Program Files", "/Program Files (x86)"};
    case PathBase::kMachine:
      return {"/"};
    case PathBase::kVariable:
    case PathBase::kProject:
    case PathBase::kUnknown:
      break;
  }
  return {};
}

bool FitsTail(const PathPattern& pattern, std::string_view path) {
  if (pattern.tail.empty() || pattern.base == PathBase::kVariable) return false;
  if (pattern.tail.find('*') == std::string_view::npos) {
    if (!path.ends_with(pattern.tail)) return false;
    const std::size_t before = path.size() - pattern.tail.size();
    return before == 0 || path[before - 1] == '/';
  }
  // Most fail at the last name, which is cheap to compare.
  const std::string_view last =
      pattern.tail.substr(pattern.tail.rfind('/') + 1);
  return GlobMatch(last, path.substr(path.rfind('/') + 1)) &&
         GlobMatch("**/" + std::string(pattern.tail), path);
}

Weight WeightOf(const PathPattern& pattern) {
  Weight out;
  std::string_view rest = pattern.tail;
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const auto stars = std::count(name.begin(), name.end(), '*');
    if (stars == 0) ++out.names;
    out.characters += name.size() - static_cast<std::size_t>(stars);
    out.minus_stars -= static_cast<int>(stars);
  }
  return out;
}

}  // namespace keytidy::clients
