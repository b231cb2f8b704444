// SPDX-License-Identifier: Apache-2.0
#include "audit/check_table.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace keytidy::audit {
namespace {

constexpr Severity kCritical = Severity::kCritical;
constexpr Severity kHigh = Severity::kHigh;
constexpr Severity kMedium = Severity::kMedium;
constexpr Severity kLow = Severity::kLow;
constexpr Severity kInfo = Severity::kInfo;

// Sorted by id.
constexpr CheckInfo kChecks[] = {
    {"AGE-N", kMedium, "A key is older than its tier allows",
     "keys are older than their tiers allow",
     "OWASP NHI7; CIS AWS 1.14; PCI DSS 8.6.3"},
    {"AGE-UNKNOWN", kInfo, "Nothing tells how old a key is",
     "keys have no evidence of their age", "OWASP Secrets Management 2.11"},
    {"AUTO-APPROVE-ALL", kMedium, "Every tool may run without asking",
     "settings let every tool run without asking", "OWASP MCP Security"},
    {"AUTO-APPROVE-WRITE", kMedium,
     "Tools that change things run without asking",
     "servers may change things without asking", "OWASP MCP Security"},
    {"BRIDGE-CORS", kMedium, "A bridge answers web pages of any origin",
     "bridges answer web pages of any origin", "OWASP MCP07"},
    {"BRIDGE-OPEN", kHigh, "A bridge with a key listens at all interfaces",
     "bridges with a key listen at all interfaces",
     "OWASP MCP07; OWASP MCP Security"},
    {"EXP-SOON", kInfo, "A key expires within 14 days",
     "keys expire within 14 days", "OWASP Secrets Management 2.7"},
    {"EXPIRED", kLow, "A key has expired and is still configured",
     "keys have expired and are still configured",
     "OWASP Secrets Management 2.7"},
    {"FILE-BACKUP", kMedium, "An old copy of a settings file holds a key",
     "old copies of settings files hold keys",
     "OWASP NHI2; OWASP Secrets Management"},
    {"FILE-GIT-NOTIGNORED", kHigh,
     "A project's file with a key is not ignored by git",
     "project files with keys are not ignored by git", "OWASP NHI2"},
    {"FILE-GIT-TRACKED", kCritical, "git tracks a file with a key",
     "files with keys are tracked by git", "OWASP NHI2"},
    {"FILE-PERM", kMedium, "Others may read a file with a key",
     "files with keys may be read by others",
     "OWASP Secrets Management; OWASP MCP Security"},
    {"FILE-PROJECT-SCOPE", kMedium,
     "A key stands in settings that a project shares",
     "keys stand in settings that a project shares", "OWASP NHI2; OWASP MCP01"},
    {"FILE-SYNCED", kMedium, "A file with a key is copied off this machine",
     "files with keys are copied off this machine", "OWASP NHI2"},
    {"FILE-WORLD-MANAGED", kHigh,
     "A key stands in settings for all users of the machine",
     "keys stand in settings for all users of the machine",
     "OWASP NHI2; OWASP MCP01"},
    {"HUMAN-NHI", kMedium, "A key is used by the wrong sort of user",
     "keys are used by the wrong sort of user", "OWASP NHI10"},
    {"KEY-HOST-MISMATCH", kCritical,
     "A key is sent to a host that is not its provider's",
     "keys are sent to hosts that are not their providers'",
     "OWASP MCP01; OWASP NHI2"},
    {"KEY-PROD-IN-DEV", kHigh, "A live key is used for development",
     "live keys are used for development", "OWASP NHI8"},
    {"KEY-REUSE-CLIENT", kHigh, "Several programs share a key",
     "keys are shared by several programs", "OWASP NHI9; OWASP MCP Security"},
    {"KEY-REUSE-ENV", kCritical, "Development and production share a key",
     "keys are shared by development and production",
     "OWASP NHI8; OWASP MCP07"},
    {"KEY-REUSE-SERVER", kHigh, "Several servers share a key",
     "keys are shared by several servers", "OWASP NHI9; OWASP MCP07"},
    {"KEYCHAIN-HALFWAY", kMedium, "A copy in clear is left beside the keychain",
     "copies in clear are left beside the keychain",
     "OWASP NHI2; OWASP Secrets Management"},
    {"LOG-LEAK", kHigh, "A key is in a transcript, history or log",
     "keys are in transcripts, histories or logs", "OWASP MCP01; OWASP NHI2"},
    {"MCP-ARG", kHigh, "A key stands on a command line",
     "keys stand on command lines", "OWASP MCP01; OWASP NHI2"},
    {"MCP-DEADFIELD", kLow, "A setting is not read by the client",
     "settings are not read by their clients", "OWASP MCP01"},
    {"MCP-NAMEFIELD", kHigh,
     "A key stands where the name of a variable belongs",
     "keys stand where names of variables belong", "OWASP MCP01; OWASP NHI2"},
    {"MCP-PLAIN", kHigh, "A key stands in clear in a client's settings",
     "keys stand in clear in clients' settings",
     "OWASP MCP01; OWASP NHI2; PCI DSS 8.6.2"},
    {"MCP-REFDEFAULT", kHigh, "A key is the fallback of a reference",
     "keys are fallbacks of references", "OWASP MCP01; OWASP NHI2"},
    {"MCP-REFDIALECT", kMedium,
     "A reference is in a form that the client does not replace",
     "references are in forms that their clients do not replace",
     "OWASP MCP01"},
    {"MCP-URLQ", kHigh, "A key stands in an address", "keys stand in addresses",
     "OWASP NHI2; OWASP MCP01"},
    {"NAME-MISMATCH", kMedium, "A key named for one program is in another",
     "keys named for one program are in another", "OWASP MCP08"},
    {"NAME-POOR", kLow, "A key's name says nothing",
     "keys have names that say nothing", "OWASP MCP08"},
    {"NO-EXPIRY", kMedium, "A token never expires", "tokens never expire",
     "OWASP NHI7; OWASP MCP02; OWASP Secrets Management 2.7"},
    {"ORPHAN-CLIENT", kMedium, "A program is gone and its keys are still here",
     "programs are gone and their keys are still here",
     "OWASP NHI1; CIS AWS 1.12"},
    {"PKG-AUTOYES", kMedium, "An unpinned package is installed without asking",
     "servers install unpinned packages without asking", "OWASP MCP04"},
    {"PKG-UNKNOWN", kLow, "A package's publisher is not known",
     "servers run packages whose publishers are not known",
     "OWASP MCP04; OWASP NHI3"},
    {"PKG-UNPINNED", kMedium, "A package's version is not pinned",
     "servers run packages whose versions are not pinned", "OWASP MCP04"},
    {"SCOPE-TOOLS-ALL", kLow, "A key that may write is open to all tools",
     "servers offer all tools with a key that may write", "OWASP MCP02"},
    {"SCOPE-WRITE", kLow, "A key may do more than its server's tools need",
     "keys may do more than their servers' tools need",
     "OWASP NHI5; OWASP MCP02"},
    {"SERVER-SHADOW", kInfo, "Many clients have the same server",
     "servers are in many clients", "OWASP MCP09"},
    {"SHARED-SHELL", kMedium, "A shell gives a key to every program",
     "keys are given to every program by a shell", "OWASP MCP01; OWASP NHI2"},
    {"SVC-ENV", kMedium, "A service has a key among its variables",
     "services have keys among their variables", "systemd.exec(5); OWASP NHI2"},
    {"SVC-KEEPALIVE", kLow, "A tunnel or bridge is always running",
     "tunnels or bridges are always running", "OWASP MCP07"},
    {"TUNNEL-NOAUTH", kHigh, "A tunnel lets anybody in",
     "tunnels let anybody in", "OWASP MCP07; OWASP MCP09"},
    {"URL-PLAIN-HTTP", kHigh, "A key is sent without encryption",
     "keys are sent without encryption", "OWASP MCP Security"},
    {"URL-PRIVATE", kMedium, "A server is reached by way of a tunnel",
     "servers are reached by way of tunnels", "OWASP MCP09"},
};

}  // namespace

std::span<const CheckInfo> Checks() { return kChecks; }

const CheckInfo& CheckOf(std::string_view id) {
  const auto it =
      std::lower_bound(std::begin(kChecks), std::end(kChecks), id,
                       [](const CheckInfo& one, std::string_view name) {
                         return one.id < name;
                       });
  assert(it != std::end(kChecks) && it->id == id);
  return *it;
}

}  // namespace keytidy::audit
