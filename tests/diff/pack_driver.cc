// SPDX-License-Identifier: Apache-2.0
//
// Prints every object of an object folder, for pack_diff.py.
//
//   pack_driver OBJECTS [--kind sha256] [--memory MIB] [--read | --only ID]
//
// prints `id type size sha256-of-content` for what can be made, by id, and on
// standard error `failed id reason`, `skipped path reason`, and how often the
// walk called its visitor. Packs are walked, with all that the walk promises
// checked, and loose objects read; with --read all goes through ObjectReader,
// with --only one object.
//
//   pack_driver OBJECTS --damage FILE
//
// reads on standard input lines `cut SIZE` and `flip OFFSET MASK`, applies each
// to FILE, and does both of the above. What is made must be as before, and what
// is not must be named. FILE is as it was afterwards.
//
// Exit code 1: something that must hold does not.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/hasher.h"
#include "pack/delta_forest.h"
#include "pack/loose.h"
#include "pack/object_store.h"
#include "pack/object_table.h"
#include "pack/walk.h"

namespace {

using keytidy::Error;
using keytidy::ErrorCode;
using keytidy::Hasher;
using keytidy::Skip;
using keytidy::pack::Check;
using keytidy::pack::Copy;
using keytidy::pack::DeltaForest;
using keytidy::pack::HashKind;
using keytidy::pack::InflateStream;
using keytidy::pack::LooseFile;
using keytidy::pack::LooseObject;
using keytidy::pack::MemoryBudget;
using keytidy::pack::Name;
using keytidy::pack::ObjectHasher;
using keytidy::pack::ObjectId;
using keytidy::pack::ObjectReader;
using keytidy::pack::ObjectStore;
using keytidy::pack::ObjectTable;
using keytidy::pack::ObjectType;
using keytidy::pack::PackFile;
using keytidy::pack::WalkedObject;
using keytidy::pack::Walker;
using keytidy::pack::WalkPlan;
using keytidy::pack::WalkVisitor;

constexpr ObjectType kTypes[] = {ObjectType::kCommit, ObjectType::kTree,
                                 ObjectType::kBlob, ObjectType::kTag};

[[noreturn]] void Wrong(const std::string& what) {
  std::cerr << "wrong: " << what << "\n";
  std::_Exit(1);
}

std::string HexOf(const std::string& digest) {
  return keytidy::ToHex(reinterpret_cast<const std::uint8_t*>(digest.data()),
                        digest.size());
}

// What one look at the folder came to.
struct Seen {
  std::map<std::string, std::string> made;    // id -> the rest of the line
  std::map<std::string, std::string> failed;  // id -> reason
  std::vector<Skip> skipped;
  std::uint64_t visits = 0;

  void Add(const ObjectId& id, ObjectType type, std::uint64_t size,
           const std::string& sha256) {
    std::ostringstream line;
    line << Name(type) << ' ' << size << ' ' << HexOf(sha256);
    const auto [it, fresh] = made.try_emplace(id.Hex(), line.str());
    if (!fresh && it->second != line.str()) {
      Wrong(id.Hex() + " is two things: " + it->second + ", " + line.str());
    }
  }
};

// Reads to the end, in pieces; the digest, or why not.
template <class Stream>
std::string Drain(Stream& stream, std::uint64_t* size, std::string* digest) {
  std::vector<char> piece(1 << 16);
  Hasher hasher(Hasher::Kind::kSha256);
  for (*size = 0;;) {
    auto n = stream.Read(piece.data(), piece.size());
    if (!n) return n.error().message;
    if (*n == 0) break;
    hasher.Update({piece.data(), *n});
    *size += *n;
  }
  *digest = hasher.Finish();
  return "";
}

class Visitor final : public WalkVisitor {
 public:
  Visitor(const WalkPlan& plan, ObjectType type, Seen* seen)
      : plan_(plan), type_(type), seen_(*seen), done_(plan.forest().size()) {}

