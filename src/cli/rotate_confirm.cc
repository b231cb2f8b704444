// SPDX-License-Identifier: Apache-2.0
#include "cli/rotate_confirm.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/time.h"
#include "cli/clock.h"
#include "cli/one_key.h"
#include "cli/roots.h"
#include "cli/verify_run.h"
#include "match/claims.h"
#include "match/one_key.h"
#include "match/rule_cache.h"
#include "scan/scan.h"

namespace keytidy::cli {
namespace {

using State = rotate::CheckedPlace::State;

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

bool IsPiped() {
  struct stat info = {};
  return fstat(STDIN_FILENO, &info) == 0 &&
         (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
}

bool IsThere(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) == 0;
}

// The file that a place is in: of an archive's member the outermost archive.
std::string FileOf(const std::string& path) {
  if (IsThere(path)) return path;
  for (std::size_t at = path.find('!'); at != path.npos;
       at = path.find('!', at + 1)) {
    if (IsThere(path.substr(0, at))) return path.substr(0, at);
  }
  return {};
}

class Confirming {
 public:
  Confirming(const ConfirmArgs& args, std::stop_token stop)
      : args_(args), stop_(std::move(stop)) {}

  Result<Confirmed> Run() {
    if (auto ok = Prepare(); !ok) return Fail(ok.error());
    if (auto ok = Look(); !ok) return Fail(ok.error());
    if (auto ok = Ask(); !ok) return Fail(ok.error());
    if (stop_.stop_requested())
      return Fail(ErrorCode::kCancelled, "interrupted");
    if (!args_.verify.dry_run) {
      if (auto ok = Write(); !ok) return Fail(ok.error());
    }
    return Confirmed{std::move(proof_), std::move(requests_)};
  }

 private:
  std::string DigestOf(const Secret& secret) const {
    return match::DigestWith(secret, [this](std::string_view bytes) {
      return inventory_->fingerprints().Fingerprint(bytes);
    });
  }

  const Rule* RuleOfKey() const {
    for (const Rule& rule : loaded_->engine->rules()) {
      if (rule.id == key_.rule) return &rule;
    }
    return nullptr;
  }

  Status Prepare() {
    auto opened = OpenInventory(args_.inventory);
    if (!opened) return Fail(opened.error());
    inventory_ = *std::move(opened);
    if (args_.key == "-" || IsPiped()) {
      auto given = ReadSecret();
      if (!given) return Fail(given.error());
      if (given->size() > 0) secret_ = *std::move(given);
    }
    if (args_.key == "-" && !secret_) {
      return Fail(ErrorCode::kInvalid, "standard input holds no key");
    }
    auto found =
        inventory_->Find(args_.key == "-" ? DigestOf(*secret_) : args_.key);
    if (!found && args_.key == "-") {
      return Fail(ErrorCode::kNotFound,
                  "the inventory does not know the key on standard input");
    }
    if (!found) return Fail(found.error());
    key_ = *std::move(found);
    if (secret_ && DigestOf(*secret_) != key_.fingerprint) {
      return Fail(ErrorCode::kInvalid,
                  "standard input holds another key than {}", key_.id);
    }
    auto loaded = match::LoadEngine(rules::EmbeddedCatalogue(), args_.rules,
                                    match::CacheDirectory());
    if (!loaded) return Fail(loaded.error());
    loaded_ = *std::move(loaded);
    VerifyArgs verify = args_.verify;
    verify.fresh = true;  // what was true an hour ago proves nothing here
    auto run = VerifyRun::Make(verify, args_.rules);
    if (!run) return Fail(run.error());
    verify_ = *std::move(run);
    verify_->Prepare(&chain_);
    proof_.id = key_.id;
    proof_.title = key_.title;
    proof_.redacted = key_.redacted;
    proof_.verdict = key_.verdict;
    return {};
  }

  // Every place: those of this machine by reading them anew.
  Status Look() {
    const std::string machine = MachineName(args_.inventory);
    std::set<std::string> files;
    for (const InventoryPlace& place : key_.places) {
      if (place.machine == machine) files.insert(FileOf(place.path));
    }
    files.erase("");
    if (!files.empty()) {
      if (auto ok = Scan(files); !ok) return ok;
    }
    for (const InventoryPlace& place : key_.places) {
      rotate::CheckedPlace one;
      one.machine = place.machine;
      one.where = place.path;
      if (place.line > 0) one.where += fmt::format(":{}", place.line);
      if (place.gone_at) {
        one.state = State::kGone;
      } else if (std::find(place.kinds.begin(), place.kinds.end(), "history") !=
                 place.kinds.end()) {
        one.state = State::kStays;
      } else if (place.machine != machine) {
        one.state = State::kElsewhere;
        one.why = fmt::format(
            "seen there on {}; run keytidy audit --record on that machine",
            IsoTime(place.last_seen).substr(0, 10));
      } else {
        Judge(place.path, &one);
      }
      if (one.state == State::kGone && !place.gone_at) gone_.push_back(place);
      proof_.places.push_back(std::move(one));
    }
    return {};
  }

  void Judge(const std::string& path, rotate::CheckedPlace* out) const {
    const std::string file = FileOf(path);
    const auto unread = unread_.find(file);
    if (file.empty() && !path.starts_with('/')) {
      out->why = "it is no file; run keytidy audit --record";
    } else if (file.empty()) {
      out->state = State::kGone;
    } else if (holding_.count(file) != 0) {
      out->state = State::kHolds;
    } else if (unread != unread_.end()) {
      out->why = unread->second;
    } else if (RuleOfKey() == nullptr && !secret_) {
      out->why = "only its name tells this key: give the key on standard input";
    } else {
      out->state = State::kGone;
    }
  }

