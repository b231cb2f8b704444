// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with how a key, or the program that uses it, is kept.
// docs/audit.md lists the checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/finding.h"
#include "core/severity.h"

namespace keytidy {

// No text of it holds a key.
struct Violation {
  std::string check;  // "MCP-PLAIN"
  Severity severity = Severity::kMedium;
  std::string finding;     // the id of the finding it is about, or ""
  std::string message;     // one sentence
  std::string path;        // as Occurrence::path; "" where it is about no file
  std::uint64_t line = 0;  // from 1; 0 where it is about no line
  std::optional<ClientPlace> client;
  std::string fix;                      // what to do, for this client
  std::vector<std::string> references;  // "OWASP NHI2"
  Decision decision;
};

// One thing to do, of those that a person should do first.
struct FirstStep {
  Severity severity = Severity::kMedium;
  std::string what;                // one sentence: what is wrong, and how badly
  std::vector<std::string> where;  // "path:line", the first few
  std::string how;                 // the command or edit that does it
  std::vector<std::string> checks;  // the checks it answers, sorted
};

// What an audit comes to. Counts are of distinct things.
struct AuditSummary {
  std::string home;           // as it was given, or "~"
  std::uint64_t clients = 0;  // clients and tools that have a file here
  std::uint64_t servers = 0;  // server entries
  std::uint64_t keys = 0;
  std::uint64_t places = 0;   // file, server and slot
  std::uint64_t shared = 0;   // keys in more than one client
  std::uint64_t tracked = 0;  // keys in files that git tracks
  std::uint64_t astray = 0;  // keys sent to a host that is not their provider's
  std::uint64_t leaked = 0;  // keys in transcripts, histories and logs
  std::vector<FirstStep> first;  // at most ten, the most urgent first
};

}  // namespace keytidy
