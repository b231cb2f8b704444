// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <thread>

#include "base/file.h"
#include "cli/clock.h"
#include "cli/exit_code.h"
#include "cli/roots.h"
#include "cli/scan_args.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxKeyFile = 4096;
constexpr std::size_t kLeastKey = 16;

Result<match::Identifier> ReadIdentifier(const std::string& path) {
  if (path.empty()) return match::Identifier();
  auto key = ReadSmallFile(path, kMaxKeyFile);
  if (!key) return Fail(ErrorCode::kInvalid, "{}", key.error().message);
  if (key->size() < kLeastKey) {
    return Fail(ErrorCode::kInvalid,
                "{}: a fingerprint key has at least {} bytes", path, kLeastKey);
  }
  return match::Identifier(*std::move(key));
}

// The command line outranks the configuration; of several configurations the
// strictest counts.
Result<policy::Thresholds> ResolveThresholds(
    const ScanArgs& args, const std::vector<scan::Root>& roots) {
  policy::Thresholds out;
  std::optional<config::FailOn> fail_on;
  std::optional<Confidence> confidence;
  const auto rank = [](const config::FailOn& value) {
    return value ? static_cast<int>(*value) : 100;
  };
  for (const scan::Root& root : roots) {
    const config::Settings& settings = root.settings;
    if (settings.fail_on &&
        (!fail_on || rank(*settings.fail_on) < rank(*fail_on))) {
      fail_on = settings.fail_on;
    }
    if (settings.min_confidence) {
      confidence = std::min(confidence.value_or(Confidence::kHigh),
                            *settings.min_confidence);
    }
  }
  if (args.fail_on == "active") {
    if (!args.verify.verify) {
      return Fail(ErrorCode::kInvalid,
                  "--fail-on active: which keys are active only --verify can "
                  "tell");
    }
    out.only_active = true;
  } else if (!args.fail_on.empty()) {
    fail_on = config::ParseFailOn(args.fail_on);
    if (!fail_on) {
      return Fail(ErrorCode::kInvalid,
                  "--fail-on {}: must be one of info, low, medium, high, "
                  "critical, never, active",
                  args.fail_on);
    }
  }
  if (!args.min_confidence.empty()) {
    confidence = ParseConfidence(args.min_confidence);
    if (!confidence) {
      return Fail(ErrorCode::kInvalid,
                  "--min-confidence {}: must be one of low, medium, high",
                  args.min_confidence);
    }
  }
  out.fail_on = fail_on.value_or(out.fail_on);
  out.min_confidence = confidence.value_or(out.min_confidence);
  return out;
}

}  // namespace

Result<ScanPlan> Resolve(const ScanArgs& args,
                         const std::vector<std::string>& paths) {
  ScanPlan plan;
  const auto format = report::ParseFormat(args.format);
  if (!format) {
    std::string names;
    for (const std::string_view name : report::FormatNames()) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
    return Fail(ErrorCode::kInvalid, "--format {}: must be one of {}",
                args.format, names);
  }
  plan.format = *format;
  if (args.show_secrets && args.output.empty() && isatty(1) == 0) {
    return Fail(ErrorCode::kInvalid,
                "--show-secrets prints keys in clear: only to a terminal, or "
                "to a private file with --output FILE");
  }
  if (!args.output.empty()) {
    if (auto ok = CheckWritable(args.output); !ok) return Fail(ok.error());
  }

  RootOptions root_options;
  if (!args.config.empty()) root_options.config = args.config;
  root_options.no_repo_config = args.no_repo_config;
  const std::vector<std::string> here = {"."};
  auto roots = ResolveRoots(paths.empty() ? here : paths, root_options);
  if (!roots) return Fail(roots.error());
  plan.roots = *std::move(roots);

  auto thresholds = ResolveThresholds(args, plan.roots);
  if (!thresholds) return Fail(thresholds.error());
  plan.thresholds = *thresholds;

  auto identifier = ReadIdentifier(args.key_file);
  if (!identifier) return Fail(identifier.error());
  plan.options.identifier = *std::move(identifier);

  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  plan.options.jobs = args.jobs > 0 ? args.jobs : processors;
  plan.options.no_ignore = args.no_ignore;
  plan.options.binary = args.binary;
  plan.options.archives = !args.no_archives;
  plan.options.archive_limits.depth = args.max_archive_depth;
  if (args.max_file_size > 0) plan.options.max_file_size = args.max_file_size;
  plan.options.own_markers = !args.no_markers;
  plan.options.foreign_markers = args.foreign_markers;
  plan.options.show_secrets = args.show_secrets;
  plan.options.now = Now();
  plan.options.delta = !args.no_delta;
  plan.options.partial =
      args.git.Any() && (!args.git.history || args.git.since_last);
  if (args.memory_limit > 0) plan.options.memory_limit = args.memory_limit;

  const bool to_terminal = args.output.empty() && isatty(1) != 0;
  const char* no_color = std::getenv("NO_COLOR");
  plan.style.color =
      args.color == "always" || (args.color == "auto" && to_terminal &&
                                 (no_color == nullptr || *no_color == '\0'));
  plan.style.quiet = args.quiet;
  plan.progress = !args.no_progress && !args.quiet && isatty(2) != 0;
  return plan;
}

int ExitCodeFor(const Report& report, const ScanArgs& args) {
  if (HasFailure(report)) return kFailed;
  if (!report.complete && !args.allow_incomplete) return kIncomplete;
  if (!report.empty_roots.empty()) return kIncomplete;
  return kClean;
}

}  // namespace keytidy::cli
