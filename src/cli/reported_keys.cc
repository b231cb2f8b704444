// SPDX-License-Identifier: Apache-2.0
#include "cli/reported_keys.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cli/git_scan.h"
#include "cli/roots.h"
#include "report/read_report.h"
#include "scan/scan.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxReport = std::size_t{256} << 20;

using Wanted = std::set<std::pair<std::string, std::string>>;  // rule, id

// Where to look again.
struct Places {
  std::set<std::string> files;  // archives too, by their own path
  bool index = false;
  bool history = false;
  bool stdin_gone = false;
};

Places PlacesOf(const std::vector<report::ReportedFinding>& findings) {
  Places out;
  for (const report::ReportedFinding& finding : findings) {
    for (const report::ReportedPlace& place : finding.places) {
      switch (place.source) {
        case SourceKind::kFile:
          out.files.insert(place.path);
          break;
        case SourceKind::kArchive:
          out.files.insert(place.path.substr(0, place.path.find('!')));
          break;
        case SourceKind::kIndex:
          out.index = true;
          break;
        case SourceKind::kHistory:
          out.history = true;
          break;
        case SourceKind::kStdin:
          out.stdin_gone = true;
          break;
      }
    }
  }
  return out;
}

// Takes what is wanted of `from` into `into`, and all of its coverage.
void Merge(const Wanted& wanted, Report from, Report* into) {
  into->rules = from.rules;
  into->complete = into->complete && from.complete;
  Coverage& coverage = into->coverage;
  coverage.files += from.coverage.files;
  coverage.bytes += from.coverage.bytes;
  coverage.blobs += from.coverage.blobs;
  coverage.commits += from.coverage.commits;
  std::move(from.coverage.skipped.begin(), from.coverage.skipped.end(),
            std::back_inserter(coverage.skipped));
  for (Finding& finding : from.findings) {
    if (wanted.count({std::string(finding.rule->id), finding.id}) == 0) {
      continue;
    }
    const auto same = std::find_if(
        into->findings.begin(), into->findings.end(), [&](const Finding& f) {
          return f.rule == finding.rule && f.id == finding.id;
        });
    if (same == into->findings.end()) {
      into->findings.push_back(std::move(finding));
    } else {
      for (Occurrence& place : finding.occurrences) {
        const bool known = std::any_of(
            same->occurrences.begin(), same->occurrences.end(),
            [&](const Occurrence& had) {
              return had.source == place.source && had.path == place.path &&
                     had.span == place.span && had.blob == place.blob;
            });
        if (!known) same->occurrences.push_back(std::move(place));
      }
    }
  }
}

Result<Report> ScanGit(const match::Engine& engine, bool history,
                       const scan::Options& options,
                       const std::stop_token& stop) {
  GitArgs args;
  args.history = history;
  args.staged = !history;
  args.all_lines = !history;
  const auto repository = FindRepository({});
  if (!repository) return Fail(repository.error());
  auto roots = ResolveRoots({ConfigFolder(*repository)}, {});
  if (!roots) return Fail(roots.error());
  scan::Progress progress;
  return RunGitScan(engine, "", *repository, args, *std::move(roots), options,
                    &progress, stop);
}

}  // namespace

Result<Report> FindReportedKeys(const match::Engine& engine,
                                const std::string& path,
                                const scan::Options& options,
                                const std::stop_token& stop) {
  auto text = ReadSmallFile(path, kMaxReport);
  if (!text) return Fail(ErrorCode::kInvalid, "{}", text.error().message);
  const auto findings = report::ReadReport(path, *text);
  if (!findings) return Fail(findings.error());
  Wanted wanted;
  for (const report::ReportedFinding& finding : *findings) {
    wanted.insert({finding.rule, finding.id});
  }
  const Places places = PlacesOf(*findings);
  scan::Options again = options;
  again.no_ignore = true;  // the report says that they were scanned
  again.binary = true;
  again.partial = true;
  Report out;
  out.rules = engine.rules();
  if (!places.files.empty()) {
    const auto roots =
        ResolveRoots({places.files.begin(), places.files.end()}, {});
    if (!roots) return Fail(roots.error());
    scan::Progress progress;
    auto found = scan::Run(engine, *roots, again, &progress, stop);
    if (!found) return found;
    Merge(wanted, *std::move(found), &out);
  }
  for (const bool history : {false, true}) {
    if (!(history ? places.history : places.index)) continue;
    auto found = ScanGit(engine, history, again, stop);
    if (!found) return found;
    Merge(wanted, *std::move(found), &out);
  }
  std::sort(out.findings.begin(), out.findings.end(),
            [](const Finding& a, const Finding& b) {
              const Occurrence& x = a.occurrences.front();
              const Occurrence& y = b.occurrences.front();
              return std::tie(x.path, x.span, a.rule->id, a.id) <
                     std::tie(y.path, y.span, b.rule->id, b.id);
            });
  for (const report::ReportedFinding& finding : *findings) {
    if (std::any_of(out.findings.begin(), out.findings.end(),
                    [&](const Finding& f) {
                      return f.rule->id == finding.rule && f.id == finding.id;
                    })) {
      continue;
    }
    out.complete = false;
    out.coverage.skipped.push_back(
        {finding.places.empty() ? path : finding.places.front().path,
         "the key " + finding.id +
             " is not there any more; scan again for a new report",
         std::nullopt, true});
  }
  return out;
}

}  // namespace keytidy::cli
