// SPDX-License-Identifier: Apache-2.0
//
// Looks whether the hooks of a repository would really run. Changes nothing;
// starts nothing but the keytidy that a hook names, with --version.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/hook_install.h"
#include "git/repository.h"

namespace keytidy::cli {

struct HookHealth {
  bool installed = false;  // ours is where git looks
  bool sound = false;      // and git would run it, and it would run keytidy
  std::string text;        // whole lines for people, what to do among them
};

// `wanted`: that it is not installed is a thing to be mended.
HookHealth ExamineHook(const git::Repository& repository, const HookKind& kind,
                       bool wanted);

// The path of the running program.
Result<std::string> OwnBinary();

}  // namespace keytidy::cli
