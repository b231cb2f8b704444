// SPDX-License-Identifier: Apache-2.0
#include "rotate/plan_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace keytidy::rotate {
namespace {

bool Has(const InventoryPlace& place, std::string_view kind) {
  return std::find(place.kinds.begin(), place.kinds.end(), kind) !=
         place.kinds.end();
}

// What a person or a program wrote down, and no program reads as its settings.
bool IsCopy(FileRole role) {
  switch (role) {
    case FileRole::kHistory:
    case FileRole::kTranscript:
    case FileRole::kLog:
    case FileRole::kCache:
    case FileRole::kBackup:
    case FileRole::kDatabase:
      return true;
    default:
      return false;
  }
}

std::string_view RemarkOf(const InventoryPlace& place) {
  if (Has(place, "argv")) {
    return "every program of the machine sees arguments: pass it as a variable";
  }
  if (Has(place, "url")) {
    return "addresses end up in logs: send it in a header";
  }
  if (Has(place, "tracked")) {
    return "git tracks this file: put a reference there, not the key";
  }
  return {};
}

const Client* FindClient(clients::ClientBook& book, const std::string& id) {
  if (id.empty()) return nullptr;
  for (const Client* client : book.All()) {
    if (client->id == id) return client;
  }
  return nullptr;
}

std::string WhatOf(const InventoryPlace& place, const Client* client) {
  std::string out = client != nullptr ? client->title : place.client;
  const auto add = [&out](const std::string& text) {
    if (text.empty()) return;
    out += (out.empty() ? "" : ", ") + text;
  };
  if (!place.server.empty()) add("server " + place.server);
  add(place.slot);
  return out;
}

void AddOnce(const std::string& text, std::vector<std::string>* list) {
  if (text.empty() ||
      std::find(list->begin(), list->end(), text) != list->end())
    return;
  list->push_back(text);
}

}  // namespace

std::string NewName(std::string_view client, std::string_view machine,
                    std::string_view purpose) {
  std::string out;
  for (std::string_view part : {client, machine, purpose}) {
    std::string word;
    for (const char c : part) {
      if (IsAlnum(c)) {
        word += ToLower(c);
      } else if (!word.empty() && word.back() != '-') {
        word += '-';
      }
    }
    while (word.ends_with('-')) word.pop_back();
    if (word.empty()) continue;
    out += (out.empty() ? "" : "-") + word.substr(0, 24);
  }
  return out;
}

PlanPlaces PlacesOf(const InventoryKey& key, clients::ClientBook& clients) {
  PlanPlaces out;
  std::map<std::string, std::set<std::string>> restarts;  // text -> machines
  std::set<std::string> machines;
  // Machine and client, and what the client uses it for.
  std::map<std::pair<std::string, std::string>, std::string> users;
  for (const InventoryPlace& place : key.places) {
    if (place.gone_at) continue;
    const Client* client = FindClient(clients, place.client);
    const auto known = clients.Find(place.path);
    Place one;
    one.machine = place.machine;
    one.where = place.path;
    if (place.line > 0) one.where += fmt::format(":{}", place.line);
    one.what = WhatOf(place, client);
    if (Has(place, "history")) {
      one.todo = Place::Todo::kStays;
    } else if (known && IsCopy(known->file->role)) {
      one.todo = Place::Todo::kRemove;
    } else {
      one.remark = RemarkOf(place);
      std::string& purpose = users[{place.machine, place.client}];
      if (purpose.empty()) purpose = place.server;
      if (client != nullptr) {
        AddOnce(client->fix, &out.fixes);
        if (!client->restart.empty()) {
          restarts[client->restart].insert(place.machine);
        }
      }
    }
    machines.insert(place.machine);
    out.all.push_back(std::move(one));
  }
  for (const auto& [user, purpose] : users) {
    const auto& [machine, id] = user;
    const Client* client = FindClient(clients, id);
    NewKey made;
    made.user = fmt::format("{} on {}",
                            client != nullptr ? client->title
                            : id.empty()      ? "the program that reads it"
                                              : id,
                            machine);
    made.name =
        NewName(id.empty() ? "app" : id, machine.substr(0, machine.find('.')),
                purpose.empty() ? key.provider : purpose);
    out.keys.push_back(std::move(made));
  }
  // One program goes on with the name that it has.
  if (out.keys.size() == 1 && !key.name.empty()) out.keys[0].name = key.name;
  for (const auto& [text, where] : restarts) {
    std::string line = text;
    if (machines.size() > 1) {
      std::string names;
      for (const std::string& machine : where) {
        names += (names.empty() ? "" : ", ") + machine;
      }
      line = names + ": " + text;
    }
    out.restarts.push_back(std::move(line));
  }
  out.machines.assign(machines.begin(), machines.end());
  return out;
}

}  // namespace keytidy::rotate
