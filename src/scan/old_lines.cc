// SPDX-License-Identifier: Apache-2.0
#include "scan/old_lines.h"

#include <algorithm>
#include <unordered_map>

#include "base/digest.h"

namespace keytidy::scan {

std::vector<std::string> PlaceKeys(std::string_view content,
                                   const std::vector<Found>& found,
                                   std::string_view path) {
  std::vector<std::string> out;
  for (const Found& one : found) {
    std::string text = std::to_string(one.rule) + '\0';
    if (one.place.path.size() > path.size()) {
      // In a member of an archive.
      text += "member" + one.place.path.substr(path.size()) + '\0' + one.id;
    } else {
      const std::size_t start =
          std::min<std::size_t>(one.place.span.start, content.size());
      const std::size_t end =
          std::min<std::size_t>(one.place.span.end, content.size());
      const std::size_t before = content.substr(0, start).rfind('\n');
      const std::size_t line =
          before == std::string_view::npos ? 0 : before + 1;
      const std::size_t after =
          std::min(content.find('\n', end), content.size());
      text += std::to_string(start - line) + '\0';
      text += content.substr(line, after - line);
    }
    const Sha256Digest digest = Sha256(text);
    out.emplace_back(digest.begin(), digest.end());
  }
  return out;
}

std::vector<bool> NewPlaces(const std::vector<std::string>& keys,
                            const KeyCounts& before) {
  std::vector<bool> out(keys.size(), false);
  KeyCounts left = before;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t& count = left[keys[i]];
    if (count > 0) {
      --count;
    } else {
      out[i] = true;
    }
  }
  return out;
}

bool LooksRenamed(std::string_view before, std::string_view after) {
  std::unordered_map<std::string_view, std::size_t> lines;
  std::size_t before_count = 0;
  std::size_t after_count = 0;
  std::size_t both = 0;
  const auto each = [](std::string_view text, const auto& action) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      action(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  };
  each(before, [&](std::string_view line) {
    ++lines[line];
    ++before_count;
  });
  each(after, [&](std::string_view line) {
    ++after_count;
    const auto it = lines.find(line);
    if (it != lines.end() && it->second > 0) {
      --it->second;
      ++both;
    }
  });
  const std::size_t least = std::min(before_count, after_count);
  return least > 0 && both * 2 >= least;
}

}  // namespace keytidy::scan
