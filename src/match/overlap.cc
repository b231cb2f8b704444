// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "match/engine.h"

namespace keytidy::match {
namespace {

bool Yields(const Rule& rule, const Rule& to) {
  if (rule.generic != to.generic) return rule.generic;
  return std::find(rule.yields_to.begin(), rule.yields_to.end(), to.id) !=
         rule.yields_to.end();
}

// Whether `a` stays when `a` and `b` overlap. For any two different matches
// exactly one of Wins(a, b) and Wins(b, a) holds.
bool Wins(std::span<const Rule> rules, const Match& a, const Match& b) {
  const Rule& ra = rules[a.rule];
  const Rule& rb = rules[b.rule];
  const bool a_yields = Yields(ra, rb);
  const bool b_yields = Yields(rb, ra);
  if (a_yields != b_yields) return b_yields;
  const auto rank = [](const Match& m, const Rule& r) {
    return std::tuple(m.confidence, r.known_prefix > 0, m.secret.size());
  };
  if (rank(a, ra) != rank(b, rb)) return rank(a, ra) > rank(b, rb);
  return std::tuple(a.secret.start, ra.id, a.shape, a.whole.start) <
         std::tuple(b.secret.start, rb.id, b.shape, b.whole.start);
}

// One pass over sorted matches: `kept` holds matches that do not overlap; a
// newcomer fights the last ones it overlaps, and either falls or replaces them
// all.
std::vector<Match> Sweep(std::span<const Rule> rules,
                         const std::vector<Match>& matches) {
  std::vector<Match> kept;
  for (const Match& match : matches) {
    std::size_t first = kept.size();
    bool stays = true;
    while (first > 0 && kept[first - 1].secret.end > match.secret.start) {
      if (!Wins(rules, match, kept[first - 1])) stays = false;
      --first;
    }
    if (!stays) continue;
    kept.resize(first);
    kept.push_back(match);
  }
  return kept;
}

// Whether `match` overlaps one of `sorted`, which do not overlap each other.
bool OverlapsAny(const std::vector<Match>& sorted, const Match& match) {
  const auto next = std::partition_point(
      sorted.begin(), sorted.end(), [&](const Match& other) {
        return other.secret.end <= match.secret.start;
      });
  return next != sorted.end() && next->secret.start < match.secret.end;
}

}  // namespace

void ResolveOverlaps(std::span<const Rule> rules, std::vector<Match>* matches) {
  std::sort(matches->begin(), matches->end(),
            [&](const Match& a, const Match& b) {
              return std::tuple(a.secret.start, a.secret.end, rules[a.rule].id,
                                a.shape, a.whole.start) <
                     std::tuple(b.secret.start, b.secret.end, rules[b.rule].id,
                                b.shape, b.whole.start);
            });
  // Sweeps until nothing that was put aside is free of those that stay: the
  // winner over a match may itself fall to a third that the first never met.
  std::vector<Match> staying;
  std::vector<Match> rest = std::move(*matches);
  while (!rest.empty()) {
    std::vector<Match> kept = Sweep(rules, rest);
    staying.insert(staying.end(), kept.begin(), kept.end());
    std::sort(staying.begin(), staying.end(),
              [](const Match& a, const Match& b) {
                return a.secret.start < b.secret.start;
              });
    std::erase_if(
        rest, [&](const Match& match) { return OverlapsAny(staying, match); });
  }
  *matches = std::move(staying);
}

}  // namespace keytidy::match
