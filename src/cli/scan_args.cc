// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_args.h"

namespace keytidy::cli {

void AddReportOptions(CLI::App* scan, ScanArgs* args) {
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
                   "Least severity that fails (medium); never; active")
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
  scan->add_option("-j,--jobs", args->jobs, "Threads (as many as processors)")
      ->check(CLI::Range(1, 1024))
      ->option_text("N")
      ->envname("KEYTIDY_JOBS")
      ->group("Reach");
}

void AddScanOptions(CLI::App* scan, ScanArgs* args) {
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

  AddReportOptions(scan, args);
  scan->add_flag("--no-markers", args->no_markers,
                 "Let no inline marker allow anything")
      ->group("Decision");
  scan->add_flag("--foreign-markers", args->foreign_markers,
                 "Honour the markers of other scanners too")
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
  scan->add_flag("--verify", args->verify.verify,
                 "Ask whether keys are alive (more: verify --help)")
      ->group("Decision");
  AddRecordOptions(scan, &args->inventory);
  // A screen is full: `audit --help` explains these two, `verify --help` one.
  scan->get_option("--inventory")->group("");
  scan->get_option("--machine")->group("");
  scan->get_option("--record")->group("Decision");
  AddVerifyOptions(scan, &args->verify, true);
  scan->get_option("--dry-run")->group("");
}

}  // namespace keytidy::cli
