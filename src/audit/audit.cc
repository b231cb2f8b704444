// SPDX-License-Identifier: Apache-2.0
#include "audit/audit.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "audit/check_table.h"
#include "audit/collect.h"
#include "audit/plain_key.h"
#include "audit/scene.h"
#include "audit/steps.h"
#include "base/text.h"
#include "scan/make_report.h"
#include "scan/name_redactor.h"

namespace keytidy::audit {
namespace {

// Keys in transcripts and the like: one place for each key and client.
void FoldLeaks(const Scene& scene, std::vector<scan::Collected>* parts) {
  std::map<std::string_view, FileRole> roles;
  for (const FileFacts& file : scene.files) {
    roles.emplace(file.file.display, file.file.file->role);
  }
  std::vector<scan::Found> summed;
  for (scan::Collected& part : *parts) {
    auto kept = part.found.begin();
    for (scan::Found& found : part.found) {
      const auto role = roles.find(found.place.path);
      if (role != roles.end() && IsSummedUp(role->second)) {
        summed.push_back(std::move(found));
      } else {
        if (&*kept != &found) *kept = std::move(found);
        ++kept;
      }
    }
    part.found.erase(kept, part.found.end());
  }
  std::sort(summed.begin(), summed.end(),
            [](const scan::Found& a, const scan::Found& b) {
              return std::tie(a.place.path, a.place.span) <
                     std::tie(b.place.path, b.place.span);
            });
  std::map<std::tuple<std::uint32_t, std::string, std::string, FileRole>,
           std::size_t>
      first;
  std::vector<scan::Found> out;
  for (scan::Found& found : summed) {
    const FileRole role = roles.at(found.place.path);
    const auto [it, fresh] = first.try_emplace(
        {found.rule, found.id, found.place.client->name, role}, out.size());
    if (fresh) {
      out.push_back(std::move(found));
      continue;
    }
    scan::Found& known = out[it->second];
    known.place.times += found.place.times;
    ++known.place.files;
    known.evidence.insert(known.evidence.end(), found.evidence.begin(),
                          found.evidence.end());
  }
  if (parts->empty()) return;
  auto& target = parts->front().found;
  std::move(out.begin(), out.end(), std::back_inserter(target));
}

void AddPlainFindings(std::vector<PlainKey> plain, Report* report) {
  std::map<std::string, std::size_t> known;
  for (PlainKey& key : plain) {
    const auto [it, fresh] = known.try_emplace(key.id, report->findings.size());
    if (fresh) {
      Finding finding;
      finding.id = key.id;
      finding.rule = &PlainRule();
      finding.severity = PlainRule().severity;
      finding.confidence = PlainRule().confidence;
      finding.redacted = "********";
      finding.length = key.length;
      finding.shown = std::move(key.shown);
      report->findings.push_back(std::move(finding));
    }
    report->findings[it->second].occurrences.push_back(std::move(key.place));
  }
  for (Finding& finding : report->findings) {
    std::sort(finding.occurrences.begin(), finding.occurrences.end(),
              [](const Occurrence& a, const Occurrence& b) {
                return std::tie(a.path, a.span) < std::tie(b.path, b.span);
              });
  }
  std::stable_sort(report->findings.begin(), report->findings.end(),
                   [](const Finding& a, const Finding& b) {
                     const Occurrence& x = a.occurrences.front();
                     const Occurrence& y = b.occurrences.front();
                     return std::tie(x.path, x.span.start, a.rule->id, a.id) <
                            std::tie(y.path, y.span.start, b.rule->id, b.id);
                   });
}

std::vector<Problem> CheckAll(const Scene& scene) {
  Problems problems(scene);
  CheckSlots(scene, &problems);
  CheckReuse(scene, &problems);
  CheckDestinations(scene, &problems);
  CheckServers(scene, &problems);
  CheckFiles(scene, &problems);
  CheckLeftovers(scene, &problems);
  CheckServices(scene, &problems);
  CheckAge(scene, &problems);
  std::vector<Problem> out = problems.Take();
  const auto order = [](const Problem& a, const Problem& b) {
    const Violation& x = a.violation;
    const Violation& y = b.violation;
    return std::tuple(-static_cast<int>(x.severity), x.path, x.line, x.check,
                      x.message) < std::tuple(-static_cast<int>(y.severity),
                                              y.path, y.line, y.check,
                                              y.message);
  };
  std::stable_sort(out.begin(), out.end(), order);
  // A key in two fields of one line is one thing.
  out.erase(std::unique(out.begin(), out.end(),
                        [](const Problem& a, const Problem& b) {
                          const Violation& x = a.violation;
                          const Violation& y = b.violation;
                          return x.check == y.check && x.path == y.path &&
                                 x.line == y.line && x.message == y.message;
                        }),
            out.end());
  return out;
}

// What allow rules and the configuration let pass.
void Excuse(const config::Settings& settings, const Report& report,
            std::vector<Problem>* problems) {
  std::map<std::string_view, const Finding*> findings;
  for (const Finding& finding : report.findings) {
    findings.emplace(finding.id, &finding);
  }
  for (Problem& one : *problems) {
    Violation& violation = one.violation;
    if (IsOneOf(violation.check, settings.ignored_checks)) {
      violation.decision = {Action::kIgnore,
                            fmt::format("{}: [audit] ignore", settings.name)};
      continue;
    }
    const auto finding = findings.find(violation.finding);
    if (finding == findings.end()) continue;
    const std::string* allowed = nullptr;
    bool all = true;
    for (const Occurrence& place : finding->second->occurrences) {
      if (place.path != violation.path) continue;
      if (place.allowed) {
        allowed = &*place.allowed;
      } else {
        all = false;
      }
    }
    if (all && allowed != nullptr) {
      violation.decision = {Action::kIgnore, *allowed};
    }
  }
}

// How many things a check is about.
std::uint64_t CountSubjects(const std::vector<Problem>& problems,
                            std::string_view check) {
  std::set<std::string_view> subjects;
  for (const Problem& one : problems) {
    if (one.violation.check == check) subjects.insert(one.subject);
  }
  return subjects.size();
}

AuditSummary Summarise(const Scene& scene,
                       const std::vector<Problem>& problems) {
  AuditSummary out;
  out.home =
      scene.machine.home_display.empty() ? "." : scene.machine.home_display;
  std::set<std::string> clients;
  std::set<std::tuple<std::size_t, std::size_t, std::string>> places;
  for (const FileFacts& file : scene.files) {
    if (file.file.client == nullptr) continue;
    clients.insert(std::string(TitleOf(file.file)));
    if (IsClientSettings(file.file)) out.servers += file.servers.size();
  }
  for (const KeyGroup& group : scene.groups) {
    for (const KeyUse* use : group.uses) {
      places.emplace(use->file, use->server, use->slot);
    }
  }
  out.clients = clients.size();
  out.keys = scene.groups.size();
  out.places = places.size();
  std::vector<Problem> open;
  std::copy_if(problems.begin(), problems.end(), std::back_inserter(open),
               [](const Problem& one) {
                 return one.violation.decision.action != Action::kIgnore;
               });
  out.shared = CountSubjects(open, "KEY-REUSE-CLIENT");
  out.tracked = CountSubjects(open, "FILE-GIT-TRACKED");
  out.astray = CountSubjects(open, "KEY-HOST-MISMATCH");
  out.leaked = CountSubjects(open, "LOG-LEAK");
  out.first = FirstSteps(open);
  return out;
}

}  // namespace

Result<Report> Run(const match::Engine& engine, const Request& request,
                   scan::Progress* progress, const std::stop_token& stop) {
  Scene scene{request.machine,    request.knowledge, {}, {}, {}, {}, {},
              request.options.now};
  auto collected = Collect(engine, request, progress, stop, &scene);
  if (!collected) return Fail(collected.error());
  if (stop.stop_requested()) {
    return Fail(ErrorCode::kCancelled, "the audit was interrupted");
  }
  FoldLeaks(scene, &collected->parts);
  GitStates git(request.machine);
  for (const FileFacts& file : scene.files) {
    if (file.keys.empty() || IsSummedUp(file.file.file->role)) continue;
    scene.git[file.file.path] = git.Of(file.file.path);
  }
  for (std::vector<Skip> skips : {collected->skipped, git.TakeSkipped()}) {
    auto& into = collected->parts.front().coverage.skipped;
    std::move(skips.begin(), skips.end(), std::back_inserter(into));
  }
  GroupKeys(&scene);
  if (request.fingerprints != nullptr) {
    for (const FileFacts& file : scene.files) {
      for (const KeyUse& use : file.keys) {
        request.fingerprints->emplace(use.finding, use.fingerprint);
      }
    }
  }

  auto report = scan::MakeReport(engine, request.roots, request.options,
                                 std::move(collected->parts));
  if (!report) return report;
  AddPlainFindings(std::move(collected->plain), &*report);
  std::vector<Problem> problems = CheckAll(scene);
  Excuse(request.roots.front().settings, *report, &problems);
  report->audit = Summarise(scene, problems);
  for (Problem& one : problems) {
    report->violations.push_back(std::move(one.violation));
  }
  if (!request.options.show_secrets) {
    auto redactor = scan::NameRedactor::Make(engine);
    if (!redactor) return Fail(redactor.error());
    redactor->RedactAll(&*report);
  }
  return report;
}

}  // namespace keytidy::audit
