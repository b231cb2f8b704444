// SPDX-License-Identifier: Apache-2.0
//
// Answers like `git check-ignore -v -n -z`, for ignore_diff.py: reads ignore
// files and paths on standard input and prints, for each path, the file, line
// and pattern that decide, and the path, each ended by a NUL.
//
// The input is a row of records, each a line `KIND SIZE SIZE` and then as many
// bytes for each of the two fields:
//   exclude  display path, text    weaker than all others, at the root
//   ignore   directory, text       the .gitignore of a directory ("" the root)
//   file     path, nothing         asks
//   dir      path, nothing         asks
#include <cstddef>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "source/ignore.h"

namespace {

using keytidy::source::IgnoreFile;
using keytidy::source::IgnoreMatch;
using keytidy::source::IgnoreStack;

std::map<std::string, IgnoreStack::Files> files_of;

IgnoreStack::Files FilesOf(const std::string& directory) {
  const auto it = files_of.find(directory);
  return it == files_of.end() ? IgnoreStack::Files() : it->second;
}

// Goes down as a walk does, and stops where something is ignored.
IgnoreMatch Ask(const std::string& path, bool is_directory) {
  IgnoreStack stack(FilesOf(""));
  std::size_t begin = 0;
  for (;;) {
    const std::size_t slash = path.find('/', begin);
    const bool last = slash == std::string::npos;
    const std::string name = path.substr(begin, slash - begin);
    const IgnoreMatch match = stack.Match(name, !last || is_directory);
    if (last || match.ignored) return match;
    stack = stack.Enter(name, FilesOf(path.substr(0, slash)));
    begin = slash + 1;
  }
}

}  // namespace

int main() {
  std::string kind;
  std::size_t first = 0;
  std::size_t second = 0;
  while (std::cin >> kind >> first >> second) {
    std::cin.get();
    std::string a(first, '\0');
    std::string b(second, '\0');
    std::cin.read(a.data(), static_cast<std::streamsize>(first));
    std::cin.read(b.data(), static_cast<std::streamsize>(second));
    if (kind == "exclude") {
      files_of[""].push_back(IgnoreFile::Parse(b, a));
    } else if (kind == "ignore") {
      const std::string display = a.empty() ? a : a + "/";
      files_of[a].push_back(IgnoreFile::Parse(b, display + ".gitignore"));
    } else {
      const IgnoreMatch match = Ask(a, kind == "dir");
      std::cout << match.file << '\0';
      if (match.line != 0) std::cout << match.line;
      std::cout << '\0' << match.pattern << '\0' << a << '\0';
    }
  }
  return 0;
}
