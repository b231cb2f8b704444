// SPDX-License-Identifier: Apache-2.0
#include "scan/make_report.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "policy/age_interval.h"
#include "policy/allow_list.h"
#include "scan/name_redactor.h"

namespace keytidy::scan {
namespace {

bool PlaceBefore(const Occurrence& a, const Occurrence& b) {
  return std::tie(a.path, a.span, a.blob) < std::tie(b.path, b.span, b.blob);
}

// Places of one key become one finding.
std::vector<Finding> Group(const match::Engine& engine,
                           std::vector<Found> found) {
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    const bool a_allowed = a.place.allowed.has_value();
    const bool b_allowed = b.place.allowed.has_value();
    return std::tie(a.place.path, a.place.span, a.place.blob, a.rule, a.id,
                    a_allowed, a.root) < std::tie(b.place.path, b.place.span,
                                                  b.place.blob, b.rule, b.id,
                                                  b_allowed, b.root);
  });
  std::vector<Finding> out;
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> known;
  for (Found& one : found) {
    const auto [it, fresh] = known.try_emplace({one.rule, one.id}, out.size());
    if (fresh) {
      Finding finding;
      finding.id = std::move(one.id);
      finding.rule = &engine.rules()[one.rule];
      finding.severity = one.severity;
      finding.confidence = one.confidence;
      finding.redacted = std::move(one.redacted);
      finding.length = one.length;
      finding.shown = std::move(one.shown);
      out.push_back(std::move(finding));
    }
    Finding& finding = out[it->second];
    finding.confidence = std::max(finding.confidence, one.confidence);
    finding.severity = std::max(finding.severity, one.severity);
    finding.age.evidence.insert(finding.age.evidence.end(),
                                one.evidence.begin(), one.evidence.end());
    // The same file may have been given twice.
    if (!finding.occurrences.empty() &&
        !PlaceBefore(finding.occurrences.back(), one.place)) {
      continue;
    }
    finding.occurrences.push_back(std::move(one.place));
  }
  return out;
}

// Of all that is said of a key's first and last days, the first and the last.
void SettleAge(std::int64_t now, Age* age) {
  std::map<std::string, std::int64_t> best;
  for (const AgeEvidence& one : age->evidence) {
    const auto [it, fresh] = best.try_emplace(one.source, one.at);
    if (fresh) continue;
    it->second = one.source == "git-last-commit" ? std::max(it->second, one.at)
                                                 : std::min(it->second, one.at);
  }
  age->evidence.clear();
  for (const auto& [source, at] : best) age->evidence.push_back({source, at});
  std::sort(age->evidence.begin(), age->evidence.end(),
            [](const AgeEvidence& a, const AgeEvidence& b) {
              return std::tie(a.at, a.source) < std::tie(b.at, b.source);
            });
  const policy::AgeInterval interval = policy::AgeFrom(age->evidence, now);
  age->at_least_days = interval.at_least;
  age->at_most_days = interval.at_most;
}

void SortCoverage(Coverage* coverage) {
  std::sort(coverage->skipped.begin(), coverage->skipped.end(),
            [](const Skip& a, const Skip& b) {
              return std::tie(a.path, a.reason) < std::tie(b.path, b.reason);
            });
}

std::string Shown(const Root& root) {
  return root.display.empty() ? "." : root.display;
}

// Roots below which not one byte was read: nothing can be said of them.
void ReportEmptyRoots(const std::vector<Root>& roots,
                      const std::vector<std::uint64_t>& bytes, Report* report) {
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (bytes[i] > 0) continue;
    // What could not be read at all is already said to be unread.
    const auto& skipped = report->coverage.skipped;
    if (std::any_of(skipped.begin(), skipped.end(), [&](const Skip& skip) {
          return skip.incomplete && skip.path == Shown(roots[i]);
        })) {
      continue;
    }
    report->empty_roots.push_back(Shown(roots[i]));
  }
}

}  // namespace

Result<Report> MakeReport(const match::Engine& engine,
                          const std::vector<Root>& roots,
                          const Options& options,
                          std::vector<Collected> parts) {
  Report report;
  report.rules = engine.rules();
  std::vector<Found> found;
  std::vector<std::uint64_t> bytes(roots.size());
  for (Collected& part : parts) {
    std::move(part.found.begin(), part.found.end(), std::back_inserter(found));
    std::move(part.notes.begin(), part.notes.end(),
              std::back_inserter(report.notes));
    std::move(part.coverage.skipped.begin(), part.coverage.skipped.end(),
              std::back_inserter(report.coverage.skipped));
    report.coverage.files += part.coverage.files;
    report.coverage.bytes += part.coverage.bytes;
    report.coverage.blobs += part.coverage.blobs;
    report.coverage.commits += part.coverage.commits;
    for (std::size_t i = 0; i < part.bytes_of_root.size(); ++i) {
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
    const Rule& rule = engine.rules()[one.rule];
    policy::AllowList& list = allow_lists[one.root];
    one.severity = list.SeverityOf(rule.id).value_or(rule.severity);
    // Asked also where a marker allows it already: the rule is in use.
    auto allowed = list.Match(rule.id, one.id, one.below_settings);
    if (!one.place.allowed) one.place.allowed = std::move(allowed);
  }
  report.findings = Group(engine, std::move(found));
  for (Finding& finding : report.findings) {
    SettleAge(options.now, &finding.age);
  }
  // Roots may share a configuration; its rule is unused when it is in none.
  std::map<std::string, std::size_t> unused;
  for (const policy::AllowList& list : allow_lists) {
    if (options.partial) break;
    for (const std::string& note : list.Unused()) ++unused[note];
  }
  for (const auto& [note, times] : unused) {
    const auto sharing = static_cast<std::size_t>(
        std::count_if(roots.begin(), roots.end(), [&](const Root& root) {
          return !root.settings.name.empty() &&
                 note.compare(0, root.settings.name.size() + 1,
                              root.settings.name + ":") == 0;
        }));
    if (times == sharing) report.notes.push_back(note);
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
