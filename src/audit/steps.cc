// SPDX-License-Identifier: Apache-2.0
#include "audit/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "audit/check_table.h"

namespace keytidy::audit {
namespace {

constexpr std::size_t kMostSteps = 10;

// What one deed mends.
struct Group {
  std::vector<const Problem*> all;  // as reports show them
  std::set<std::string_view> keys;
  Severity worst = Severity::kInfo;
};

// A key with one of these is a matter of its own, wherever it stands.
bool IsOfTheKey(const Problem& one) {
  const std::string& check = one.violation.check;
  return check.starts_with("KEY-") || check == "LOG-LEAK" ||
         check == "FILE-GIT-TRACKED" || check == "FILE-BACKUP" ||
         check == "AGE-N" || check == "EXPIRED";
}

std::string GroupOf(const Problem& one,
                    const std::set<std::string_view>& alone) {
  const Violation& violation = one.violation;
  if (one.subject.empty()) {
    // Pinning a package mends both.
    const bool twin = violation.check == "PKG-AUTOYES";
    return "check " + (twin ? "PKG-UNPINNED" : violation.check);
  }
  return alone.contains(one.subject) ? "key " + one.subject
                                     : "file " + violation.path;
}

// By key, where something is wrong with the key itself; else by file; else, of
// what is about no key, by check.
std::vector<Group> Grouped(const std::vector<Problem>& problems) {
  std::set<std::string_view> alone;
  for (const Problem& one : problems) {
    if (IsOfTheKey(one)) alone.insert(one.subject);
  }
  std::vector<Group> out;
  std::map<std::string, std::size_t> known;
  for (const Problem& one : problems) {
    if (one.violation.severity == Severity::kInfo) continue;
    const auto [it, fresh] = known.try_emplace(GroupOf(one, alone), out.size());
    if (fresh) out.emplace_back();
    Group& group = out[it->second];
    group.all.push_back(&one);
    if (!one.subject.empty()) group.keys.insert(one.subject);
    group.worst = std::max(group.worst, one.violation.severity);
  }
  return out;
}

FirstStep StepOf(const Group& group) {
  // What is wrong with the key itself is told before where it stands.
  const auto rank = [](const Problem* one) {
    return std::pair(one->violation.severity, IsOfTheKey(*one));
  };
  const Violation& worst =
      (*std::max_element(group.all.begin(), group.all.end(),
                         [&](const Problem* a, const Problem* b) {
                           return rank(a) < rank(b);
                         }))
          ->violation;
  FirstStep out;
  out.severity = group.worst;
  out.how = worst.fix;
  std::set<std::string> checks;
  for (const Problem* one : group.all) {
    const Violation& violation = one->violation;
    checks.insert(violation.check);
    if (violation.path.empty()) continue;
    std::string place =
        violation.line > 0
            ? fmt::format("{}:{}", violation.path, violation.line)
            : violation.path;
    if (std::find(out.where.begin(), out.where.end(), place) ==
        out.where.end()) {
      out.where.push_back(std::move(place));
    }
  }
  out.checks.assign(checks.begin(), checks.end());
  if (group.keys.empty() && group.all.size() > 1) {
    const auto same = std::count_if(
        group.all.begin(), group.all.end(), [&](const Problem* one) {
          return one->violation.check == worst.check;
        });
    out.what = same == 1
                   ? worst.message
                   : fmt::format("{} {}.", same, CheckOf(worst.check).many);
    return out;
  }
  out.what = worst.message;
  if (group.keys.size() > 1) {
    out.what += fmt::format(
        " {} more in the same file.",
        group.keys.size() == 2 ? "One key"
                               : fmt::format("{} keys", group.keys.size() - 1));
  }
  return out;
}

}  // namespace

std::vector<FirstStep> FirstSteps(const std::vector<Problem>& problems) {
  std::vector<Group> groups = Grouped(problems);
  // Worse first; then what more is wrong with; then as reports show them.
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) {
                     return std::tuple(b.worst, b.all.size()) <
                            std::tuple(a.worst, a.all.size());
                   });
  if (groups.size() > kMostSteps) groups.resize(kMostSteps);
  std::vector<FirstStep> out;
  for (const Group& group : groups) out.push_back(StepOf(group));
  return out;
}

}  // namespace keytidy::audit
