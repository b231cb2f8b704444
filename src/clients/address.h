// SPDX-License-Identifier: Apache-2.0
//
// The parts of an address (URL) in a client's settings, and where in it a
// secret may hide.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::clients {

// Views into the text.
struct Address {
  std::string_view scheme;    // "https"
  std::string_view user;      // of `user:password@`
  std::string_view password;  // of the same
  std::string_view host;      // without a port; IPv6 in its brackets
  std::string_view port;
  std::string_view path;   // "/a/b"
  std::string_view query;  // behind `?` or, where there is none, `#`
};

// The first address in `text`; nullopt: there is none. It ends at a blank, a
// quote or an angle bracket. What a reference holds divides nothing.
std::optional<Address> FindAddress(std::string_view text);

// The values in its query, path and user part that are secrets by their names
// or by their looks.
std::vector<std::string_view> SecretsIn(const Address& address);

// Of "8000", "localhost:8000", "http://127.0.0.1:8000/x"; 0: none is told.
std::uint16_t PortIn(std::string_view text);

// Of this machine: localhost, 127.0.0.1, [::1] …
bool IsLoopback(std::string_view host);

}  // namespace keytidy::clients