  void OnObject(const WalkedObject& object) override {
    ++seen_.visits;
    CheckCopies(object);
    if (object.slot >= 64) Wrong("more than 64 objects are held at a time");
    if (slots_.size() <= object.slot) slots_.resize(object.slot + 1);
    slots_[object.slot] = {object.node, std::string(object.content)};
    if (!object.wanted) return;
    Finish(object.node);
    Hasher hasher(Hasher::Kind::kSha256);
    hasher.Update(object.content);
    seen_.Add(IdOf(object.node), type_, object.content.size(), hasher.Finish());
  }

  void OnLarge(std::uint32_t node, std::uint64_t size,
               InflateStream& content) override {
    ++seen_.visits;
    Finish(node);
    std::uint64_t read = 0;
    std::string digest;
    std::string error = Drain(content, &read, &digest);
    if (error.empty() && read != size) error = "not of its size";
    if (!error.empty()) {
      seen_.failed[IdOf(node).Hex()] = error;
    } else {
      seen_.Add(IdOf(node), type_, size, digest);
    }
  }

  void OnFailure(std::uint32_t node, const Error& error) override {
    ++seen_.visits;
    Finish(node);
    if (error.message.empty()) Wrong("a failure without a reason");
    seen_.failed[IdOf(node).Hex()] = error.message;
  }

  void CheckAllDone() const {
    for (std::uint32_t node = 0; node < done_.size(); ++node) {
      if (plan_.IsWanted(node) != done_[node]) {
        Wrong("node " + std::to_string(node) + " was passed over");
      }
    }
  }

 private:
  struct Kept {
    std::uint32_t node = DeltaForest::kNone;
    std::string content;
  };

  ObjectId IdOf(std::uint32_t node) const {
    return plan_.forest().pack().IdAt(plan_.forest().IndexOf(node));
  }

  void Finish(std::uint32_t node) {
    if (!plan_.IsWanted(node)) Wrong("not wanted");
    if (done_[node]) Wrong("told of twice");
    done_[node] = true;
  }

  void CheckCopies(const WalkedObject& object) const {
    const std::uint32_t parent = plan_.forest().ParentOf(object.node);
    if (object.parent_slot == WalkedObject::kNoSlot) {
      if (parent != DeltaForest::kNone) Wrong("a delta without a parent");
      if (!object.copies.empty()) Wrong("a root has copies");
      return;
    }
    if (object.parent_slot == object.slot) Wrong("one slot for two");
    if (object.parent_slot >= slots_.size() ||
        slots_[object.parent_slot].node != parent) {
      Wrong("another object is in the parent's slot");
    }
    const std::string& base = slots_[object.parent_slot].content;
    std::size_t end = 0;
    for (const Copy& copy : object.copies) {
      if (copy.size == 0 || copy.to < end || copy.to > object.content.size() ||
          copy.size > object.content.size() - copy.to ||
          copy.from > base.size() || copy.size > base.size() - copy.from) {
        Wrong("a copy is out of place");
      }
      if (object.content.substr(copy.to, copy.size) !=
          std::string_view(base).substr(copy.from, copy.size)) {
        Wrong("a copy is none");
      }
      end = copy.to + copy.size;
    }
  }

