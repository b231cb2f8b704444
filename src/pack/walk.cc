// SPDX-License-Identifier: Apache-2.0
#include "pack/walk.h"

#include <libdeflate.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "base/text.h"
#include "pack/object.h"

namespace keytidy::pack {
namespace {

// What the entries of a pack may inflate to, taken together: many times what
// any real history reaches, and linear in the size of the pack. Each part of
// the plan has its share of what is free, so that the order makes no
// difference.
constexpr double kFreeExpansion = 4294967296.0;
constexpr std::uint64_t kExpansion = 20000;

// Memory that is not zero-filled and is used again.
class BufferPool {
 public:
  using Buffer = std::unique_ptr<char[]>;

  Buffer Take(std::size_t size) {
    auto& shelf = shelves_[ShelfOf(size)];
    if (shelf.empty()) {
      return Buffer(new char[std::size_t{1} << ShelfOf(size)]);
    }
    Buffer out = std::move(shelf.back());
    shelf.pop_back();
    kept_ -= std::size_t{1} << ShelfOf(size);
    return out;
  }

  void Give(Buffer buffer, std::size_t size) {
    const std::size_t bytes = std::size_t{1} << ShelfOf(size);
    if (kept_ + bytes > kMost) return;
    kept_ += bytes;
    shelves_[ShelfOf(size)].push_back(std::move(buffer));
  }

 private:
  static constexpr std::size_t kMost = std::size_t{32} << 20;
  static constexpr std::size_t kLeastShelf = 12;
  static std::size_t ShelfOf(std::size_t size) {
    return std::max(kLeastShelf, static_cast<std::size_t>(std::bit_width(
                                     std::max<std::size_t>(size, 1) - 1)));
  }
  std::vector<Buffer> shelves_[64];
  std::size_t kept_ = 0;
};

}  // namespace

struct Walker::Tools {
  explicit Tools(MemoryBudget* memory)
      : budget(memory), sha1(HashKind::kSha1), sha256(HashKind::kSha256) {}
  MemoryBudget* budget;
  Inflater inflater;
  ObjectHasher sha1;
  ObjectHasher sha256;
  BufferPool pool;
  std::vector<char> delta;
  std::vector<Copy> copies;
};

// One task.
class Walker::Run_ {
 public:
  Run_(Tools* tools, const WalkPlan& plan, WalkVisitor* visitor,
       const std::stop_token& stop)
      : tools_(*tools),
        plan_(plan),
        forest_(plan.forest()),
        pack_(plan.forest().pack()),
        visitor_(*visitor),
        stop_(stop),
        account_(tools->budget) {}

  void Walk(std::uint32_t start, double share) {
    free_ = static_cast<std::uint64_t>(share * kFreeExpansion);
    // The way down from the root, for a start in the middle of a tree.
    std::vector<std::uint32_t> way;
    for (std::uint32_t n = start; n != DeltaForest::kNone;
         n = forest_.ParentOf(n)) {
      way.push_back(n);
    }
    if (way.size() == 1 && OfferLarge(start)) return;
    Live live;
    while (!way.empty()) {
      const std::uint32_t node = way.back();
      way.pop_back();
      Live child;
      if (!Make(node, live, node == start, &child)) {
        Release(&live);
        return FailBelow(start, node);
      }
      Release(&live);
      live = std::move(child);
    }
    Descend(std::move(live));
  }

 private:
  // An object in memory.
  struct Live {
    std::uint32_t node = DeltaForest::kNone;
    BufferPool::Buffer buffer;
    std::size_t size = 0;
    std::uint32_t slot = WalkedObject::kNoSlot;
    std::size_t next_child = 0;
    std::string_view content() const { return {buffer.get(), size}; }
  };

  void Descend(Live top) {
    std::vector<Live> stack;
    stack.push_back(std::move(top));
    while (!stack.empty()) {
      if (stop_.stop_requested()) {
        while (!stack.empty()) Pop(&stack);
        return;
      }
      Live& parent = stack.back();
      const auto children = forest_.ChildrenOf(parent.node);
      while (parent.next_child < children.size() &&
             !plan_.IsEntered(children[parent.next_child])) {
        ++parent.next_child;
      }
      if (parent.next_child == children.size()) {
        Pop(&stack);
        continue;
      }
      const std::uint32_t node = children[parent.next_child++];
      while (parent.next_child < children.size() &&
             !plan_.IsEntered(children[parent.next_child])) {
        ++parent.next_child;
      }
      const bool last = parent.next_child == children.size();
      Live child;
      const bool made = Make(node, parent, true, &child);
      if (last) Pop(&stack);
      if (!made) {
        FailBelow(node, node);
        continue;
      }
      stack.push_back(std::move(child));
    }
  }

