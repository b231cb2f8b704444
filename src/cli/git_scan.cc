// SPDX-License-Identifier: Apache-2.0
#include "cli/git_scan.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "git/refs.h"
#include "git/revisions.h"
#include "pack/object_store.h"
#include "scan/changes.h"
#include "scan/history.h"

namespace keytidy::cli {
namespace {

constexpr std::size_t kMostHookInput = std::size_t{256} << 20;

tl::unexpected<Error> Wrong(std::string_view text) {
  return Fail(ErrorCode::kInvalid, "{}", text);
}

Result<std::string> ReadStdin() {
  std::string out;
  std::string piece(1 << 16, '\0');
  for (;;) {
    const ssize_t n = read(STDIN_FILENO, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(SystemError("standard input", errno));
    if (n == 0) return out;
    out.append(piece.data(), static_cast<std::size_t>(n));
    if (out.size() > kMostHookInput) {
      return Fail(ErrorCode::kLimit, "standard input: larger than {} MiB",
                  kMostHookInput >> 20);
    }
  }
}

// Folders down to `path`, mode 0700, made where they are missing.
Status MakeFolders(const std::string& path) {
  for (std::size_t at = 1; at != std::string::npos;) {
    at = path.find('/', at);
    const std::string part = path.substr(0, at);
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return Fail(SystemError(part, errno));
    }
    if (at != std::string::npos) ++at;
  }
  return {};
}

// Outside of the repository, one file for each.
Result<std::string> UsualStatePath(const git::Repository& repository) {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::string folder;
  if (state != nullptr && *state == '/') {
    folder = state;
  } else if (home != nullptr && *home == '/') {
    folder = std::string(home) + "/.local/state";
  } else {
    return Wrong(
        "--since-last: no HOME to keep the state in; name a file: "
        "--since-last=FILE");
  }
  folder += "/keytidy/history";
  if (auto ok = MakeFolders(folder); !ok) return Fail(ok.error());
  std::string real = repository.common_dir;
  if (char* resolved = realpath(real.c_str(), nullptr)) {
    real = resolved;
    std::free(resolved);
  }
  const Sha256Digest digest = Sha256(real);
  return folder + "/" + ToHex(digest.data(), 12) + ".state";
}

Result<Report> RunHistory(
    const match::Engine& engine, const std::string& catalogue,
    const git::Repository& repository, const GitArgs& args,
    const std::vector<scan::Root>& roots, const scan::Options& options,
    scan::Progress* progress, const std::stop_token& stop) {
  std::vector<scan::HistorySource> sources(1);
  sources[0].repository = repository;
  std::vector<Skip> unread;
  if (!args.no_submodules) {
    for (git::Submodule& submodule : git::Submodules(repository)) {
      if (!submodule.repository) {
        unread.push_back({submodule.display,
                          submodule.repository.error().message, std::nullopt,
                          true});
        continue;
      }
      scan::HistorySource source;
      source.repository = *std::move(submodule.repository);
      source.prefix = submodule.display + "/";
      sources.push_back(std::move(source));
    }
  }
  if (args.since_last) {
    for (scan::HistorySource& source : sources) {
      source.state_digest = fmt::format(
          "{} binary={} archives={} max={}", catalogue, options.binary,
          options.archives, options.max_file_size.value_or(0));
      if (!args.since_last->empty()) {
        source.state = *args.since_last;
        if (!source.prefix.empty()) {
          const Sha256Digest digest = Sha256(source.prefix);
          *source.state += "." + ToHex(digest.data(), 6);
        }
        continue;
      }
      auto path = UsualStatePath(source.repository);
      if (!path) return Fail(path.error());
      source.state = *std::move(path);
    }
  }
  auto report =
      scan::RunHistory(engine, roots, sources, options, progress, stop);
  if (!report) return report;
  if (!unread.empty()) report->complete = false;
  for (Skip& skip : unread) {
    report->coverage.skipped.push_back(std::move(skip));
  }
  // Nothing new since the last time is an answer.
  if (args.since_last) report->empty_roots.clear();
  return report;
}

}  // namespace

Status CheckGitArgs(const GitArgs& args,
                    const std::vector<std::string>& paths) {
  const int modes = (args.history ? 1 : 0) + (args.staged ? 1 : 0) +
                    (!args.range.empty() || !args.since.empty() ? 1 : 0);
  if (modes > 1) {
    return Wrong(
        "--history, --staged and --range (or --since) exclude each "
        "other");
  }
  if (args.all_lines && (modes == 0 || args.history)) {
    return Wrong("--all-lines goes with --staged or --range");
  }
  if (args.since_last && !args.history) {
    return Wrong("--since-last goes with --history");
  }
  if (!args.remote.empty() && args.range != "-") {
    return Wrong("--remote goes with --range -");
  }
  if (modes == 0) return {};
  if (paths.size() > 1) return Wrong("only one repository at a time");
  if (!paths.empty() && paths[0] == "-") {
    return Wrong("standard input is no repository");
  }
  return {};
}

Result<git::Repository> FindRepository(const std::vector<std::string>& paths) {
  if (!paths.empty()) return git::Discover(paths[0], git::Environment());
  return git::Discover(".", git::Environment::OfProcess());
}

std::string ConfigFolder(const git::Repository& repository) {
  return repository.work_tree.empty() ? repository.git_dir
                                      : repository.work_tree;
}

Report UnreadRepository(const match::Engine& engine, const Error& error) {
  Report report;
  report.rules = engine.rules();
  report.complete = false;
  report.coverage.skipped.push_back({".", error.message, std::nullopt, true});
  return report;
}

Result<Report> RunGitScan(const match::Engine& engine,
                          const std::string& catalogue,
                          const git::Repository& repository,
                          const GitArgs& args, std::vector<scan::Root> roots,
                          const scan::Options& options,
                          scan::Progress* progress,
                          const std::stop_token& stop) {
  // Paths in reports are those in the repository.
  for (scan::Root& root : roots) {
    root.display.clear();
    root.below_settings.clear();
  }
  if (args.history) {
    return RunHistory(engine, catalogue, repository, args, roots, options,
                      progress, stop);
  }
  pack::ObjectStore store =
      pack::ObjectStore::Open(repository.object_dir, repository.alternates,
                              repository.hash, pack::Check::kShape);
  pack::ObjectReader reader(store, options.memory_limit);
  scan::ChangeSource source;
  source.repository = &repository;
  source.store = &store;
  source.reader = &reader;
  if (args.staged) {
    auto parents = git::HeadCommits(repository);
    if (!parents) return UnreadRepository(engine, parents.error());
    return scan::RunStaged(engine, roots, source, *parents, args.all_lines,
                           options, progress, stop);
  }

  const git::Refs refs = git::ReadRefs(repository);
  git::CommitReader commits(store, &reader);
  std::optional<std::int64_t> since;
  if (!args.since.empty()) {
    auto time = git::ParseSince(args.since, options.now);
    if (!time)
      return Fail(ErrorCode::kInvalid, "--since {}", time.error().message);
    since = *time;
  }
  git::RevisionSet set;
  if (args.range == "-") {
    auto text = ReadStdin();
    if (!text) return Fail(text.error());
    auto parsed =
        git::ParseHookLines(repository, refs, *text, args.remote, commits);
    if (!parsed) return Fail(parsed.error());
    set = *std::move(parsed);
  } else if (!args.range.empty()) {
    auto parsed = git::ParseRange(repository, refs, args.range, commits);
    if (!parsed) {
      return Fail(parsed.error().code, "--range {}: {}", args.range,
                  parsed.error().message);
    }
    set = *std::move(parsed);
  } else {
    for (const git::Ref& ref : refs.refs) {
      if (auto commit = commits.Peel(ref.id)) set.from.push_back(*commit);
    }
  }
  scan::CommitList list;
  list.commits = git::List(set, since, refs, commits, &list.skipped);
  list.skipped.insert(list.skipped.end(), refs.skipped.begin(),
                      refs.skipped.end());
  list.others = std::move(set.others);
  const bool empty = list.commits.empty() && list.others.empty();
  auto report = scan::RunCommits(engine, roots, source, std::move(list),
                                 args.all_lines, options, progress, stop);
  if (!report || !empty) return report;
  // A push may well bring nothing new; a range that was typed was meant.
  if (args.range == "-") {
    report->notes.push_back("no commit is new");
  } else {
    report->empty_roots.push_back(args.range.empty() ? "--since " + args.since
                                                     : args.range);
  }
  return report;
}

}  // namespace keytidy::cli
