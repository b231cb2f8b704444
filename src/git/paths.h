// SPDX-License-Identifier: Apache-2.0
//
// Paths of a repository's parts. Bytes, with "/" between folders.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keytidy::git {

// `name` below `folder`; `name` itself where it is absolute.
std::string Join(std::string_view folder, std::string_view name);
// "a//" -> "a"; "/" stays.
std::string WithoutEndSlashes(std::string_view path);
// "a/b" -> "a", "b" -> ".", "/b" -> "/".
std::string ParentOf(std::string_view path);
// What follows the last "/".
std::string_view LastName(std::string_view path);

// Absolute and without symbolic links; nullopt where it does not exist.
std::optional<std::string> RealPath(const std::string& path);
// The same as far as the path exists; the rest is put in order as text.
std::string RealPathOrText(const std::string& path);

// Following symbolic links.
bool IsFolder(const std::string& path);
bool IsRegularFile(const std::string& path);
// Whatever it is; a symbolic link is not followed.
bool StandsAt(const std::string& path);

// "~/x" and "~name/x" with the home folder put in, by $HOME and the system's
// users; nullopt where that is not known. Other values stay.
std::optional<std::string> ExpandHome(const std::string& path);

// nullopt where it is not set or empty.
std::optional<std::string> Variable(const char* name);

// git's view of white space, whatever the locale.
constexpr bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace keytidy::git
