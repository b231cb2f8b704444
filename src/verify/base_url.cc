// SPDX-License-Identifier: Apache-2.0
#include "verify/base_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace keytidy::verify {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

bool IsHostName(std::string_view host) {
  if (host.starts_with('[')) {
    in6_addr address;
    return host.ends_with(']') &&
           inet_pton(AF_INET6,
                     std::string(host.substr(1, host.size() - 2)).c_str(),
                     &address) == 1;
  }
  return !host.empty() && host.front() != '-' && host.front() != '.' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return IsLower(c) || IsDigit(c) || c == '-' || c == '.' || c == '_';
         });
}

bool IsPath(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return IsAlnum(c) ||
           std::string_view("/-._~%:@+").find(c) != std::string_view::npos;
  });
}

std::string_view WithoutPort(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  if (colon == std::string_view::npos ||
      (bracket != std::string_view::npos && colon < bracket)) {
    return host;
  }
  return host.substr(0, colon);
}

bool IsPort(std::string_view host) {
  const std::string_view name = WithoutPort(host);
  if (name.size() == host.size()) return true;
  const std::string_view port = host.substr(name.size() + 1);
  if (port.empty() || port.size() > 5 ||
      !std::all_of(port.begin(), port.end(), IsDigit)) {
    return false;
  }
  int number = 0;
  for (const char c : port) number = number * 10 + (c - '0');
  return number > 0 && number <= 65535;
}

}  // namespace

std::string_view HostOf(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

std::string_view PathOf(std::string_view url) {
  const std::string_view host = HostOf(url);
  if (host.empty()) return {};
  return url.substr(static_cast<std::size_t>(host.data() - url.data()) +
                    host.size());
}

std::string OriginOf(std::string_view url) {
  const std::string lower = Lowercase(url.substr(0, 8));
  if (!lower.starts_with(kHttps) && !lower.starts_with(kHttp)) return {};
  const std::string host = Lowercase(HostOf(url));
  if (!IsPort(host) || !IsHostName(WithoutPort(host))) return {};
  return lower.substr(0, lower.find("//") + 2) + host;
}

Result<BaseUrl> ParseBaseUrl(std::string_view text,
                             std::span<const std::string> hosts,
                             bool loopback_http) {
  const auto wrong = [&](std::string_view why) {
    return Fail(ErrorCode::kInvalid, "{}: {}", ForTerminal(text), why);
  };
  const std::string origin = OriginOf(text);
  if (origin.empty()) {
    return wrong("must be https:// and the name of a host");
  }
  std::string_view path = PathOf(text);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!IsPath(path)) {
    return wrong("may have a path, but nothing behind it");
  }
  BaseUrl out;
  out.url = origin + std::string(path);
  out.host = HostOf(origin);
  const std::string name(WithoutPort(out.host));
  if (origin.starts_with(kHttp)) {
    const bool loopback =
        name == "localhost" || name == "[::1]" || name == "127.0.0.1";
    if (!loopback) return wrong("plain http would show the key on its way");
    if (!loopback_http) {
      return wrong(
          "plain http, even to this machine, needs "
          "--allow-http-loopback");
    }
    out.loopback_http = true;
  }
  const bool known =
      hosts.empty() ||
      std::any_of(hosts.begin(), hosts.end(), [&](const std::string& glob) {
        return GlobMatch(glob, name);
      });
  if (!known) {
    std::string all;
    for (const std::string& glob : hosts) {
      all += (all.empty() ? "" : " or ") + glob;
    }
    return wrong(fmt::format("the host must be {}", all));
  }
  return out;
}

}  // namespace keytidy::verify
