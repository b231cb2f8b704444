// SPDX-License-Identifier: Apache-2.0
#include "policy/age_interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace keytidy::policy {
namespace {

constexpr std::int64_t kDay = 86400;

constexpr std::string_view kExpires = "token-expires";

struct Source {
  std::string_view id;
  AgeMeaning meaning;
  std::string_view text;
};

constexpr AgeMeaning kExisted = AgeMeaning::kExistedAt;
constexpr AgeMeaning kCreated = AgeMeaning::kCreatedAt;
constexpr AgeMeaning kNotBefore = AgeMeaning::kNotBefore;
constexpr AgeMeaning kEnd = AgeMeaning::kEnd;
constexpr AgeMeaning kHint = AgeMeaning::kHint;

constexpr Source kSources[] = {
    {"git-first-commit", kExisted, "the first commit that has it"},
    {"git-last-commit", kExisted, "the last commit that has it"},
    {"inventory-first-seen", kExisted, "the inventory's first sight of it"},
    {"transcript", kExisted, "a dated transcript"},
    {"history", kExisted, "a dated command history"},
    {"log", kExisted, "a dated log"},
    {"dated-log", kExisted, "a dated line of a log"},
    {"dated-backup", kExisted, "a dated backup"},
    {"provider-last-used", kExisted, "its provider's record of its use"},
    {"provider-created", kCreated, "its provider"},
    {"token-claim", kCreated, "its own claims"},
    {"uuid7", kCreated, "the time in its UUID"},
    {"ulid", kCreated, "the time in its ULID"},
    {"ksuid", kCreated, "the time in its KSUID"},
    {"objectid", kCreated, "the time in its ObjectId"},
    {"format-introduced", kNotBefore, "the first day of its format"},
    {"account-created", kNotBefore, "the first day of its account"},
    {"token-not-before", kNotBefore, "the first day it holds"},
    {kExpires, kEnd, "its own end"},
    {"token-never-expires", kEnd, "its own word, which names no end"},
    {"file-birth", kHint, "the file's birth time"},
    {"file-mtime", kHint, "the file's last change"},
    {"key-name", kHint, "the date in its name"},
};

const Source* FindSource(std::string_view id) {
  const auto* found =
      std::find_if(std::begin(kSources), std::end(kSources),
                   [id](const Source& source) { return source.id == id; });
  return found == std::end(kSources) ? nullptr : found;
}

void SortUnique(std::vector<AgeEvidence>* list) {
  std::sort(list->begin(), list->end(),
            [](const AgeEvidence& a, const AgeEvidence& b) {
              return std::tie(a.at, a.source) < std::tie(b.at, b.source);
            });
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

std::string Days(std::int64_t days) {
  return Count(static_cast<std::uint64_t>(std::max<std::int64_t>(days, 0)),
               "day");
}

}  // namespace

AgeMeaning MeaningOf(std::string_view source) {
  const Source* found = FindSource(source);
  return found == nullptr ? kHint : found->meaning;
}

std::string SourceText(std::string_view source) {
  const Source* found = FindSource(source);
  return std::string(found == nullptr ? source : found->text);
}

bool IsBelievable(const AgeEvidence& evidence, std::int64_t now) {
  return evidence.at >= kEarliestTime &&
         (evidence.at <= now || evidence.source == kExpires);
}

KeyEnd EndFrom(std::span<const AgeEvidence> evidence) {
  KeyEnd out;
  for (const AgeEvidence& one : evidence) {
    if (one.source == "token-never-expires") out.never = true;
    if (one.source == kExpires && one.at >= kEarliestTime) {
      out.expires = std::max(out.expires.value_or(one.at), one.at);
    }
  }
  out.never = out.never && !out.expires;
  return out;
}

AgeInterval AgeFrom(std::span<const AgeEvidence> evidence, std::int64_t now) {
  AgeInterval out;
  for (const AgeEvidence& one : evidence) {
    if (MeaningOf(one.source) == kEnd) continue;
    (IsBelievable(one, now) ? out.used : out.dropped).push_back(one);
  }
  SortUnique(&out.used);
  SortUnique(&out.dropped);
  // By time, so that the first proof of existence is the earliest and the last
  // bound from below the latest; of equal times the first source by name.
  for (const AgeEvidence& one : out.used) {
    const AgeMeaning meaning = MeaningOf(one.source);
    if ((meaning == kExisted || meaning == kCreated) && !out.made_by) {
      out.made_by = one.at;
      out.at_least_by = one.source;
    }
    if ((meaning == kCreated || meaning == kNotBefore) &&
        (!out.made_from || one.at > *out.made_from)) {
      out.made_from = one.at;
      out.at_most_by = one.source;
    }
  }
  if (out.made_by) out.at_least = (now - *out.made_by) / kDay;
  if (out.made_from) out.at_most = (now - *out.made_from) / kDay;
  out.contradictory =
      out.made_by && out.made_from && *out.made_from - *out.made_by > kDay;
  return out;
}

std::string AgeText(const AgeInterval& age) {
  if (age.contradictory) {
    return fmt::format("at least {}, by {} (but at most {}, by {})",
                       Days(*age.at_least), SourceText(age.at_least_by),
                       Days(*age.at_most), SourceText(age.at_most_by));
  }
  if (age.at_least && age.at_most && *age.at_least >= *age.at_most) {
    return fmt::format("{}, by {}", Days(*age.at_least),
                       SourceText(age.at_least_by));
  }
  std::string out;
  if (age.at_least) {
    out = fmt::format("at least {}, by {}", Days(*age.at_least),
                      SourceText(age.at_least_by));
  }
  if (age.at_most) {
    out += fmt::format("{}at most {}, by {}", out.empty() ? "" : ", and ",
                       Days(*age.at_most), SourceText(age.at_most_by));
  }
  return out.empty() ? "unknown" : out;
}

}  // namespace keytidy::policy