  const WalkPlan& plan_;
  const ObjectType type_;
  Seen& seen_;
  std::vector<bool> done_;
  std::vector<Kept> slots_;
};

void WalkPack(const PackFile& pack, MemoryBudget* budget, Seen* seen) {
  const DeltaForest forest(pack);
  std::uint64_t planned = 0;
  for (const ObjectType type : kTypes) {
    const WalkPlan plan(forest, type, [&](std::uint32_t node) {
      return forest.IndexOf(node) != DeltaForest::kNone;
    });
    planned += plan.wanted_count();
    Visitor visitor(plan, type, seen);
    Walker walker(budget);
    for (std::size_t i = 0; i < plan.task_count(); ++i) {
      walker.Run(plan, plan.TaskAt(i), &visitor, {});
    }
    visitor.CheckAllDone();
  }
  for (const DeltaForest::Broken& broken : forest.broken()) {
    const std::uint32_t index = forest.IndexOf(broken.node);
    if (index == DeltaForest::kNone) continue;
    if (forest.TypeOf(broken.node) == ObjectType::kNone) ++planned;
    seen->failed[pack.IdAt(index).Hex()] = broken.error.message;
  }
  if (planned != pack.count()) Wrong("objects are missing from all plans");
}

void ReadLooseFile(const ObjectStore& store, const LooseFile& file,
                   Seen* seen) {
  auto object = LooseObject::Open(store.PathOf(file));
  if (!object) {
    seen->failed[file.id.Hex()] = object.error().message;
    return;
  }
  auto first = object->Content();
  std::uint64_t size = 0;
  std::string digest;
  std::string error = Drain(first, &size, &digest);
  ObjectHasher hasher(store.kind());
  hasher.Begin(object->head().type, size);
  std::vector<char> piece(1 << 12);
  for (auto again = object->Content(); error.empty();) {
    auto n = again.Read(piece.data(), piece.size());
    if (!n || *n == 0) break;
    hasher.Update({piece.data(), *n});
  }
  if (error.empty() && hasher.Finish() != file.id) {
    error = "its content does not make its id";
  }
  if (!error.empty()) {
    seen->failed[file.id.Hex()] = error;
  } else {
    seen->Add(file.id, object->head().type, size, digest);
  }
}

void CheckTable(const ObjectStore& store, const std::vector<LooseFile>& loose,
                const std::set<ObjectId>& ids) {
  auto table = ObjectTable::Make(store, loose);
  if (!table) Wrong(table.error().message);
  std::set<ObjectId> first;
  for (ObjectTable::Number n = 0; n < table->count(); ++n) {
    const ObjectId id = table->IdOf(n);
    const bool fresh = first.insert(id).second;
    if (table->IsFirst(n) != fresh) Wrong("the table's first is not first");
    if (fresh && table->Find(id) != n) Wrong("the table does not find");
  }
  if (first != ids) Wrong("the table does not have all");
}

Seen Look(const std::string& objects, HashKind kind, bool read,
          std::uint64_t memory, const std::string& only = "") {
  Seen seen;
  const ObjectStore store = ObjectStore::Open(objects, {}, kind, Check::kAll);
  const std::vector<LooseFile> loose = store.ListLoose(&seen.skipped);
  seen.skipped.insert(seen.skipped.end(), store.skipped().begin(),
                      store.skipped().end());
  std::set<ObjectId> ids;
  for (const auto& pack : store.packs()) {
    for (std::uint32_t i = 0; i < pack->count(); ++i) ids.insert(pack->IdAt(i));
  }
  for (const LooseFile& file : loose) ids.insert(file.id);
  CheckTable(store, loose, ids);
  if (const auto id = ObjectId::FromHex(only)) ids = {*id};
  if (read) {
    ObjectReader reader(store, memory);
    for (const ObjectId& id : ids) {
      auto object = reader.Read(id);
      if (!object) {
        seen.failed[id.Hex()] = object.error().message;
        continue;
      }
      Hasher hasher(Hasher::Kind::kSha256);
      hasher.Update((*object)->content);
      seen.Add(id, (*object)->type, (*object)->content.size(), hasher.Finish());
    }
  } else {
    MemoryBudget budget(memory);
    for (const auto& pack : store.packs()) WalkPack(*pack, &budget, &seen);
    for (const LooseFile& file : loose) ReadLooseFile(store, file, &seen);
  }
  for (const ObjectId& id : ids) {
    if (seen.made.count(id.Hex()) == 0 && seen.failed.count(id.Hex()) == 0) {
      Wrong(id.Hex() + " is neither made nor named");
    }
  }
  return seen;
}

void Print(const Seen& seen) {
  for (const auto& [id, line] : seen.made) {
    std::cout << id << ' ' << line << '\n';
  }
  for (const auto& [id, reason] : seen.failed) {
    if (seen.made.count(id) == 0) {
      std::cerr << "failed " << id << ' ' << reason << '\n';
    }
  }
  for (const Skip& skip : seen.skipped) {
    std::cerr << (skip.incomplete ? "skipped " : "noted ") << skip.path << ' '
              << skip.reason << '\n';
  }
  std::cerr << "visits " << seen.visits << '\n';
}

// A new file in its place, never the old one changed: it may be mapped.
void Replace(const std::string& path, std::string_view bytes) {
  unlink(path.c_str());
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out.good()) Wrong("cannot write " + path);
}

