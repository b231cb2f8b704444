// SPDX-License-Identifier: Apache-2.0
//
// A temporary folder in which real git makes repositories, with a
// configuration of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "unit/temp_dir.h"

namespace keytidy::git {

// Sets a variable of the process, or takes it away, until the end of the scope.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) {
      had_ = true;
      old_ = old;
    }
    Set(value);
  }
  ~ScopedVariable() { Set(had_ ? old_.c_str() : nullptr); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  void Set(const char* value) {
    if (value != nullptr) {
      setenv(name_.c_str(), value, 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  std::string name_;
  bool had_ = false;
  std::string old_;
};

inline std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// HOME is the scene's folder; no other configuration counts.
class GitScene : public ::testing::Test {
 protected:
  GitScene()
      : home_("HOME", dir_.path().c_str()),
        xdg_("XDG_CONFIG_HOME", nullptr),
        global_("GIT_CONFIG_GLOBAL", nullptr),
        no_system_("GIT_CONFIG_NOSYSTEM", "1"),
        git_dir_("GIT_DIR", nullptr),
        index_("GIT_INDEX_FILE", nullptr),
        zone_("TZ", "UTC") {
    dir_.Write(".gitconfig",
               "[user]\n\tname = A\n\temail = a@example.org\n"
               "[init]\n\tdefaultBranch = main\n"
               "[protocol \"file\"]\n\tallow = always\n"
               "[advice]\n\tdetachedHead = false\n");
  }

  struct Ran {
    int code = 0;
    std::string out;
  };

  // Runs a command of the shell in a folder of the scene.
  Ran Try(const std::string& command, const std::string& where = "") const {
    Ran ran;
    const std::string line =
        "cd '" + (dir_ / where) + "' && { " + command + "\n} 2>/dev/null";
    FILE* pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) std::abort();
    char buffer[4096];
    for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
      ran.out.append(buffer, n);
    }
    const int status = pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (ran.out.ends_with('\n')) ran.out.pop_back();
    return ran;
  }

  std::string Run(const std::string& command,
                  const std::string& where = "") const {
    const Ran ran = Try(command, where);
    EXPECT_EQ(ran.code, 0) << command;
    return ran.out;
  }

  // A repository with one file and one commit for each letter of `commits`.
  std::string Repo(const std::string& name, const std::string& options = "",
                   const std::string& commits = "a") const {
    Run("git init -q " + options + " " + name);
    for (const char letter : commits) Commit(name, std::string(1, letter));
    return dir_ / name;
  }

  void Commit(const std::string& where, const std::string& text) const {
    Run("echo " + text + " > file && git add file && git commit -qm " + text,
        where);
  }

 private:
  TempDir dir_holder_;

 protected:
  const TempDir& dir_ = dir_holder_;

 private:
  ScopedVariable home_, xdg_, global_, no_system_, git_dir_, index_, zone_;
};

}  // namespace keytidy::git
