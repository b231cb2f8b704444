// SPDX-License-Identifier: Apache-2.0
//
// A pack of entries as the input says, which is a row of
//   KIND BASE SIZE BYTES
// with KIND the type of entry (its high bit: BYTES are the compressed data as
// it is), BASE the number of an earlier entry, or of any for a delta by id, and
// SIZE the number of bytes. The ids are numbers, so that a base by id may be
// any entry. Walked over and read, in bounded work.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "check.h"
#include "pack/object_store.h"
#include "pack/walk.h"
#include "unit/pack/pack_maker.h"

namespace {

using keytidy::Check;
using keytidy::pack::DeltaForest;
using keytidy::pack::HashKind;
using keytidy::pack::ObjectId;
using keytidy::pack::ObjectType;
using keytidy::pack::PackMaker;

constexpr std::uint64_t kMemory = 1 << 20;
constexpr std::size_t kMostEntries = 64;

ObjectId Numbered(std::size_t number) {
  return keytidy::pack::MadeId(std::string(1, static_cast<char>(number)));
}

PackMaker MakerOf(std::string_view bytes) {
  PackMaker maker;
  while (bytes.size() >= 3 && maker.items().size() < kMostEntries) {
    const auto byte = [&](std::size_t i) {
      return std::size_t{static_cast<unsigned char>(bytes[i])};
    };
    const auto kind = static_cast<unsigned>(byte(0) & 7);
    const bool raw = (byte(0) & 0x80) != 0;
    const std::size_t base = byte(1);
    const std::string_view text = bytes.substr(3, byte(2));
    bytes.remove_prefix(3 + text.size());
    const std::size_t number = maker.items().size();
    std::string entry = keytidy::pack::EntryHead(kind, text.size());
    if (kind == 6) {
      const std::uint64_t at =
          base < number ? maker.items()[base].offset : base;
      entry += keytidy::pack::Distance(maker.Next() - at);
    } else if (kind == 7) {
      entry += keytidy::pack::BytesOf(Numbered(base));
    }
    entry += raw ? std::string(text) : keytidy::pack::Deflated(text);
    maker.AddRaw(entry, Numbered(number));
  }
  return maker;
}

struct Visitor final : keytidy::pack::WalkVisitor {
  void OnObject(const keytidy::pack::WalkedObject& object) override {
    visits += object.wanted ? 1 : 0;
    bytes += object.content.size();
  }
  void OnLarge(std::uint32_t, std::uint64_t,
               keytidy::pack::InflateStream&) override {
    ++visits;
  }
  void OnFailure(std::uint32_t, const keytidy::Error& error) override {
    ++visits;
    showable = showable && keytidy::IsShowable(error.message);
  }
  std::uint64_t visits = 0;
  std::uint64_t bytes = 0;
  bool showable = true;
};

// An object folder that goes with the process.
class Folder {
 public:
  Folder() {
    path_ = std::filesystem::temp_directory_path() / "keytidy-fuzz-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) std::abort();
    std::filesystem::create_directory(path_ + "/pack");
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  void Write(const std::string& name, std::string_view bytes) const {
    const std::string path = path_ + "/pack/" + name;
    std::filesystem::remove(path);
    std::ofstream out(path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out.good()) std::abort();
  }

 private:
  std::string path_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const Folder folder;
  const std::string bytes(data, data + size);
  PackMaker maker = MakerOf(bytes);
  folder.Write("pack-1.pack", maker.Pack());
  folder.Write("pack-1.idx", maker.Index());
  const auto store = keytidy::pack::ObjectStore::Open(
      folder.path(), {}, HashKind::kSha1, keytidy::pack::Check::kAll);
  Check(store.packs().size() == 1 && store.skipped().empty(), "it opens",
        bytes);
  const DeltaForest forest(*store.packs()[0]);
  keytidy::pack::MemoryBudget budget(kMemory);
  keytidy::pack::Walker walker(&budget);
  std::uint64_t planned = 0;
  Visitor visitor;
  for (const ObjectType type : {ObjectType::kCommit, ObjectType::kTree,
                                ObjectType::kBlob, ObjectType::kTag}) {
    const keytidy::pack::WalkPlan plan(forest, type,
                                       [](std::uint32_t) { return true; });
    planned += plan.wanted_count();
    for (std::size_t i = 0; i < plan.task_count(); ++i) {
      walker.Run(plan, plan.TaskAt(i), &visitor, {});
    }
  }
  Check(visitor.visits == planned, "each is told of once", bytes);
  Check(visitor.bytes <= kMemory * kMostEntries, "bounded work", bytes);
  Check(visitor.showable, "messages can be shown", bytes);
  Check(planned + forest.broken().size() == forest.size(),
        "each is planned or broken", bytes);
  keytidy::pack::ObjectReader reader(store, kMemory);
  for (const auto& item : maker.items()) {
    const auto object = reader.Read(item.id);
    Check(!object, "no content makes such an id", bytes);
    Check(keytidy::IsShowable(object.error().message), "the message", bytes);
  }
  return 0;
}
