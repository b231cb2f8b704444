// SPDX-License-Identifier: Apache-2.0
#include "policy/key_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "policy/evidence.h"
#include "policy/key_name.h"
#include "policy/policy_terms.h"

namespace keytidy::policy {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kSoonDays = 14;

std::string_view PlaceText(std::string_view kind) {
  if (kind == "argv") return "stands on a command line";
  if (kind == "url") return "stands in an address";
  if (kind == "tracked") return "stands in a file that git tracks";
  if (kind == "unknown-host") {
    return "is sent to a host that is not its provider's";
  }
  return "is given to a package whose version is not pinned";
}

class KeyCheck {
 public:
  KeyCheck(const KeyView& view, const PolicyInForce& policy)
      : view_(view),
        key_(view.key),
        age_(view.age),
        policy_(policy),
        terms_(policy.policy, view.key) {}

  KeyBreaches Check() {
    CheckAge();
    CheckEnd();
    CheckLifetime();
    CheckUse();
    CheckOwner();
    CheckName();
    CheckSharing();
    CheckPlaces();
    return std::move(out_);
  }

 private:
  enum class Sure { kYes, kNo };

  void CheckAge() {
    const auto fail = terms_.MaxAge();
    const auto warn = terms_.WarnAge();
    if (!warn) return;
    const auto too_old = [](const auto& days, const Terms::Limit& limit) {
      return days && *days > limit.days;
    };
    if (fail && too_old(age_.at_least, *fail)) {
      const bool strict =
          terms_.tier() == Tier::kHigh || terms_.tier() == Tier::kCi;
      Add("AGE-N", Sure::kYes,
          fmt::format("is too old: {}; its limit is {}", AgeText(age_),
                      DaysText(fail->days)),
          Because(*fail), strict ? Severity::kHigh : Severity::kMedium);
    } else if (too_old(age_.at_least, *warn)) {
      Add("AGE-N", Sure::kNo,
          fmt::format("is due for replacement: {}; it is due after {}",
                      AgeText(age_), DaysText(warn->days)),
          Because(*warn));
    } else if (fail && too_old(age_.at_most, *fail)) {
      Add("AGE-N", Sure::kNo,
          fmt::format("may be too old: {}; its limit is {}", AgeText(age_),
                      DaysText(fail->days)),
          Because(*fail));
    } else if (!age_.at_most) {
      Add("AGE-UNKNOWN", Sure::kNo,
          age_.at_least
              ? fmt::format("may be older than it seems: {}, and nothing tells "
                            "when it was made",
                            AgeText(age_))
              : "is of an age that nothing tells",
          Because(*warn));
    }
  }

  void CheckEnd() {
    const auto& expires = view_.expires;
    if (!expires) {
      if (!terms_.Wants(&PolicyRule::must_expire)) return;
      Add("NO-EXPIRY", view_.never_expires ? Sure::kYes : Sure::kNo,
          view_.never_expires ? "never expires"
                              : "has no expiry that anybody knows of",
          By(&PolicyRule::must_expire));
    } else if (*expires <= view_.now) {
      Add("EXPIRED", Sure::kYes,
          fmt::format("expired {} ago and is still kept",
                      DaysText((view_.now - *expires) / kDay)),
          ExpiryText());
    } else if (*expires - view_.now <= kSoonDays * kDay) {
      Add("EXP-SOON", Sure::kYes,
          fmt::format("expires in {}", DaysText((*expires - view_.now) / kDay)),
          ExpiryText());
    }
  }

  // What is not known of either end is read as the shortest lifetime for a
  // failure, and as the longest for a warning.
  void CheckLifetime() {
    const auto limit = terms_.Find(&PolicyRule::max_lifetime);
    if (limit.value == nullptr) return;
    const std::int64_t most = *limit.value * kDay;
    const auto& expires = view_.expires;
    // Without a known end, it has lived until now at least.
    const std::int64_t shortest =
        expires.value_or(view_.now) - age_.made_by.value_or(view_.now);
    if (view_.never_expires && !expires) {
      Add("POLICY-LIFETIME", Sure::kYes,
          fmt::format("is issued without an end; {} are allowed",
                      DaysText(*limit.value)),
          By(&PolicyRule::max_lifetime));
    } else if (shortest > most) {
      Add("POLICY-LIFETIME", Sure::kYes,
          fmt::format("is issued for at least {}; {} are allowed",
                      DaysText(shortest / kDay), DaysText(*limit.value)),
          By(&PolicyRule::max_lifetime));
    } else if (expires && age_.made_from && *expires - *age_.made_from > most) {
      Add("POLICY-LIFETIME", Sure::kNo,
          fmt::format("may be issued for up to {}; {} are allowed",
                      DaysText((*expires - *age_.made_from) / kDay),
                      DaysText(*limit.value)),
          By(&PolicyRule::max_lifetime));
    }
  }

  void CheckUse() {
    const auto limit = terms_.Find(&PolicyRule::idle_limit);
    const auto used = key_.facts.last_used;
    if (limit.value == nullptr || !used || *used < kEarliestTime ||
        view_.now - *used <= *limit.value * kDay) {
      return;
    }
    Add("UNUSED-N", Sure::kYes,
        fmt::format("was last used {} ago; {} are allowed",
                    DaysText((view_.now - *used) / kDay),
                    DaysText(*limit.value)),
        By(&PolicyRule::idle_limit));
  }

