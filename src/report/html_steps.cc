// SPDX-License-Identifier: Apache-2.0
//
// What to do first: the steps of an audit, or else the worst keys.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "base/text.h"
#include "report/html_parts.h"
#include "report/html_sections.h"
#include "report/summary.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxSteps = 10;
constexpr std::size_t kMaxWhere = 3;

std::vector<std::string> WhereIs(const Finding& key) {
  std::vector<std::string> out;
  for (const Occurrence* place : VisiblePlaces(key)) {
    out.push_back(fmt::format("{}:{}", PlaceName(*place), place->range.line));
  }
  return out;
}

// Of each key the worst that a policy finds, which comes first.
std::vector<FirstStep> StepsOfViolations(const Report& report) {
  std::vector<FirstStep> steps;
  std::unordered_set<std::string_view> done;
  for (const Violation& one : report.violations) {
    if (steps.size() == kMaxSteps) break;
    if (one.decision.action != Action::kFail) continue;
    if (!one.finding.empty() && !done.insert(one.finding).second) continue;
    FirstStep step;
    step.severity = one.severity;
    step.what = one.message;
    step.how = one.fix;
    if (!one.path.empty()) step.where = {one.path};
    for (const Finding& key : report.findings) {
      if (key.id == one.finding) step.where = WhereIs(key);
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

// Where a report is no audit nobody has ranked what to do.
std::vector<FirstStep> StepsOf(const Report& report) {
  if (report.audit) return report.audit->first;
  if (!report.violations.empty()) return StepsOfViolations(report);
  std::vector<FirstStep> steps;
  for (const Finding* key : KeysBySeverity(report)) {
    if (steps.size() == kMaxSteps) break;
    FirstStep step;
    step.severity = key->severity;
    step.what =
        fmt::format("{} `{}` is in the open.", key->rule->title, SeenKey(*key));
    step.where = WhereIs(*key);
    step.how = key->rule->advice.empty()
                   ? "Replace it at its provider, then delete it here."
                   : std::string(key->rule->advice);
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string Step(const FirstStep& step, const HtmlOptions& options) {
  std::string out =
      fmt::format("<li>\n<h3>{} {}</h3>\n", HtmlSeverity(step.severity),
                  HtmlProse(step.what));
  const std::size_t listed = std::min(step.where.size(), kMaxWhere);
  if (listed > 0) out += "<ul class=\"places\">\n";
  for (std::size_t i = 0; i < listed; ++i) {
    out += "<li>" + HtmlPath(step.where[i], options.home) + "</li>\n";
  }
  if (listed < step.where.size()) {
    out += fmt::format("<li>and {} more</li>\n",
                       WithThousands(step.where.size() - listed));
  }
  if (listed > 0) out += "</ul>\n";
  return out + HtmlHow(step.how) + "</li>\n";
}

// Where there is nothing to do.
std::string Reassurance(const Report& report) {
  const Tally tally = TallyOf(report);
  if (OutcomeOf(report, tally).label == "INCOMPLETE") {
    return "Nothing is amiss in what was read, but not everything was.";
  }
  if (tally.violations > 0) {
    return "Nothing is urgent. What could be better is below.";
  }
  if (!HiddenText(report, tally).empty()) {
    return "Nothing is left to do; what the policy hides is counted below.";
  }
  return "No key was found in clear, and every check passes.";
}

}  // namespace

std::string HtmlSteps(const Report& report, const HtmlOptions& options) {
  const std::vector<FirstStep> steps = StepsOf(report);
  std::string out =
      "<section id=\"first\" aria-labelledby=\"first-title\">\n"
      "<h2 id=\"first-title\">What to do first</h2>\n";
  if (steps.empty()) {
    return out + "<p>" + Reassurance(report) + "</p>\n</section>\n";
  }
  out += "<ol class=\"steps\">\n";
  for (std::size_t i = 0; i < std::min(steps.size(), kMaxSteps); ++i) {
    out += Step(steps[i], options);
  }
  return out + "</ol>\n</section>\n";
}

}  // namespace keytidy::report
