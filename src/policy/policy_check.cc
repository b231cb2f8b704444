// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "policy/age_interval.h"

namespace keytidy::policy {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kSoonDays = 14;

constexpr Severity kCritical = Severity::kCritical;
constexpr Severity kHigh = Severity::kHigh;
constexpr Severity kMedium = Severity::kMedium;
constexpr Severity kLow = Severity::kLow;
constexpr Severity kInfo = Severity::kInfo;

constexpr PolicyCheckInfo kChecks[] = {
    {"AGE-N", kMedium, kLow, "OWASP NHI7; CIS AWS 1.14; PCI DSS 8.6.3",
     "Replace it: keytidy rotate plan {}"},
    {"AGE-UNKNOWN", kInfo, kInfo, "OWASP Secrets Management 2.11",
     "Look it up at its provider, and replace it if in doubt."},
    {"EXP-SOON", kInfo, kInfo, "OWASP Secrets Management 2.7",
     "Have the next one ready before it ends."},
    {"EXPIRED", kLow, kLow, "OWASP Secrets Management 2.7",
     "Remove it, or replace it by one that works."},
    {"KEY-REUSE-CLIENT", kHigh, kLow, "OWASP NHI9; OWASP MCP Security",
     "Make a key for each program."},
    {"KEY-REUSE-ENV", kCritical, kLow, "OWASP NHI8; OWASP MCP07",
     "Make a key for each environment."},
    {"NAME-POOR", kMedium, kLow, "OWASP MCP08",
     "Name it for the program, the device and the purpose: "
     "cursor-laptop-readonly."},
    {"NO-EXPIRY", kMedium, kLow,
     "OWASP NHI7; OWASP MCP02; OWASP Secrets Management 2.7",
     "Replace it by one that expires."},
    {"OWNER-DEPARTED", kHigh, kLow, "OWASP NHI1",
     "Replace it, give the new one an owner, and revoke this one."},
    {"OWNER-MISSING", kMedium, kLow, "OWASP Secrets Management 2.11",
     "Say who answers for it: keytidy keys set {} --owner NAME"},
    {"POLICY-LIFETIME", kMedium, kLow, "OWASP NHI7; OWASP MCP02",
     "Replace it by one that is issued for a shorter time."},
    {"POLICY-PLACE", kHigh, kLow, "OWASP MCP01; OWASP NHI2",
     "Take it out of there, and replace it."},
    {"UNUSED-N", kMedium, kLow, "CIS AWS 1.12; OWASP NHI1",
     "Revoke it if nobody needs it."},
    {"WAIVER-EXPIRED", kMedium, kLow, "",
     "Mend what it excuses, or have its owner renew it."},
};

const PolicyCheckInfo& CheckOf(std::string_view id) {
  return *std::find_if(std::begin(kChecks), std::end(kChecks),
                       [id](const auto& check) { return check.id == id; });
}

// GlobMatch(), with a look at what the pattern begins and ends with before it:
// almost all patterns are refused there.
bool FitsGlob(std::string_view pattern, std::string_view text) {
  const std::size_t first = pattern.find_first_of("*?[\\");
  if (first == std::string_view::npos) return pattern == text;
  std::string_view head = pattern.substr(0, first);
  if (head.ends_with('/')) head.remove_suffix(1);  // a/** fits a
  if (!text.starts_with(head)) return false;
  if (pattern.find_first_of("[\\") == std::string_view::npos) {
    std::string_view tail = pattern.substr(pattern.find_last_of("*?") + 1);
    if (tail.starts_with('/')) tail.remove_prefix(1);  // **/a fits a
    if (!text.ends_with(tail)) return false;
  }
  return GlobMatch(pattern, text);
}

bool Fits(const Selectors& want, const PolicyKey& key) {
  const auto any_place = [&key](auto&& fits) {
    return std::any_of(key.places.begin(), key.places.end(), fits);
  };
  if (!want.provider.empty() && want.provider != key.provider) return false;
  if (!want.environment.empty() && want.environment != key.environment &&
      !any_place([&](const PolicyPlace& place) {
        return place.environment == want.environment;
      })) {
    return false;
  }
  if (!want.rule.empty() && !FitsGlob(want.rule, key.rule)) return false;
  if (!want.name.empty() && !FitsGlob(want.name, key.name)) return false;
  return want.place.empty() || any_place([&](const PolicyPlace& place) {
           return FitsGlob(want.place, place.path);
         });
}

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

std::string FileLine(const Policy& policy, std::uint32_t line) {
  return fmt::format("{}:{}", policy.name.empty() ? "policy" : policy.name,
                     line);
}

// What holds for one key: the rules that fit it, the last one first.
class Terms {
 public:
  Terms(const Policy& policy, const PolicyKey& key)
      : policy_(policy), key_(key) {
    for (auto rule = policy.rules.rbegin(); rule != policy.rules.rend();
         ++rule) {
      if (Fits(rule->fits, key)) rules_.push_back(&*rule);
    }
  }

