// SPDX-License-Identifier: Apache-2.0
#include "scan/repository_scan.h"

#include <algorithm>
#include <utility>

#include "pack/loose.h"
#include "scan/for_each.h"
#include "scan/loose_reader.h"

namespace keytidy::scan {
namespace {

using Number = pack::ObjectTable::Number;
constexpr Number kNone = pack::ObjectTable::kNone;

// A repack or fetch under the scan brings new packs; look again so often.
constexpr int kRounds = 4;
constexpr std::size_t kMostNamed = 1000;  // missing objects listed one by one

}  // namespace

RepositoryScan::RepositoryScan(
    const HistorySource& source, const match::Engine& engine,
    const Options& options,
    std::vector<std::unique_ptr<ObjectScanner>>* scanners,
    pack::MemoryBudget* budget, const std::stop_token& stop)
    : source_(source),
      engine_(engine),
      options_(options),
      scanners_(*scanners),
      budget_(*budget),
      stop_(stop) {}

RepositoryScan::~RepositoryScan() = default;

void RepositoryScan::Skip(std::string path, std::string reason,
                          bool incomplete) {
  out_.coverage.skipped.push_back(
      {source_.prefix + path, std::move(reason), std::nullopt, incomplete});
}

Collected RepositoryScan::Run() {
  const git::Repository& repository = source_.repository;
  if (source_.state) {
    auto state = HistoryState::Read(*source_.state, source_.state_digest,
                                    repository.hash);
    if (!state) {
      Skip(*source_.state, state.error().message, true);
    } else {
      state_ = *std::move(state);
      keeps_state_ = true;
    }
  }
  store_ = pack::ObjectStore::Open(repository.object_dir, repository.alternates,
                                   repository.hash, pack::Check::kAll);
  refs_ = git::ReadRefs(repository);
  reader_ = std::make_unique<pack::ObjectReader>(store_, options_.memory_limit);
  for (int round = 0; round < kRounds && ScanNewObjects(); ++round) {
    if (!store_.Refresh()) break;
  }
  if (table_ == nullptr || stop_.stop_requested()) return std::move(out_);

  std::vector<bool> asked(table_->count(), false);
  for (const HitBlob& hit : hits_) {
    const Number number = table_->Find(hit.id);
    if (number != kNone) asked[number] = true;
  }
  git::NameTable names;
  std::vector<std::unique_ptr<git::GraphVisitor>> visitors;
  ReadGraph(&visitors, asked, &names);
  std::vector<git::GraphPart> parts;
  for (auto& visitor : visitors) parts.push_back(std::move(visitor->part()));
  if (stop_.stop_requested()) return std::move(out_);
  FindMissing(parts);
  std::vector<const pack::DeltaForest*> forests;
  for (const auto& forest : forests_) forests.push_back(forest.get());
  git::HistoryGraph graph(*table_, std::move(forests), std::move(parts), names,
                          refs_);
  out_.coverage.commits += graph.commit_count();
  NameFindings(&graph);
  ReportMissing();
  std::vector<ObjectScanner*> scanners;
  for (auto& scanner : scanners_) scanners.push_back(scanner.get());
  ReportLeftOut(scanners, source_.prefix, &out_.coverage.skipped);
  for (const auto& skips : {store_.skipped(), refs_.skipped}) {
    for (const keytidy::Skip& skip : skips) {
      Skip(skip.path, skip.reason, skip.incomplete);
      out_.coverage.skipped.back().bytes = skip.bytes;
    }
  }
  if (keeps_state_) KeepState();
  return std::move(out_);
}

// Remembers what was scanned; what could not be read whole is for the next run.
void RepositoryScan::KeepState() {
  std::set<std::string> unread;
  bool complete = true;
  const auto look = [&](const std::vector<keytidy::Skip>& skips) {
    for (const keytidy::Skip& skip : skips) {
      if (!skip.incomplete) continue;
      complete = false;
      const std::string_view path =
          std::string_view(skip.path).starts_with(source_.prefix)
              ? std::string_view(skip.path).substr(source_.prefix.size())
              : skip.path;
      unread.emplace(path.substr(0, path.find('!')));
    }
  };
  look(out_.coverage.skipped);
  for (auto& scanner : scanners_) look(scanner->collected().coverage.skipped);
  std::uint64_t blobs = 0;
  for (const pack::ObjectId& id : scanned_) {
    if (unread.count(PlaceholderPath(id)) != 0) continue;
    state_.Add(id);
    ++blobs;
  }
  // Packs are remembered as a whole only when all of them was read.
  for (const auto& pack : store_.packs()) {
    if (complete) state_.AddPack(pack->checksum());
  }
  if (blobs == 0) {
    out_.notes.push_back(
        fmt::format("{}nothing is new since the last time",
                    source_.prefix.empty() ? "" : source_.prefix + ": "));
  }
  if (auto ok = state_.Write(*source_.state); !ok) {
    Skip(*source_.state, "the state could not be kept: " + ok.error().message,
         true);
  }
}

void RepositoryScan::BuildForests() {
  forests_.resize(table_->pack_count());
  ForEach(
      options_.jobs, forests_.size(), stop_, [&](std::size_t, std::size_t i) {
        if (forests_[i] != nullptr) return;
        forests_[i] = std::make_unique<pack::DeltaForest>(table_->PackAt(i));
      });
}

bool RepositoryScan::ScanNewObjects() {
  std::vector<keytidy::Skip> skipped;
  loose_ = store_.ListLoose(&skipped);
  for (const keytidy::Skip& skip : skipped) {
    Skip(skip.path, skip.reason, skip.incomplete);
  }
  auto table = pack::ObjectTable::Make(store_, loose_);
  if (!table) {
    Skip(source_.repository.object_dir, table.error().message, true);
    return false;
  }
  table_ = std::make_unique<pack::ObjectTable>(*std::move(table));
  const std::size_t first_new =
      std::exchange(packs_done_, store_.packs().size());
  BuildForests();
  if (stop_.stop_requested()) return false;
  std::vector<std::size_t> packs;
  for (std::size_t i = first_new; i < packs_done_; ++i) {
    if (!state_.KnowsPack(table_->PackAt(i).checksum())) packs.push_back(i);
  }
  for (auto& scanner : scanners_) scanner->Begin(source_.root, nullptr);
  ScanPacks(packs);
  ScanLoose();
  std::vector<ObjectScanner::Failure> failures;
  for (auto& scanner : scanners_) {
    for (auto& failure : scanner->TakeFailures()) {
      failures.push_back(std::move(failure));
    }
  }
  for (const std::size_t i : packs) {
    for (const pack::DeltaForest::Broken& broken : forests_[i]->broken()) {
      const std::uint32_t index = forests_[i]->IndexOf(broken.node);
      if (index == pack::DeltaForest::kNone) continue;
      failures.push_back({table_->PackAt(i).IdAt(index), broken.error});
    }
  }
  ReadAgain(failures);
  for (auto& scanner : scanners_) {
    for (HitBlob& hit : scanner->TakeHits()) hits_.push_back(std::move(hit));
  }
  return true;
}

bool RepositoryScan::IsNew(Number number) {
  return table_->IsFirst(number) &&
         (state_.empty() || !state_.Knows(table_->IdOf(number)));
}

void RepositoryScan::ScanPacks(const std::vector<std::size_t>& packs) {
  std::vector<std::unique_ptr<pack::WalkPlan>> plans(packs.size());
  ForEach(options_.jobs, packs.size(), stop_, [&](std::size_t, std::size_t i) {
    const pack::DeltaForest& forest = *forests_[packs[i]];
    plans[i] = std::make_unique<pack::WalkPlan>(
        forest, pack::ObjectType::kBlob, [&](std::uint32_t node) {
          const std::uint32_t index = forest.IndexOf(node);
          return index != pack::DeltaForest::kNone &&
                 IsNew(table_->NumberOf(packs[i], index));
        });
  });
  if (stop_.stop_requested()) return;
  std::vector<std::pair<std::size_t, std::size_t>> tasks;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    for (std::size_t t = 0; t < plans[i]->task_count(); ++t) {
      tasks.emplace_back(i, t);
    }
  }
  std::vector<std::unique_ptr<pack::Walker>> walkers;
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    walkers.push_back(std::make_unique<pack::Walker>(&budget_));
  }
  ForEach(options_.jobs, tasks.size(), stop_,
          [&](std::size_t worker, std::size_t n) {
            const pack::WalkPlan& plan = *plans[tasks[n].first];
            ObjectScanner& scanner = *scanners_[worker];
            scanner.Begin(source_.root, &plan.forest());
            walkers[worker]->Run(plan, plan.TaskAt(tasks[n].second), &scanner,
                                 stop_);
          });
  if (keeps_state_ && !stop_.stop_requested()) {
    for (std::size_t i = 0; i < plans.size(); ++i) {
      const pack::DeltaForest& forest = *forests_[packs[i]];
      for (std::uint32_t node = 0; node < forest.size(); ++node) {
        if (plans[i]->IsWanted(node)) {
          scanned_.push_back(
              table_->PackAt(packs[i]).IdAt(forest.IndexOf(node)));
        }
      }
    }
  }
}

