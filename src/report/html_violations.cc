// SPDX-License-Identifier: Apache-2.0
//
// The table of violations, by severity, the worst first.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/html_parts.h"
#include "report/html_sections.h"
#include "report/summary.h"

namespace keytidy::report {
namespace {

// The keys that have a row to link to, by the id of the row.
using Linked = std::map<std::string_view, const Finding*>;

Linked LinkedKeys(const Report& report) {
  Linked linked;
  const auto keys = KeysBySeverity(report);
  for (std::size_t i = 0; i < std::min(keys.size(), kMaxHtmlRows); ++i) {
    const std::string_view anchor = HtmlAnchor(keys[i]->id);
    if (!anchor.empty()) linked.emplace(anchor, keys[i]);
  }
  return linked;
}

std::string Small(const std::string& markup) {
  return markup.empty() ? markup : "<p class=\"small\">" + markup + "</p>\n";
}

std::string Where(const Violation& violation, const Linked& linked,
                  const HtmlOptions& options) {
  std::string out = HtmlPlace(violation.path, violation.line, options.home);
  if (violation.client) out += Small(HtmlText(ClientText(*violation.client)));
  const auto it = linked.find(violation.finding);
  if (it != linked.end()) {
    out += Small(fmt::format("key <a href=\"#{}\">{}</a>", it->first,
                             HtmlCode(SeenKey(*it->second))));
  }
  return out.empty() ? "no file" : out;
}

std::string References(const Violation& violation) {
  if (violation.references.empty()) return "none";
  return HtmlText(ReferencesText(violation));
}

std::string Row(const Violation& violation, const Linked& linked,
                const HtmlOptions& options) {
  const std::string_view action =
      violation.decision.action == Action::kFail ? "" : "does not fail";
  const std::string fix = HtmlHow(violation.fix);
  return fmt::format(
      "<tr role=\"row\">\n"
      "<th role=\"rowheader\" scope=\"row\" data-label=\"Check\">{}\n{}</th>\n"
      "<td role=\"cell\" data-label=\"What is wrong\">{}</td>\n"
      "<td role=\"cell\" data-label=\"Where\">{}</td>\n"
      "<td role=\"cell\" data-label=\"What to do\">{}</td>\n"
      "<td role=\"cell\" data-label=\"Guidance\">{}</td>\n</tr>\n",
      HtmlShort(violation.check, kMaxHtmlName), Small(std::string(action)),
      HtmlProse(violation.message), Where(violation, linked, options),
      fix.empty() ? "see the guidance" : fix, References(violation));
}

std::string Group(Severity severity,
                  const std::vector<const Violation*>& violations,
                  const Linked& linked, const HtmlOptions& options,
                  std::size_t* room) {
  if (violations.empty()) return {};
  const std::size_t listed = std::min(violations.size(), *room);
  *room -= listed;
  std::string out = fmt::format(
      "<tbody role=\"rowgroup\">\n<tr class=\"group\" role=\"row\">"
      "<th role=\"rowheader\" scope=\"rowgroup\" colspan=\"5\">{} {}</th>"
      "</tr>\n",
      HtmlSeverity(severity), Count(violations.size(), "violation"));
  for (std::size_t i = 0; i < listed; ++i) {
    out += Row(*violations[i], linked, options);
  }
  if (listed < violations.size()) {
    out += fmt::format(
        "<tr role=\"row\"><td role=\"cell\" colspan=\"5\">and {} more in "
        "the JSON report</td></tr>\n",
        WithThousands(violations.size() - listed));
  }
  return out + "</tbody>\n";
}

}  // namespace

std::string HtmlViolations(const Report& report, const HtmlOptions& options) {
  std::map<Severity, std::vector<const Violation*>> groups;
  for (const Violation& violation : report.violations) {
    if (IsVisible(violation)) groups[violation.severity].push_back(&violation);
  }
  if (groups.empty()) return {};
  const Linked linked = LinkedKeys(report);
  std::string out =
      "<section id=\"violations\" aria-labelledby=\"violations-title\">\n"
      "<h2 id=\"violations-title\">Violations</h2>\n"
      "<table class=\"violations\" role=\"table\" "
      "aria-labelledby=\"violations-title\">\n"
      "<thead role=\"rowgroup\"><tr role=\"row\">"
      "<th role=\"columnheader\" scope=\"col\">Check</th>"
      "<th role=\"columnheader\" scope=\"col\">What is wrong</th>"
      "<th role=\"columnheader\" scope=\"col\">Where</th>"
      "<th role=\"columnheader\" scope=\"col\">What to do</th>"
      "<th role=\"columnheader\" scope=\"col\">Guidance</th></tr></thead>\n";
  std::size_t room = kMaxHtmlRows;
  for (auto it = groups.rbegin(); it != groups.rend(); ++it) {
    out += Group(it->first, it->second, linked, options, &room);
  }
  return out + "</table>\n</section>\n";
}

}  // namespace keytidy::report
