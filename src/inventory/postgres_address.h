// SPDX-License-Identifier: Apache-2.0
//
// The address of an inventory on a PostgreSQL server.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "inventory/libpq.h"

namespace keytidy::inventory {

struct PostgresAddress {
  // For messages: whoever's password it has is left out.
  std::string name;
  // For libpq. Where the address does not say: encrypted, unless the server is
  // on this machine.
  std::vector<std::pair<std::string, std::string>> options;
  std::chrono::seconds patience{0};  // 0: without end
};

// kInvalid: it cannot be read, or could be read in two ways; the message holds
// nothing of it. kUnsupported: it leaves things to a service file.
Result<PostgresAddress> ReadPostgresAddress(const Libpq& pq,
                                            const std::string& address);

}  // namespace keytidy::inventory