  template <class T>
  struct Value {
    const T* value = nullptr;
    const PolicyRule* rule = nullptr;
  };
  template <class T>
  Value<T> Find(std::optional<T> PolicyRule::*field) const {
    for (const PolicyRule* rule : rules_) {
      if (rule->*field) return {&*(rule->*field), rule};
    }
    return {};
  }
  bool Wants(std::optional<bool> PolicyRule::*field) const {
    const bool* value = Find(field).value;
    return value != nullptr && *value;
  }
  Tier tier() const {
    const Tier* tier = Find(&PolicyRule::tier).value;
    return tier != nullptr ? *tier : key_.tier;
  }

  struct Limit {
    std::int64_t days = 0;
    const PolicyRule* rule = nullptr;  // null: the tier's
  };
  std::string ByText(const Limit& limit) const {
    return limit.rule != nullptr ? NameOf(limit.rule)
                                 : fmt::format("tier {}", Name(tier()));
  }
  std::optional<Limit> MaxAge() const {
    return AgeLimit(&PolicyRule::max_age, &TierLimits::fail_days);
  }
  // Never above the limit that fails.
  std::optional<Limit> WarnAge() const {
    auto warn = AgeLimit(&PolicyRule::warn_age, &TierLimits::warn_days);
    auto fail = MaxAge();
    if (!warn || (fail && fail->days < warn->days)) return fail;
    return warn;
  }

  std::string NameOf(const PolicyRule* rule) const {
    return fmt::format("rule {} ({})", rule - policy_.rules.data() + 1,
                       FileLine(policy_, rule->line));
  }
  // The last one first.
  const std::vector<const PolicyRule*>& rules() const { return rules_; }

 private:
  std::optional<Limit> AgeLimit(std::optional<std::int64_t> PolicyRule::*field,
                                std::int64_t TierLimits::*of_tier) const {
    const auto own = Find(field);
    if (own.value != nullptr) return Limit{*own.value, own.rule};
    const TierLimits* limits = policy_.tiers.Find(tier());
    if (limits == nullptr) return std::nullopt;
    return Limit{limits->*of_tier, nullptr};
  }

  const Policy& policy_;
  const PolicyKey& key_;
  std::vector<const PolicyRule*> rules_;
};

// Waivers by what they name, so that a key meets few of them.
class WaiverBook {
 public:
  WaiverBook(const Policy& policy, std::int64_t now) : policy_(policy) {
    for (const Waiver& waiver : policy.waivers) {
      if (now >= waiver.ends) continue;
      (waiver.fingerprint.empty() ? general_ : by_id_[waiver.fingerprint])
          .push_back(&waiver);
    }
  }
  // `at`: the place that the violation is about, or null for all of the key.
  void Excuse(const PolicyKey& key, const PolicyPlace* at,
              Violation* violation) const {
    const auto own = by_id_.find(key.id);
    if (own != by_id_.end() && Excuse(own->second, key, at, violation)) return;
    Excuse(general_, key, at, violation);
  }

