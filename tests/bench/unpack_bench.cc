// SPDX-License-Identifier: Apache-2.0
//
// Makes every object of the packs of an object folder and does nothing with it:
// the floor that a scan of the history stands on. Prints one line: objects,
// bytes inflated, bytes on disk, failures, seconds.
//
//   unpack_bench OBJECTS THREADS blobs|all
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "pack/object_store.h"
#include "pack/walk.h"

namespace {

using namespace keytidy::pack;  // NOLINT: a tool of one file

class Counter final : public WalkVisitor {
 public:
  void OnObject(const WalkedObject& object) override {
    if (!object.wanted) return;
    ++blobs;
    bytes += object.content.size();
  }
  void OnLarge(std::uint32_t, std::uint64_t size,
               InflateStream& content) override {
    std::vector<char> piece(1 << 18);
    for (;;) {
      auto n = content.Read(piece.data(), piece.size());
      if (!n || *n == 0) break;
    }
    ++blobs;
    bytes += size;
  }
  void OnFailure(std::uint32_t, const keytidy::Error&) override { ++failed; }

  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t failed = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::size_t threads = std::strtoul(argv[2], nullptr, 10);
  std::vector<ObjectType> types = {ObjectType::kBlob};
  if (std::string(argv[3]) == "all") {
    types = {ObjectType::kBlob, ObjectType::kTree, ObjectType::kCommit,
             ObjectType::kTag};
  }
  const auto start = std::chrono::steady_clock::now();
  const ObjectStore store =
      ObjectStore::Open(argv[1], {}, HashKind::kSha1, Check::kAll);
  MemoryBudget budget(std::uint64_t{400} << 20);
  std::uint64_t disk = 0;
  std::vector<Counter> counters(threads);
  for (const auto& pack : store.packs()) {
    disk += pack->bytes().size();
    const DeltaForest forest(*pack);
    for (const ObjectType type : types) {
      const WalkPlan plan(forest, type, [](std::uint32_t) { return true; });
      std::atomic<std::size_t> next{0};
      std::vector<std::thread> workers;
      for (std::size_t i = 0; i < threads; ++i) {
        workers.emplace_back([&, i] {
          Walker walker(&budget);
          for (;;) {
            const std::size_t task = next.fetch_add(1);
            if (task >= plan.task_count()) return;
            walker.Run(plan, plan.TaskAt(task), &counters[i], {});
          }
        });
      }
      for (std::thread& worker : workers) worker.join();
    }
  }
  Counter sum;
  for (const Counter& counter : counters) {
    sum.blobs += counter.blobs;
    sum.bytes += counter.bytes;
    sum.failed += counter.failed;
  }
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  fmt::print("{} objects, {} bytes, {} on disk, {} failed, {:.3f} s\n",
             sum.blobs, sum.bytes, disk, sum.failed, seconds.count());
  return sum.failed == 0 ? 0 : 1;
}
