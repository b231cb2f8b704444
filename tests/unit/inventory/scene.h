// SPDX-License-Identifier: Apache-2.0
//
// Inventories for tests, in a folder of their own.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"
#include "unit/temp_dir.h"

namespace keytidy::inventory {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kNow = 1'774'951'200;

inline std::string FingerprintOf(std::uint64_t n) {
  return fmt::format("{:032x}", n * 0x9e3779b97f4a7c15);
}
inline std::string IdOf(std::uint64_t n) {
  return fmt::format("kt-{:016x}", n * 0xbf58476d1ce4e5b9);
}

inline SeenPlace PlaceAt(std::string path, std::string slot = "") {
  SeenPlace out;
  out.path = std::move(path);
  out.slot = std::move(slot);
  return out;
}

inline SeenKey KeyOf(std::uint64_t n) {
  SeenKey out;
  out.fingerprint = FingerprintOf(n);
  out.id = IdOf(n);
  out.rule = "kryton-api-key";
  out.provider = "kryton";
  out.title = "API key of Kryton";
  out.redacted = "kryton_****";
  out.tier = "high";
  out.places = {PlaceAt(fmt::format("/home/ada/{}/.env", n), "KRYTON_TOKEN")};
  return out;
}

inline std::vector<SeenKey> KeysOf(std::uint64_t from, std::uint64_t to) {
  std::vector<SeenKey> out;
  for (std::uint64_t n = from; n < to; ++n) out.push_back(KeyOf(n));
  return out;
}

inline Run RunAt(std::int64_t at, std::string scope = "audit",
                 std::string machine = "laptop") {
  Run out;
  out.machine = std::move(machine);
  out.scope = std::move(scope);
  out.at = at;
  return out;
}

// Stops the test program where it cannot be opened: nothing goes without it.
inline std::unique_ptr<Inventory> Opened(const std::string& path) {
  auto out = Inventory::Open(path);
  if (!out) {
    ADD_FAILURE() << out.error().message;
    std::abort();
  }
  return std::move(*out);
}

inline void Recorded(Inventory& inventory, const Run& run,
                     const std::vector<SeenKey>& keys) {
  const auto done = inventory.Record(run, keys);
  ASSERT_TRUE(done) << done.error().message;
}

inline std::vector<InventoryKey> Listed(Inventory& inventory,
                                        const Filter& filter = {}) {
  auto out = inventory.List(filter);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out ? std::move(*out) : std::vector<InventoryKey>();
}

inline InventoryKey Found(Inventory& inventory, std::string_view which) {
  auto out = inventory.Find(which);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out ? std::move(*out) : InventoryKey();
}

// Runs use() in a process of its own; its exit code, or minus the signal that
// ended it.
template <class Use>
pid_t InChild(const Use& use) {
  const pid_t child = fork();
  if (child == 0) _exit(use());
  return child;
}
inline int EndOf(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) return 255;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace keytidy::inventory