  void Pop(std::vector<Live>* stack) {
    Release(&stack->back());
    stack->pop_back();
  }

  void Release(Live* live) {
    if (live->node == DeltaForest::kNone) return;
    free_slots_.push_back(live->slot);
    account_.Give(live->size);
    tools_.pool.Give(std::move(live->buffer), live->size);
    live->node = DeltaForest::kNone;
  }

  std::uint32_t NewSlot() {
    if (free_slots_.empty()) return slots_++;
    const std::uint32_t slot = free_slots_.back();
    free_slots_.pop_back();
    return slot;
  }

  std::string_view EntryBytes(std::uint32_t node) const {
    const std::uint64_t begin = forest_.OffsetOf(node);
    return pack_.bytes().substr(begin, forest_.EndOf(node) - begin);
  }

  // Whether the bytes in the pack are those the index was made for. Without
  // such a sum the content is hashed instead.
  bool CrcHolds(std::uint32_t node, std::string_view bytes) const {
    const std::uint32_t index = forest_.IndexOf(node);
    if (index == DeltaForest::kNone) return true;
    const auto crc = pack_.CrcAt(index);
    return !crc || *crc == libdeflate_crc32(0, bytes.data(), bytes.size());
  }

  bool HasCrc(std::uint32_t node) const {
    const std::uint32_t index = forest_.IndexOf(node);
    return index != DeltaForest::kNone && pack_.CrcAt(index).has_value();
  }

  bool IdHolds(std::uint32_t node, std::string_view content) {
    const std::uint32_t index = forest_.IndexOf(node);
    if (index == DeltaForest::kNone || pack_.CrcAt(index)) return true;
    ObjectHasher& hasher =
        pack_.kind() == HashKind::kSha1 ? tools_.sha1 : tools_.sha256;
    return hasher.IdOf(forest_.TypeOf(node), content) == pack_.IdAt(index);
  }

  Status Expand(std::uint64_t compressed, std::uint64_t size) {
    read_ += compressed;
    made_ += size;
    if (made_ > free_ + read_ * kExpansion) {
      return Fail(ErrorCode::kLimit,
                  "inflates to more than {} times its stored size", kExpansion);
    }
    return {};
  }

  Status TakeMemory(std::uint64_t size) {
    if (account_.Take(size)) return {};
    return Fail(ErrorCode::kLimit,
                "needs more memory than the {} bytes of --memory-limit",
                WithThousands(tools_.budget->limit()));
  }

  // Makes `node`, from `parent` where it is a delta, and shows it.
  bool Make(std::uint32_t node, const Live& parent, bool reported, Live* out) {
    auto status = TryMake(node, parent, out);
    if (!status) {
      error_ = status.error();
      return false;
    }
    WalkedObject object;
    object.node = node;
    object.wanted = reported && plan_.IsWanted(node);
    object.content = out->content();
    object.slot = out->slot;
    if (parent.node != DeltaForest::kNone) {
      object.parent_slot = parent.slot;
      object.copies = tools_.copies;
    }
    visitor_.OnObject(object);
    return true;
  }

  Status TryMake(std::uint32_t node, const Live& parent, Live* out) {
    auto status = MakeFrom(node, parent, out);
    account_.Give(std::exchange(delta_held_, 0));
    // A delta of hundreds of megabytes is rare; do not keep its memory.
    if (tools_.delta.size() > kStreamFrom) {
      tools_.delta = std::vector<char>();
      tools_.copies = std::vector<Copy>(tools_.copies);
    }
    return status;
  }

