// SPDX-License-Identifier: Apache-2.0
//
// A few small rules and what scans with them look like as text. Keys are made
// when a test runs.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "match/engine.h"
#include "match/example.h"
#include "match/rule_check.h"
#include "rules/rule_set.h"
#include "scan/options.h"
#include "scan/scan.h"
#include "unit/temp_dir.h"

namespace keytidy::scan {

// kryton-key   a prefix and 40 digits
// nimbus-key   a long one, found by its beginning alone
// acme-secret  a value behind its name
// block-key    one over several lines
inline constexpr std::string_view kRules = R"(
provider = "kryton"
name = "Kryton"
sources = ["https://example.org/keys"]

[[rule]]
id = "kryton-key"
title = "Kryton key"
severity = "high"
pattern = 'kry_[0-9a-f]{40}'
examples = ['kry_{hex:40}']
advice = "Delete it."

[[rule]]
id = "nimbus-key"
title = "Nimbus key"
severity = "high"
pattern = 'nim_[0-9a-f]{200}'
anchor = 'nim_[0-9a-f]{16}'
examples = ['nim_{hex:200}']
advice = "Delete it."

[[rule]]
id = "acme-secret"
title = "Acme secret"
severity = "low"
confidence = "medium"
pattern = 'acme_secret = ([0-9A-Za-z]{24})'
group = 1
examples = ['acme_secret = {alnum:24}']
advice = "Delete it."

[[rule]]
id = "block-key"
title = "Key block"
severity = "critical"
pattern = '=BEGIN=[0-9a-z_\r\n]{30,80}=END='
anchor = '=BEGIN='
before = ''
after = ''
examples = ["=BEGIN=\n{loweralnum:20}\n{loweralnum:20}\n=END="]
advice = "Delete it."
)";

// Made once; lives to the end.
inline const match::Engine& SmallEngine() {
  struct Made {
    rules::RuleSet set;
    std::unique_ptr<match::Engine> engine;
  };
  static const Made made = [] {
    Made out;
    match::CheckOptions options;
    options.seeds = 2;
    Status ok = out.set.Add("rules.toml", std::string(kRules));
    if (ok) ok = match::CheckRules(&out.set, options);
    if (!ok) {
      ADD_FAILURE() << ok.error().message;
      std::abort();
    }
    auto database =
        match::Database::Compile(out.set.rules(), match::Cpu::kThis);
    if (!database) {
      ADD_FAILURE() << database.error().message;
      std::abort();
    }
    out.engine =
        std::make_unique<match::Engine>(out.set.rules(), *std::move(database));
    return out;
  }();
  return *made.engine;
}

inline std::string KrytonKey(std::uint64_t seed) {
  return "kry_" + match::Random(seed).Pick("0123456789abcdef", 40);
}
inline std::string NimbusKey(std::uint64_t seed) {
  return "nim_" + match::Random(seed).Pick("0123456789abcdef", 200);
}
inline std::string AcmeSecret(std::uint64_t seed) {
  return match::Random(seed).Pick("BCDFGHJKLMNPQRSTVWXZ0123456789", 24);
}
inline std::string BlockKey(std::uint64_t seed) {
  match::Random random(seed);
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz0123456789";
  return "=BEGIN=\n" + random.Pick(kLetters, 20) + "\n" +
         random.Pick(kLetters, 20) + "\n=END=";
}

inline constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// As reports show a key of a kind with a prefix of four bytes.
inline std::string Redacted(const std::string& key) {
  return key.substr(0, 8) + std::string(kEllipsis);
}

// ASCII as UTF-16 with its mark.
inline std::string Utf16Le(std::string_view text) {
  std::string out = "\xFF\xFE";
  for (const char c : text) out += {c, '\0'};
  return out;
}
inline std::string Utf16Be(std::string_view text) {
  std::string out = "\xFE\xFF";
  for (const char c : text) out += {'\0', c};
  return out;
}

inline Root DirectoryRoot(const std::string& path, std::string display = "") {
  Root root;
  root.kind = Root::Kind::kDirectory;
  root.path = path;
  root.display = std::move(display);
  root.top = path;
  return root;
}

inline Root FileRoot(const std::string& path, std::string display) {
  Root root;
  root.kind = Root::Kind::kFile;
  root.path = path;
  root.display = display;
  root.below_settings = std::move(display);
  return root;
}

inline Report RunOver(const std::vector<Root>& roots,
                      const Options& options = {}) {
  Progress progress;
  auto report = Run(SmallEngine(), roots, options, &progress, {});
  EXPECT_TRUE(report) << report.error().message;
  if (!report) return {};
  EXPECT_EQ(progress.files.load(), report->coverage.files);
  EXPECT_EQ(progress.bytes.load(), report->coverage.bytes);
  return *std::move(report);
}

inline Report RunOver(const TempDir& dir, const Options& options = {}) {
  return RunOver(std::vector{DirectoryRoot(dir.path())}, options);
}

// "path:line:column rule" of every place, in the report's order.
inline std::vector<std::string> Places(const Report& report) {
  std::vector<std::string> out;
  for (const Finding& finding : report.findings) {
    for (const Occurrence& place : finding.occurrences) {
      out.push_back(fmt::format("{}:{}:{} {}", place.path, place.range.line,
                                place.range.column, finding.rule->id));
    }
  }
  return out;
}

// "path: reason", with "!" where that makes the run incomplete.
inline std::vector<std::string> Skips(const Report& report) {
  std::vector<std::string> out;
  for (const Skip& skip : report.coverage.skipped) {
    out.push_back(fmt::format("{}{}: {}", skip.incomplete ? "!" : "", skip.path,
                              skip.reason));
  }
  return out;
}

// Everything a report says.
inline std::string Shown(const Report& report) {
  std::string out = fmt::format("complete {}, files {}, bytes {}, below {}\n",
                                report.complete, report.coverage.files,
                                report.coverage.bytes, report.below_confidence);
  for (const Skip& skip : report.coverage.skipped) {
    out += fmt::format("skip {}: {} {} {}\n", skip.path, skip.reason,
                       skip.bytes ? std::to_string(*skip.bytes) : "-",
                       skip.incomplete);
  }
  for (const std::string& root : report.empty_roots) {
    out += fmt::format("empty {}\n", root);
  }
  for (const std::string& note : report.notes) {
    out += fmt::format("note {}\n", note);
  }
  for (const Finding& finding : report.findings) {
    out += fmt::format(
        "{} {} {} {} {} {} {} {}\n", finding.id, finding.rule->id,
        Name(finding.severity), Name(finding.confidence), finding.redacted,
        finding.length, finding.shown.value_or("-"), finding.decision.because);
    for (const Occurrence& place : finding.occurrences) {
      out += fmt::format(
          "  {} {} {}-{} {}:{}-{}:{} {} {}\n    {}\n    {}+{}\n",
          Name(place.source), place.path, place.span.start, place.span.end,
          place.range.line, place.range.column, place.range.end_line,
          place.range.end_column, place.blob, place.allowed.value_or("-"),
          place.excerpt.text, place.excerpt.caret, place.excerpt.caret_width);
    }
  }
  return out;
}

}  // namespace keytidy::scan