  Status Scan(const std::set<std::string>& files) {
    scan::Options options;
    options.jobs = 2;
    options.keep = &chain_;
    options.no_ignore = true;
    options.binary = true;
    options.partial = true;
    options.now = Now();
    const auto roots = ResolveRoots({files.begin(), files.end()},
                                    {std::nullopt, /*no_repo_config=*/true});
    if (!roots) return Fail(roots.error());
    scan::Progress progress;
    auto report =
        scan::Run(*loaded_->engine, *roots, options, &progress, stop_);
    if (!report) return Fail(report.error());
    for (const Skip& skip : report->coverage.skipped) {
      if (skip.incomplete) unread_[FileOf(skip.path)] = skip.reason;
    }
    for (Finding& finding : report->findings) {
      const KnownKey* known = chain_.Find(finding.rule->id, finding.id);
      if (known == nullptr) continue;
      const std::string digest =
          finding.rule->guessable
              ? inventory_->fingerprints().Fingerprint(finding.id)
              : DigestOf(known->secret);
      if (digest != key_.fingerprint) {
        if (finding.rule->id == key_.rule) others_.insert(digest);
        continue;
      }
      for (const Occurrence& place : finding.occurrences) {
        holding_.insert(FileOf(place.path));
      }
      finding_ = std::move(finding);
    }
    if (!secret_) return {};
    // Without what is around a key of some kinds, no rule takes it for one.
    for (const std::string& file : files) {
      const auto text = ReadSmallFile(file, kMostBytes);
      if (text && match::StandsIn(*secret_, *text)) holding_.insert(file);
    }
    return {};
  }

  // With the key that is given, or that stands somewhere still.
  Status Ask() {
    const bool useful =
        RuleOfKey() != nullptr && verify_->book().Find(*RuleOfKey()) != nullptr;
    if (!useful) return {};
    if (!secret_ && !finding_ && isatty(STDIN_FILENO) != 0 &&
        key_.verdict.state != VerdictState::kInactive) {
      auto typed = AskOnTerminal(
          "The old key, to ask its provider (it is not shown; Enter: without "
          "it)",
          true);
      if (typed && typed->size() > 0) {
        if (DigestOf(*typed) != key_.fingerprint) {
          return Fail(ErrorCode::kInvalid, "that is another key than {}",
                      key_.id);
        }
        secret_ = *std::move(typed);
      }
    }
    Report report;
    report.rules = loaded_->engine->rules();
    if (finding_) {
      report.findings.push_back(*std::move(finding_));
    } else if (secret_) {
      auto one = KeyReport(*loaded_->engine, *secret_, key_.rule, &chain_);
      if (!one) return Fail(one.error());
      report = *std::move(one);
    } else {
      return {};
    }
    if (args_.verify.dry_run) {
      requests_ = verify_->Describe(chain_, report);
      return {};
    }
    if (auto ok = verify_->Ask(chain_, &report, stop_); !ok) return ok;
    const Verdict& verdict = report.findings.front().verdict;
    // That nothing could be learned takes nothing back.
    if (verdict.state == VerdictState::kUnknown &&
        key_.verdict.state == VerdictState::kInactive) {
      return {};
    }
    proof_.verdict = verdict;
    proof_.asked = true;
    return {};
  }

  Status Write() {
    const std::int64_t now = Now();
    if (proof_.asked) {
      inventory::Run run;
      run.machine = MachineName(args_.inventory);
      run.scope = "rotate confirm " + key_.id;
      run.at = now;
      run.complete = false;
      SeenKey seen;
      seen.fingerprint = key_.fingerprint;
      seen.id = key_.id;
      seen.rule = key_.rule;
      seen.provider = key_.provider;
      seen.title = key_.title;
      seen.redacted = key_.redacted;
      seen.verdict = proof_.verdict;
      if (auto ok = inventory_->Record(run, {&seen, 1}); !ok) return ok;
    }
    if (!gone_.empty()) {
      if (auto ok = inventory_->MarkGone(key_.fingerprint, gone_, now); !ok) {
        return ok;
      }
    }
    // Of several new keys nobody can say which one it is.
    std::optional<InventoryKey> next;
    if (others_.size() == 1) {
      if (auto found = inventory_->Find(*others_.begin())) next = *found;
    }
    if (next) proof_.replaced_by = next->id;
    if (rotate::OutcomeOf(proof_) != rotate::Outcome::kConfirmed ||
        IsRecorded()) {
      return {};
    }
    KeyRotation rotation;
    rotation.at = now;
    rotation.from = key_.fingerprint;
    if (next) rotation.to = next->fingerprint;
    rotation.note = next ? "replaced by " + next->id : "ended";
    return inventory_->AddRotation(rotation);
  }

  bool IsRecorded() const {
    return std::any_of(key_.rotations.begin(), key_.rotations.end(),
                       [this](const KeyRotation& one) {
                         return one.from == key_.fingerprint;
                       });
  }

  const ConfirmArgs& args_;
  std::stop_token stop_;
  std::unique_ptr<inventory::Inventory> inventory_;
  std::unique_ptr<match::LoadedEngine> loaded_;
  std::unique_ptr<VerifyRun> verify_;
  scan::KeyChain chain_;
  InventoryKey key_;
  std::optional<Secret> secret_;    // given by the person
  std::optional<Finding> finding_;  // of the key, where it still stands
  std::set<std::string> holding_;   // files
  std::map<std::string, std::string> unread_;  // file -> why
  std::set<std::string> others_;  // fingerprints of keys of the same kind there
  std::vector<SeenPlace> gone_;
  rotate::Proof proof_;
  std::string requests_;
};

}  // namespace

Result<Confirmed> Confirm(const ConfirmArgs& args,
                          const std::stop_token& stop) {
  return Confirming(args, stop).Run();
}

}  // namespace keytidy::cli
