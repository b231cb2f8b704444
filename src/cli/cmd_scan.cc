// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/git_scan.h"
#include "cli/interrupt.h"
#include "cli/roots.h"
#include "match/loader.h"
#include "match/rule_cache.h"
#include "policy/decide.h"
#include "report/writer.h"
#include "scan/progress_meter.h"
#include "scan/scan.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMaxRuleFile = 4 << 20;
constexpr std::size_t kMaxKeyFile = 4096;
constexpr std::size_t kLeastKey = 16;

// As typed.
struct ScanArgs {
  std::vector<std::string> paths;
  std::string format = "human";
  std::string output;
  std::string fail_on;
  std::string min_confidence;
  std::string config;
  bool no_repo_config = false;
  std::vector<std::string> rules;
  bool no_ignore = false;
  bool binary = false;
  bool no_archives = false;
  std::uint64_t max_file_size = 0;
  unsigned max_archive_depth = source::ArchiveLimits{}.depth;
  bool no_markers = false;
  bool foreign_markers = false;
  std::string key_file;
  unsigned jobs = 0;
  std::string color = "auto";
  bool show_secrets = false;
  bool quiet = false;
  bool no_progress = false;
  bool allow_incomplete = false;
  bool allow_empty = false;
  GitArgs git;
  std::string since_last;
  bool no_delta = false;
  std::uint64_t memory_limit = 0;
};

// What it means.
struct ScanPlan {
  std::vector<scan::Root> roots;
  scan::Options options;
  policy::Thresholds thresholds;
  report::Format format = report::Format::kHuman;
  report::Style style;
  bool progress = false;
};

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
  if (!args.fail_on.empty()) {
    fail_on = config::ParseFailOn(args.fail_on);
    if (!fail_on) {
      return Fail(ErrorCode::kInvalid,
                  "--fail-on {}: must be one of info, low, medium, high, "
                  "critical, never",
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

// Seconds since 1970; SOURCE_DATE_EPOCH makes runs alike.
std::int64_t Now() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    const long long value = std::strtoll(fixed, &end, 10);
    if (end != fixed && *end == '\0') return value;
  }
  return static_cast<std::int64_t>(std::time(nullptr));
}

// `paths`: of files and folders, or of the repository.
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

int RunScan(ScanArgs args) {
  if (!args.since_last.empty()) {
    args.git.since_last = args.since_last == "-" ? "" : args.since_last;
  }
  if (auto ok = CheckGitArgs(args.git, args.paths); !ok) {
    return UsageError(ok.error());
  }
  std::optional<Result<git::Repository>> repository;
  std::vector<std::string> paths = args.paths;
  if (args.git.Any()) {
    repository = FindRepository(args.paths);
    if (!*repository && repository->error().code == ErrorCode::kNotFound) {
      return UsageError(repository->error());
    }
    if (*repository) paths = {ConfigFolder(**repository)};
  }
  auto plan = Resolve(args, paths);
  if (!plan) return UsageError(plan.error());
  std::vector<match::RuleFile> rule_files;
  for (const std::string& path : args.rules) {
    auto text = ReadSmallFile(path, kMaxRuleFile);
    if (!text) return UsageError(text.error());
    rule_files.push_back({path, *std::move(text)});
  }
  const auto loaded =
      match::LoadEngine(rules::EmbeddedCatalogue(), std::move(rule_files),
                        match::CacheDirectory());
  if (!loaded) return UsageError(loaded.error());

  const std::stop_token stop = StopOnInterrupt();
  scan::Progress progress;
  std::optional<scan::ProgressMeter> meter;
  if (plan->progress) meter.emplace(progress);
  const match::Engine& engine = *(*loaded)->engine;
  auto report =
      !repository
          ? scan::Run(engine, plan->roots, plan->options, &progress, stop)
      : *repository
          ? RunGitScan(engine, (*loaded)->digest, **repository, args.git,
                       plan->roots, plan->options, &progress, stop)
          : Result<Report>(UnreadRepository(engine, repository->error()));
  meter.reset();
  if (!report) {
    if (report.error().code != ErrorCode::kCancelled) {
      return UsageError(report.error());
    }
    UsageError("interrupted; nothing is reported");
    return kInterrupted;
  }
  report->catalogue = (*loaded)->digest;
  if (args.allow_empty) report->empty_roots.clear();
  policy::Decide(plan->thresholds, &*report);

  const std::string text = report::Write(*report, plan->format, plan->style);
  const Status written =
      args.output.empty() ? Print(text) : WritePrivateFile(args.output, text);
  if (!written) return UsageError(written.error());
  return ExitCodeFor(*report, args);
}

}  // namespace