// Damage to `file` may be told under every name that begins so: a pack's and
// its index's, and any of a folder's for what has no ending.
std::string Stem(const std::string& file) {
  const std::size_t dot = file.rfind('.');
  return dot == std::string::npos || file.find('/', dot) != std::string::npos
             ? file.substr(0, file.rfind('/'))
             : file.substr(0, dot);
}

int Damage(const std::string& objects, HashKind kind, const std::string& file,
           std::uint64_t memory) {
  std::ifstream in(file, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)),
                         std::istreambuf_iterator<char>());
  const Seen whole = Look(objects, kind, false, memory);
  std::string what;
  std::uint64_t at = 0;
  std::uint64_t count = 0, unharmed = 0, wrong = 0;
  while (std::cin >> what >> at) {
    unsigned mask = 0;
    std::string bytes = good;
    if (what == "flip") {
      std::cin >> mask;
      bytes.at(at) = static_cast<char>(bytes.at(at) ^ static_cast<int>(mask));
    } else {
      bytes.resize(at);
    }
    Replace(file, bytes);
    ++count;
    for (const bool read : {false, true}) {
      const Seen seen = Look(objects, kind, read, memory);
      bool skipped = false;
      for (const Skip& skip : seen.skipped) {
        skipped |= skip.incomplete && skip.path.starts_with(Stem(file));
      }
      std::string error;
      for (const auto& [id, line] : seen.made) {
        const auto it = whole.made.find(id);
        if (it == whole.made.end() || it->second != line) error = "made " + id;
      }
      for (const auto& [id, line] : whole.made) {
        if (seen.made.count(id) == 0 && seen.failed.count(id) == 0 &&
            !skipped) {
          error = "silent on " + id;
        }
      }
      if (read && seen.made.size() == whole.made.size()) ++unharmed;
      if (error.empty()) continue;
      ++wrong;
      std::cout << what << ' ' << at << ' ' << mask
                << (read ? " read: " : " walk: ") << error << '\n';
    }
  }
  Replace(file, good);
  std::cout << count << " damages, " << unharmed << " without harm, " << wrong
            << " wrong\n";
  return wrong == 0 && count > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string objects;
  std::string damage;
  std::string only;
  HashKind kind = HashKind::kSha1;
  bool read = false;
  std::uint64_t memory = 256;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "--read") {
      read = true;
    } else if (word == "--only") {
      read = true;
      only = value();
    } else if (word == "--kind") {
      kind = value() == std::string_view("sha256") ? HashKind::kSha256
                                                   : HashKind::kSha1;
    } else if (word == "--memory") {
      memory = std::strtoull(value(), nullptr, 10);
    } else if (word == "--damage") {
      damage = value();
    } else {
      objects = word;
    }
  }
  if (objects.empty()) {
    std::cerr << "usage: pack_driver OBJECTS [--kind sha256] [--memory MIB] "
                 "[--read | --only ID | --damage FILE]\n";
    return 2;
  }
  if (!damage.empty()) return Damage(objects, kind, damage, memory << 20);
  Print(Look(objects, kind, read, memory << 20, only));
  return 0;
}
