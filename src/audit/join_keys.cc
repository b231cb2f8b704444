// SPDX-License-Identifier: Apache-2.0
#include "audit/join_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "audit/dated_line.h"
#include "audit/plain_key.h"
#include "base/digest.h"
#include "clients/path_at.h"
#include "clients/server_reader.h"
#include "match/claims.h"
#include "policy/age_interval.h"
#include "scan/excerpt.h"

namespace keytidy::audit {
namespace {

using clients::SlotKind;

constexpr std::size_t kExcerptReach = 2048;
// Of one file; a person has a handful.
constexpr std::size_t kMostPlain = 2000;
// Lines of one log that are asked when they had the same key.
constexpr int kMostDates = 64;

// Whether files of this role may say when their lines were written.
bool IsLog(FileRole role) {
  return role == FileRole::kHistory || role == FileRole::kTranscript ||
         role == FileRole::kLog;
}

std::string_view Slice(std::string_view text, Span span) {
  if (span.end > text.size() || span.end < span.start) return {};
  return text.substr(static_cast<std::size_t>(span.start),
                     static_cast<std::size_t>(span.size()));
}

class Joiner {
 public:
  Joiner(const JoinedFile& file, std::vector<scan::Found>* found,
         std::size_t from, FileFacts* facts, std::vector<Skip>* skipped)
      : file_(file),
        report_(skipped),
        found_(*found),
        from_(from),
        facts_(*facts),
        first_server_(facts->servers.size() - file.contents.servers.size()),
        slots_(file.contents),
        lines_(file.text != nullptr ? file.text->text() : std::string_view()) {}

  void JoinFound() {
    for (std::size_t i = from_; i < found_.size(); ++i) {
      scan::Found& found = found_[i];
      Span span = found.place.span;
      if (file_.text != nullptr && !file_.text->written_out()) {
        span = file_.text->ToText(span);
      }
      masks_.push_back({span, found.redacted});
      KeyUse use = UseOf(found);
      ClientPlace place{facts_.file.client->id, {}, {}};
      const std::string_view secret = file_.text != nullptr
                                          ? Slice(file_.text->text(), span)
                                          : std::string_view();
      const auto slot = slots_.Find(span, secret);
      if (slot && file_.text != nullptr) {
        Describe(*slot, secret, &use);
        if (slot->server != nullptr) place.server = slot->server->name;
      } else if (file_.root != nullptr) {
        if (!paths_) paths_.emplace(*file_.root);
        use.slot = paths_->PathAt(span);
        if (clients::IsNameField(use.slot.substr(use.slot.rfind('.') + 1))) {
          use.structured = true;
          use.kind = SlotKind::kName;
        }
      }
      if (found.secret) Hide(*found.secret, &use, &place.server);
      place.slot = use.slot;
      found.place.client = std::move(place);
      found.secret.reset();
      facts_.keys.push_back(std::move(use));
    }
  }

  // The earliest date that the lines of a log give each of its keys.
  void DateFound() {
    if (from_ == found_.size() || !IsLog(facts_.file.file->role)) return;
    const std::size_t first_use = facts_.keys.size() - (found_.size() - from_);
    struct Dates {
      int asked = 0;
      std::optional<std::int64_t> first;
    };
    std::map<std::string_view, Dates> dates;
    DatedLog log(facts_.file.path);
    for (std::size_t i = from_; i < found_.size(); ++i) {
      const KeyUse& use = facts_.keys[first_use + i - from_];
      Dates& of = dates[use.digest];
      if (++of.asked > kMostDates) continue;
      const auto date =
          log.DateOf(found_[i].place.span, [&](std::string_view bytes) {
            return match::RunDigest(Secret(bytes), file_.salt) == use.digest;
          });
      if (date && policy::IsBelievable({kDatedLog, *date}, file_.options.now)) {
        of.first = std::min(of.first.value_or(*date), *date);
      }
    }
    for (std::size_t i = from_; i < found_.size(); ++i) {
      KeyUse& use = facts_.keys[first_use + i - from_];
      const Dates& of = dates[use.digest];
      if (!of.first) continue;
      use.evidence.push_back({kDatedLog, *of.first});
      found_[i].evidence.push_back({kDatedLog, *of.first});
    }
  }

  void AddPlain(std::vector<PlainKey>* plain) {
    if (file_.text == nullptr) return;
    const std::string_view text = file_.text->text();
    const std::size_t known = masks_.size();
    std::vector<PlainSecretAt> secrets = FindPlainSecrets(file_.contents, text);
    // Keys that rules know do not overlap.
    std::vector<Span> ruled;
    for (const scan::Mask& mask : masks_) ruled.push_back(mask.span);
    std::sort(ruled.begin(), ruled.end());
    std::erase_if(secrets, [&](const PlainSecretAt& one) {
      auto it = std::lower_bound(
          ruled.begin(), ruled.end(), one.span.end,
          [](const Span& span, std::uint64_t end) { return span.start < end; });
      return it != ruled.begin() && std::prev(it)->end > one.span.start;
    });
    if (secrets.size() > kMostPlain) {
      report_->push_back({file_.display,
                          fmt::format("holds {} settings that look like "
                                      "secrets; the first {} are told",
                                      secrets.size(), kMostPlain),
                          std::nullopt, true});
      secrets.resize(kMostPlain);
    }
    if (secrets.empty()) return;
    std::vector<PlainKey> added;
    std::vector<Span> spans;
    for (const scan::Mask& mask : masks_) spans.push_back(mask.span);
    for (const PlainSecretAt& one : secrets) {
      added.push_back(Make(one));
      spans.push_back(one.span);
      masks_.push_back({one.span, "********"});
    }
    std::sort(masks_.begin(), masks_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.span, a.redacted) < std::tie(b.span, b.redacted);
    });
    // The lines again, now that more of them is masked.
    for (std::size_t i = 0; i < spans.size(); ++i) {
      Excerpt excerpt = scan::MakeExcerpt(
          text, spans[i],
          scan::MasksNear(text, spans[i], masks_, kExcerptReach));
      (i < known ? found_[from_ + i].place : added[i - known].place).excerpt =
          std::move(excerpt);
    }
    for (PlainKey& key : added) plain->push_back(std::move(key));
  }

