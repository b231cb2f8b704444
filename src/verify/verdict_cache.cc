// SPDX-License-Identifier: Apache-2.0
#include "verify/verdict_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "base/time.h"

namespace keytidy::verify {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxFile = 16 << 20;

std::string KeyOf(std::string_view id, std::string_view rule,
                  std::string_view host) {
  return fmt::format("{} {} {}", id, rule, host);
}

Json TimeJson(const std::optional<std::int64_t>& at) {
  return at ? Json(*at) : Json();
}

std::optional<std::int64_t> TimeAt(const Json& json, const char* name) {
  const auto it = json.find(name);
  if (it == json.end() || !it->is_number_integer()) return std::nullopt;
  return it->get<std::int64_t>();
}

std::string TextAt(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>()
                                             : std::string();
}

Json ToJson(const std::string& key, const Verdict& verdict) {
  const KeyFacts& facts = verdict.facts;
  return Json{{"of", key},
              {"active", verdict.state == VerdictState::kActive},
              {"evidence", verdict.evidence},
              {"at", TimeJson(verdict.checked_at)},
              {"key_id", facts.key_id},
              {"name", facts.name},
              {"owner", facts.owner},
              {"account", facts.account},
              {"scopes", facts.scopes},
              {"created", TimeJson(facts.created)},
              {"expires", TimeJson(facts.expires)},
              {"last_used", TimeJson(facts.last_used)}};
}

Verdict FromJson(const Json& json) {
  Verdict out;
  const auto active = json.find("active");
  out.state =
      active != json.end() && active->is_boolean() && active->get<bool>()
          ? VerdictState::kActive
          : VerdictState::kInactive;
  out.evidence = TextAt(json, "evidence");
  out.checked_at = TimeAt(json, "at");
  out.facts.key_id = TextAt(json, "key_id");
  out.facts.name = TextAt(json, "name");
  out.facts.owner = TextAt(json, "owner");
  out.facts.account = TextAt(json, "account");
  if (const auto scopes = json.find("scopes");
      scopes != json.end() && scopes->is_array()) {
    for (const Json& one : *scopes) {
      if (one.is_string()) out.facts.scopes.push_back(one.get<std::string>());
    }
  }
  out.facts.created = TimeAt(json, "created");
  out.facts.expires = TimeAt(json, "expires");
  out.facts.last_used = TimeAt(json, "last_used");
  return out;
}

}  // namespace

std::string DefaultVerdictCache() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') {
    return std::string(cache) + "/keytidy/verdicts.jsonl";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.cache/keytidy/verdicts.jsonl";
}

VerdictCache VerdictCache::Load(std::string path, std::int64_t now) {
  VerdictCache out;
  out.path_ = std::move(path);
  if (out.path_.empty()) return out;
  // Somebody else's word on our keys is not taken.
  struct stat info;
  if (lstat(out.path_.c_str(), &info) != 0 || !S_ISREG(info.st_mode) ||
      (info.st_mode & 022) != 0 || info.st_uid != geteuid()) {
    return out;
  }
  const auto text = ReadSmallFile(out.path_, kMaxFile, Links::kRefuse);
  if (!text) return out;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const Json json = Json::parse(rest.substr(0, end), nullptr, false);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!json.is_object()) continue;
    const auto active = json.find("active");
    if (active == json.end() || !active->is_boolean()) continue;
    Verdict verdict = FromJson(json);
    if (verdict.evidence.empty()) continue;
    const std::int64_t at = verdict.checked_at.value_or(0);
    if (at > now || at < now - kLifetime) continue;
    out.verdicts_.insert_or_assign(TextAt(json, "of"), std::move(verdict));
  }
  return out;
}

std::optional<Verdict> VerdictCache::Find(std::string_view id,
                                          std::string_view rule,
                                          std::string_view host) const {
  const auto it = verdicts_.find(KeyOf(id, rule, host));
  if (it == verdicts_.end()) return std::nullopt;
  return it->second;
}

void VerdictCache::Put(std::string_view id, std::string_view rule,
                       std::string_view host, const Verdict& verdict) {
  if (path_.empty() || (verdict.state != VerdictState::kActive &&
                        verdict.state != VerdictState::kInactive)) {
    return;
  }
  verdicts_.insert_or_assign(KeyOf(id, rule, host), verdict);
  changed_ = true;
}

void VerdictCache::Forget(std::string_view id, std::string_view rule,
                          std::string_view host) {
  changed_ = verdicts_.erase(KeyOf(id, rule, host)) > 0 || changed_;
}

Status VerdictCache::Save() const {
  if (path_.empty() || !changed_) return {};
  std::string text;
  for (const auto& [key, verdict] : verdicts_) {
    text += ToJson(key, verdict)
                .dump(-1, ' ', false, Json::error_handler_t::replace) +
            "\n";
  }
  for (std::size_t slash = path_.find('/', 1); slash != std::string::npos;
       slash = path_.find('/', slash + 1)) {
    mkdir(path_.substr(0, slash).c_str(), 0700);
  }
  return WritePrivateFile(path_, text);
}

}  // namespace keytidy::verify