 private:
  using List = std::vector<const Waiver*>;

  bool Excuse(const List& list, const PolicyKey& key, const PolicyPlace* at,
              Violation* violation) const {
    for (const Waiver* waiver : list) {
      const auto& checks = waiver->checks;
      if (!checks.empty() && std::find(checks.begin(), checks.end(),
                                       violation->check) == checks.end()) {
        continue;
      }
      if (!Excuses(*waiver, key, at)) continue;
      violation->decision = {
          Action::kIgnore,
          fmt::format("{}: waived by {} until {}: {}",
                      FileLine(policy_, waiver->line), waiver->owner,
                      waiver->until, waiver->reason)};
      return true;
    }
    return false;
  }

  const Policy& policy_;
  std::unordered_map<std::string_view, List> by_id_;
  List general_;
};

// What every entry of one key has in common.
struct Shared {
  std::vector<std::string_view> clients;       // sorted
  std::vector<std::string_view> environments;  // sorted
};

struct Run {
  const Policy& policy;
  std::int64_t now;
  WaiverBook waivers;
  std::unordered_set<std::string> leavers;  // in lower case
  std::vector<Violation> out;
};

std::string Days(std::int64_t days) {
  return Count(static_cast<std::uint64_t>(std::max<std::int64_t>(days, 0)),
               "day");
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("; "), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

Violation MakeViolation(const PolicyCheckInfo& check, Severity severity,
                        std::string message, std::string because) {
  Violation out;
  out.check = check.id;
  out.severity = severity;
  out.message = std::move(message);
  out.fix = check.fix;
  out.references = Split(check.references);
  out.decision = {severity >= kMedium ? Action::kFail : Action::kWarn,
                  std::move(because)};
  return out;
}

bool IsBareName(std::string_view name) {
  constexpr std::string_view kBare[] = {"key",   "test", "new",     "api",
                                        "token", "my",   "default", "secret"};
  const std::string lower = Lowercase(name);
  std::string_view rest = lower;
  bool any = false;
  // Words of no meaning, numbers and what joins them, and nothing else.
  while (!rest.empty()) {
    if (!IsAlnum(rest.front()) || IsDigit(rest.front())) {
      if (static_cast<unsigned char>(rest.front()) >= 0x80) return false;
      rest.remove_prefix(1);
      continue;
    }
    std::size_t length = 0;
    while (length < rest.size() && IsLower(rest[length])) ++length;
    const std::string_view word = rest.substr(0, length);
    if (std::find(std::begin(kBare), std::end(kBare), word) ==
        std::end(kBare)) {
      return false;
    }
    any = true;
    rest.remove_prefix(length);
  }
  return any;
}

// Three parts or more, joined by hyphens, none of them empty.
bool HasNameForm(std::string_view name) {
  return std::count(name.begin(), name.end(), '-') >= 2 &&
         !name.starts_with('-') && !name.ends_with('-') &&
         name.find("--") == std::string_view::npos && !IsBareName(name);
}

std::string_view PlaceText(std::string_view kind) {
  if (kind == "argv") return "stands on a command line";
  if (kind == "url") return "stands in an address";
  if (kind == "tracked") return "stands in a file that git tracks";
  if (kind == "unknown-host")
    return "is sent to a host that is not its provider's";
  return "is given to a package whose version is not pinned";
}

std::string Listed(const std::vector<std::string_view>& names) {
  constexpr std::size_t kMost = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, names.size()); ++i) {
    out += fmt::format("{}{}", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > kMost) {
    out += fmt::format(" and {} more", names.size() - kMost);
  }
  return out;
}

class KeyCheck {
 public:
  KeyCheck(const PolicyKey& key, const Shared& shared, Run* run)
      : key_(key), shared_(shared), run_(*run), terms_(run->policy, key) {
    std::vector<AgeEvidence> evidence = key.evidence;
    if (key.facts.created) {
      evidence.push_back({"provider-created", *key.facts.created});
    }
    if (key.facts.last_used) {
      evidence.push_back({"provider-last-used", *key.facts.last_used});
    }
    age_ = AgeFrom(evidence, run->now);
    if (key.facts.expires && *key.facts.expires >= kEarliestTime) {
      expires_ = key.facts.expires;
    }
  }

