// SPDX-License-Identifier: Apache-2.0
#include "policy/waiver_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "policy/policy_terms.h"

namespace keytidy::policy {
namespace {

// A waiver excuses a key for what is true of all of it: all its places and
// environments must fit, or, where the matter is one place, that one.
bool Excuses(const Waiver& waiver, const PolicyKey& key,
             const PolicyPlace* at) {
  if (!waiver.fingerprint.empty() && waiver.fingerprint != key.id) return false;
  if (!Fits(waiver.fits, key)) return false;
  const auto fits = [&](const PolicyPlace& place) {
    const std::string& environment =
        place.environment.empty() ? key.environment : place.environment;
    return (waiver.fits.environment.empty() ||
            waiver.fits.environment == environment) &&
           (waiver.fits.place.empty() ||
            FitsGlob(waiver.fits.place, place.path));
  };
  if (at != nullptr) return fits(*at);
  const bool key_fits = key.environment.empty() ||
                        waiver.fits.environment.empty() ||
                        waiver.fits.environment == key.environment;
  return key_fits && std::all_of(key.places.begin(), key.places.end(), fits);
}

}  // namespace

WaiverBook::WaiverBook(const Policy& policy, std::int64_t now)
    : policy_(policy) {
  for (const Waiver& waiver : policy.waivers) {
    if (now >= waiver.ends) continue;
    (waiver.fingerprint.empty() ? general_ : by_id_[waiver.fingerprint])
        .push_back(&waiver);
  }
}

void WaiverBook::Excuse(const PolicyKey& key, const PolicyPlace* at,
                        std::string_view check, Decision* decision) const {
  const auto own = by_id_.find(key.id);
  if (own != by_id_.end() && Excuse(own->second, key, at, check, decision)) {
    return;
  }
  Excuse(general_, key, at, check, decision);
}

bool WaiverBook::Excuse(const List& list, const PolicyKey& key,
                        const PolicyPlace* at, std::string_view check,
                        Decision* decision) const {
  for (const Waiver* waiver : list) {
    const auto& checks = waiver->checks;
    if (!checks.empty() &&
        std::find(checks.begin(), checks.end(), check) == checks.end()) {
      continue;
    }
    if (!Excuses(*waiver, key, at)) continue;
    *decision = {Action::kIgnore,
                 fmt::format("{}: waived by {} until {}: {}",
                             FileLine(policy_, waiver->line), waiver->owner,
                             waiver->until, waiver->reason)};
    return true;
  }
  return false;
}

}  // namespace keytidy::policy
