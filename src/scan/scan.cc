// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.h"

#include <memory>
#include <utility>

#include "scan/blob_scanner.h"
#include "scan/make_report.h"
#include "scan/tree.h"

namespace keytidy::scan {
namespace {

// Standard input is descriptor 0, whatever `path` says.
void ScanStdin(BlobScanner& scanner, std::size_t root,
               const std::stop_token& stop) {
  source::FdReader reader(0, "", std::nullopt);
  BlobName name;
  name.source = SourceKind::kStdin;
  name.path = "-";
  name.below_settings = "-";
  name.root = root;
  scanner.Scan(reader, name, stop);
}

}  // namespace

Result<Report> Run(const match::Engine& engine, const std::vector<Root>& roots,
                   const Options& options, Progress* progress,
                   std::stop_token stop) {
  Executor executor(options.jobs);
  std::vector<std::unique_ptr<BlobScanner>> scanners;
  for (std::size_t i = 0; i < executor.thread_count(); ++i) {
    auto scanner = BlobScanner::Make(engine, options, roots, progress);
    if (!scanner) return Fail(scanner.error());
    scanners.push_back(*std::move(scanner));
  }
  TreeWalk walk(options, roots, &scanners, &executor, stop);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Root& root = roots[i];
    switch (root.kind) {
      case Root::Kind::kDirectory:
        walk.Start(i);
        break;
      case Root::Kind::kFile:
        executor.Spawn([&, i](std::size_t worker) {
          walk.ScanFile(worker, i, roots[i].path, roots[i].display,
                        roots[i].below_settings, Links::kFollow);
        });
        break;
      case Root::Kind::kStdin:
        executor.Spawn([&, i](std::size_t worker) {
          ScanStdin(*scanners[worker], i, stop);
        });
        break;
    }
  }
  executor.Run();
  if (stop.stop_requested()) {
    return Fail(ErrorCode::kCancelled, "interrupted");
  }

  std::vector<Collected> parts;
  for (const auto& scanner : scanners) {
    parts.push_back(std::move(scanner->collected()));
  }
  return MakeReport(engine, roots, options, std::move(parts));
}

}  // namespace keytidy::scan
