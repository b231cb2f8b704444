// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "git/paths.h"
#include "git/ref_files.h"
#include "git/ref_name.h"
#include "git/reflog.h"
#include "git/refs.h"

namespace keytidy::git {
namespace {

constexpr std::size_t kShortest = 4;
// From here on git takes the N of name@{N} for a time.
constexpr std::size_t kTime = 100000000;
// The places a name is looked for, in git's order.
constexpr std::pair<std::string_view, std::string_view> kPlaces[] = {
    {"", ""},
    {"refs/", ""},
    {"refs/tags/", ""},
    {"refs/heads/", ""},
    {"refs/remotes/", ""},
    {"refs/remotes/", "/HEAD"},
};

struct Suffix {
  enum class Kind { kParent, kAncestor, kPeel } kind;
  std::size_t number = 0;
};

// nullopt: not digits only, or too large.
std::optional<std::size_t> Number(std::string_view digits) {
  std::uint32_t out = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, out);
  if (digits.empty() || error != std::errc() || stop != end)
    return std::nullopt;
  return out;
}

class Resolver {
 public:
  Resolver(const Repository& repository, const Refs& refs,
           std::string_view expression, ObjectGraph& graph)
      : repository_(repository),
        refs_(refs),
        expression_(expression),
        graph_(graph),
        worktree_(WorktreeId(repository)) {}

  Result<pack::ObjectId> Run() {
    std::string_view base = expression_;
    std::vector<Suffix> suffixes;
    for (;;) {
      auto suffix = TakeSuffix(&base);
      if (!suffix) return Fail(suffix.error());
      if (!*suffix) break;
      suffixes.push_back(**suffix);
    }
    auto id = Base(base);
    for (; id && !suffixes.empty(); suffixes.pop_back()) {
      id = Apply(suffixes.back(), *id);
    }
    return id;
  }

 private:
  tl::unexpected<Error> Unreadable() const {
    return Fail(ErrorCode::kInvalid, "\"{}\": not a name of a commit",
                expression_);
  }
  tl::unexpected<Error> Unknown() const {
    return Fail(ErrorCode::kNotFound, "\"{}\": no such commit", expression_);
  }

  // Cuts ^, ^N, ~, ~N, ^{} or ^{commit} from the end, if there is one.
  Result<std::optional<Suffix>> TakeSuffix(std::string_view* base) const {
    for (const std::string_view peel : {"^{}", "^{commit}"}) {
      if (base->ends_with(peel)) {
        base->remove_suffix(peel.size());
        return std::optional(Suffix{Suffix::Kind::kPeel, 0});
      }
    }
    std::size_t end = base->size();
    while (end > 0 && IsDigit((*base)[end - 1])) --end;
    if (end == 0) return std::optional<Suffix>();
    const char mark = (*base)[end - 1];
    if (mark != '^' && mark != '~') return std::optional<Suffix>();
    Suffix out{mark == '^' ? Suffix::Kind::kParent : Suffix::Kind::kAncestor,
               1};
    if (end < base->size()) {
      const auto number = Number(base->substr(end));
      if (!number) return Unreadable();
      out.number = *number;
    }
    *base = base->substr(0, end - 1);
    return std::optional(out);
  }

  Result<pack::ObjectId> Apply(const Suffix& suffix, const pack::ObjectId& id) {
    auto commit = graph_.Peel(id);
    if (!commit || suffix.kind == Suffix::Kind::kPeel) return commit;
    if (suffix.kind == Suffix::Kind::kParent) {
      return suffix.number == 0 ? commit : Parent(*commit, suffix.number);
    }
    for (std::size_t i = 0; commit && i < suffix.number; ++i) {
      commit = Parent(*commit, 1);
    }
    return commit;
  }

  Result<pack::ObjectId> Parent(const pack::ObjectId& commit, std::size_t n) {
    auto parents = graph_.ParentsOf(commit);
    if (!parents) return Fail(parents.error());
    if (n > parents->size()) return Unknown();
    return (*parents)[n - 1];
  }

  Result<pack::ObjectId> Base(std::string_view name) {
    if (name.size() == 2 * pack::IdSize(repository_.hash)) {
      if (const auto id = pack::ObjectId::FromHex(name)) return *id;
    }
    if (name.ends_with('}')) return ByReflog(name);
    if (name == "@") name = "HEAD";
    if (!IsRefName(name)) return Unreadable();
    if (const Ref* ref = FindName(name)) return ref->id;
    return Abbreviated(name);
  }

