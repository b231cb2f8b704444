// SPDX-License-Identifier: Apache-2.0
#include "verify/plan.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "verify/recipe_server.h"

namespace keytidy::verify {
namespace {

using config::VerifySettings;

Verdict NotTried(std::string why) {
  Verdict out;
  out.evidence = std::move(why);
  return out;
}

Verdict Unknown(std::string why) {
  Verdict out;
  out.state = VerdictState::kUnknown;
  out.evidence = std::move(why);
  return out;
}

bool IsOfForm(Parameter::Kind kind, std::string_view text) {
  const auto all = [&](std::string_view extra) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
      return IsAlnum(c) || extra.find(c) != std::string_view::npos;
    });
  };
  switch (kind) {
    case Parameter::Kind::kPath:
      return text.starts_with('/') && !text.starts_with("//") &&
             all("/-._~%?=&");
    case Parameter::Kind::kPointer:
      return text.starts_with('/') && all("/-._~");
    case Parameter::Kind::kWord:
      return !text.empty() && all("._-");
  }
  return false;
}

std::string_view FormName(Parameter::Kind kind) {
  switch (kind) {
    case Parameter::Kind::kPath:
      return "a path, /…";
    case Parameter::Kind::kPointer:
      return "a JSON pointer, /…";
    case Parameter::Kind::kWord:
      break;
  }
  return "a word of letters, digits and ._-";
}

// How far two places are apart; nothing where they are in different files.
std::optional<std::uint64_t> Distance(const Occurrence& a,
                                      const Occurrence& b) {
  if (a.path != b.path || a.blob != b.blob || a.source != b.source) {
    return std::nullopt;
  }
  if (a.span.end <= b.span.start) return b.span.start - a.span.end;
  if (b.span.end <= a.span.start) return a.span.start - b.span.end;
  return 0;
}

// The nearest other key of the kinds a companion may be of; an error where
// there is none, or no single one.
Result<const Finding*> FindCompanion(const Report& report,
                                     const Finding& finding,
                                     const Companion& companion,
                                     bool* doubtful) {
  const Finding* found = nullptr;
  std::set<const Finding*> near;
  for (const Occurrence& place : finding.occurrences) {
    std::uint64_t nearest = companion.within;
    std::set<const Finding*> here;  // all that are so near
    for (const Finding& other : report.findings) {
      if (&other == &finding ||
          std::find(companion.rules.begin(), companion.rules.end(),
                    other.rule->id) == companion.rules.end()) {
        continue;
      }
      for (const Occurrence& there : other.occurrences) {
        const auto distance = Distance(place, there);
        if (!distance || *distance > companion.within) continue;
        near.insert(&other);
        if (*distance > nearest) continue;
        if (*distance < nearest) here.clear();
        nearest = *distance;
        here.insert(&other);
      }
    }
    if (found != nullptr) here.insert(found);
    if (here.size() > 1) {
      return Fail(ErrorCode::kInvalid,
                  "which of several keys beside it belongs to it ({}) is not "
                  "certain",
                  companion.name);
    }
    if (!here.empty()) found = *here.begin();
  }
  *doubtful = *doubtful || near.size() > 1;
  if (found == nullptr && !companion.optional) {
    return Fail(ErrorCode::kInvalid,
                "the other half it needs ({}) does not stand near it",
                companion.name);
  }
  return found;
}

Status AddCompanions(const Report& report, const Finding& finding,
                     const Recipe& recipe, const FindKey& key, Task* task) {
  Values* const values = &task->values;
  for (const Companion& companion : recipe.companions) {
    const auto other =
        FindCompanion(report, finding, companion, &task->doubtful_pair);
    if (!other) return Fail(other.error());
    if (*other == nullptr) {
      values->Set(companion.name, "");
      continue;
    }
    const KnownKey* known = key(**other);
    if (known == nullptr) {
      return Fail(ErrorCode::kInvalid,
                  "the other half it needs ({}) is not at hand",
                  companion.name);
    }
    values->SetSecret(companion.name, known->secret.Reveal(),
                      (*other)->redacted);
  }
  return {};
}

}  // namespace

Result<Task> MakeTask(const Report& report, const Finding& finding,
                      const Recipe& recipe, const KnownKey& key,
                      const FindKey& find_key, const PlanOptions& options) {
  Task task;
  task.id = finding.id;
  task.rule = finding.rule->id;
  task.recipe = &recipe;
  task.values.SetSecret("secret", key.secret, finding.redacted);
  SetParameters(options, &task);
  if (auto ok = AddCompanions(report, finding, recipe, find_key, &task); !ok) {
    return Fail(ok.error());
  }
  if (auto ok = SetServer(key.bases, options, &task); !ok) {
    return Fail(ok.error());
  }
  return task;
}