void RepositoryScan::ScanLoose() {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < loose_.size(); ++i) {
    if (IsNew(table_->NumberOfLoose(i)) &&
        loose_done_.insert(loose_[i].id).second) {
      wanted.push_back(i);
    }
  }
  std::vector<char> is_blob(wanted.size(), 0);
  ForEach(options_.jobs, wanted.size(), stop_,
          [&](std::size_t worker, std::size_t n) {
            const pack::LooseFile& file = loose_[wanted[n]];
            ObjectScanner& scanner = *scanners_[worker];
            auto object = pack::LooseObject::Open(store_.PathOf(file));
            if (!object) return scanner.OnLost(file.id, object.error());
            if (object->head().type != pack::ObjectType::kBlob) return;
            is_blob[n] = 1;
            LooseReader reader(*object, file.id);
            if (object->head().size >= pack::kStreamFrom) {
              return scanner.OnStream(file.id, object->head().size, reader);
            }
            std::string content(object->head().size, '\0');
            std::size_t done = 0;
            for (;;) {
              char end = 0;
              char* const to =
                  done < content.size() ? content.data() + done : &end;
              auto got = reader.Read(
                  to, std::max<std::size_t>(content.size() - done, 1));
              if (!got) return scanner.OnLost(file.id, got.error());
              if (*got == 0) break;
              done += *got;
            }
            scanner.OnWhole(file.id, content);
          });
  if (!keeps_state_) return;
  for (std::size_t n = 0; n < wanted.size(); ++n) {
    if (is_blob[n] != 0) scanned_.push_back(loose_[wanted[n]].id);
  }
}

