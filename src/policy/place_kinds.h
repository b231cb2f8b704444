// SPDX-License-Identifier: Apache-2.0
//
// What an audit's violations say of the places of keys, in the words of
// PolicyPlace::kinds.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/violation.h"

namespace keytidy::policy {

class PlaceKinds {
 public:
  // `violations` outlive it.
  explicit PlaceKinds(std::span<const Violation> violations);

  // Sorted. `finding` is the key's id. A violation about a client's setting is
  // about that setting only, one about a server about all the keys it gets,
  // one about a file about all its places of that key.
  std::vector<std::string> Of(std::string_view finding, std::string_view path,
                              const std::optional<ClientPlace>& client) const;

 private:
  struct Known {
    std::string_view kind;
    const ClientPlace* client;  // null: the whole file
  };

  // By path and finding, and by path, client and server.
  std::map<std::pair<std::string_view, std::string_view>, std::vector<Known>>
      by_key_;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>,
           std::vector<std::string_view>>
      by_server_;
};

}  // namespace keytidy::policy