bool IsOpen(const Recipe& recipe, std::string_view rule, const KnownKey& key) {
  const auto& rules = recipe.near.rules;
  return !key.settled &&
         std::find(rules.begin(), rules.end(), rule) != rules.end();
}

Plan MakePlan(const Report& report, const FindKey& key,
              const FindRecipe& find_recipe, const PlanOptions& options) {
  Plan plan;
  plan.others.resize(report.findings.size());
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    const Rule& rule = *finding.rule;
    auto& other = plan.others[i];
    if (finding.decision.action == Action::kIgnore) {
      other = NotTried("allowed, so not asked about");
      continue;
    }
    if (rule.is_public) {
      other = NotTried("a public identifier, not a key");
      continue;
    }
    if (rule.generic) {
      other = NotTried("sent to nobody, as its kind does not say whose it is");
      continue;
    }
    const Recipe* recipe = find_recipe(rule);
    const KnownKey* known = key(finding);
    if (recipe == nullptr || known == nullptr) {
      other = NotTried("there is no recipe for this kind of key");
      continue;
    }
    if (IsOpen(*recipe, rule.id, *known)) {
      other = NotTried(
          fmt::format("sent to nobody: other providers' keys have this shape "
                      "too, and nothing near it says {}",
                      recipe->near.words.front()));
      continue;
    }
    auto task = MakeTask(report, finding, *recipe, *known, key, options);
    if (!task) {
      other = Unknown(task.error().message);
      continue;
    }
    plan.tasks.push_back(*std::move(task));
    plan.findings.push_back(i);
  }
  return plan;
}

Status CheckSettings(const std::vector<const Recipe*>& all,
                     const std::vector<VerifySettings>& settings,
                     bool allow_http_loopback) {
  for (const VerifySettings& one : settings) {
    std::vector<std::string_view> providers;
    std::vector<std::string_view> names;
    bool known = false;
    bool has_base = false;
    Status base_ok;
    for (const Recipe* recipe : all) {
      providers.push_back(recipe->provider);
      if (recipe->provider != one.provider) continue;
      known = true;
      if (recipe->base && !one.base.empty()) {
        const auto parsed =
            ParseBaseUrl(one.base, recipe->base->hosts, allow_http_loopback);
        // One of the provider's recipes must take it.
        if (parsed) {
          base_ok = {};
        } else if (!has_base) {
          base_ok = Fail(parsed.error());
        }
        has_base = has_base || parsed.has_value();
      }
      for (const Parameter& parameter : recipe->parameters) {
        names.push_back(parameter.name);
        for (const auto& [name, text] : one.parameters) {
          if (name == parameter.name && !IsOfForm(parameter.kind, text)) {
            return Fail(ErrorCode::kInvalid, "[verify.{}] {}: '{}' must be {}",
                        one.provider, name, ForTerminal(text),
                        FormName(parameter.kind));
          }
        }
      }
    }
    if (!known) {
      const std::string_view near = Nearest(one.provider, providers);
      return Fail(ErrorCode::kInvalid,
                  "[verify.{}]: there is no recipe of that provider{}{}{}",
                  ForTerminal(one.provider),
                  near.empty() ? ""
                               : "; did you "
                                 "mean '",
                  near, near.empty() ? "" : "'?");
    }
    if (!base_ok) {
      return Fail(ErrorCode::kInvalid, "[verify.{}] base: {}", one.provider,
                  base_ok.error().message);
    }
    if (!one.base.empty() && !has_base) {
      return Fail(ErrorCode::kInvalid,
                  "[verify.{}] base: this provider has one server, which "
                  "cannot be set",
                  one.provider);
    }
    for (const auto& [name, text] : one.parameters) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      return Fail(ErrorCode::kInvalid,
                  "[verify.{}] {}: its recipe asks for no such value",
                  one.provider, ForTerminal(name));
    }
  }
  return {};
}

void Apply(Verdict verdict, std::int64_t now, Finding* finding) {
  constexpr std::int64_t kDay = 86400;
  if (const auto created = verdict.facts.created;
      created && *created > 0 && *created <= now) {
    const std::int64_t days = (now - *created) / kDay;
    Age& age = finding->age;
    age.evidence.push_back({"provider-created", *created});
    std::sort(age.evidence.begin(), age.evidence.end(),
              [](const AgeEvidence& a, const AgeEvidence& b) {
                return std::tie(a.at, a.source) < std::tie(b.at, b.source);
              });
    // The provider knows best; what says otherwise is of another key's making.
    age.at_least_days = days;
    age.at_most_days = days;
  }
  finding->verdict = std::move(verdict);
}

}  // namespace keytidy::verify