// What could not be made on the walk may stand elsewhere too.
void RepositoryScan::ReadAgain(
    const std::vector<ObjectScanner::Failure>& failures) {
  for (const ObjectScanner::Failure& failure : failures) {
    if (stop_.stop_requested()) return;
    if (!failed_.insert(failure.id).second) continue;
    auto object = reader_->Read(failure.id);
    if (object) {
      if ((*object)->type == pack::ObjectType::kBlob) {
        scanners_[0]->OnWhole(failure.id, (*object)->content);
      }
      continue;
    }
    Skip(PlaceholderPath(failure.id), failure.error.message, true);
  }
}

void RepositoryScan::ReadGraph(
    std::vector<std::unique_ptr<git::GraphVisitor>>* visitors,
    const std::vector<bool>& asked, git::NameTable* names) {
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    visitors->push_back(
        std::make_unique<git::GraphVisitor>(*table_, asked, names));
  }
  struct Part {
    std::size_t pack = 0;
    pack::ObjectType type = pack::ObjectType::kNone;
    std::unique_ptr<pack::WalkPlan> plan;
  };
  std::vector<Part> parts;
  for (std::size_t i = 0; i < forests_.size(); ++i) {
    for (const auto type : {pack::ObjectType::kTree, pack::ObjectType::kCommit,
                            pack::ObjectType::kTag}) {
      parts.push_back({i, type, nullptr});
    }
  }
  ForEach(options_.jobs, parts.size(), stop_, [&](std::size_t, std::size_t i) {
    Part& part = parts[i];
    const pack::DeltaForest& forest = *forests_[part.pack];
    part.plan = std::make_unique<pack::WalkPlan>(
        forest, part.type, [&](std::uint32_t node) {
          const std::uint32_t index = forest.IndexOf(node);
          // Trees also where they stand twice: others are made from them.
          return index != pack::DeltaForest::kNone &&
                 (part.type == pack::ObjectType::kTree ||
                  table_->IsFirst(table_->NumberOf(part.pack, index)));
        });
  });
  if (stop_.stop_requested()) return;
  std::vector<std::pair<std::size_t, std::size_t>> tasks;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t t = 0; t < parts[i].plan->task_count(); ++t) {
      tasks.emplace_back(i, t);
    }
  }
  std::vector<std::unique_ptr<pack::Walker>> walkers;
  for (std::size_t i = 0; i < options_.jobs; ++i) {
    walkers.push_back(std::make_unique<pack::Walker>(&budget_));
  }
  ForEach(options_.jobs, tasks.size(), stop_,
          [&](std::size_t worker, std::size_t n) {
            const Part& part = parts[tasks[n].first];
            git::GraphVisitor& visitor = *(*visitors)[worker];
            visitor.Begin(part.pack, part.plan->forest(), part.type);
            walkers[worker]->Run(*part.plan, part.plan->TaskAt(tasks[n].second),
                                 &visitor, stop_);
          });
  git::GraphVisitor& first = *visitors->front();
  const auto read_whole = [&](Number number, const Error* known) {
    const pack::ObjectId id = table_->IdOf(number);
    auto object = reader_->Read(id);
    if (object)
      return first.OnWhole(number, (*object)->type, (*object)->content);
    if (known != nullptr || failed_.insert(id).second) {
      Skip("object:" + id.Hex(),
           known != nullptr ? known->message : object.error().message, true);
    }
  };
  for (std::size_t i = 0; i < loose_.size() && !stop_.stop_requested(); ++i) {
    const Number number = table_->NumberOfLoose(i);
    if (!table_->IsFirst(number)) continue;
    auto object = pack::LooseObject::Open(store_.PathOf(loose_[i]));
    if (object && object->head().type == pack::ObjectType::kBlob) continue;
    if (!object && failed_.count(loose_[i].id) != 0) continue;
    read_whole(number, nullptr);
  }
  std::vector<git::GraphPart::Damaged> damaged;
  for (auto& visitor : *visitors) {
    for (auto& one : visitor->part().damaged) damaged.push_back(std::move(one));
    visitor->part().damaged.clear();
  }
  for (const auto& one : damaged) read_whole(one.number, &one.error);
  for (const auto& one : first.part().damaged) {
    Skip("object:" + table_->IdOf(one.number).Hex(), one.error.message, true);
  }
}

