// SPDX-License-Identifier: Apache-2.0
#include "policy/reuse_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keytidy::policy {
namespace {

using Names = std::vector<std::string_view>;

bool IsOfClients(const PolicyCheckInfo& check) {
  return check.id == "KEY-REUSE-CLIENT";
}

void SortUnique(Names* names) {
  std::sort(names->begin(), names->end());
  names->erase(std::unique(names->begin(), names->end()), names->end());
}

std::string Listed(const Names& names) {
  constexpr std::size_t kMost = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, names.size()); ++i) {
    out += fmt::format("{}{}", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > kMost) {
    out += fmt::format(" and {} more", names.size() - kMost);
  }
  return out;
}

}  // namespace

std::string_view ReuseBook::Kept(const std::string& text) {
  return text.empty() ? std::string_view() : *kept_.insert(text).first;
}

bool ReuseBook::Add(const PolicyKey& key,
                    const std::vector<Breach>& if_shared) {
  Entry entry;
  const auto add = [this](const std::string& name, Names* names) {
    if (!name.empty()) names->push_back(Kept(name));
  };
  add(key.environment, &entry.environments);
  for (const PolicyPlace& place : key.places) {
    add(place.client, &entry.clients);
    add(place.environment, &entry.environments);
  }
  SortUnique(&entry.clients);
  SortUnique(&entry.environments);
  entry.id = key.id;
  bool shared = false;
  for (const Breach& one : if_shared) {
    entry.demands.push_back({one.check, one.severity, one.decision.action,
                             Kept(one.decision.because)});
    const Names& names =
        IsOfClients(*one.check) ? entry.clients : entry.environments;
    shared = shared || names.size() > 1;
  }
  if (!if_shared.empty()) {
    entry.text = KeyText(key);
    if (const PolicyPlace* place = FirstPlace(key)) {
      entry.has_place = true;
      entry.place = {place->path,          place->line,
                     Kept(place->machine), Kept(place->client),
                     Kept(place->server),  Kept(place->slot)};
    }
  }
  entries_.push_back(std::move(entry));
  return shared;
}

void ReuseBook::AddViolations(std::span<const Entry> same,
                              std::vector<Violation>* out) const {
  Names clients;
  Names environments;
  for (const Entry& entry : same) {
    clients.insert(clients.end(), entry.clients.begin(), entry.clients.end());
    environments.insert(environments.end(), entry.environments.begin(),
                        entry.environments.end());
  }
  SortUnique(&clients);
  SortUnique(&environments);
  for (const Entry& entry : same) {
    for (const Demand& demand : entry.demands) {
      const bool of_clients = IsOfClients(*demand.check);
      const Names& names = of_clients ? clients : environments;
      if (names.size() <= 1) continue;
      Violation violation = MakeViolation(
          *demand.check, demand.severity,
          fmt::format("{} is shared by {} {}: {}.", entry.text, names.size(),
                      of_clients ? "programs" : "environments", Listed(names)),
          {demand.action, std::string(demand.because)});
      SetKey(entry.id, &violation);
      if (entry.has_place) {
        const Place& at = entry.place;
        SetPlace({at.path,
                  at.line,
                  std::string(at.client),
                  std::string(at.server),
                  std::string(at.slot),
                  "",
                  {},
                  std::string(at.machine)},
                 &violation);
      }
      out->push_back(std::move(violation));
    }
  }
}

std::vector<Violation> ReuseBook::Finish() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.id < b.id; });
  std::vector<Violation> out;
  const std::span<const Entry> all = entries_;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    // Keys without an id are nobody else's.
    while (end < all.size() && !all[begin].id.empty() &&
           all[end].id == all[begin].id) {
      ++end;
    }
    AddViolations(all.subspan(begin, end - begin), &out);
    begin = end;
  }
  return out;
}

}  // namespace keytidy::policy
