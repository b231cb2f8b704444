// SPDX-License-Identifier: Apache-2.0
//
// A made-up pack in a file, its forest, and a visitor that writes down what it
// is told.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pack/delta_forest.h"
#include "pack/pack_file.h"
#include "pack/walk.h"
#include "unit/pack/pack_maker.h"
#include "unit/temp_dir.h"

namespace keytidy::pack {

// A number with the same text behind it; and a delta from any to another.
inline std::string Numbered(int first) {
  return fmt::format("{:06} and behind the number what all of them have",
                     first);
}
inline std::string RenumberDelta(int first) {
  const std::size_t size = Numbered(0).size();
  return DeltaHead(size, size) + InsertOp(Numbered(first).substr(0, 6)) +
         CopyOp(6, size - 6);
}

class PackScene {
 public:
  explicit PackScene(const PackMaker& maker, int version = 2)
      : PackScene(maker.Pack(), maker.Index(version)) {}
  PackScene(const std::string& pack, const std::string& index) {
    dir_.Write("pack-1.idx", index);
    auto opened = PackFile::Open(dir_.Write("pack-1.pack", pack),
                                 HashKind::kSha1, nullptr, Check::kAll);
    EXPECT_TRUE(opened) << opened.error().message;
    if (!opened) std::abort();
    file_ = std::make_unique<PackFile>(*std::move(opened));
    forest_ = std::make_unique<DeltaForest>(*file_);
  }
  const PackFile& file() const { return *file_; }
  const DeltaForest& forest() const { return *forest_; }

 private:
  TempDir dir_;
  std::unique_ptr<PackFile> file_;
  std::unique_ptr<DeltaForest> forest_;
};

struct Noted final : WalkVisitor {
  void OnObject(const WalkedObject& object) override {
    ++visits;
    most_slots = std::max(most_slots, object.slot + 1);
    if (object.wanted) {
      ++told[object.node];
      made[object.node] = std::string(object.content);
    }
  }
  void OnLarge(std::uint32_t node, std::uint64_t size,
               InflateStream& content) override {
    ++visits;
    ++told[node];
    std::string out(size + 1, '\0');
    std::size_t done = 0;
    for (;;) {
      const auto n = content.Read(out.data() + done, out.size() - done);
      if (!n || *n == 0) break;
      done += *n;
    }
    large[node] = done;
  }
  void OnFailure(std::uint32_t node, const Error& error) override {
    ++visits;
    ++told[node];
    failed[node] = error.message;
  }

  std::uint64_t visits = 0;
  std::uint32_t most_slots = 0;
  std::map<std::uint32_t, int> told;
  std::map<std::uint32_t, std::string> made;
  std::map<std::uint32_t, std::string> failed;
  std::map<std::uint32_t, std::uint64_t> large;
};

inline Noted WalkAll(const WalkPlan& plan, std::uint64_t memory = 1 << 28) {
  MemoryBudget budget(memory);
  Walker walker(&budget);
  Noted noted;
  for (std::size_t i = 0; i < plan.task_count(); ++i) {
    walker.Run(plan, plan.TaskAt(i), &noted, {});
  }
  return noted;
}

inline WalkPlan PlanAll(const DeltaForest& forest,
                        ObjectType type = ObjectType::kBlob) {
  return WalkPlan(forest, type, [](std::uint32_t) { return true; });
}

}  // namespace keytidy::pack
