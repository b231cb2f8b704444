// SPDX-License-Identifier: Apache-2.0
//
// Which of the files that are known stand on a machine. Nothing is opened here
// but folders, to list them where a pattern has a wildcard.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/machine.h"
#include "core/client.h"
#include "core/report.h"
#include "source/directory.h"

namespace keytidy::audit {

struct FoundFile {
  const Client* client = nullptr;
  const ClientFile* file = nullptr;
  std::string path;     // to open; a link is followed already
  std::string display;  // the path it is known by
  std::string project;  // the folder to open, where it is of a project
  std::uint64_t size = 0;
  mode_t mode = 0;
};

// One thread's. Each file is found once, by whoever asks for it first; a file
// of many names (hard links, symbolic ones) is one file.
class FileFinder {
 public:
  explicit FileFinder(const Machine& machine) : machine_(machine) {}

  // All files of the client that are not a project's.
  void FindUserFiles(const Client& client);
  void FindProjectFiles(const Client& client, const std::string& folder);

  // Whether anything stands at one of these paths (of Client::installed).
  // nullopt: that cannot be known here, as in a copy of a home folder alone.
  std::optional<bool> AnyStands(const std::vector<std::string>& patterns);

  // Found by other means.
  void Add(FoundFile file) { found_.push_back(std::move(file)); }

  std::vector<FoundFile> TakeFound() { return std::exchange(found_, {}); }
  std::vector<Skip> TakeSkipped() { return std::exchange(skipped_, {}); }

 private:
  struct Search {
    const Client* client = nullptr;
    const ClientFile* file = nullptr;
    std::string project;
    std::size_t entries = 0;  // looked at so far
  };
  void Find(Search* search, const std::string& path, const std::string& display,
            std::string_view rest);
  void FindBelow(Search* search, const std::string& path,
                 const std::string& display, std::string_view name,
                 std::string_view rest);
  bool IsWithin(const Search& search, const std::string& path,
                const std::string& real);
  bool Stands(const std::string& path, std::string_view rest);
  bool HasPrograms();
  void Take(const Search& search, const std::string& path,
            const std::string& display);
  const std::vector<source::Entry>& List(const std::string& path,
                                         const std::string& display);
  void Pass(const std::string& display, std::string reason, bool incomplete);

  const Machine& machine_;
  std::vector<FoundFile> found_;
  std::vector<Skip> skipped_;
  std::set<std::pair<dev_t, ino_t>> known_;
  // By path. Listing more folders moves none of those that are here.
  std::map<std::string, std::vector<source::Entry>> lists_;
  std::map<std::string, std::string> real_folders_;  // of projects
};

}  // namespace keytidy::audit
