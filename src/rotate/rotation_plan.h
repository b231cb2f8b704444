// SPDX-License-Identifier: Apache-2.0
//
// What has to be done, and where, to replace one key by another: from what the
// inventory knows of its places, from the provider's guide, and from what is
// known of the clients that hold it. Pure: no file, no clock, no network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client_book.h"
#include "core/guide.h"
#include "core/inventory.h"
#include "core/recipe.h"
#include "core/rule.h"

namespace keytidy::rotate {

struct Request {
  const InventoryKey& key;
  // Null where they are not known.
  const Rule* rule = nullptr;
  const Recipe* recipe = nullptr;
  const RotationGuide* guide = nullptr;
  clients::ClientBook& clients;
  std::string age;         // a sentence's end: "at least 95 days, by …"
  std::int64_t since = 0;  // the earliest time it is known to have been around
  // Somebody else may have it: it is ended first, and what it did is looked at.
  bool leaked = false;
  // `--inventory …` as commands of the plan have to repeat it, or empty.
  std::string inventory_option;
};

// A place that holds the key.
struct Place {
  enum class Todo : std::uint8_t {
    kReplace,  // the program reads it there
    kRemove,   // a copy: a history, a log, a backup
    kStays,    // the history of git, which is not rewritten for this
  };
  Todo todo = Todo::kReplace;
  std::string machine;
  std::string where;   // "/home/ana/.cursor/mcp.json:7"
  std::string what;    // "Cursor, server kryton, headers.Authorization", or ""
  std::string remark;  // what is wrong with that place, or ""
};

// A key that is to be made: for one program on one machine.
struct NewKey {
  std::string name;  // to give it at the provider
  std::string user;  // "Cursor on laptop"
};

struct Step {
  // "create", "put", "remove", "restart", "verify", "revoke", "review",
  // "confirm": for scripts.
  std::string id;
  std::string title;
  std::vector<std::string> texts;     // sentences, in order
  std::vector<NewKey> keys;           // of "create"
  std::vector<Place> places;          // of "put" and "remove"
  std::vector<LogFilter> logs;        // of "review"; filters are filled in
  std::vector<std::string> commands;  // to be typed as they are
};

struct Plan {
  std::string id;  // "kt-…"
  std::string title;
  std::string rule;
  std::string provider;
  std::string redacted;
  std::string name;
  std::string owner;
  std::string age;
  bool leaked = false;
  std::vector<Step> steps;
  std::vector<std::string> sources;
};

Plan MakePlan(const Request& request);

std::string PlanText(const Plan& plan);      // for a terminal, 80 columns
std::string PlanMarkdown(const Plan& plan);  // with boxes to tick
std::string PlanJson(const Plan& plan);      // docs/rotate.md has the fields

}  // namespace keytidy::rotate
