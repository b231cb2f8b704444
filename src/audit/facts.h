// SPDX-License-Identifier: Apache-2.0
//
// What an audit learned from each file, without the keys themselves: enough
// for every check, and fit to be kept until all files are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/find_files.h"
#include "clients/contents.h"
#include "clients/exposure.h"
#include "clients/launch.h"
#include "clients/reference.h"
#include "core/finding.h"
#include "core/rule.h"

namespace keytidy::audit {

inline constexpr std::size_t kNone = ~std::size_t{0};

// Where a server or a key is reached or sent.
struct Destination {
  std::string name;    // what the setting is called
  std::string host;    // lower case; "" where there is none
  bool plain = false;  // http, and not of this machine
  bool loopback = false;
  std::uint64_t line = 0;
};

// Whether names say that something is for development or for production.
enum class Stage : std::uint8_t { kUnknown, kDevelopment, kProduction };

// One place of one key.
struct KeyUse {
  // Of the whole value, salted anew in every run: equal keys, equal digests.
  std::string digest;
  const Rule* rule = nullptr;  // never null
  std::string finding;         // its id
  std::string fingerprint;     // of the inventory, where there is one
  std::string redacted;
  std::string path;            // as reports show it
  std::size_t file = 0;        // index of the file
  std::size_t server = kNone;  // index in the file
  clients::SlotKind kind = clients::SlotKind::kSetting;
  std::string slot;
  std::string name;   // what the value is called
  std::string label;  // what a person called the key, or ""
  std::uint64_t line = 0;
  bool structured = false;  // a slot is known
  bool ignored = false;     // the client does not read the field
  bool fallback = false;    // in the fallback of a reference
  bool in_query = false;    // of kUrl: or in the path
  std::uint64_t times = 1;
  // Of its age and its end: its own word, and the log it stands in.
  std::vector<AgeEvidence> evidence;
  bool endless = false;  // it says of itself that it never ends
};

struct UnusedReference {
  clients::Form form = clients::Form::kBraces;
  std::string name;  // of the variable
  std::string slot;
  std::uint64_t line = 0;
};

struct ServerFacts {
  std::string name;
  std::uint64_t line = 0;
  std::uint64_t command_line = 0;
  std::uint64_t approved_line = 0;
  std::vector<Destination> destinations;  // the address first
  clients::Launch launch;
  std::optional<clients::Exposure> exposure;
  std::vector<std::string> approved;
  std::optional<std::vector<std::string>> tools;
  std::optional<std::uint64_t> kept_alive_line;
  // References that its client does not replace.
  std::vector<UnusedReference> sent_as_they_are;
  // It gets a key that is kept elsewhere.
  bool secret_by_reference = false;
  // Variables that its references name.
  std::vector<std::string> variables;
  // Fields that the client does not read, though they matter.
  std::vector<clients::Placed> dead;
  Stage stage = Stage::kUnknown;
};

struct FileFacts {
  FoundFile file;
  Stage stage = Stage::kUnknown;
  std::vector<ServerFacts> servers;
  std::vector<KeyUse> keys;
  std::vector<clients::Placed> allow;
  std::vector<clients::Placed> approve_write;
  std::vector<clients::Placed> approve_all;
  std::vector<clients::Exposure> tunnels;  // of a tunnel's own file
  std::vector<std::uint64_t> tunnel_lines;
  std::vector<std::string> projects;
  // Whether this file's settings say that a keychain is in use.
  bool keychain = false;
};

}  // namespace keytidy::audit
