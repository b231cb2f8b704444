// SPDX-License-Identifier: Apache-2.0
//
// Which programs and environments have the same key. Entries come one by one;
// of each only what is needed to speak of it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/violation.h"
#include "policy/breach.h"
#include "policy/policy_key.h"

namespace keytidy::policy {

class ReuseBook {
 public:
  // `if_shared`: what the entry breaks where the key is shared; none for an
  // entry that is not judged and still counts for others. Whether it is shared
  // by itself: others with its id may come, or have come.
  bool Add(const PolicyKey& key, const std::vector<Breach>& if_shared);

  // What all entries come to. Call once, last.
  std::vector<Violation> Finish();

 private:
  using Names = std::vector<std::string_view>;  // sorted, each once

  struct Demand {
    const PolicyCheckInfo* check = nullptr;
    Severity severity = Severity::kMedium;
    Action action = Action::kFail;
    std::string_view because;
  };
  // The first of the entry's places.
  struct Place {
    std::string path;
    std::uint64_t line = 0;
    std::string_view machine, client, server, slot;
  };
  struct Entry {
    std::string id;
    std::string text;  // KeyText()
    Names clients;
    Names environments;
    bool has_place = false;
    Place place;
    std::vector<Demand> demands;
  };

  // What many entries say is kept once.
  std::string_view Kept(const std::string& text);
  void AddViolations(std::span<const Entry> same,
                     std::vector<Violation>* out) const;

  std::unordered_set<std::string> kept_;
  std::vector<Entry> entries_;
};

}  // namespace keytidy::policy
