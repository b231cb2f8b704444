// SPDX-License-Identifier: Apache-2.0
#include "verify/http_transfer.h"

#include <netinet/in.h>
#include <unistd.h>

#include <cstring>

#include "base/text.h"
#include "verify/address.h"

namespace keytidy::verify {
namespace {

std::uint16_t PortOf(const sockaddr* address) {
  sockaddr_in in;  // the port stands at the same place for IPv6
  std::memcpy(&in, address, sizeof in);
  return ntohs(in.sin_port);
}

}  // namespace

int Transfer::BeforeRequest() {
  if (!begun) {
    begun = true;
    return CURL_PREREQFUNC_OK;
  }
  refused = "the server closed the connection without an answer";
  return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::Header(std::string_view line) {
  header_bytes += line.size();
  if (header_bytes > max_headers) {
    refused =
        "the answer's headers are longer than " + Count(max_headers, "byte");
    return 0;
  }
  const std::size_t size = line.size();
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) {
    line.remove_suffix(1);
  }
  if (line.starts_with("HTTP/")) {  // also after an interim answer
    answer.headers.clear();
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) {
    value.remove_prefix(1);
  }
  answer.headers.emplace_back(Lowercase(line.substr(0, colon)), value);
  return size;
}

std::size_t Transfer::Body(std::string_view bytes) {
  if (answer.body.size() + bytes.size() > max_body) {
    refused = "the answer is longer than " + Count(max_body, "byte");
    return 0;
  }
  answer.body += bytes;
  return bytes.size();
}

curl_socket_t Transfer::Socket(curlsocktype purpose,
                               const curl_sockaddr* address) {
  if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
  const bool is_proxy = !request.loopback_http && proxy_port != 0 &&
                        PortOf(&address->addr) == proxy_port;
  if (request.loopback_http && !IsLoopbackAddress(&address->addr)) {
    refused = "plain HTTP goes to this machine only";
    return CURL_SOCKET_BAD;
  }
  if (!is_proxy && !request.private_network &&
      !IsPublicAddress(&address->addr)) {
    refused = "the host's name leads into a private network";
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC,
                address->protocol);
}

}  // namespace keytidy::verify
