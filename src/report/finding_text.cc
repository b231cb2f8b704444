// SPDX-License-Identifier: Apache-2.0
#include "report/finding_text.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"
#include "base/time.h"

namespace keytidy::report {
namespace {

std::string_view ShortId(const CommitInfo& commit) {
  return std::string_view(commit.id).substr(0, 12);
}

std::string_view Day(std::string_view date) { return date.substr(0, 10); }

std::string ClientWith(const ClientPlace& client, std::string_view server) {
  std::string out = client.name;
  if (!client.server.empty()) {
    out += fmt::format(", {}{}", server, client.server);
  }
  if (!client.slot.empty()) out += ", " + client.slot;
  return out;
}

}  // namespace

std::string CommitText(const CommitInfo& commit) {
  std::string out = fmt::format("{}, {}", ShortId(commit), Day(commit.date));
  if (!commit.author.empty()) out += ", " + commit.author;
  if (!commit.subject.empty()) out += ": " + commit.subject;
  return ForTerminal(out);
}

std::string ReachText(const CommitInfo& commit) {
  if (commit.refs == "stash") {
    return "only the stash holds this commit; `git stash drop` lets it go";
  }
  if (commit.refs == "reflog") {
    return "no branch or tag holds this commit, only the reflog: it stays here "
           "until that expires";
  }
  if (commit.refs == "unreachable") {
    return "nothing holds this commit any more; it stays here until git "
           "collects it";
  }
  return {};
}

std::string AgeText(const Age& age) {
  if (!age.at_least_days) return {};
  const bool exact = age.at_least_days == age.at_most_days;
  std::string out =
      (exact ? "" : "at least ") +
      Count(static_cast<std::uint64_t>(*age.at_least_days), "day");
  std::string_view separator = ": ";
  for (const AgeEvidence& one : age.evidence) {
    const std::string day = IsoTime(one.at).substr(0, 10);
    std::string text;
    if (one.source == "provider-created") {
      text = fmt::format("made {}, the provider says", day);
    } else if (one.source == "token-claim") {
      text = fmt::format("issued {}, by its own word", day);
    } else if (one.source == "token-expires") {
      text = fmt::format("expires {}", day);
    } else if (one.source == "token-not-before") {
      text = fmt::format("holds from {}", day);
    } else if (one.source == "token-never-expires") {
      text = "issued without an end";
    } else if (one.source == "dated-log") {
      text = fmt::format("in a log of {}", day);
    } else if (one.source == "git-first-commit") {
      text = fmt::format("first committed {}", day);
    } else if (one.source == "git-last-commit") {
      text = fmt::format("last seen in a commit of {}", day);
    } else {
      text = fmt::format("{} {}", one.source, day);
    }
    out += fmt::format("{}{}", separator, text);
    separator = ", ";
  }
  return out;
}

std::string LiveText(const Verdict& verdict) {
  switch (verdict.state) {
    case VerdictState::kActive:
      return "yes: " + verdict.evidence;
    case VerdictState::kInactive:
      return "no: " + verdict.evidence;
    case VerdictState::kUnknown:
      return "unknown: " + verdict.evidence;
    case VerdictState::kNotTried:
      break;
  }
  return verdict.evidence.empty() ? "" : "not asked: " + verdict.evidence;
}

std::string FactsText(const KeyFacts& facts) {
  std::string out;
  const auto add = [&](std::string_view label, std::string_view text) {
    if (text.empty()) return;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", label, text);
  };
  const auto day = [](const std::optional<std::int64_t>& at) {
    return at ? IsoTime(*at).substr(0, 10) : std::string();
  };
  add("owner", facts.owner);
  add("account", facts.account);
  add("named", facts.name.empty() ? "" : fmt::format("\"{}\"", facts.name));
  add("id", facts.key_id);
  std::string scopes;
  for (const std::string& scope : facts.scopes) {
    scopes += (scopes.empty() ? "" : " ") + scope;
  }
  add("scopes", scopes);
  add("expires", day(facts.expires));
  add("last used", day(facts.last_used));
  return out;
}

std::string SourceText(const Occurrence& place) {
  switch (place.source) {
    case SourceKind::kIndex:
      return "staged, in the git index";
    case SourceKind::kHistory:
      if (place.commit) {
        return fmt::format("commit {}, {}", ForTerminal(ShortId(*place.commit)),
                           ForTerminal(Day(place.commit->date)));
      }
      if (place.blob.empty()) return "in the git history";
      return "in the git history, blob " +
             ForTerminal(std::string_view(place.blob).substr(0, 12));
    default:
      return {};
  }
}

std::string ClientText(const ClientPlace& client) {
  return ClientWith(client, "server ");
}

std::string ShortClientText(const ClientPlace& client) {
  return ClientWith(client, "");
}

std::string TimesText(const Occurrence& place) {
  if (place.times <= 1 && place.files <= 1) return {};
  return Count(place.times, "time") + " in " + Count(place.files, "file");
}

std::string ReferencesText(const Violation& violation) {
  std::string out;
  for (const std::string& one : violation.references) {
    if (!out.empty()) out += ", ";
    out += one;
  }
  return out;
}

}  // namespace keytidy::report