  // name@{N}; "@{N}" is of the branch that is checked out.
  Result<pack::ObjectId> ByReflog(std::string_view name) {
    const std::size_t at = name.rfind("@{");
    if (at == std::string_view::npos) return Unreadable();
    const auto n = Number(name.substr(at + 2, name.size() - at - 3));
    name = name.substr(0, at);
    if (!n || *n >= kTime) return Unreadable();
    const bool current = name.empty();
    if (current || name == "@") name = "HEAD";
    if (!IsRefName(name)) return Unreadable();
    for (const auto& [before, after] : kPlaces) {
      std::string full =
          OwnName(worktree_, fmt::format("{}{}{}", before, name, after));
      const Ref* ref = Find(full);
      if (ref == nullptr) continue;
      if (current) full = BranchOf(full).value_or(full);
      std::string path = LogPath(full);
      if (!IsRegularFile(path)) {
        // A symbolic one without a log has that of its target.
        path = LogPath(BranchOf(full).value_or(full));
      }
      if (!IsRegularFile(path)) continue;
      if (*n == 0) return ref->id;
      auto id = NthOfReflog(path, repository_.hash, *n);
      if (!id && id.error().code == ErrorCode::kNotFound) return Unknown();
      return id;
    }
    return Unknown();
  }

  // Where a symbolic reference points at, one step.
  std::optional<std::string> BranchOf(const std::string& full) const {
    const auto raw = ReadLooseRef(FileOf(full), repository_.hash);
    if (!raw || raw->target.empty()) return std::nullopt;
    return raw->target;
  }

  std::string FileOf(const std::string& full) const { return Place(full, ""); }
  std::string LogPath(const std::string& full) const {
    return Place(full, "logs");
  }

  // The file of a reference, or of its log in `below`.
  std::string Place(std::string_view full, std::string_view below) const {
    std::string folder = repository_.common_dir;
    constexpr std::string_view kMain = "main-worktree/";
    constexpr std::string_view kLinked = "worktrees/";
    if (full.starts_with(kMain)) {
      full.remove_prefix(kMain.size());
    } else if (full.starts_with(kLinked)) {
      const std::size_t slash = full.find('/', kLinked.size());
      folder = Join(folder, full.substr(0, slash));
      full.remove_prefix(std::min(slash, full.size() - 1) + 1);
    } else if (IsPerWorktree(full)) {
      folder = repository_.git_dir;
    }
    return Join(below.empty() ? folder : Join(folder, below), full);
  }

  const Ref* FindName(std::string_view name) const {
    for (const auto& [before, after] : kPlaces) {
      const std::string full = fmt::format("{}{}{}", before, name, after);
      if (const Ref* ref = Find(OwnName(worktree_, full))) return ref;
    }
    return nullptr;
  }

  const Ref* Find(const std::string& full) const {
    const auto it = std::lower_bound(
        refs_.refs.begin(), refs_.refs.end(), full,
        [](const Ref& a, const std::string& b) { return a.name < b; });
    return it == refs_.refs.end() || it->name != full ? nullptr : &*it;
  }

  Result<pack::ObjectId> Abbreviated(std::string_view name) {
    if (name.size() < kShortest ||
        name.size() > 2 * pack::IdSize(repository_.hash) ||
        !std::all_of(name.begin(), name.end(), IsHexDigit)) {
      return Unknown();
    }
    const auto ids = graph_.WithPrefix(Lowercase(name));
    if (ids.empty()) return Unknown();
    if (ids.size() > 1) {
      return Fail(ErrorCode::kInvalid, "\"{}\": more than one object begins so",
                  expression_);
    }
    return ids[0];
  }

  const Repository& repository_;
  const Refs& refs_;
  const std::string_view expression_;
  ObjectGraph& graph_;
  const std::string worktree_;
};

}  // namespace

Result<pack::ObjectId> Resolve(const Repository& repository, const Refs& refs,
                               std::string_view expression,
                               ObjectGraph& graph) {
  return Resolver(repository, refs, expression, graph).Run();
}

}  // namespace keytidy::git
