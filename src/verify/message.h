// SPDX-License-Identifier: Apache-2.0
//
// A request and its answer, as data.
#pragma once

#include <string>
#include <utility>

#include "core/recipe.h"
#include "core/secret.h"

namespace keytidy::verify {

// Holds keys in clear, and wipes them when it goes.
struct Request {
  Request() = default;
  ~Request();
  Request(Request&&) = default;
  Request& operator=(Request&&) = default;
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  std::string method;
  std::string url;
  NamedTexts headers;
  std::string body;
  bool has_body = false;
  // "user:password" of basic authentication, or of the signature.
  std::string user;
  std::string aws_sigv4;  // "aws:amz:REGION:SERVICE"; empty: basic
  // The server was named by the user: it may be in a private network.
  bool private_network = false;
  bool loopback_http = false;  // plain HTTP, which goes to loopback only
  // On a connection of its own. libcurl sends again what got no answer on a
  // connection that was used before, as the server may have closed that.
  bool once = false;
};

struct HttpAnswer {
  int status = 0;
  NamedTexts headers;  // names in lower case, in order
  std::string body;
};

}  // namespace keytidy::verify
