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

}  // namespace

void ResolveOverlaps(std::span<const Rule> rules, std::vector<Match>* matches) {
  std::sort(matches->begin(), matches->end(),
            [&](const Match& a, const Match& b) {
              return std::tuple(a.secret.start, a.secret.end, rules[a.rule].id,
                                a.shape, a.whole.start) <
                     std::tuple(b.secret.start, b.secret.end, rules[b.rule].id,
                                b.shape, b.whole.start);
            });
  // One sweep: `kept` holds matches that do not overlap; a newcomer fights
  // the last ones it overlaps, and either falls or replaces them all.
  std::vector<Match> kept;
  for (const Match& match : *matches) {
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
  *matches = std::move(kept);
}

}  // namespace keytidy::match
