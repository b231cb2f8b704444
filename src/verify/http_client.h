// SPDX-License-Identifier: Apache-2.0
//
// HTTPS as it has to be here: certificates always checked, redirects never
// followed, nothing but the request goes out, and the answer is bounded in
// size and time. One thread; many transfers at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "verify/message.h"

namespace keytidy::verify {

// An answer, or why there is none.
struct HttpResult {
  std::optional<HttpAnswer> answer;
  std::string failure;  // one clause; may quote the server, so is to be masked
  // The request may have reached the server.
  bool sent = false;
};

class HttpClient {
 public:
  using Done = std::function<void(HttpResult)>;

  struct Options {
    // Certificates of authorities to trust instead of the system's; a PEM
    // file. Empty: the system's.
    std::string ca_file;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{30'000};
    std::size_t max_body = 1 << 20;
    std::size_t max_headers = 64 << 10;
  };

  // kUnsupported: libcurl is not there. Proxies are taken from the environment
  // as curl(1) does; their addresses may be private.
  static Result<std::unique_ptr<HttpClient>> Make(const Options& options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `done` is called by Run, once. It may send again.
  void Send(Request request, Done done);

  // Moves transfers on until one is done, or `wait` is over.
  Status Run(std::chrono::milliseconds wait);

 private:
  class Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace keytidy::verify
