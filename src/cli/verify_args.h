// SPDX-License-Identifier: Apache-2.0
//
// The options of asking providers, which scan, verify and revoke share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace keytidy::cli {

struct VerifyArgs {
  bool verify = false;
  bool dry_run = false;
  std::vector<std::string> bases;  // PROVIDER=URL
  bool trust_config_hosts = false;
  bool allow_http_loopback = false;
  std::uint32_t max_requests = 1000;
  std::uint32_t deadline = 300;  // seconds
  bool fresh = false;
  std::string ca_file;
  std::string audit_log;
  std::string config;  // the user's own, where it was named

  // Options that mean nothing without --verify.
  bool Any() const {
    const VerifyArgs usual;
    return dry_run || !bases.empty() || trust_config_hosts || fresh ||
           allow_http_loopback || max_requests != usual.max_requests ||
           deadline != usual.deadline || !ca_file.empty() || !audit_log.empty();
  }
};

// `brief`: those that are rarely wanted are taken, but not shown.
void AddVerifyOptions(CLI::App* app, VerifyArgs* args, bool brief = false);

}  // namespace keytidy::cli
