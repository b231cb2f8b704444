// SPDX-License-Identifier: Apache-2.0
#include "scan/history.h"

#include <memory>
#include <utility>

#include "scan/make_report.h"
#include "scan/repository_scan.h"

namespace keytidy::scan {

Result<Report> RunHistory(const match::Engine& engine,
                          const std::vector<Root>& roots,
                          const std::vector<HistorySource>& sources,
                          const Options& options, Progress* progress,
                          const std::stop_token& stop) {
  std::vector<std::unique_ptr<ObjectScanner>> scanners;
  for (std::size_t i = 0; i < options.jobs; ++i) {
    auto scanner = ObjectScanner::Make(engine, options, roots, progress, stop);
    if (!scanner) return Fail(scanner.error());
    scanners.push_back(*std::move(scanner));
  }
  pack::MemoryBudget budget(options.memory_limit);
  std::vector<Collected> parts;
  for (const HistorySource& source : sources) {
    RepositoryScan scan(source, engine, options, &scanners, &budget, stop);
    parts.push_back(scan.Run());
    if (stop.stop_requested()) {
      return Fail(ErrorCode::kCancelled, "interrupted");
    }
  }
  for (auto& scanner : scanners) {
    parts.push_back(std::move(scanner->collected()));
  }
  return MakeReport(engine, roots, options, std::move(parts));
}

}  // namespace keytidy::scan
