// SPDX-License-Identifier: Apache-2.0
#include "policy/place_kinds.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace keytidy::policy {
namespace {

using Words = std::vector<std::string>;

const ClientPlace kArgs{"cursor", "notes", "args[1]"};
const ClientPlace kEnv{"cursor", "notes", "env.TOKEN"};
const ClientPlace kOther{"cursor", "files", "env.TOKEN"};

Violation Said(std::string check, std::string finding,
               std::optional<ClientPlace> client = std::nullopt) {
  Violation out;
  out.check = std::move(check);
  out.finding = std::move(finding);
  out.path = "mcp.json";
  out.client = std::move(client);
  return out;
}

TEST(PlaceKinds, EveryCheckHasItsWord) {
  const std::vector<Violation> violations = {
      Said("MCP-ARG", "kt-1", kArgs),
      Said("MCP-URLQ", "kt-1", kArgs),
      Said("KEY-HOST-MISMATCH", "kt-1", kArgs),
      Said("FILE-GIT-TRACKED", "kt-1"),
      Said("PKG-UNPINNED", "", kArgs),
      Said("MCP-PLAIN", "kt-1", kArgs)};
  EXPECT_EQ(PlaceKinds(violations).Of("kt-1", "mcp.json", kArgs),
            (Words{"argv", "tracked", "unknown-host", "unpinned", "url"}));
}

TEST(PlaceKinds, ASettingIsNotItsNeighbour) {
  const std::vector<Violation> violations = {Said("MCP-ARG", "kt-1", kArgs),
                                             Said("MCP-ARG", "kt-1", kArgs)};
  const PlaceKinds kinds(violations);
  EXPECT_EQ(kinds.Of("kt-1", "mcp.json", kArgs), Words{"argv"});
  EXPECT_EQ(kinds.Of("kt-1", "mcp.json", kEnv), Words());
  EXPECT_EQ(kinds.Of("kt-1", "mcp.json", std::nullopt), Words());
  EXPECT_EQ(kinds.Of("kt-2", "mcp.json", kArgs), Words());
  EXPECT_EQ(kinds.Of("kt-1", "other.json", kArgs), Words());
}

TEST(PlaceKinds, AFileIsAllOfIt) {
  // The audit names one of the places.
  const std::vector<Violation> violations = {
      Said("FILE-GIT-TRACKED", "kt-1", kArgs), Said("MCP-ARG", "kt-1")};
  const PlaceKinds kinds(violations);
  EXPECT_EQ(kinds.Of("kt-1", "mcp.json", kEnv), (Words{"argv", "tracked"}));
  EXPECT_EQ(kinds.Of("kt-2", "mcp.json", kEnv), Words());
}

TEST(PlaceKinds, AServerIsAllItsKeys) {
  ClientPlace server = kArgs;
  server.slot = "";
  const std::vector<Violation> violations = {Said("PKG-UNPINNED", "", server)};
  const PlaceKinds kinds(violations);
  EXPECT_EQ(kinds.Of("kt-1", "mcp.json", kArgs), Words{"unpinned"});
  EXPECT_EQ(kinds.Of("kt-2", "mcp.json", kEnv), Words{"unpinned"});
  EXPECT_EQ(kinds.Of("kt-2", "mcp.json", kOther), Words());
}

}  // namespace
}  // namespace keytidy::policy