  void Check() {
    CheckAge();
    CheckEnd();
    CheckUse();
    CheckOwner();
    CheckName();
    CheckPlaces();
  }

 private:
  enum class Sure { kYes, kNo };

  void CheckAge() {
    const auto fail = terms_.MaxAge();
    const auto warn = terms_.WarnAge();
    if (!warn) return;
    const bool may_be_old = fail && age_.at_most && *age_.at_most > fail->days;
    if (fail && age_.at_least && *age_.at_least > fail->days) {
      const bool strict =
          terms_.tier() == Tier::kHigh || terms_.tier() == Tier::kCi;
      Add("AGE-N", Sure::kYes,
          fmt::format("is too old: {}; its limit is {}", AgeText(age_),
                      Days(fail->days)),
          Because(*fail), nullptr, strict ? kHigh : kMedium);
    } else if (age_.at_least && *age_.at_least > warn->days) {
      Add("AGE-N", Sure::kNo,
          fmt::format("is due for replacement: {}; it is due after {}",
                      AgeText(age_), Days(warn->days)),
          Because(*warn));
    } else if (may_be_old) {
      Add("AGE-N", Sure::kNo,
          fmt::format("may be too old: {}; its limit is {}", AgeText(age_),
                      Days(fail->days)),
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
    const std::int64_t now = run_.now;
    if (terms_.Wants(&PolicyRule::must_expire) && !expires_) {
      Add("NO-EXPIRY", key_.never_expires ? Sure::kYes : Sure::kNo,
          key_.never_expires ? "never expires"
                             : "has no expiry that anybody knows of",
          By(&PolicyRule::must_expire));
    }
    if (expires_ && *expires_ <= now) {
      Add("EXPIRED", Sure::kYes,
          fmt::format("expired {} ago and is still kept",
                      Days((now - *expires_) / kDay)),
          Expiry());
    } else if (expires_ && *expires_ - now <= kSoonDays * kDay) {
      Add("EXP-SOON", Sure::kYes,
          fmt::format("expires in {}", Days((*expires_ - now) / kDay)),
          Expiry());
    }
    CheckLifetime();
  }

  // What is not known of either end is read as the shortest lifetime for a
  // failure, and as the longest for a warning.
  void CheckLifetime() {
    const auto limit = terms_.Find(&PolicyRule::max_lifetime);
    if (limit.value == nullptr) return;
    const std::int64_t most = *limit.value * kDay;
    const std::int64_t made_by = age_.made_by.value_or(run_.now);
    const std::string by = By(&PolicyRule::max_lifetime);
    // Without a known end, it has lived until now at least.
    const std::int64_t shortest = expires_.value_or(run_.now) - made_by;
    if (key_.never_expires && !expires_) {
      Add("POLICY-LIFETIME", Sure::kYes,
          fmt::format("is issued without an end; {} are allowed",
                      Days(*limit.value)),
          by);
    } else if (shortest > most) {
      Add("POLICY-LIFETIME", Sure::kYes,
          fmt::format("is issued for at least {}; {} are allowed",
                      Days(shortest / kDay), Days(*limit.value)),
          by);
    } else if (expires_ && age_.made_from &&
               *expires_ - *age_.made_from > most) {
      Add("POLICY-LIFETIME", Sure::kNo,
          fmt::format("may be issued for up to {}; {} are allowed",
                      Days((*expires_ - *age_.made_from) / kDay),
                      Days(*limit.value)),
          by);
    }
  }

  void CheckUse() {
    const auto limit = terms_.Find(&PolicyRule::idle_limit);
    const auto used = key_.facts.last_used;
    if (limit.value == nullptr || !used || *used < kEarliestTime ||
        run_.now - *used <= *limit.value * kDay) {
      return;
    }
    Add("UNUSED-N", Sure::kYes,
        fmt::format("was last used {} ago; {} are allowed",
                    Days((run_.now - *used) / kDay), Days(*limit.value)),
        By(&PolicyRule::idle_limit));
  }

  void CheckOwner() {
    if (key_.owner.empty()) {
      if (!terms_.Wants(&PolicyRule::owner_required)) return;
      Add("OWNER-MISSING", Sure::kYes, "has no owner",
          By(&PolicyRule::owner_required));
    } else if (run_.leavers.contains(Lowercase(key_.owner))) {
      Add("OWNER-DEPARTED", Sure::kYes,
          fmt::format("belongs to {}, who left", key_.owner), "leavers");
    }
  }

  void CheckName() {
    const auto& allowed = run_.policy.allowed_labels;
    const bool good = std::any_of(allowed.begin(), allowed.end(),
                                  [this](const std::string& label) {
                                    return FitsGlob(label, key_.name);
                                  });
    if (good) return;
    const auto pattern = terms_.Find(&PolicyRule::name_pattern);
    if (key_.name.empty()) {
      if (pattern.value == nullptr) return;
      Add("NAME-POOR", Sure::kNo, "has no name that anybody knows of",
          By(&PolicyRule::name_pattern));
    } else if (pattern.value != nullptr &&
               !(*pattern.value == kNameForm
                     ? HasNameForm(key_.name)
                     : FitsGlob(*pattern.value, key_.name))) {
      Add("NAME-POOR", Sure::kYes,
          fmt::format("is not named as asked for: {}", *pattern.value),
          By(&PolicyRule::name_pattern));
    } else if (IsBareName(key_.name)) {
      Add("NAME-POOR", Sure::kNo, "has a name that says nothing", "its name");
    }
  }

  void CheckPlaces() {
    if (shared_.clients.size() > 1 &&
        terms_.Wants(&PolicyRule::one_per_client)) {
      Add("KEY-REUSE-CLIENT", Sure::kYes,
          fmt::format("is shared by {} programs: {}", shared_.clients.size(),
                      Listed(shared_.clients)),
          By(&PolicyRule::one_per_client));
    }
    if (shared_.environments.size() > 1 &&
        terms_.Wants(&PolicyRule::one_per_environment)) {
      Add("KEY-REUSE-ENV", Sure::kYes,
          fmt::format("is shared by {} environments: {}",
                      shared_.environments.size(),
                      Listed(shared_.environments)),
          By(&PolicyRule::one_per_environment));
    }
    const auto forbidden = terms_.Find(&PolicyRule::forbidden_places);
    for (const PolicyPlace& place : key_.places) {
      for (const std::string& kind : place.kinds) {
        std::string by;
        if (kind == "unknown-host" || kind == "unpinned") {
          const auto field = kind == "unpinned" ? &PolicyRule::pinned_packages
                                                : &PolicyRule::known_hosts_only;
          if (!terms_.Wants(field)) continue;
          by = By(field);
        } else {
          if (forbidden.value == nullptr ||
              std::find(forbidden.value->begin(), forbidden.value->end(),
                        kind) == forbidden.value->end()) {
            continue;
          }
          by = By(&PolicyRule::forbidden_places);
        }
        Add("POLICY-PLACE", Sure::kYes, std::string(PlaceText(kind)),
            std::move(by), &place);
      }
    }
  }

  std::string Expiry() const {
    return fmt::format("its expiry, {}", IsoTime(*expires_));
  }
  template <class T>
  std::string By(std::optional<T> PolicyRule::*field) const {
    return terms_.NameOf(terms_.Find(field).rule);
  }
  std::string Because(const Terms::Limit& limit) const {
    return fmt::format("{}, by {}", Days(limit.days), terms_.ByText(limit));
  }

  std::string KeyText() const {
    const std::string& shown = key_.redacted.empty() ? key_.id : key_.redacted;
    if (key_.name.empty()) return fmt::format("The key {}", shown);
    return fmt::format("The key {} ({})", key_.name, shown);
  }

  // Without a place of its own it stands at the first of the key's.
  void Add(std::string_view id, Sure sure, const std::string& what,
           std::string because, const PolicyPlace* place = nullptr,
           std::optional<Severity> broken = std::nullopt) {
    const PolicyCheckInfo& check = CheckOf(id);
    Severity severity = check.doubtful;
    if (sure == Sure::kYes) {
      severity = broken.value_or(check.broken);
      const Severity* own = terms_.Find(&PolicyRule::severity).value;
      if (own != nullptr && check.broken >= kMedium) severity = *own;
    }
    Violation violation =
        MakeViolation(check, severity, fmt::format("{} {}.", KeyText(), what),
                      std::move(because));
    violation.finding = key_.id;
    const std::size_t blank = violation.fix.find("{}");
    if (blank != std::string::npos) violation.fix.replace(blank, 2, key_.id);
    const PolicyPlace* const about = place;
    if (place == nullptr && !key_.places.empty()) {
      place = &*std::min_element(
          key_.places.begin(), key_.places.end(),
          [](const PolicyPlace& a, const PolicyPlace& b) {
            return std::tie(a.path, a.line, a.client, a.server, a.slot) <
                   std::tie(b.path, b.line, b.client, b.server, b.slot);
          });
    }
    if (place != nullptr) {
      violation.path = place->path;
      violation.line = place->line;
      if (!place->client.empty()) {
        violation.client =
            ClientPlace{place->client, place->server, place->slot};
      }
    }
    run_.waivers.Excuse(key_, about, &violation);
    run_.out.push_back(std::move(violation));
  }

  const PolicyKey& key_;
  const Shared& shared_;
  Run& run_;
  const Terms terms_;
  AgeInterval age_;
  std::optional<std::int64_t> expires_;
};

void SortUnique(std::vector<std::string_view>* list) {
  std::sort(list->begin(), list->end());
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

Shared SharedOf(std::span<const PolicyKey* const> entries) {
  Shared out;
  const auto add = [](std::string_view name, auto* list) {
    if (!name.empty()) list->push_back(name);
  };
  for (const PolicyKey* key : entries) {
    add(key->environment, &out.environments);
    for (const PolicyPlace& place : key->places) {
      add(place.client, &out.clients);
      add(place.environment, &out.environments);
    }
  }
  SortUnique(&out.clients);
  SortUnique(&out.environments);
  return out;
}

void CheckWaivers(Run* run) {
  for (const Waiver& waiver : run->policy.waivers) {
    if (run->now < waiver.ends) continue;
    Violation violation =
        MakeViolation(CheckOf("WAIVER-EXPIRED"), kMedium,
                      fmt::format("The waiver of {} ended on {} ({}).",
                                  waiver.owner, waiver.until, waiver.reason),
                      fmt::format("the waiver's last day, {}", waiver.until));
    violation.finding = waiver.fingerprint;
    violation.path = run->policy.name;
    violation.line = waiver.line;
    run->out.push_back(std::move(violation));
  }
}

auto SortKey(const Violation& v) {
  static const ClientPlace kNobody;
  const ClientPlace& client = v.client ? *v.client : kNobody;
  return std::tie(v.path, v.line, v.check, v.finding, v.message, client.name,
                  client.server, client.slot);
}

// One for each message about a key's place; of equal ones the strictest.
void SortUnique(std::vector<Violation>* list) {
  std::sort(list->begin(), list->end(),
            [](const Violation& a, const Violation& b) {
              if (a.severity != b.severity) return a.severity > b.severity;
              if (SortKey(a) != SortKey(b)) return SortKey(a) < SortKey(b);
              return std::tie(a.decision.action, a.decision.because) <
                     std::tie(b.decision.action, b.decision.because);
            });
  list->erase(std::unique(list->begin(), list->end(),
                          [](const Violation& a, const Violation& b) {
                            return a.severity == b.severity &&
                                   SortKey(a) == SortKey(b);
                          }),
              list->end());
}

std::string ValueText(std::int64_t days) { return Days(days); }
std::string ValueText(bool value) { return value ? "true" : "false"; }
std::string ValueText(Tier tier) { return std::string(Name(tier)); }
std::string ValueText(Severity severity) { return std::string(Name(severity)); }
std::string ValueText(const std::string& text) { return text; }
std::string ValueText(const std::vector<std::string>& texts) {
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

std::span<const PolicyCheckInfo> PolicyChecks() { return kChecks; }

std::vector<Violation> CheckPolicy(const Policy& policy,
                                   std::span<const PolicyKey> keys,
                                   std::int64_t now) {
  Run run{policy, now, WaiverBook(policy, now), {}, {}};
  for (const std::string& name : policy.leavers) {
    run.leavers.insert(Lowercase(name));
  }
  std::vector<const PolicyKey*> order;
  order.reserve(keys.size());
  for (const PolicyKey& key : keys) order.push_back(&key);
  std::stable_sort(
      order.begin(), order.end(),
      [](const PolicyKey* a, const PolicyKey* b) { return a->id < b->id; });
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    // Keys without an id are nobody else's.
    while (end < order.size() && !order[begin]->id.empty() &&
           order[end]->id == order[begin]->id) {
      ++end;
    }
    const auto entries = std::span(order).subspan(begin, end - begin);
    const Shared shared = SharedOf(entries);
    for (const PolicyKey* key : entries) {
      if (key->verdict == VerdictState::kInactive) continue;
      KeyCheck(*key, shared, &run).Check();
    }
    begin = end;
  }
  CheckWaivers(&run);
  SortUnique(&run.out);
  return std::move(run.out);
}

Explanation Explain(const Policy& policy, const PolicyKey& key) {
  const Terms terms(policy, key);
  Explanation out;
  for (const PolicyRule* rule : terms.rules()) {
    out.rules.insert(out.rules.begin(), terms.NameOf(rule));
  }
  const auto explain = [&](const auto& field) {
    const auto found = terms.Find(field.member);
    if (field.name == "max_age" || field.name == "warn_age") {
      const auto limit =
          field.name == "max_age" ? terms.MaxAge() : terms.WarnAge();
      out.fields.push_back({std::string(field.name),
                            limit ? Days(limit->days) : "none",
                            limit ? terms.ByText(*limit) : "tier none"});
    } else if (found.value != nullptr) {
      out.fields.push_back({std::string(field.name), ValueText(*found.value),
                            terms.NameOf(found.rule)});
    } else if (field.name == "tier") {
      out.fields.push_back({"tier", ValueText(key.tier), "its kind"});
    }
  };
  std::apply([&](const auto&... field) { (explain(field), ...); }, kRuleFields);
  for (const Waiver& waiver : policy.waivers) {
    if (!waiver.fingerprint.empty() && waiver.fingerprint != key.id) continue;
    if (!Fits(waiver.fits, key)) continue;
    out.waivers.push_back(
        fmt::format("{}: {} until {}: {}", FileLine(policy, waiver.line),
                    waiver.owner, waiver.until, waiver.reason));
  }
  return out;
}

}  // namespace keytidy::policy
