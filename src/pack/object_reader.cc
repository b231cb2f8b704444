// SPDX-License-Identifier: Apache-2.0
#include <list>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "pack/delta.h"
#include "pack/inflate.h"
#include "pack/loose.h"
#include "pack/object_store.h"

namespace keytidy::pack {
namespace {

constexpr std::size_t kLongestChain = 10000;  // git makes at most 4,095
constexpr int kMostForeignBases = 16;
constexpr std::uint64_t kMostKept = std::uint64_t{32} << 20;
// What the links of one chain may make together, as on the walk (walk.cc); and
// all that a reader makes.
constexpr std::uint64_t kFreeExpansion = std::uint64_t{4} << 30;
constexpr std::uint64_t kExpansion = 20000;
constexpr std::uint64_t kMostMade = std::uint64_t{1} << 40;
constexpr std::size_t kMostNamed = 4096;  // kept by id

using Shared = std::shared_ptr<const Object>;

// What was read last, by its place in a pack.
class Cache {
 public:
  Shared Find(const PackFile& pack, std::uint64_t offset) {
    const auto it = places_.find({&pack, offset});
    if (it == places_.end()) return nullptr;
    items_.splice(items_.begin(), items_, it->second);
    return it->second->object;
  }
  void Add(const PackFile& pack, std::uint64_t offset, Shared object) {
    const std::uint64_t size = object->content.size();
    if (size > kMostKept / 4 || places_.count({&pack, offset}) != 0) return;
    items_.push_front({{&pack, offset}, std::move(object)});
    places_[{&pack, offset}] = items_.begin();
    kept_ += size;
    while (kept_ > kMostKept) {
      kept_ -= items_.back().object->content.size();
      places_.erase(items_.back().place);
      items_.pop_back();
    }
  }