  void CheckOwner() {
    if (key_.owner.empty()) {
      if (!terms_.Wants(&PolicyRule::owner_required)) return;
      Add("OWNER-MISSING", Sure::kYes, "has no owner",
          By(&PolicyRule::owner_required));
    } else if (!policy_.leavers.empty() &&
               policy_.leavers.contains(Lowercase(key_.owner))) {
      Add("OWNER-DEPARTED", Sure::kYes,
          fmt::format("belongs to {}, who left", key_.owner), "leavers");
    }
  }

  void CheckName() {
    const auto& allowed = policy_.policy.allowed_labels;
    const bool good = std::any_of(allowed.begin(), allowed.end(),
                                  [this](const std::string& label) {
                                    return FitsGlob(label, key_.name);
                                  });
    if (good) return;
    const std::string* pattern = terms_.Find(&PolicyRule::name_pattern).value;
    if (key_.name.empty()) {
      if (pattern == nullptr) return;
      Add("NAME-POOR", Sure::kNo, "has no name that anybody knows of",
          By(&PolicyRule::name_pattern));
    } else if (pattern != nullptr &&
               !(*pattern == kNameForm ? HasNameForm(key_.name)
                                       : FitsGlob(*pattern, key_.name))) {
      Add("NAME-POOR", Sure::kYes,
          fmt::format("is not named as asked for: {}", *pattern),
          By(&PolicyRule::name_pattern));
    } else if (IsBareName(key_.name)) {
      Add("NAME-POOR", Sure::kNo, "has a name that says nothing", "its name");
    }
  }

  void CheckSharing() {
    if (terms_.Wants(&PolicyRule::one_per_client)) {
      out_.if_shared.push_back(Make("KEY-REUSE-CLIENT", Sure::kYes, "",
                                    By(&PolicyRule::one_per_client)));
    }
    if (terms_.Wants(&PolicyRule::one_per_environment)) {
      out_.if_shared.push_back(Make("KEY-REUSE-ENV", Sure::kYes, "",
                                    By(&PolicyRule::one_per_environment)));
    }
  }

  void CheckPlaces() {
    const auto* forbidden = terms_.Find(&PolicyRule::forbidden_places).value;
    for (const PolicyPlace& place : key_.places) {
      for (const std::string& kind : place.kinds) {
        std::string by;
        if (kind == "unknown-host" || kind == "unpinned") {
          const auto field = kind == "unpinned" ? &PolicyRule::pinned_packages
                                                : &PolicyRule::known_hosts_only;
          if (!terms_.Wants(field)) continue;
          by = By(field);
        } else {
          if (forbidden == nullptr ||
              std::find(forbidden->begin(), forbidden->end(), kind) ==
                  forbidden->end()) {
            continue;
          }
          by = By(&PolicyRule::forbidden_places);
        }
        out_.found.push_back(Make("POLICY-PLACE", Sure::kYes,
                                  std::string(PlaceText(kind)), std::move(by),
                                  {}, &place, kind));
      }
    }
  }

  std::string ExpiryText() const {
    return fmt::format("its expiry, {}", IsoTime(*view_.expires));
  }
  template <class T>
  std::string By(std::optional<T> PolicyRule::*field) const {
    return terms_.NameOf(terms_.Find(field).rule);
  }
  std::string Because(const Terms::Limit& limit) const {
    return fmt::format("{}, by {}", DaysText(limit.days), terms_.ByText(limit));
  }

  void Add(std::string_view id, Sure sure, std::string what,
           std::string because, std::optional<Severity> broken = {}) {
    out_.found.push_back(
        Make(id, sure, std::move(what), std::move(because), broken));
  }

  // `broken`: in place of the check's own severity of what is certain.
  Breach Make(std::string_view id, Sure sure, std::string what,
              std::string because, std::optional<Severity> broken = {},
              const PolicyPlace* place = nullptr, std::string_view kind = {}) {
    const PolicyCheckInfo& check = CheckOf(id);
    Severity severity = check.doubtful;
    if (sure == Sure::kYes) {
      severity = broken.value_or(check.broken);
      const Severity* own = terms_.Find(&PolicyRule::severity).value;
      if (own != nullptr && check.broken >= Severity::kMedium) severity = *own;
    }
    Breach out{
        &check,   place,           kind,
        severity, std::move(what), DecisionOf(severity, std::move(because))};
    policy_.waivers.Excuse(key_, place, id, &out.decision);
    return out;
  }

  const KeyView& view_;
  const PolicyKey& key_;
  const AgeInterval& age_;
  const PolicyInForce& policy_;
  const Terms terms_;
  KeyBreaches out_;
};

}  // namespace

KeyView::KeyView(const PolicyKey& of, std::int64_t at)
    : key(of), now(at), age(AgeFrom(EvidenceOf(of.evidence, of.facts), at)) {
  const KeyEnd end = EndFrom(of.evidence);
  expires = of.facts.expires && *of.facts.expires >= kEarliestTime
                ? of.facts.expires
                : end.expires;
  never_expires = of.never_expires || end.never;
}

KeyBreaches CheckKey(const KeyView& view, const PolicyInForce& policy) {
  return KeyCheck(view, policy).Check();
}

}  // namespace keytidy::policy
