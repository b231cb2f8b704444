// SPDX-License-Identifier: Apache-2.0
//
// Which addresses a host of the public internet may have.
#pragma once

#include <sys/socket.h>

namespace keytidy::verify {

// False for loopback, private, link-local, shared, documentation, multicast
// and reserved ranges of IPv4 and IPv6 (RFC 6890 and its successors), also
// where an IPv4 address stands inside an IPv6 one; and for other families.
bool IsPublicAddress(const sockaddr* address);

bool IsLoopbackAddress(const sockaddr* address);

}  // namespace keytidy::verify
