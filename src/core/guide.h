// SPDX-License-Identifier: Apache-2.0
//
// How one kind of key is replaced, and what to look at when it leaked. Plain
// data, from [[guide]] of the rule files; docs/rotate.md explains every field.
#pragma once

#include <string>
#include <vector>

namespace keytidy {

// Where a log shows what a key did.
struct LogFilter {
  std::string log;     // "Konstantly's audit log, or your SIEM"
  std::string filter;  // template: %{since}, %{name}, %{key_id}
  std::string shows;   // "every key made"
};

// Sentences for a person, in the order in which they are to be followed.
struct RotationGuide {
  std::vector<std::string> rules;
  std::vector<std::string> sources;
  std::vector<std::string> create;
  std::vector<std::string> revoke;
  std::vector<std::string> review;  // after a leak
  std::vector<LogFilter> logs;
};

}  // namespace keytidy
