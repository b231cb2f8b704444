// SPDX-License-Identifier: Apache-2.0
//
// One repository of a history scan, from its object folders to findings with
// commits.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "git/history_graph.h"
#include "pack/delta_forest.h"
#include "pack/memory_budget.h"
#include "pack/object_store.h"
#include "pack/object_table.h"
#include "scan/history.h"
#include "scan/history_state.h"
#include "scan/object_scanner.h"

namespace keytidy::scan {

// Used once.
class RepositoryScan {
 public:
  // The scanners, one for each thread, are the run's; all arguments outlive it.
  RepositoryScan(const HistorySource& source, const match::Engine& engine,
                 const Options& options,
                 std::vector<std::unique_ptr<ObjectScanner>>* scanners,
                 pack::MemoryBudget* budget, const std::stop_token& stop);
  ~RepositoryScan();

  // Everything that is to be reported of the repository.
  Collected Run();

 private:
  // Scans what is new since the last call; false when there was nothing.
  bool ScanNewObjects();
  void BuildForests();
  void KeepState();
  void ScanPacks(const std::vector<std::size_t>& packs);
  void ScanLoose();
  bool IsNew(pack::ObjectTable::Number number);
  void ReadAgain(const std::vector<ObjectScanner::Failure>& failures);
  void ReadGraph(std::vector<std::unique_ptr<git::GraphVisitor>>* visitors,
                 const std::vector<bool>& asked, git::NameTable* names);
  void FindMissing(const std::vector<git::GraphPart>& parts);
  void NoteMissing(const pack::ObjectId& id, const std::string& by);
  void ReportMissing();
  void NameFindings(git::HistoryGraph* graph);
  void Expand(HitBlob hit, const git::Origins& origins,
              const std::vector<std::string>& index_paths);
  std::vector<std::vector<std::string>> PathsInIndexes();
  CommitInfo InfoOf(const git::Origin& origin);
  void Skip(std::string path, std::string reason, bool incomplete);

  const HistorySource& source_;
  const match::Engine& engine_;
  const Options& options_;
  std::vector<std::unique_ptr<ObjectScanner>>& scanners_;
  pack::MemoryBudget& budget_;
  std::stop_token stop_;

  pack::ObjectStore store_;
  git::Refs refs_;
  std::unique_ptr<pack::ObjectTable> table_;
  // By pack of the table; null for one that was not needed yet.
  std::vector<std::unique_ptr<pack::DeltaForest>> forests_;
  std::unique_ptr<pack::ObjectReader> reader_;
  HistoryState state_;
  bool keeps_state_ = false;
  std::vector<pack::ObjectId> scanned_;  // where a state is kept
  // Objects that were scanned, or tried in vain, in an earlier round.
  std::size_t packs_done_ = 0;
  std::vector<pack::LooseFile> loose_;
  std::set<pack::ObjectId> loose_done_;
  std::set<pack::ObjectId> failed_;
  std::vector<HitBlob> hits_;
  std::map<pack::ObjectId, CommitInfo> infos_;
  // Objects that something names and that are not here; by what.
  std::map<pack::ObjectId, std::string> missing_;
  Collected out_;
};

}  // namespace keytidy::scan
