// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "git/history_graph.h"

namespace keytidy::git {
namespace {

constexpr Number kNone = pack::ObjectTable::kNone;
// Ids that were looked up last, by their own bytes. Versions of one folder
// follow each other and name mostly the same objects.
constexpr std::size_t kSeen = 1 << 13;

std::uint64_t HashOf(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace

std::uint32_t NameTable::Intern(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto [it, fresh] = ids_.try_emplace(
      std::string(name), static_cast<std::uint32_t>(names_.size()));
  if (fresh) names_.push_back(&it->first);
  return it->second;
}

struct GraphVisitor::Seen {
  std::array<std::uint8_t, 16> id{};  // enough of it that nobody can make two
  Number number = kNone;
  bool used = false;
};

// An edge as it stands in a tree at hand.
struct GraphVisitor::Link {
  std::uint64_t name_hash = 0;
  Number child = 0;
  std::uint32_t name_at = 0;  // in the content
  std::uint32_t name_size = 0;
  std::uint32_t interned = ~std::uint32_t{0};
  bool Same(const Link& other) const {
    return name_hash == other.name_hash && child == other.child &&
           name_size == other.name_size;
  }
};

// What is kept of a tree while others are made from it.
struct GraphVisitor::Slot {
  std::vector<std::uint32_t> starts;  // of its entries, and the end
  std::vector<Link> links;            // ascending by name_at
};

GraphVisitor::GraphVisitor(const pack::ObjectTable& table,
                           const std::vector<bool>& asked, NameTable* names)
    : table_(table), asked_(asked), names_(names), seen_(kSeen) {}

GraphVisitor::~GraphVisitor() = default;

void GraphVisitor::Begin(std::size_t pack, const pack::DeltaForest& forest,
                         pack::ObjectType type) {
  pack_ = pack;
  forest_ = &forest;
  type_ = type;
}

void GraphVisitor::OnObject(const pack::WalkedObject& object) {
  const std::uint32_t index = forest_->IndexOf(object.node);
  const Number number =
      index == pack::DeltaForest::kNone ? kNone : table_.NumberOf(pack_, index);
  if (type_ != pack::ObjectType::kTree) {
    if (object.wanted && number != kNone) {
      if (type_ == pack::ObjectType::kCommit) {
        ReadCommit(number, object.content);
      } else {
        ReadTag(number, object.content);
      }
    }
    return;
  }
  if (slots_.size() <= object.slot) slots_.resize(object.slot + std::size_t{1});
  // A slot is given away only after its object's last child was made, so the
  // parent's is never the object's own.
  Slot& slot = slots_[object.slot];
  const Slot* parent = object.parent_slot == pack::WalkedObject::kNoSlot
                           ? nullptr
                           : &slots_[object.parent_slot];
  ReadTree(object.wanted ? number : kNone, object.content, object.copies,
           parent, &slot);
  const std::vector<Link>* before = parent ? &parent->links : nullptr;
  const Middle middle = ResolveNames(object.content, &slot.links, before);
  if (object.wanted && number != kNone) {
    EmitTree(number, slot.links, before, middle);
  }
}

// Which edges a tree does not share with its parent, as they stand: all but
// the first `front` and the last `back`. Names are interned for those only;
// the others have them from the parent.
GraphVisitor::Middle GraphVisitor::ResolveNames(
    std::string_view content, std::vector<Link>* links,
    const std::vector<Link>* parent) {
  static const std::vector<Link> kNothing;
  const std::vector<Link>& old = parent == nullptr ? kNothing : *parent;
  const std::size_t size = links->size();
  Middle out;
  for (; out.front < size && out.front < old.size(); ++out.front) {
    Link& link = (*links)[out.front];
    if (!link.Same(old[out.front])) break;
    link.interned = old[out.front].interned;
  }
  const std::size_t most = std::min(size, old.size()) - out.front;
  for (; out.back < most; ++out.back) {
    Link& link = (*links)[size - 1 - out.back];
    const Link& other = old[old.size() - 1 - out.back];
    if (!link.Same(other)) break;
    link.interned = other.interned;
  }
  for (std::size_t i = out.front; i < size - out.back; ++i) {
    Link& link = (*links)[i];
    link.interned =
        names_->Intern(content.substr(link.name_at, link.name_size));
  }
  return out;
}

void GraphVisitor::OnLarge(std::uint32_t node, std::uint64_t,
                           pack::InflateStream&) {
  OnFailure(node, {ErrorCode::kInternal, "a blob among the trees"});
}

void GraphVisitor::OnFailure(std::uint32_t node, const Error& error) {
  const std::uint32_t index = forest_->IndexOf(node);
  if (index == pack::DeltaForest::kNone) return;
  part_.damaged.push_back({table_.NumberOf(pack_, index), error});
}

void GraphVisitor::OnWhole(Number number, pack::ObjectType type,
                           std::string_view content) {
  switch (type) {
    case pack::ObjectType::kTree: {
      Slot slot;
      ReadTree(number, content, {}, nullptr, &slot);
      EmitTree(number, slot.links, nullptr,
               ResolveNames(content, &slot.links, nullptr));
      part_.whole.push_back(number);
      break;
    }
    case pack::ObjectType::kCommit:
      ReadCommit(number, content);
      break;
    case pack::ObjectType::kTag:
      ReadTag(number, content);
      break;
    default:
      break;
  }
}

GraphVisitor::Seen& GraphVisitor::Look(const pack::ObjectId& id) {
  Seen& seen = seen_[id.Prefix() % kSeen];
  std::memcpy(seen.id.data(), id.data(), seen.id.size());
  seen.used = true;
  seen.number = table_.Find(id);
  return seen;
}

// One entry; false where none can be read.
bool GraphVisitor::ReadEntry(Number number, std::string_view content,
                             std::size_t* at, std::vector<Link>* links) {
  TreeReader reader(content.substr(*at), table_.kind());
  TreeEntry entry;
  if (!reader.Next(&entry)) return false;
  *at = static_cast<std::size_t>(reinterpret_cast<const char*>(entry.id) -
                                 content.data()) +
        pack::IdSize(table_.kind());
  if (IsGitlink(entry.mode)) return true;
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, entry.id, sizeof prefix);
  Seen* seen = &seen_[prefix % kSeen];
  if (!seen->used ||
      std::memcmp(seen->id.data(), entry.id, seen->id.size()) != 0) {
    seen = &Look(pack::ObjectId(entry.id, table_.kind()));
  }
  if (seen->number == kNone) {
    part_.missing.push_back(
        {pack::ObjectId(entry.id, table_.kind()),
         IsTree(entry.mode) ? pack::ObjectType::kTree : pack::ObjectType::kBlob,
         number});
    return true;
  }
  if (IsTree(entry.mode) || asked_[seen->number]) {
    Link link;
    link.name_hash = HashOf(entry.name);
    link.child = seen->number;
    link.name_at =
        static_cast<std::uint32_t>(entry.name.data() - content.data());
    link.name_size = static_cast<std::uint32_t>(entry.name.size());
    links->push_back(link);
  }
  return true;
}

// Most of a tree is a copy of its parent. Where an entry begins in a copied
// stretch at a place where one begins in the parent, all entries that end in
// the stretch are the parent's, and so are their edges.
void GraphVisitor::ReadTree(Number number, std::string_view content,
                            std::span<const pack::Copy> copies,
                            const Slot* parent, Slot* out) {
  out->links.clear();
  out->starts.clear();
  std::size_t at = 0;
  auto copy = copies.begin();
  while (at < content.size()) {
    while (copy != copies.end() && copy->to + copy->size <= at) ++copy;
    if (copy != copies.end() && copy->to <= at && parent != nullptr) {
      const std::size_t from = at - copy->to + copy->from;
      const auto first =
          std::lower_bound(parent->starts.begin(), parent->starts.end(), from);
      if (first != parent->starts.end() && *first == from) {
        const auto last = std::upper_bound(first, parent->starts.end(),
                                           copy->from + copy->size) -
                          1;
        if (last > first) {
          const std::size_t to = *last - from + at;
          TakeOver(*parent, from, *last, at, out);
          at = to;
          continue;
        }
      }
    }
    out->starts.push_back(static_cast<std::uint32_t>(at));
    if (!ReadEntry(number, content, &at, &out->links)) {
      out->starts.pop_back();
      if (number != kNone) {
        part_.damaged.push_back(
            {number, {ErrorCode::kDamaged, "tree: an entry cannot be read"}});
      }
      return;
    }
  }
  out->starts.push_back(static_cast<std::uint32_t>(at));
}

// The parent's entries in [from, end), which stand at `at` here.
void GraphVisitor::TakeOver(const Slot& parent, std::size_t from,
                            std::size_t end, std::size_t at, Slot* out) {
  const auto shift =
      static_cast<std::uint32_t>(at) - static_cast<std::uint32_t>(from);
  const auto first =
      std::lower_bound(parent.starts.begin(), parent.starts.end(), from);
  const auto last = std::lower_bound(first, parent.starts.end(), end);
  const std::size_t known = out->starts.size();
  out->starts.resize(known + static_cast<std::size_t>(last - first));
  std::transform(first, last,
                 out->starts.begin() + static_cast<std::ptrdiff_t>(known),
                 [shift](std::uint32_t start) { return start + shift; });
  auto link = std::lower_bound(
      parent.links.begin(), parent.links.end(), from,
      [](const Link& one, std::size_t value) { return one.name_at < value; });
  for (; link != parent.links.end() && link->name_at < end; ++link) {
    out->links.push_back(*link);
    out->links.back().name_at += shift;
  }
}

void GraphVisitor::EmitTree(Number number, const std::vector<Link>& links,
                            const std::vector<Link>* parent,
                            const Middle& middle) {
  GraphPart::Tree tree;
  tree.tree = number;
  tree.first = part_.edges.size();
  for (std::size_t i = middle.front; i < links.size() - middle.back; ++i) {
    part_.edges.push_back({links[i].interned, links[i].child});
    ++tree.adds;
  }
  if (parent != nullptr) {
    for (std::size_t i = middle.front; i < parent->size() - middle.back; ++i) {
      const Link& link = (*parent)[i];
      part_.edges.push_back({link.interned, link.child});
      ++tree.removes;
    }
  }
  if (tree.adds + tree.removes > 0) part_.trees.push_back(tree);
}

void GraphVisitor::ReadCommit(Number number, std::string_view content) {
  auto commit = ParseCommit(content);
  if (!commit) {
    part_.damaged.push_back({number, commit.error()});
    return;
  }
  GraphPart::CommitNode node;
  node.number = number;
  node.time = commit->time;
  node.tree = table_.Find(commit->tree);
  if (node.tree == kNone) {
    part_.missing.push_back({commit->tree, pack::ObjectType::kTree, number});
  }
  node.first_parent = part_.parents.size();
  for (const pack::ObjectId& id : commit->parents) {
    const Number parent = table_.Find(id);
    if (parent == kNone) {
      part_.missing.push_back({id, pack::ObjectType::kCommit, number});
    }
    part_.parents.push_back(parent);
    ++node.parents;
  }
  part_.commits.push_back(node);
}

void GraphVisitor::ReadTag(Number number, std::string_view content) {
  auto target = ParseTagTarget(content);
  if (!target) {
    part_.damaged.push_back({number, target.error()});
    return;
  }
  const Number found = table_.Find(*target);
  if (found == kNone) {
    part_.missing.push_back({*target, pack::ObjectType::kNone, number});
    return;
  }
  part_.tags.push_back({number, found});
}

}  // namespace keytidy::git
