// SPDX-License-Identifier: Apache-2.0
//
// Small reports for the writers' tests. What looks like a key here is made of
// the redacted form only; no test needs a whole one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/report.h"

namespace keytidy::report {

inline const Rule& KrytonRule() {
  static constexpr std::string_view kSources[] = {
      "https://example.org/docs/api-keys"};
  static const Rule kRule = [] {
    Rule rule;
    rule.id = "kryton-api-key";
    rule.title = "Kryton API key";
    rule.provider = "kryton";
    rule.provider_name = "Kryton";
    rule.advice =
        "Delete the key under Settings, API Keys, and create a new one.";
    rule.severity = Severity::kHigh;
    rule.sources = kSources;
    return rule;
  }();
  return kRule;
}

inline const Rule& AcmeRule() {
  static const Rule kRule = [] {
    Rule rule;
    rule.id = "acme-webhook";
    rule.title = "Acme webhook secret";
    rule.provider = "acme";
    rule.provider_name = "Acme";
    rule.severity = Severity::kLow;
    return rule;
  }();
  return kRule;
}

// An occurrence whose excerpt is the masked `line`, with the key where `key`
// stands in it. `length` is the key's own.
inline Occurrence At(std::string path, std::uint64_t line_number,
                     std::string_view line, std::string_view key,
                     std::uint64_t length = 71) {
  Occurrence occurrence;
  occurrence.path = std::move(path);
  occurrence.excerpt.text = line;
  const std::size_t caret = line.find(key);
  occurrence.excerpt.caret = static_cast<std::uint32_t>(caret);
  occurrence.excerpt.caret_width = static_cast<std::uint32_t>(key.size());
  const auto characters = static_cast<std::uint64_t>(std::count_if(
      line.begin(), line.begin() + static_cast<std::ptrdiff_t>(caret),
      [](char c) { return (c & '\xC0') != '\x80'; }));
  occurrence.range = {line_number,    caret + 1,
                      line_number,    caret + 1 + length,
                      characters + 1, characters + 1 + length};
  occurrence.span = {100 * line_number + caret,
                     100 * line_number + caret + length};
  return occurrence;
}

inline Finding KrytonFinding() {
  Finding finding;
  finding.id = "kt-8d1f0c2e9b7a4c55";
  finding.rule = &KrytonRule();
  finding.severity = Severity::kHigh;
  finding.redacted = "kryton_3f9c…";
  finding.length = 71;
  finding.occurrences.push_back(
      At(".cursor/mcp.json", 7,
         "    \"Authorization\": \"Bearer kryton_3f9c…\"", "kryton_3f9c…"));
  finding.decision = {Action::kFail, "severity high >= --fail-on medium"};
  return finding;
}

inline Finding AcmeFinding() {
  Finding finding;
  finding.id = "kt-0123456789abcdef";
  finding.rule = &AcmeRule();
  finding.severity = Severity::kLow;
  finding.confidence = Confidence::kMedium;
  finding.redacted = "********";
  finding.length = 32;
  finding.occurrences.push_back(
      At("deploy.sh", 3, "ACME_SECRET=********", "********", 32));
  finding.decision = {Action::kWarn, "severity low < --fail-on medium"};
  return finding;
}

// Twelve files read, nothing found.
inline Report CleanReport() {
  Report report;
  report.catalogue = "sha256:feed";
  report.coverage.files = 12;
  report.coverage.bytes = 34567;
  return report;
}

// One finding.
inline Report OneFinding() {
  Report report = CleanReport();
  report.findings.push_back(KrytonFinding());
  return report;
}

// A little of everything.
inline Report MixedReport() {
  Report report = CleanReport();
  Finding kryton = KrytonFinding();
  kryton.occurrences.push_back(
      At(".env", 3, "KRYTON_TOKEN=kryton_3f9c…", "kryton_3f9c…"));
  kryton.occurrences.push_back(
      At("docs/setup.md", 9, "    export T=kryton_3f9c…", "kryton_3f9c…"));
  kryton.occurrences.back().allowed =
      "keytidy:allow kryton-api-key: shown in the manual";
  report.findings.push_back(std::move(kryton));
  report.findings.push_back(AcmeFinding());
  Finding old = KrytonFinding();
  old.id = "kt-00000000000000aa";
  old.occurrences[0].path = "old.txt";
  old.decision = {Action::kIgnore, "baseline"};
  report.findings.push_back(std::move(old));
  report.below_confidence = 2;
  report.notes = {"allow rule at keytidy.toml:12 matches nothing"};
  report.coverage.skipped = {
      {"a.png", "binary", 10, false},
      {"b.png", "binary", 20, false},
      {"big.iso", "larger than --max-file-size", 734003200, false}};
  return report;
}

inline Violation Tracked() {
  Violation violation;
  violation.check = "FILE-TRACKED";
  violation.severity = Severity::kCritical;
  violation.finding = "kt-8d1f0c2e9b7a4c55";
  violation.message = "git tracks a file with a key";
  violation.path = ".cursor/mcp.json";
  violation.line = 7;
  violation.client = {"cursor", "kryton", "headers.Authorization"};
  violation.fix = "Take `.cursor/mcp.json` out of git.";
  violation.references = {"OWASP NHI2", "OWASP MCP01"};
  violation.decision = {Action::kFail, "severity critical >= --fail-on medium"};
  return violation;
}

// About no file, line, finding or client.
inline Violation NoFile() {
  Violation violation;
  violation.check = "ENV-PLAIN";
  violation.severity = Severity::kLow;
  violation.message = "the environment holds a key";
  violation.decision = {Action::kWarn, "severity low < --fail-on medium"};
  return violation;
}

// One finding in the file of a client, a violation that fails, one that does
// not, and one that is ignored.
inline Report KeptReport() {
  Report report = OneFinding();
  report.findings[0].occurrences[0].client = {"cursor", "kryton",
                                              "headers.Authorization"};
  Violation ignored = Tracked();
  ignored.check = "FILE-MODE";
  ignored.severity = Severity::kHigh;
  ignored.message = "others can read a file with a key";
  ignored.decision = {Action::kIgnore, "baseline"};
  report.violations = {Tracked(), std::move(ignored), NoFile()};
  return report;
}

// An audit with two things to do first.
inline Report AuditReport() {
  Report report = KeptReport();
  AuditSummary audit;
  audit.home = "/home/ann";
  audit.clients = 5;
  audit.servers = 18;
  audit.keys = 4;
  audit.places = 9;
  audit.shared = 2;
  audit.tracked = 1;
  FirstStep tracked;
  tracked.severity = Severity::kCritical;
  tracked.what =
      "Git tracks `.cursor/mcp.json`, and it holds a Kryton API key that "
      "everyone with a clone has.";
  tracked.where = {"/home/ann/code/.cursor/mcp.json:7"};
  tracked.how =
      "Replace the key, then take the file out of git:\n"
      "  git rm --cached .cursor/mcp.json";
  tracked.checks = {"FILE-TRACKED"};
  FirstStep shared;
  shared.severity = Severity::kMedium;
  shared.what = "A Kryton API key is in 2 apps.";
  shared.where = {"/home/ann/a:1", "/home/ann/b:2", "/srv/c:3", "/srv/d:4",
                  "/srv/e:5"};
  shared.how = "Make one key for each app.";
  shared.checks = {"KEY-SHARED"};
  audit.first = {std::move(tracked), std::move(shared)};
  report.audit = std::move(audit);
  return report;
}

// A report with two things that could not be read.
inline Report IncompleteReport() {
  Report report = OneFinding();
  report.complete = false;
  report.coverage.skipped = {
      {"a.png", "binary", 10, false},
      {"broken.zip", "the central directory is cut short", 512, true},
      {"vault.bin", "Permission denied", std::nullopt, true}};
  return report;
}

}  // namespace keytidy::report
