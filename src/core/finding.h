// SPDX-License-Identifier: Apache-2.0
//
// What a scan finds: one Finding per distinct key, with every place it is in.
// Nothing here holds a key in clear, except Finding::shown under
// --show-secrets.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/rule.h"
#include "core/severity.h"

namespace keytidy {

// Half-open, in bytes.
struct Span {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t size() const { return end - start; }
  auto operator<=>(const Span&) const = default;
};

// Lines and columns count from 1; columns are bytes. The end is the position
// after the last byte.
struct TextRange {
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::uint64_t end_line = 0;
  std::uint64_t end_column = 0;
  // The columns again, counting characters (Unicode code points, by their first
  // bytes), for formats that want them so.
  std::uint64_t character_column = 0;
  std::uint64_t end_character_column = 0;
};

enum class SourceKind : std::uint8_t {
  kFile,
  kStdin,
  kArchive,
  kIndex,
  kHistory
};
std::string_view Name(SourceKind kind);

// The line a key stands on, every key in it masked, cut to a readable width;
// `caret` and `caret_width` say where the masked key is in `text`, in bytes.
struct Excerpt {
  std::string text;
  std::uint32_t caret = 0;
  std::uint32_t caret_width = 0;
};

// The commit that brought a blob to a path.
struct CommitInfo {
  std::string id;
  std::string author;
  std::string email;
  std::string date;  // the committer's, "2026-03-31T10:00:00Z"
  std::string subject;
  std::string refs;  // "reachable", "stash", "reflog" or "unreachable"
};

// Whose configuration a place is in: a client or tool (core/client.h), the
// server entry that uses the key ("" where there is none) and the setting,
// such as "headers.Authorization".
struct ClientPlace {
  std::string name;
  std::string server;
  std::string slot;
  friend bool operator==(const ClientPlace&, const ClientPlace&) = default;
};

struct Occurrence {
  SourceKind source = SourceKind::kFile;
  std::string path;
  Span span;  // of the secret, in its blob
  TextRange range;
  std::string blob;  // git blob id in hex; empty where it is not known
  std::optional<CommitInfo> commit;  // of a place in the history
  Excerpt excerpt;
  std::optional<ClientPlace> client;
  // How often the key stands in places of this kind, where they are summed up
  // (transcripts, histories, logs); the place named is the first of them.
  std::uint64_t times = 1;
  std::uint64_t files = 1;
  // Set when this place is allowed: by which rule or marker, and why.
  std::optional<std::string> allowed;
};

enum class VerdictState : std::uint8_t {
  kNotTried,
  kActive,
  kInactive,
  kUnknown
};
std::string_view Name(VerdictState state);

// What the provider says about a key, as far as it tells. Times are seconds
// since 1970.
struct KeyFacts {
  std::string key_id;
  std::string name;
  std::string owner;
  std::string account;
  std::vector<std::string> scopes;
  std::optional<std::int64_t> created;
  std::optional<std::int64_t> expires;
  std::optional<std::int64_t> last_used;
  friend bool operator==(const KeyFacts&, const KeyFacts&) = default;
};

struct Verdict {
  VerdictState state = VerdictState::kNotTried;
  // Which answer proves it; or why nothing is proved, or was not asked.
  std::string evidence;
  std::optional<std::int64_t> checked_at;  // of the answer
  KeyFacts facts;
};

// That a key existed at some time, and by whose word. Seconds since 1970.
struct AgeEvidence {
  std::string source;  // "git-first-commit", "git-last-commit"
  std::int64_t at = 0;
  friend bool operator==(const AgeEvidence&, const AgeEvidence&) = default;
};

struct Age {
  // Whole days since the earliest evidence, on the day of the run.
  std::optional<std::int64_t> at_least_days;
  std::optional<std::int64_t> at_most_days;
  std::vector<AgeEvidence> evidence;  // sorted by time, then source
};

enum class Action : std::uint8_t { kFail, kWarn, kIgnore };
std::string_view Name(Action action);

struct Decision {
  Action action = Action::kFail;
  std::string because;
};

struct Finding {
  std::string id;                         // "kt-" and 16 hex digits
  const Rule* rule = nullptr;             // of the rule table of the run
  Severity severity = Severity::kMedium;  // the rule's, or as configured
  Confidence confidence = Confidence::kHigh;
  std::string redacted;
  std::uint64_t length = 0;  // of the secret, bytes
  // Only with --show-secrets.
  std::optional<std::string> shown;
  Verdict verdict;
  Age age;
  std::vector<Occurrence> occurrences;  // sorted by (path, start)
  Decision decision;
};

}  // namespace keytidy
