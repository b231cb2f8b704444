// SPDX-License-Identifier: Apache-2.0
//
// All the places where a repository's objects are: its packs, its loose
// objects, and the same of every object folder it borrows from
// (info/alternates, GIT_ALTERNATE_OBJECT_DIRECTORIES).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "core/report.h"
#include "pack/multi_pack_index.h"
#include "pack/object.h"
#include "pack/pack_file.h"

namespace keytidy::pack {

struct LooseFile {
  ObjectId id;
  std::uint32_t directory = 0;  // index into ObjectStore::directories()
};

// What Open sees is fixed; Refresh looks again. Read-only use is safe from any
// thread.
class ObjectStore {
 public:
  // Never fails: what cannot be opened is in skipped().
  static ObjectStore Open(const std::string& object_dir,
                          const std::vector<std::string>& alternates,
                          HashKind kind, Check check);

  HashKind kind() const { return kind_; }
  // The object folders, its own first.
  const std::vector<std::string>& directories() const { return directories_; }
  const std::vector<std::shared_ptr<const PackFile>>& packs() const {
    return packs_;
  }
  // Files named like loose objects, by id, each id once; folders that cannot
  // be listed are added to `skipped`. Looks at 256 folders.
  std::vector<LooseFile> ListLoose(std::vector<Skip>* skipped) const;
  std::string PathOf(const LooseFile& file) const;
  // Packs, folders and tables that could not be read, with the reason.
  const std::vector<Skip>& skipped() const { return skipped_; }
  // Whether a pack came from a promisor, so that what its objects name may be
  // missing by design.
  bool has_promisor() const { return has_promisor_; }

  // Takes in packs that have come since (a repack, a fetch). Says whether there
  // are any; those that were there keep their places.
  bool Refresh();

  bool Contains(const ObjectId& id) const;
  // Objects whose hexadecimal form begins so; at most two. Four digits or more.
  std::vector<ObjectId> WithPrefix(std::string_view hex) const;

 private:
  void AddDirectory(const std::string& path, int depth);
  void ReadAlternates(const std::string& path, int depth);
  bool OpenPacks(const std::string& directory);

  HashKind kind_ = HashKind::kSha1;
  Check check_ = Check::kAll;
  std::vector<std::string> directories_;
  std::vector<std::unique_ptr<const MultiPackIndex>> multi_;
  std::set<std::string> seen_;  // paths of packs
  std::set<std::pair<std::uint64_t, std::uint64_t>>
      folders_;  // as stat has them
  std::vector<std::shared_ptr<const PackFile>> packs_;
  std::vector<Skip> skipped_;
  bool has_promisor_ = false;
};

struct Object {
  ObjectType type = ObjectType::kNone;
  std::string content;
};

// Reads single objects, wherever they are; every copy is tried before it gives
// up. Keeps some of what it read, for deltas are made from neighbours. One
// thread's.
class ObjectReader {
 public:
  // `limit`: no object is larger, and no more is kept. The store must outlive
  // it.
  explicit ObjectReader(const ObjectStore& store,
                        std::uint64_t limit = std::uint64_t{256} << 20);
  ~ObjectReader();

  // kNotFound: nowhere. kDamaged, kLimit: what was wrong with the last copy
  // tried.
  Result<std::shared_ptr<const Object>> Read(const ObjectId& id);

 private:
  struct Tools;
  using Shared = std::shared_ptr<const Object>;
  struct Link {
    std::uint64_t offset = 0;
    Entry entry;
  };
  Result<Shared> ReadPacked(const PackFile& pack, std::uint64_t offset,
                            int depth);
  Result<Shared> MakePacked(const PackFile& pack, std::uint64_t offset,
                            int depth, std::vector<Link>* links);
  Result<Shared> ReadBase(const ObjectId& id, int depth);
  bool MakesId(const Object& object, const ObjectId& id);
  Result<Shared> ReadLoose(const ObjectId& id);
  Result<Shared> ReadAny(const ObjectId& id, int depth);

  const ObjectStore& store_;
  const std::uint64_t limit_;
  std::unique_ptr<Tools> tools_;
};

}  // namespace keytidy::pack
