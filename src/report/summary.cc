// SPDX-License-Identifier: Apache-2.0
#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxReasons = 6;

void AddPart(std::string* list, std::string_view part) {
  if (!list->empty()) *list += ", ";
  *list += part;
}

std::string UnreadText(const Tally& tally) {
  std::string text;
  if (tally.unread > 0) {
    text = Count(tally.unread, "thing") + " could not be read";
  }
  if (tally.empty > 0) {
    const std::string_view held =
        text.empty() ? kHeldNothing : std::string_view("held nothing");
    AddPart(&text, fmt::format("{} {}", Count(tally.empty, "path"), held));
  }
  return text.empty() ? "not everything asked for was read" : text;
}

std::string FailingText(const Tally& tally) {
  if (tally.visible == 0 && tally.violations == 0) return "no keys found";
  const std::uint64_t failing = tally.failing + tally.failing_violations;
  if (failing == 0) return "nothing fails";
  std::string text;
  if (tally.failing > 0) text = Count(tally.failing, "finding");
  if (tally.failing_violations > 0) {
    if (!text.empty()) text += " and ";
    text += Count(tally.failing_violations, "violation");
  }
  return text + (failing == 1 ? " fails" : " fail");
}

std::string BySeverity(const std::array<std::uint64_t, 5>& counts) {
  std::string text;
  for (std::size_t i = counts.size(); i-- > 0;) {
    if (counts[i] == 0) continue;
    AddPart(&text, fmt::format("{} {}", WithThousands(counts[i]),
                               Name(static_cast<Severity>(i))));
  }
  return text;
}

bool ReadNothing(const Coverage& coverage) {
  return coverage.files == 0 && coverage.bytes == 0 && coverage.blobs == 0 &&
         coverage.commits == 0;
}

}  // namespace

std::vector<const Occurrence*> VisiblePlaces(const Finding& finding) {
  std::vector<const Occurrence*> places;
  if (finding.decision.action == Action::kIgnore) return places;
  for (const Occurrence& occurrence : finding.occurrences) {
    if (!occurrence.allowed) places.push_back(&occurrence);
  }
  return places;
}

bool IsVisible(const Violation& violation) {
  return violation.decision.action != Action::kIgnore;
}

std::string_view PlaceName(const Occurrence& occurrence) {
  if (occurrence.source == SourceKind::kStdin) return "stdin";
  return occurrence.path;
}

std::vector<std::size_t> IndexInPath(const Finding& finding) {
  std::map<std::string_view, std::size_t> seen;
  std::vector<std::size_t> indices;
  indices.reserve(finding.occurrences.size());
  for (const Occurrence& occurrence : finding.occurrences) {
    indices.push_back(seen[occurrence.path]++);
  }
  return indices;
}

std::vector<std::string> ViolationKeys(const Report& report) {
  std::map<std::string, std::size_t> seen;
  std::vector<std::string> keys;
  keys.reserve(report.violations.size());
  for (const Violation& violation : report.violations) {
    const ClientPlace client = violation.client.value_or(ClientPlace());
    const std::string key =
        ToHex(Sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", violation.check,
                                 violation.finding, violation.path, client.name,
                                 client.server, client.slot)))
            .substr(0, 16);
    keys.push_back(fmt::format("{}:{}", key, seen[key]++));
  }
  return keys;
}

Tally TallyOf(const Report& report) {
  Tally tally;
  std::set<std::string_view> files;
  for (const Finding& finding : report.findings) {
    const auto allowed = std::count_if(
        finding.occurrences.begin(), finding.occurrences.end(),
        [](const Occurrence& o) { return o.allowed.has_value(); });
    tally.allowed_places += static_cast<std::uint64_t>(allowed);
    const auto places = VisiblePlaces(finding);
    if (places.empty()) {
      const auto all = static_cast<std::ptrdiff_t>(finding.occurrences.size());
      if (allowed < all) ++tally.ignored;
      continue;
    }
    ++tally.visible;
    ++tally.by_severity[static_cast<std::size_t>(finding.severity)];
    if (finding.decision.action == Action::kFail) ++tally.failing;
    for (const Occurrence* place : places) files.insert(place->path);
  }
  tally.files = files.size();
  for (const Violation& violation : report.violations) {
    if (!IsVisible(violation)) {
      ++tally.ignored_violations;
      continue;
    }
    ++tally.violations;
    ++tally
          .violations_by_severity[static_cast<std::size_t>(violation.severity)];
    if (violation.decision.action == Action::kFail) ++tally.failing_violations;
  }
  for (const Skip& skip : report.coverage.skipped) {
    if (skip.incomplete) ++tally.unread;
  }
  tally.empty = report.empty_roots.size();
  return tally;
}

