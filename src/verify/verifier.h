// SPDX-License-Identifier: Apache-2.0
//
// Asks the providers: every key once, several hosts at a time, one request of
// a key at a time, within the limits of each host and of the run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/finding.h"
#include "core/recipe.h"
#include "verify/audit_log.h"
#include "verify/http_client.h"
#include "verify/values.h"

namespace keytidy::verify {

// One key that may be sent, and where.
struct Task {
  std::string id;    // fingerprint
  std::string rule;  // id
  const Recipe* recipe = nullptr;
  Values values;     // "secret", "base", parameters, companions
  std::string host;  // where the first step leads, and all that have a base
  bool private_network = false;
  bool loopback_http = false;
  // Several keys near this one could be its other half; the nearest was taken.
  // That the provider refuses the pair then proves nothing.
  bool doubtful_pair = false;
};

struct RunOptions {
  std::uint32_t max_requests = 1000;
  std::chrono::seconds deadline{300};
  std::uint32_t at_once = 128;
  std::uint32_t tries = 3;  // of one step, where the server asks to wait
  // Seconds since 1970.
  std::function<std::int64_t()> now;
};

class Verifier {
 public:
  // All outlive the verifier.
  Verifier(HttpClient& client, AuditLog& log, const RunOptions& options)
      : client_(client), log_(log), options_(options) {}

  // The verdict of each task, in order. Whatever goes wrong is in the verdict.
  std::vector<Verdict> Run(std::vector<Task> tasks, std::stop_token stop);

  std::uint32_t requests() const { return requests_; }

 private:
  class Session;
  HttpClient& client_;
  AuditLog& log_;
  RunOptions options_;
  std::uint32_t requests_ = 0;
};

// Where a step of the task leads.
std::string HostOfStep(const Task& task, const Step& step);

// "api.example.com answered 200: …", what a verdict rests on.
std::string EvidenceText(std::string_view host, int status,
                         std::string_view says);

}  // namespace keytidy::verify
