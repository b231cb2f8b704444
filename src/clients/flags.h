// SPDX-License-Identifier: Apache-2.0
//
// The flags of a command line that is only read, so that what is known of its
// program decides which flags take a word. `--name=V` always has its value.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace keytidy::clients {

using FlagNames = std::initializer_list<std::string_view>;

// "/usr/bin/npx", "npx.cmd" and "C:\x\NPX.EXE" are npx.
std::string ProgramName(std::string_view path);

// The value of the first of these flags, wherever it stands before `--`; ""
// where another flag or nothing follows it. Nullopt: it is not there.
std::optional<std::string_view> FlagValue(std::span<const std::string> words,
                                          FlagNames names);

// The place of the first word that is no flag and no value of a flag in
// `taking`; size: there is none. A `--` ends the flags.
std::size_t FirstPlain(std::span<const std::string> words, FlagNames taking);

}  // namespace keytidy::clients