 private:
  using Place = std::pair<const PackFile*, std::uint64_t>;
  struct Item {
    Place place;
    Shared object;
  };
  struct Hash {
    std::size_t operator()(const Place& place) const {
      return std::hash<const void*>()(place.first) * 31 +
             std::hash<std::uint64_t>()(place.second);
    }
  };
  std::list<Item> items_;
  std::unordered_map<Place, std::list<Item>::iterator, Hash> places_;
  std::uint64_t kept_ = 0;
};

}  // namespace

struct ObjectReader::Tools {
  explicit Tools(HashKind kind) : hasher(kind) {}
  Inflater inflater;
  ObjectHasher hasher;
  Cache cache;
  // Objects whose content was seen to make their id.
  std::unordered_map<ObjectId, Shared, ObjectIdHash> named;
  std::uint64_t named_bytes = 0;
  // Entries that cannot be made, or whose base cannot.
  std::map<std::pair<const PackFile*, std::uint64_t>, Error> bad;
  // Of the read at hand: bases in other packs, tried or being tried. What is
  // found once is found again; what is not, is not, and no ring is gone round.
  std::map<ObjectId, Shared> bases;
  // A base was refused for where the read stood, not for what it is.
  bool went_round = false;
  std::uint64_t made = 0;  // bytes, in the reader's life
};

ObjectReader::ObjectReader(const ObjectStore& store, std::uint64_t limit)
    : store_(store),
      limit_(limit),
      tools_(std::make_unique<Tools>(store.kind())) {}

ObjectReader::~ObjectReader() = default;

Result<Shared> ObjectReader::Read(const ObjectId& id) {
  const auto known = tools_->named.find(id);
  if (known != tools_->named.end()) return known->second;
  tools_->bases.clear();
  tools_->went_round = false;
  auto object = ReadAny(id, 0);
  if (!object) return object;
  const std::uint64_t size = (*object)->content.size();
  if (size > kMostKept / 4) return object;
  if (tools_->named.size() >= kMostNamed ||
      tools_->named_bytes + size > kMostKept) {
    tools_->named.clear();
    tools_->named_bytes = 0;
  }
  tools_->named.emplace(id, *object);
  tools_->named_bytes += size;
  return object;
}

Result<Shared> ObjectReader::ReadBase(const ObjectId& id, int depth) {
  if (depth > kMostForeignBases) {
    tools_->went_round = true;
    return Fail(ErrorCode::kLimit, "made from bases of too many other packs");
  }
  const auto [it, fresh] = tools_->bases.try_emplace(id);
  if (!fresh) {
    if (it->second) return it->second;
    tools_->went_round = true;
    return Fail(ErrorCode::kDamaged, "its base {} cannot be read", id.Hex());
  }
  auto object = ReadAny(id, depth);
  if (object) tools_->bases[id] = *object;
  return object;
}

bool ObjectReader::MakesId(const Object& object, const ObjectId& id) {
  return tools_->hasher.IdOf(object.type, object.content) == id;
}

Result<Shared> ObjectReader::ReadAny(const ObjectId& id, int depth) {
  Error error = {ErrorCode::kNotFound, "missing"};
  for (const auto& pack : store_.packs()) {
    const auto index = pack->Find(id);
    if (!index) continue;
    auto object = ReadPacked(*pack, pack->OffsetAt(*index), depth);
    if (object && MakesId(**object, id)) return object;
    error = object
                ? Error{ErrorCode::kDamaged, "its content does not make its id"}
                : object.error();
  }
  auto object = ReadLoose(id);
  if (object || object.error().code != ErrorCode::kNotFound) return object;
  return Fail(std::move(error));
}

Result<Shared> ObjectReader::ReadPacked(const PackFile& pack,
                                        std::uint64_t offset, int depth) {
  std::vector<Link> chain;
  auto made = MakePacked(pack, offset, depth, &chain);
  if (!made && !tools_->went_round) {
    // The last link that was tried is wrong, and with it all that hang on it.
    for (const Link& link : chain) {
      tools_->bad.try_emplace({&pack, link.offset}, made.error());
    }
  }
  return made;
}

// `chain` is left with the links that were not made.
Result<Shared> ObjectReader::MakePacked(const PackFile& pack,
                                        std::uint64_t offset, int depth,
                                        std::vector<Link>* links) {
  std::vector<Link>& chain = *links;
  Shared made;
  // Down to an object that is stored whole, or known.
  for (std::uint64_t at = offset;;) {
    made = tools_->cache.Find(pack, at);
    if (made) break;
    const auto bad = tools_->bad.find({&pack, at});
    if (bad != tools_->bad.end()) return Fail(bad->second);
    if (chain.size() == kLongestChain) {
      return Fail(ErrorCode::kDamaged, "its chain of deltas has no end");
    }
    auto entry = pack.EntryAt(at);
    if (!entry) return Fail(entry.error());
    chain.push_back({at, *entry});
    if (entry->base == Entry::Base::kNone) break;
    if (entry->base == Entry::Base::kOffset) {
      at = entry->base_offset;
      continue;
    }
    const auto index = pack.Find(entry->base_id);
    if (index) {
      at = pack.OffsetAt(*index);
      continue;
    }
    auto foreign = ReadBase(entry->base_id, depth + 1);
    if (!foreign) return foreign;
    made = *foreign;
    break;
  }
  std::vector<char> delta;
  std::uint64_t stored = 0;
  std::uint64_t total = 0;
  const auto expand = [&](std::uint64_t size) -> Status {
    total += size;
    tools_->made += size;
    if (total > kFreeExpansion + stored * kExpansion ||
        tools_->made > kMostMade) {
      return Fail(ErrorCode::kLimit,
                  "inflates to more than {} times its stored size", kExpansion);
    }
    return {};
  };
  for (; !chain.empty(); chain.pop_back()) {
    const Link* link = &chain.back();
    const std::string_view data =
        pack.bytes()
            .substr(link->offset, pack.end() - link->offset)
            .substr(link->entry.data);
    const std::uint64_t size = link->entry.size;
    if (!CouldInflateTo(data.size(), size)) {
      return Fail(ErrorCode::kDamaged, "states a size that it cannot have");
    }
    if (size > limit_) {
      return Fail(ErrorCode::kLimit, "larger than {} bytes",
                  WithThousands(limit_));
    }
    stored += size / 1032 + 32;
    auto object = std::make_shared<Object>();
    if (link->entry.base == Entry::Base::kNone) {
      if (auto ok = expand(size); !ok) return Fail(ok.error());
      object->type = link->entry.type;
      object->content.resize(size);
      auto used = tools_->inflater.Inflate(data, object->content.data(), size);
      if (!used) return Fail(used.error());
    } else {
      delta.resize(size);
      auto used = tools_->inflater.Inflate(data, delta.data(), size);
      if (!used) return Fail(used.error());
      const std::string_view text(delta.data(), size);
      auto sizes = ReadDeltaSizes(text);
      if (!sizes) return Fail(sizes.error());
      if (sizes->result > limit_) {
        return Fail(ErrorCode::kLimit, "larger than {} bytes",
                    WithThousands(limit_));
      }
      if (auto ok = expand(sizes->result); !ok) return Fail(ok.error());
      object->type = made->type;
      object->content.resize(sizes->result);
      if (auto ok = ApplyDelta(text, *sizes, made->content,
                               object->content.data(), nullptr);
          !ok) {
        return Fail(ok.error());
      }
    }
    made = std::move(object);
    tools_->cache.Add(pack, link->offset, made);
  }
  return made;
}

Result<Shared> ObjectReader::ReadLoose(const ObjectId& id) {
  Error error = {ErrorCode::kNotFound, "missing"};
  for (std::uint32_t d = 0; d < store_.directories().size(); ++d) {
    auto file = LooseObject::Open(store_.PathOf({id, d}));
    if (!file) {
      if (file.error().code != ErrorCode::kNotFound) error = file.error();
      continue;
    }
    auto content = file->ReadAll(limit_);
    if (!content) {
      error = content.error();
      continue;
    }
    auto object = std::make_shared<Object>();
    object->type = file->head().type;
    object->content = *std::move(content);
    if (MakesId(*object, id)) return Shared(std::move(object));
    error = {ErrorCode::kDamaged, "its content does not make its id"};
  }
  return Fail(std::move(error));
}

}  // namespace keytidy::pack