std::string BytesText(std::uint64_t bytes) {
  const std::string exact = Count(bytes, "byte");
  if (bytes < 1024) return exact;
  constexpr std::string_view kUnits[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // 1023.95 and above would be printed as 1024.0.
  while (amount >= 1023.95 && unit + 1 < std::size(kUnits)) {
    amount /= 1024;
    ++unit;
  }
  return fmt::format("{} ({:.1f} {})", exact, amount, kUnits[unit]);
}

std::string ReadText(const Coverage& coverage) {
  if (!coverage.instead.empty()) return coverage.instead;
  std::string text;
  if (coverage.files > 0 || coverage.blobs == 0) {
    AddPart(&text, Count(coverage.files, "file"));
  }
  if (coverage.blobs > 0) AddPart(&text, Count(coverage.blobs, "blob"));
  if (coverage.commits > 0) AddPart(&text, Count(coverage.commits, "commit"));
  AddPart(&text, BytesText(coverage.bytes));
  return text;
}

std::string SeverityText(const Tally& tally) {
  return BySeverity(tally.by_severity);
}

std::string ViolationSeverityText(const Tally& tally) {
  return BySeverity(tally.violations_by_severity);
}

std::string HiddenText(const Report& report, const Tally& tally) {
  std::string text;
  if (tally.allowed_places > 0) {
    AddPart(&text, Count(tally.allowed_places, "allowed place"));
  }
  if (tally.ignored > 0)
    AddPart(&text, Count(tally.ignored, "ignored finding"));
  if (tally.ignored_violations > 0) {
    AddPart(&text, Count(tally.ignored_violations, "ignored violation"));
  }
  if (report.below_confidence > 0) {
    AddPart(&text,
            WithThousands(report.below_confidence) + " below --min-confidence");
  }
  return text;
}

std::string SkippedText(const Report& report) {
  std::map<std::string_view, std::uint64_t> counts;
  for (const Skip& skip : report.coverage.skipped) {
    if (!skip.incomplete) ++counts[skip.reason];
  }
  std::vector<std::pair<std::string_view, std::uint64_t>> groups(counts.begin(),
                                                                 counts.end());
  std::stable_sort(
      groups.begin(), groups.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i < kMaxReasons) {
      AddPart(&text, fmt::format("{} {}", WithThousands(groups[i].second),
                                 groups[i].first));
    } else {
      others += groups[i].second;
    }
  }
  if (others > 0) {
    AddPart(&text,
            fmt::format("{} for {}", WithThousands(others),
                        Count(groups.size() - kMaxReasons, "other reason")));
  }
  return text;
}

std::vector<NotRead> NotReadIn(const Report& report) {
  std::vector<NotRead> list;
  for (const Skip& skip : report.coverage.skipped) {
    if (skip.incomplete) list.push_back({skip.path, skip.reason});
  }
  for (const std::string& root : report.empty_roots) {
    list.push_back({root, kHeldNothing});
  }
  return list;
}

Outcome OutcomeOf(const Report& report, const Tally& tally) {
  if (!report.complete || tally.unread > 0 || tally.empty > 0) {
    return {"INCOMPLETE",
            fmt::format("{}; {}", UnreadText(tally), FailingText(tally))};
  }
  if (tally.visible > 0 || tally.violations > 0) {
    return {"complete", fmt::format("{} read; {}", ReadText(report.coverage),
                                    FailingText(tally))};
  }
  if (ReadNothing(report.coverage))
    return {"clean", "there was nothing to read"};
  return {"clean",
          fmt::format("{} read; no keys found", ReadText(report.coverage))};
}

}  // namespace keytidy::report
