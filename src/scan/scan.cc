// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "policy/allow_list.h"
#include "scan/blob_scanner.h"
#include "scan/name_redactor.h"
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

bool PlaceBefore(const Occurrence& a, const Occurrence& b) {
  return std::tie(a.path, a.span) < std::tie(b.path, b.span);
}

// Places of one key become one finding.
std::vector<Finding> Group(const match::Engine& engine,
                           std::vector<Found> found) {
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.place.path, a.place.span, a.rule, a.id) <
           std::tie(b.place.path, b.place.span, b.rule, b.id);
  });
  std::vector<Finding> out;
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> known;
  for (Found& one : found) {
    const auto [it, fresh] = known.try_emplace({one.rule, one.id}, out.size());
    if (fresh) {
      Finding finding;
      finding.id = std::move(one.id);
      finding.rule = &engine.rules()[one.rule];
      finding.severity = finding.rule->severity;
      finding.confidence = one.confidence;
      finding.redacted = std::move(one.redacted);
      finding.length = one.length;
      finding.shown = std::move(one.shown);
      out.push_back(std::move(finding));
    }
    Finding& finding = out[it->second];
    finding.confidence = std::max(finding.confidence, one.confidence);
    // The same file may have been given twice.
    if (!finding.occurrences.empty() &&
        !PlaceBefore(finding.occurrences.back(), one.place)) {
      continue;
    }
    finding.occurrences.push_back(std::move(one.place));
  }
  return out;
}

void SortCoverage(Coverage* coverage) {
  std::sort(coverage->skipped.begin(), coverage->skipped.end(),
            [](const Skip& a, const Skip& b) {
              return std::tie(a.path, a.reason) < std::tie(b.path, b.reason);
            });
}

// Roots below which not one byte was read: nothing can be said of them.
void ReportEmptyRoots(const std::vector<Root>& roots,
                      const std::vector<std::uint64_t>& bytes, Report* report) {
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (bytes[i] > 0) continue;
    // What could not be read at all is already said to be unread.
    const auto& skipped = report->coverage.skipped;
    if (std::any_of(skipped.begin(), skipped.end(), [&](const Skip& skip) {
          return skip.incomplete && skip.path == roots[i].display;
        })) {
      continue;
    }
    report->empty_roots.push_back(roots[i].display.empty() ? "."
                                                           : roots[i].display);
  }
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

  Report report;
  report.rules = engine.rules();
  std::vector<Found> found;
  std::vector<std::uint64_t> bytes(roots.size());
  for (const auto& scanner : scanners) {
    Collected& part = scanner->collected();
    std::move(part.found.begin(), part.found.end(), std::back_inserter(found));
    std::move(part.notes.begin(), part.notes.end(),
              std::back_inserter(report.notes));
    std::move(part.coverage.skipped.begin(), part.coverage.skipped.end(),
              std::back_inserter(report.coverage.skipped));
    report.coverage.files += part.coverage.files;
    report.coverage.bytes += part.coverage.bytes;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      bytes[i] += part.bytes_of_root[i];
    }
  }
  SortCoverage(&report.coverage);
  report.complete = std::none_of(
      report.coverage.skipped.begin(), report.coverage.skipped.end(),
      [](const Skip& skip) { return skip.incomplete; });
  ReportEmptyRoots(roots, bytes, &report);

  std::vector<policy::AllowList> allow_lists;
  for (const Root& root : roots) allow_lists.emplace_back(root.settings);
  for (Found& one : found) {
    if (one.place.allowed) continue;
    one.place.allowed = allow_lists[one.root].Match(engine.rules()[one.rule].id,
                                                    one.id, one.below_settings);
  }
  report.findings = Group(engine, std::move(found));
  for (Finding& finding : report.findings) {
    for (const policy::AllowList& list : allow_lists) {
      if (const auto severity = list.SeverityOf(finding.rule->id)) {
        finding.severity = *severity;
      }
    }
  }
  for (const policy::AllowList& list : allow_lists) {
    for (std::string& note : list.Unused()) {
      report.notes.push_back(std::move(note));
    }
  }
  if (!options.show_secrets) {
    auto redactor = NameRedactor::Make(engine);
    if (!redactor) return Fail(redactor.error());
    redactor->RedactAll(&report);
  }
  std::sort(report.notes.begin(), report.notes.end());
  report.notes.erase(std::unique(report.notes.begin(), report.notes.end()),
                     report.notes.end());
  return report;
}

}  // namespace keytidy::scan