void AddScan(CLI::App* app, Action* action) {
  auto args = std::make_shared<ScanArgs>();
  CLI::App* scan = app->add_subcommand(
      "scan", "Find keys in files, archives, standard input and git");
  scan->add_option("PATH", args->paths,
                   "What to scan; - is standard input; default: .");

  GitArgs& git = args->git;
  scan->add_flag("--staged", git.staged, "What the next commit adds")
      ->group("Git");
  scan->add_option("--range", git.range,
                   "What commits add: A..B, A...B, A; - reads hook lines")
      ->option_text("A..B")
      ->group("Git");
  scan->add_option("--since", git.since,
                   "What commits since DATE add (2026-03-01, 12h)")
      ->option_text("DATE")
      ->group("Git");
  scan->add_flag("--history", git.history,
                 "Every blob of the repository, reachable or not")
      ->group("Git");
  scan->add_flag("--all-lines", git.all_lines,
                 "Also keys that were in the changed files before")
      ->group("Git");
  // A flag, so that it takes no word that follows; "=FILE" is the file.
  scan->add_flag("--since-last{-}", args->since_last,
                 "With --history: what is new since the last time (=FILE)")
      ->group("Git");
  scan->add_option("--remote", git.remote,
                   "With --range -: the remote that is pushed to")
      ->option_text("NAME")
      ->group("Git");
  scan->add_flag("--no-submodules", git.no_submodules,
                 "With --history: this repository alone")
      ->group("Git");
  scan->add_flag("--no-delta", args->no_delta,
                 "Scan every blob whole: slower, and the same")
      ->group("Git");
  scan->add_option("--memory-limit", args->memory_limit,
                   "For objects in memory (400MB)")
      ->transform(CLI::AsSizeValue(false))
      ->option_text("SIZE")
      ->group("Git");

  scan->add_option("-f,--format", args->format,
                   "human, json, jsonl, sarif, junit, gitlab, csv, markdown")
      ->option_text("NAME")
      ->envname("KEYTIDY_FORMAT")
      ->group("Output");
  scan->add_option("-o,--output", args->output,
                   "Write the report to FILE (mode 0600)")
      ->option_text("FILE")
      ->group("Output");
  scan->add_option("--color", args->color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->option_text("WHEN")
      ->group("Output");
  scan->add_flag("--show-secrets", args->show_secrets,
                 "Print keys in clear, to a terminal or --output")
      ->group("Output");
  scan->add_flag("-q,--quiet", args->quiet, "No summary, no progress")
      ->group("Output");
  scan->add_flag("--no-progress", args->no_progress, "No progress line")
      ->group("Output");

  scan->add_option("--fail-on", args->fail_on,
                   "Least severity that fails (medium); or never")
      ->option_text("SEVERITY")
      ->envname("KEYTIDY_FAIL_ON")
      ->group("Decision");
  scan->add_option("--min-confidence", args->min_confidence,
                   "Least confidence shown: low, medium, high (medium)")
      ->option_text("LEVEL")
      ->envname("KEYTIDY_MIN_CONFIDENCE")
      ->group("Decision");
  scan->add_option("--config", args->config,
                   "Use FILE, not the repository's keytidy.toml")
      ->option_text("FILE")
      ->envname("KEYTIDY_CONFIG")
      ->group("Decision");
  scan->add_flag("--no-repo-config", args->no_repo_config,
                 "Ignore keytidy.toml of what is scanned")
      ->group("Decision");
  scan->add_option("--rules", args->rules, "Add the rules of FILE")
      ->option_text("FILE")
      ->allow_extra_args(false)
      ->group("Decision");
  scan->add_flag("--no-markers", args->no_markers,
                 "Let no inline marker allow anything")
      ->group("Decision");
  scan->add_flag("--foreign-markers", args->foreign_markers,
                 "Honour the markers of other scanners too")
      ->group("Decision");
  scan->add_flag("--allow-incomplete", args->allow_incomplete,
                 "Exit 0 though something could not be read")
      ->group("Decision");
  scan->add_flag("--allow-empty", args->allow_empty,
                 "Exit 0 though a PATH held nothing to read")
      ->group("Decision");
  scan->add_option("--key-file", args->key_file,
                   "Make ids with the key in FILE, not the public one")
      ->option_text("FILE")
      ->envname("KEYTIDY_KEY_FILE")
      ->group("Decision");

  scan->add_flag("--no-ignore", args->no_ignore,
                 "Look where .gitignore, .ignore and excludes forbid")
      ->group("Reach");
  scan->add_flag("--binary", args->binary, "Scan binary files too")
      ->group("Reach");
  scan->add_flag("--no-archives", args->no_archives, "Do not open archives")
      ->group("Reach");
  scan->add_option("--max-archive-depth", args->max_archive_depth,
                   "How deep archives may nest (8)")
      ->option_text("N")
      ->group("Reach");
  scan->add_option("--max-file-size", args->max_file_size,
                   "Leave out larger files: 500, 20MB, 1GiB")
      ->transform(CLI::AsSizeValue(false))
      ->option_text("SIZE")
      ->group("Reach");
  scan->add_option("-j,--jobs", args->jobs, "Threads (as many as processors)")
      ->check(CLI::Range(1, 1024))
      ->option_text("N")
      ->envname("KEYTIDY_JOBS")
      ->group("Reach");
  scan->footer(Examples(
      {"keytidy scan .", "keytidy scan --history --format json -o all.json"}));
  scan->callback(
      [args, action] { *action = [args] { return RunScan(*args); }; });
}

}  // namespace keytidy::cli
