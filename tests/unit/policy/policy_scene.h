// SPDX-License-Identifier: Apache-2.0
//
// Keys, policies and what is said of them, in few words.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "policy/policy_check.h"

namespace keytidy::policy {

inline constexpr std::int64_t kDay = 86400;
inline constexpr std::int64_t kNow = 1774951200;  // 2026-03-31T10:00:00Z

inline PolicyKey Key(std::string id = "kt-1") {
  PolicyKey key;
  key.id = std::move(id);
  key.rule = "kryton-api-key";
  key.provider = "kryton";
  key.name = "cursor-laptop-notes";
  key.owner = "ana";
  key.redacted = "demo…1234";
  key.evidence = {{"provider-created", kNow - kDay}};
  return key;
}

inline PolicyKey Aged(std::string source, std::int64_t days) {
  PolicyKey key = Key();
  key.evidence = {{std::move(source), kNow - days * kDay}};
  return key;
}

inline PolicyPlace At(std::string path, std::string client = "",
                      std::vector<std::string> kinds = {}) {
  PolicyPlace place;
  place.path = std::move(path);
  place.line = 3;
  place.client = std::move(client);
  place.kinds = std::move(kinds);
  return place;
}

// A policy of one rule that fits every key.
inline Policy With(const std::function<void(PolicyRule*)>& change) {
  Policy policy;
  policy.name = "keytidy.toml";
  PolicyRule rule;
  rule.line = 7;
  change(&rule);
  policy.rules.push_back(rule);
  return policy;
}

// "AGE-N medium fail" of each, separated by "; ".
inline std::string Found(const Policy& policy,
                         const std::vector<PolicyKey>& keys) {
  std::string out;
  for (const Violation& one : CheckPolicy(policy, keys, kNow)) {
    if (!out.empty()) out += "; ";
    out += one.check + " " + std::string(Name(one.severity)) + " " +
           std::string(Name(one.decision.action));
  }
  return out;
}

inline std::string Found(const Policy& policy, const PolicyKey& key) {
  return Found(policy, std::vector<PolicyKey>{key});
}

// The message of the only violation.
inline std::string Message(const Policy& policy, const PolicyKey& key) {
  const auto all = CheckPolicy(policy, std::vector<PolicyKey>{key}, kNow);
  return all.size() == 1 ? all[0].message
                         : std::to_string(all.size()) + " violations";
}

inline Waiver Waive(std::int64_t ends) {
  Waiver waiver;
  waiver.fingerprint = "kt-1";
  waiver.owner = "ben";
  waiver.reason = "the vendor is slow";
  waiver.until = "2026-03-31";
  waiver.ends = ends;
  waiver.line = 9;
  return waiver;
}

inline std::vector<Violation> CheckPolicies(
    std::span<const Policy> policies, const std::vector<PolicyKey>& keys) {
  PolicyChecker checker(policies, kNow);
  for (const PolicyKey& key : keys) checker.Add(key);
  return checker.Finish();
}

// Every field that is not the check's own, a line each.
inline std::string Everything(const std::vector<Violation>& violations) {
  std::string out;
  for (const Violation& one : violations) {
    out += std::string(Name(one.severity)) + "|" + one.path + "|" +
           std::to_string(one.line) + "|" + one.check + "|" + one.finding +
           "|" + one.message + "|" + std::string(Name(one.decision.action)) +
           "|" + one.decision.because + "|" +
           (one.client ? one.client->name : "") + "\n";
  }
  return out;
}

}  // namespace keytidy::policy