void RepositoryScan::NoteMissing(const pack::ObjectId& id,
                                 const std::string& by) {
  if (git::IsEmptyTree(id) || failed_.count(id) != 0) return;
  const auto [it, fresh] = missing_.try_emplace(id, by);
  if (!fresh) it->second = std::min(it->second, by);
}

void RepositoryScan::FindMissing(const std::vector<git::GraphPart>& parts) {
  for (const git::GraphPart& part : parts) {
    for (const git::GraphPart::Missing& one : part.missing) {
      const pack::ObjectId by =
          one.by == kNone ? pack::ObjectId() : table_->IdOf(one.by);
      // Where a shallow clone was cut.
      if (one.type == pack::ObjectType::kCommit &&
          std::binary_search(refs_.shallow.begin(), refs_.shallow.end(), by)) {
        continue;
      }
      NoteMissing(one.id, by.Hex());
    }
  }
  // git lets go of what only these name.
  const auto is_weak = [](std::string_view name) {
    const std::size_t slash = name.rfind('/');
    const std::string_view last = name.substr(slash + 1);
    return last != "HEAD" && last.find("_HEAD") != std::string_view::npos &&
           !name.starts_with("refs/");
  };
  for (const git::Ref& ref : refs_.refs) {
    if (!is_weak(ref.name) && table_->Find(ref.id) == kNone) {
      NoteMissing(ref.id, "the reference " + ref.name);
    }
  }
}

void RepositoryScan::ReportMissing() {
  if (!refs_.shallow.empty()) {
    Skip(
        ".",
        fmt::format("a shallow clone: what came before {} commit{} is not here",
                    refs_.shallow.size(), refs_.shallow.size() == 1 ? "" : "s"),
        false);
    out_.notes.push_back(
        "this is a shallow clone: only a part of the history is here, and keys "
        "may be older than they seem; `git fetch --unshallow` gets the rest");
  }
  if (missing_.empty()) return;
  if (source_.repository.partial_clone || store_.has_promisor()) {
    return Skip(
        ".",
        fmt::format("a partial clone: {} object{} left with the server "
                    "and not here",
                    missing_.size(), missing_.size() == 1 ? " was" : "s were"),
        true);
  }
  std::size_t named = 0;
  for (const auto& [id, by] : missing_) {
    if (++named > kMostNamed) continue;
    Skip("object:" + id.Hex(),
         fmt::format("missing: named by {}, and not in the repository", by),
         true);
  }
  if (named > kMostNamed) {
    Skip(".", fmt::format("{} more objects are missing", named - kMostNamed),
         true);
  }
}

}  // namespace keytidy::scan
