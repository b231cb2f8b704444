// SPDX-License-Identifier: Apache-2.0
//
// What to scan and how: everything a run needs to know, decided by cli/.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "match/identity.h"
#include "source/archive.h"

namespace keytidy::clients {
class ClientBook;
}

namespace keytidy::scan {

// One PATH of the command line.
struct Root {
  enum class Kind { kFile, kDirectory, kStdin };
  Kind kind = Kind::kDirectory;
  std::string path;     // to open
  std::string display;  // for reports: no leading "./", "" for "."
  // The configuration that holds here, and where the root is below its folder.
  config::Settings settings;
  std::string below_settings;
  // Where ignore files begin to count: the top of the repository the root is
  // in, or the root itself; and where the root is below that.
  std::string top;
  std::string below_top;
};

class KeyChain;

struct Options {
  std::size_t jobs = 1;
  bool no_ignore = false;  // look also where ignore files and excludes forbid
  bool binary = false;     // scan binary files too
  bool archives = true;
  std::optional<std::uint64_t> max_file_size;
  source::ArchiveLimits archive_limits;
  bool own_markers = true;       // false: no marker counts
  bool foreign_markers = false;  // besides what each root's settings say
  bool show_secrets = false;
  // Where the keys that are found are kept in clear; null: nowhere.
  KeyChain* keep = nullptr;
  // Knows the files of AI clients and tools, so that places in them are told
  // by server and slot; null: nothing is known.
  clients::ClientBook* clients = nullptr;
  // Only a part of the project is looked at, so that an allow rule that matches
  // nothing here may well be in use.
  bool partial = false;
  match::Identifier identifier;
  // Seconds since 1970: what ages are counted to.
  std::int64_t now = 0;
  // Of objects of git that are held in memory at a time.
  std::uint64_t memory_limit = std::uint64_t{400} << 20;
  // Look only at what an object of git does not have from the one it is stored
  // against; off, every blob is scanned whole. The result is the same.
  bool delta = true;
  // Bytes of text looked at in one piece; larger files are read in pieces that
  // overlap. Tests make it small.
  std::size_t chunk = 2 << 20;
};

// For a display; written by the workers, read by anyone.
struct Progress {
  std::atomic<std::uint64_t> files{0};
  std::atomic<std::uint64_t> blobs{0};  // of git's objects
  std::atomic<std::uint64_t> bytes{0};
};

}  // namespace keytidy::scan
