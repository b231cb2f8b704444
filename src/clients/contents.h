// SPDX-License-Identifier: Apache-2.0
//
// What a client's file says: its servers, and every setting that may hold a
// key, by name and place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/node.h"
#include "core/client.h"
#include "core/finding.h"

namespace keytidy::clients {

enum class SlotKind {
  kEnv,      // a variable
  kHeader,   // of HTTP
  kArg,      // of the command line
  kCommand,  // the program itself, and what stands with it
  kUrl,
  kName,     // a field for the name of a variable
  kSetting,  // anything else
};

struct Value {
  SlotKind kind = SlotKind::kSetting;
  std::string slot;  // "env.API_KEY", "headers.Authorization", "args[2]"
  std::string name;  // what the value is called: "API_KEY", "api-key"
  std::string text;  // in clear
  config::Place place;
  Span span;             // as config::Node has it
  bool ignored = false;  // in a field that the client does not read
  std::string label;     // what a person called the record it is in, or ""
};

struct Server {
  std::string name;
  config::Place place;
  std::string command;
  std::vector<std::string> arguments;
  config::Place command_place;
  std::vector<Value> values;
  // Tools that are used without asking; "*" for all.
  std::vector<std::string> approved;
  config::Place approved_place;
  // Tools that are offered; nullopt: no list.
  std::optional<std::vector<std::string>> tools;
  // Of a unit: it is started again whenever it ends, on whatever grounds.
  std::optional<config::Place> kept_alive;
};

struct Placed {
  std::string text;
  config::Place place;
};

struct Contents {
  std::vector<Server> servers;
  std::vector<Value> values;          // outside of servers
  std::vector<Placed> allow;          // tools approved for all servers
  std::vector<Placed> approve_write;  // settings that approve changes
  std::vector<Placed> approve_all;    // settings that approve everything
  std::vector<std::string> projects;  // folders, as paths or file: URIs
};

// `text` by the format of the file. kInvalid, kLimit: it cannot be read so.
Result<config::Document> ParseAs(FileFormat format, std::string name,
                                 std::string text);

// `name` is the file's, for units that have none of their own.
Contents ReadContents(const Client& client, const ClientFile& file,
                      const config::Document& document);

// The server and slot that hold `span` of the file; of those without spans, the
// one whose text contains `text`. Null: none does.
struct Slot {
  const Server* server = nullptr;  // null: outside of servers
  const Value* value = nullptr;
};
std::optional<Slot> FindSlot(const Contents& contents, Span span,
                             std::string_view text);

// The same for many spans of one file: made once, asked often. The contents
// outlive it.
class SlotIndex {
 public:
  explicit SlotIndex(const Contents& contents);
  std::optional<Slot> Find(Span span, std::string_view text) const;

 private:
  struct Entry {
    Span span;
    Slot slot;
  };
  std::vector<Entry> placed_;  // by start, then as they stand
  std::vector<Slot> others_;   // without spans
};

}  // namespace keytidy::clients
