// SPDX-License-Identifier: Apache-2.0
//
// The address of a server that the user named.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace keytidy::verify {

struct BaseUrl {
  std::string url;   // without a slash at the end
  std::string host;  // lower case, with the port where one is given
  bool loopback_http = false;
};

// Takes "https://host", "https://host:port/path"; plain http to 127.0.0.1,
// [::1] and localhost where `loopback_http`. A host must match one of `hosts`
// (globs) where there are any. kInvalid: what is wrong with it.
Result<BaseUrl> ParseBaseUrl(std::string_view text,
                             std::span<const std::string> hosts,
                             bool loopback_http);

// "https://host:port" of any URL; empty where it is none that ParseBaseUrl
// could take.
std::string OriginOf(std::string_view url);

// The host, with port, that a URL leads to; and what stands behind it.
std::string_view HostOf(std::string_view url);
std::string_view PathOf(std::string_view url);

}  // namespace keytidy::verify
