// SPDX-License-Identifier: Apache-2.0
//
// A home folder, a client with the files a test names, and what is found of
// them as text.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "audit/find_files.h"
#include "unit/temp_dir.h"

namespace keytidy::audit {

class FindFilesTest : public ::testing::Test {
 protected:
  FindFilesTest() {
    dir_.Directory("home");
    machine_.home = machine_.home_display = machine_.real_home = home_;
  }

  // Each pattern is a file of its own, as in a client with several.
  static Client WithFiles(const std::vector<std::string>& patterns,
                          FileScope scope = FileScope::kUser) {
    Client out;
    out.id = "client";
    for (const std::string& pattern : patterns) {
      ClientFile file;
      file.scope = scope;
      for (auto& paths : file.paths) paths = {pattern};
      out.files.push_back(std::move(file));
    }
    return out;
  }

  std::vector<std::string> Take(FileFinder* finder) const {
    std::vector<std::string> out;
    for (const FoundFile& file : finder->TakeFound()) {
      std::string shown = file.display;
      if (shown.starts_with(home_ + "/")) shown.erase(0, home_.size() + 1);
      // Only a link is opened under another name than it is known by.
      if (!file.path.ends_with(file.display.substr(file.display.find('/')))) {
        shown += " -> " + file.path.substr(dir_.path().size() + 1);
      }
      out.push_back(std::move(shown));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  // Below the home folder; " -> " what is opened instead.
  std::vector<std::string> Found(const std::vector<std::string>& patterns) {
    const Client client = WithFiles(patterns);
    FileFinder finder(machine_);
    finder.FindUserFiles(client);
    skipped_ = Shown(finder.TakeSkipped());
    return Take(&finder);
  }

  std::vector<std::string> FoundIn(const std::string& project,
                                   const std::vector<std::string>& patterns) {
    const Client client = WithFiles(patterns, FileScope::kProject);
    FileFinder finder(machine_);
    finder.FindProjectFiles(client, project);
    skipped_ = Shown(finder.TakeSkipped());
    return Take(&finder);
  }

  // "path: reason", with "!" where that makes the run incomplete.
  std::vector<std::string> Shown(const std::vector<Skip>& skips) const {
    std::vector<std::string> out;
    for (const Skip& skip : skips) {
      std::string path = skip.path;
      if (path.starts_with(home_ + "/")) path.erase(0, home_.size() + 1);
      out.push_back(fmt::format("{}{}: {}", skip.incomplete ? "!" : "", path,
                                skip.reason));
    }
    return out;
  }

  void Write(const std::string& name) const { dir_.Write("home/" + name, "x"); }

  const TempDir dir_;
  const std::string home_ = dir_ / "home";
  Machine machine_;
  std::vector<std::string> skipped_;
};

}  // namespace keytidy::audit