 private:
  static constexpr const char* kDatedLog = "dated-log";

  KeyUse UseOf(const scan::Found& found) const {
    KeyUse use;
    use.rule = &file_.engine.rules()[found.rule];
    use.finding = found.id;
    use.redacted = found.redacted;
    use.evidence = found.evidence;
    use.file = file_.index;
    use.path = file_.display;
    use.line = found.place.range.line;
    if (!found.secret) return use;
    use.digest = match::RunDigest(*found.secret, file_.salt);
    if (file_.fingerprint) {
      use.fingerprint =
          use.rule->guessable
              ? file_.fingerprint(found.id)
              : match::DigestWith(*found.secret, file_.fingerprint);
    }
    const auto claims = match::ClaimsOf(*found.secret);
    use.endless = claims && !claims->expires;
    return use;
  }

  // What the key stands in.
  void Describe(const clients::Slot& slot, std::string_view secret,
                KeyUse* use) const {
    const clients::Value& value = *slot.value;
    use->structured = true;
    use->kind = value.kind;
    use->slot = value.slot;
    use->name = value.name;
    use->label = value.label;
    use->ignored = value.ignored;
    if (slot.server != nullptr) {
      use->server =
          first_server_ +
          static_cast<std::size_t>(slot.server - file_.contents.servers.data());
    }
    const std::size_t at = value.text.find(secret);
    if (secret.empty() || at == std::string::npos) return;
    for (const clients::Reference& one : clients::FindReferences(value.text)) {
      if (one.start <= at && at < one.end && !one.fallback.empty()) {
        use->fallback = true;
      }
    }
    const std::size_t address = value.text.find("://");
    use->in_query = address != std::string::npos && at > address;
  }

  // Names may be made of the key itself.
  void Hide(const Secret& secret, KeyUse* use, std::string* server) {
    if (file_.options.show_secrets) return;
    const auto hide = [&](std::string* text) {
      *text = match::RedactPath(*text, secret, use->redacted);
    };
    for (std::string* text : {&use->slot, &use->name, &use->label, server}) {
      hide(text);
    }
    if (use->server == kNone) return;
    ServerFacts& facts = facts_.servers[use->server];
    hide(&facts.name);
    for (Destination& one : facts.destinations) hide(&one.name);
    for (UnusedReference& one : facts.sent_as_they_are) {
      hide(&one.slot);
      hide(&one.name);
    }
    for (clients::Placed& one : facts.dead) hide(&one.text);
  }

  PlainKey Make(const PlainSecretAt& one) {
    const Secret secret{Comparable(one.text)};
    KeyUse use;
    use.rule = &PlainRule();
    use.redacted = match::Redact(PlainRule(), secret);
    use.file = file_.index;
    use.path = file_.display;
    Describe(one.slot, one.text, &use);
    use.in_query = use.in_query || one.in_address;
    use.digest = match::RunDigest(secret, file_.salt);
    std::string server =
        one.slot.server != nullptr ? one.slot.server->name : std::string();
    Hide(secret, &use, &server);
    PlainKey key;
    key.id = file_.options.identifier.Id(
        PlainRule(), secret,
        fmt::format("{}\n{}\n{}", file_.display, server, use.slot));
    key.length = one.text.size();
    if (file_.options.show_secrets) key.shown = match::Show(secret);
    key.place.path = file_.display;
    key.place.span = file_.text->ToFile(one.span);
    key.place.range = lines_.Range(one.span);
    key.place.client = ClientPlace{facts_.file.client->id, server, use.slot};
    use.finding = key.id;
    // What can be guessed is known by its place.
    if (file_.fingerprint) use.fingerprint = file_.fingerprint(key.id);
    use.line = key.place.range.line;
    facts_.keys.push_back(std::move(use));
    return key;
  }

  const JoinedFile& file_;
  std::vector<Skip>* report_;
  std::vector<scan::Found>& found_;
  const std::size_t from_;
  FileFacts& facts_;
  // Of this file's contents, among the servers of the facts.
  const std::size_t first_server_;
  const clients::SlotIndex slots_;
  std::optional<clients::PathIndex> paths_;  // made when asked
  LineCursor lines_;
  std::vector<scan::Mask> masks_;  // spans in the text
};

}  // namespace

void JoinKeys(const JoinedFile& file, std::vector<scan::Found>* found,
              std::size_t from, FileFacts* facts, std::vector<PlainKey>* plain,
              std::vector<Skip>* skipped) {
  Joiner joiner(file, found, from, facts, skipped);
  joiner.JoinFound();
  joiner.DateFound();
  joiner.AddPlain(plain);
}

}  // namespace keytidy::audit
