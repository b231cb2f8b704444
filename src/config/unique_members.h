// SPDX-License-Identifier: Apache-2.0
//
// Fills a table in which names are unique: the last member of a name takes the
// place of those before it.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

#include "config/node.h"

namespace keytidy::config {

class UniqueMembers {
 public:
  // The table outlives this, and nothing else adds members to it.
  explicit UniqueMembers(Node* table) : table_(*table) {}

  void Put(Member member) {
    const auto [it, fresh] =
        names_.try_emplace(member.key, table_.members.size());
    if (fresh) {
      table_.members.push_back(std::move(member));
    } else {
      table_.members[it->second] = std::move(member);
    }
  }

 private:
  Node& table_;
  std::unordered_map<std::string, std::size_t> names_;
};

}  // namespace keytidy::config
