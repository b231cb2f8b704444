// SPDX-License-Identifier: Apache-2.0
//
// Object folders made by hand.
#pragma once

#include <string>
#include <string_view>

#include "pack/object_store.h"
#include "unit/pack/pack_maker.h"
#include "unit/temp_dir.h"

namespace keytidy::pack {

class ObjectFolder {
 public:
  explicit ObjectFolder(const TempDir& dir, std::string name = "objects")
      : dir_(dir), name_(std::move(name)) {
    dir_.Directory(name_ + "/pack");
  }
  std::string path() const { return dir_ / name_; }

  ObjectId AddLoose(std::string_view content) const {
    const ObjectId id = IdOf(ObjectType::kBlob, content);
    WriteLoose(id, LooseBytes("blob", content));
    return id;
  }
  void WriteLoose(const ObjectId& id, std::string_view bytes) const {
    const std::string hex = id.Hex();
    Write(hex.substr(0, 2) + "/" + hex.substr(2), bytes);
  }
  void AddPack(const std::string& name, const PackMaker& maker) const {
    Write("pack/pack-" + name + ".pack", maker.Pack());
    Write("pack/pack-" + name + ".idx", maker.Index());
  }
  std::string Write(const std::string& name, std::string_view bytes) const {
    return dir_.Write(name_ + "/" + name, bytes);
  }

  ObjectStore Open(Check check = Check::kAll) const {
    return ObjectStore::Open(path(), {}, HashKind::kSha1, check);
  }

 private:
  const TempDir& dir_;
  std::string name_;
};

// "path: reason" of each, without the folder's own path.
inline std::string SkipsOf(const ObjectStore& store, const std::string& path) {
  std::string out;
  for (const Skip& skip : store.skipped()) {
    std::string text = skip.path + ": " + skip.reason;
    if (text.starts_with(path + "/")) text.erase(0, path.size() + 1);
    out += (skip.incomplete ? "" : "(noted) ") + text + "\n";
  }
  return out;
}

}  // namespace keytidy::pack
