// SPDX-License-Identifier: Apache-2.0
#include "inventory/find_key.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace keytidy::inventory {
namespace {

constexpr std::string_view kIdPrefix = "kt-";
constexpr std::size_t kMaxCandidates = 5;

// Whether it can be the beginning of an id or a fingerprint.
bool CanName(std::string_view which) {
  if (which.starts_with(kIdPrefix)) which.remove_prefix(kIdPrefix.size());
  return std::all_of(which.begin(), which.end(),
                     [](char c) { return IsHexDigit(c) && !IsUpper(c); });
}

struct Candidate {
  std::string fingerprint;
  std::string text;  // for a person who has to choose
  bool exact = false;
};

Result<std::vector<Candidate>> CandidatesFor(Database& database,
                                             std::string_view which) {
  // Behind every text that goes on with a digit.
  const std::string end = std::string(which) + "g";
  const Value values[] = {which, std::string_view(end)};
  auto rows = database.Query(
      "SELECT fingerprint, id, rule, redacted FROM keys "
      "WHERE (fingerprint >= $1 AND fingerprint < $2) "
      "OR (id >= $1 AND id < $2) ORDER BY fingerprint",
      values);
  if (!rows) return Fail(rows.error());
  std::vector<Candidate> out;
  while (true) {
    const auto more = (*rows)->Next();
    if (!more) return Fail(more.error());
    if (!*more) return out;
    Candidate one;
    one.fingerprint = (*rows)->Text(0);
    const std::string_view id = (*rows)->Text(1);
    one.exact = which == one.fingerprint || which == id;
    one.text = fmt::format("{} ({} {}, fingerprint {})", ForTerminal(id),
                           ForTerminal((*rows)->Text(2)),
                           ForTerminal((*rows)->Text(3)), one.fingerprint);
    if ((*rows)->bad()) {
      return Fail(DamagedError(database, "the record of a key makes no sense"));
    }
    out.push_back(std::move(one));
  }
}

Error Ambiguous(std::string_view which,
                const std::vector<Candidate>& candidates) {
  std::string names;
  for (std::size_t i = 0; i < candidates.size() && i < kMaxCandidates; ++i) {
    names += (i == 0 ? "" : ", ") + candidates[i].text;
  }
  if (candidates.size() > kMaxCandidates) {
    names += fmt::format(" and {} more", candidates.size() - kMaxCandidates);
  }
  return Error{
      ErrorCode::kInvalid,
      fmt::format("{} may be any of {}: {}", which, candidates.size(), names)};
}

}  // namespace

Result<std::string> ResolveKey(Database& database, std::string_view which) {
  const auto none = [&] {
    return Fail(ErrorCode::kNotFound, "{}: no key of this id is known",
                ForTerminal(which.substr(0, 40)));
  };
  if (which.empty() || !CanName(which)) return none();
  auto candidates = CandidatesFor(database, which);
  if (!candidates) return Fail(candidates.error());
  const bool exact =
      std::any_of(candidates->begin(), candidates->end(),
                  [](const Candidate& one) { return one.exact; });
  if (exact) {
    std::erase_if(*candidates, [](const Candidate& one) { return !one.exact; });
  }
  if (candidates->empty()) return none();
  if (candidates->size() > 1) return Fail(Ambiguous(which, *candidates));
  return candidates->front().fingerprint;
}

}  // namespace keytidy::inventory