  Status MakeFrom(std::uint32_t node, const Live& parent, Live* out) {
    const std::string_view bytes = EntryBytes(node);
    auto entry = ParseEntry(bytes, forest_.OffsetOf(node), pack_.kind());
    if (!entry) return Fail(entry.error());
    if (!CrcHolds(node, bytes)) {
      return Fail(ErrorCode::kDamaged, "its bytes in the pack are damaged");
    }
    const std::string_view data = bytes.substr(entry->data);
    if (!CouldInflateTo(data.size(), entry->size)) {
      return Fail(ErrorCode::kDamaged, "states a size that it cannot have");
    }
    std::uint64_t size = entry->size;
    DeltaSizes sizes;
    if (entry->base != Entry::Base::kNone) {
      if (auto ok = TakeMemory(entry->size); !ok) return ok;
      delta_held_ = entry->size;
      if (tools_.delta.size() < entry->size) tools_.delta.resize(entry->size);
      auto used =
          tools_.inflater.Inflate(data, tools_.delta.data(), entry->size);
      if (!used) return Fail(used.error());
      auto read = ReadDeltaSizes({tools_.delta.data(), entry->size});
      if (!read) return Fail(read.error());
      sizes = *read;
      size = sizes.result;
    }
    if (auto ok = Expand(bytes.size(), size); !ok) return ok;
    if (auto ok = TakeMemory(size); !ok) return ok;
    BufferPool::Buffer buffer = tools_.pool.Take(size);
    Status made;
    if (entry->base == Entry::Base::kNone) {
      auto used = tools_.inflater.Inflate(data, buffer.get(), size);
      if (!used) made = Fail(used.error());
    } else {
      made = ApplyDelta({tools_.delta.data(), entry->size}, sizes,
                        parent.content(), buffer.get(), &tools_.copies);
    }
    if (made && !IdHolds(node, {buffer.get(), size})) {
      made = Fail(ErrorCode::kDamaged, "its content does not make its id");
    }
    if (!made) {
      account_.Give(size);
      tools_.pool.Give(std::move(buffer), size);
      return made;
    }
    out->node = node;
    out->buffer = std::move(buffer);
    out->size = size;
    out->slot = NewSlot();
    return {};
  }

  // A large blob that nothing is made from is never whole in memory.
  bool OfferLarge(std::uint32_t node) {
    const auto children = forest_.ChildrenOf(node);
    if (std::any_of(children.begin(), children.end(),
                    [&](std::uint32_t c) { return plan_.IsEntered(c); })) {
      return false;
    }
    const std::string_view bytes = EntryBytes(node);
    auto entry = ParseEntry(bytes, forest_.OffsetOf(node), pack_.kind());
    if (!entry || entry->size < kStreamFrom ||
        entry->type != ObjectType::kBlob) {
      return false;
    }
    const std::string_view data = bytes.substr(entry->data);
    // Without a sum of its bytes the content must be hashed, whole.
    if (!HasCrc(node) || !CrcHolds(node, bytes) ||
        !CouldInflateTo(data.size(), entry->size)) {
      return false;  // TryMake says what is wrong
    }
    InflateStream stream(data);
    visitor_.OnLarge(node, entry->size, stream);
    return true;
  }

  // Everything wanted from `node` down: it cannot be made because `culprit`
  // cannot.
  void FailBelow(std::uint32_t node, std::uint32_t culprit) {
    const Error first = std::exchange(error_, {});
    const std::uint32_t index = forest_.IndexOf(culprit);
    const Error rest = {
        first.code,
        fmt::format("is made from {}, which cannot be read: {}",
                    index == DeltaForest::kNone ? std::string("an object")
                                                : pack_.IdAt(index).Hex(),
                    first.message)};
    std::vector<std::uint32_t> list = {node};
    while (!list.empty()) {
      const std::uint32_t n = list.back();
      list.pop_back();
      if (plan_.IsWanted(n)) visitor_.OnFailure(n, n == culprit ? first : rest);
      for (const std::uint32_t child : forest_.ChildrenOf(n)) {
        if (plan_.IsEntered(child)) list.push_back(child);
      }
    }
  }

  Tools& tools_;
  const WalkPlan& plan_;
  const DeltaForest& forest_;
  const PackFile& pack_;
  WalkVisitor& visitor_;
  const std::stop_token& stop_;
  MemoryBudget::Account account_;
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t slots_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t made_ = 0;
  std::uint64_t free_ = 0;
  std::uint64_t delta_held_ = 0;
  Error error_;
};

Walker::Walker(MemoryBudget* budget)
    : tools_(std::make_unique<Tools>(budget)) {}
Walker::~Walker() = default;

void Walker::Run(const WalkPlan& plan, WalkPlan::Task task,
                 WalkVisitor* visitor, const std::stop_token& stop) {
  for (const std::uint32_t start : task) {
    if (stop.stop_requested()) return;
    Run_ run(tools_.get(), plan, visitor, stop);
    run.Walk(start, plan.ShareOf(start));
  }
}

}  // namespace keytidy::pack
