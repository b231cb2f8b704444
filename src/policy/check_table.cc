// SPDX-License-Identifier: Apache-2.0
#include "policy/check_table.h"

#include <algorithm>
#include <iterator>

namespace keytidy::policy {
namespace {

constexpr Severity kCritical = Severity::kCritical;
constexpr Severity kHigh = Severity::kHigh;
constexpr Severity kMedium = Severity::kMedium;
constexpr Severity kLow = Severity::kLow;
constexpr Severity kInfo = Severity::kInfo;

constexpr PolicyCheckInfo kChecks[] = {
    {"AGE-N", kMedium, kLow, "OWASP NHI7; CIS AWS 1.14; PCI DSS 8.6.3",
     "Replace it: keytidy rotate plan {}"},
    {"AGE-UNKNOWN", kInfo, kInfo, "OWASP Secrets Management 2.11",
     "Look it up at its provider, and replace it if in doubt."},
    {"EXP-SOON", kInfo, kInfo, "OWASP Secrets Management 2.7",
     "Have the next one ready before it ends."},
    {"EXPIRED", kLow, kLow, "OWASP Secrets Management 2.7",
     "Remove it, or replace it by one that works."},
    {"KEY-REUSE-CLIENT", kHigh, kLow, "OWASP NHI9; OWASP MCP Security",
     "Make a key for each program."},
    {"KEY-REUSE-ENV", kCritical, kLow, "OWASP NHI8; OWASP MCP07",
     "Make a key for each environment."},
    {"NAME-POOR", kMedium, kLow, "OWASP MCP08",
     "Name it for the program, the device and the purpose: "
     "cursor-laptop-readonly."},
    {"NO-EXPIRY", kMedium, kLow,
     "OWASP NHI7; OWASP MCP02; OWASP Secrets Management 2.7",
     "Replace it by one that expires."},
    {"OWNER-DEPARTED", kHigh, kLow, "OWASP NHI1",
     "Replace it, give the new one an owner, and revoke this one."},
    {"OWNER-MISSING", kMedium, kLow, "OWASP Secrets Management 2.11",
     "Say who answers for it: keytidy keys set {} --owner NAME"},
    {"POLICY-LIFETIME", kMedium, kLow, "OWASP NHI7; OWASP MCP02",
     "Replace it by one that is issued for a shorter time."},
    {"POLICY-PLACE", kHigh, kLow, "OWASP MCP01; OWASP NHI2",
     "Take it out of there, and replace it."},
    {"UNUSED-N", kMedium, kLow, "CIS AWS 1.12; OWASP NHI1",
     "Revoke it if nobody needs it."},
    {"WAIVER-EXPIRED", kMedium, kLow, "",
     "Mend what it excuses, or have its owner renew it."},
};

}  // namespace

std::span<const PolicyCheckInfo> PolicyChecks() { return kChecks; }

const PolicyCheckInfo& CheckOf(std::string_view id) {
  return *std::find_if(std::begin(kChecks), std::end(kChecks),
                       [id](const auto& check) { return check.id == id; });
}

}  // namespace keytidy::policy
