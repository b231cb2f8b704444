// SPDX-License-Identifier: Apache-2.0
//
// What stands around a program's own command: shells, `env`, `sudo`, password
// managers. Read, never run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keytidy::clients {

struct Unwrapping {
  std::vector<std::string> words;  // of the program itself, its name first
  bool shell = false;              // a shell runs it
  bool store = false;              // a password manager runs it
};

// Of what a shell runs, the last command of `a && b` and `a; b` counts, and the
// first of `a | b` and `a || b`. A command without arguments may be a whole
// command line. A wrapper with nothing behind it is a program like any other;
// no more than six are taken off.
Unwrapping Unwrap(std::string_view command,
                  const std::vector<std::string>& arguments);

// Its words alone.
std::vector<std::string> Unwrapped(std::string_view command,
                                   const std::vector<std::string>& arguments);

}  // namespace keytidy::clients
