// SPDX-License-Identifier: Apache-2.0
//
// The table of keys and the places they are in.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "report/finding_text.h"
#include "report/html_age.h"
#include "report/html_parts.h"
#include "report/html_sections.h"
#include "report/summary.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxPlaces = 5;    // at once
constexpr std::size_t kMaxFolded = 200;  // of those that can be unfolded
constexpr std::size_t kMaxEvidence = 8;

std::string Small(const std::string& markup) {
  if (markup.empty()) return {};
  return "<p class=\"small\">" + markup + "</p>\n";
}

// "client cursor, server kryton, slot headers.Authorization".
std::string Client(const ClientPlace& client) {
  std::string out;
  const auto add = [&](std::string_view label, std::string_view text) {
    if (text.empty()) return;
    out += fmt::format("{}{} <b>{}</b>", out.empty() ? "" : ", ", label,
                       HtmlShort(text, kMaxHtmlName));
  };
  add("client", client.name);
  add("server", client.server);
  add("slot", client.slot);
  return out;
}

std::string Place(const Occurrence& place, const HtmlOptions& options) {
  std::string out =
      "<li>" + HtmlPlace(PlaceName(place), place.range.line, options.home);
  if (place.client) out += Small(Client(*place.client));
  out += Small(HtmlText(SourceText(place)));
  out += Small(HtmlText(TimesText(place)));
  return out + "</li>\n";
}

std::string Places(const Finding& finding, const HtmlOptions& options) {
  const auto places = VisiblePlaces(finding);
  std::string out = "<ul class=\"places\">\n";
  const std::size_t shown = std::min(places.size(), kMaxPlaces);
  for (std::size_t i = 0; i < shown; ++i) out += Place(*places[i], options);
  out += "</ul>\n";
  if (shown == places.size()) return out;
  out += fmt::format("<details><summary>{}</summary>\n<ul class=\"places\">\n",
                     Count(places.size() - shown, "more place"));
  const std::size_t end = std::min(places.size(), kMaxPlaces + kMaxFolded);
  for (std::size_t i = shown; i < end; ++i) out += Place(*places[i], options);
  if (end < places.size()) {
    out += fmt::format("<li>and {} more in the JSON report</li>\n",
                       WithThousands(places.size() - end));
  }
  return out + "</ul></details>\n";
}

std::string AgeCell(const Finding& finding, const HtmlOptions& options) {
  const AgeState state = AgeStateOf(finding, options);
  std::string out = DaysText(finding.age);
  const auto limit = LimitsOf(finding, options).fail_days;
  if (state != AgeState::kUnknown && limit) {
    const bool of_tier = limit == LimitDays(finding.rule->tier);
    out += Small(fmt::format(
        "{}{}{} the limit of {} ({})", state == AgeState::kOver ? "<b>" : "",
        Name(state), state == AgeState::kOver ? "</b>" : "", *limit,
        of_tier ? fmt::format("tier {}", Name(finding.rule->tier)) : "policy"));
  }
  std::string evidence;
  const auto& list = finding.age.evidence;
  for (std::size_t i = 0; i < std::min(list.size(), kMaxEvidence); ++i) {
    evidence += (i == 0 ? "" : "; ") + HtmlEvidence(list[i]);
  }
  if (list.size() > kMaxEvidence) {
    evidence += fmt::format("; and {} more", list.size() - kMaxEvidence);
  }
  return out + Small(evidence);
}

std::string VerdictCell(const Verdict& verdict) {
  std::string_view word;
  switch (verdict.state) {
    case VerdictState::kActive:
      word = "alive";
      break;
    case VerdictState::kInactive:
      word = "dead";
      break;
    case VerdictState::kUnknown:
      word = "unknown";
      break;
    case VerdictState::kNotTried:
      word = "not asked";
      break;
  }
  std::string out(word);
  out += Small(HtmlText(verdict.evidence));
  if (verdict.checked_at) {
    out += Small("asked " + IsoTime(*verdict.checked_at).substr(0, 10));
  }
  return out + Small(HtmlText(FactsText(verdict.facts)));
}

std::string Row(const Finding& finding, std::set<std::string_view>* anchors,
                const HtmlOptions& options) {
  const std::string_view anchor = HtmlAnchor(finding.id);
  std::string out = "<tr role=\"row\"";
  // An id that comes twice would name neither.
  if (!anchor.empty() && anchors->insert(anchor).second) {
    out += fmt::format(" id=\"{}\"", anchor);
  }
  const std::string_view provider = finding.rule->provider_name.empty()
                                        ? finding.rule->provider
                                        : finding.rule->provider_name;
  const std::string_view action =
      finding.decision.action == Action::kFail ? "" : "does not fail";
  return out +
         fmt::format(
             ">\n<th role=\"rowheader\" scope=\"row\" data-label=\"Key\">"
             "{}\n{}{}{}</th>\n"
             "<td role=\"cell\" data-label=\"Severity\">{}\n{}</td>\n"
             "<td role=\"cell\" data-label=\"Places\">{}</td>\n"
             "<td role=\"cell\" data-label=\"Age\">{}</td>\n"
             "<td role=\"cell\" data-label=\"Alive?\">{}</td>\n</tr>\n",
             HtmlShort(finding.rule->title, kMaxHtmlName),
             Small(HtmlCode(SeenKey(finding))),
             Small(provider.empty()
                       ? ""
                       : "issued by " + HtmlShort(provider, kMaxHtmlName)),
             Small(HtmlShort(finding.id, kMaxHtmlName)),
             HtmlSeverity(finding.severity), Small(std::string(action)),
             Places(finding, options), AgeCell(finding, options),
             VerdictCell(finding.verdict));
}

}  // namespace

std::vector<const Finding*> KeysBySeverity(const Report& report) {
  std::vector<const Finding*> keys;
  for (const Finding& finding : report.findings) {
    if (!VisiblePlaces(finding).empty()) keys.push_back(&finding);
  }
  std::stable_sort(keys.begin(), keys.end(),
                   [](const Finding* a, const Finding* b) {
                     return a->severity > b->severity;
                   });
  return keys;
}

std::string HtmlKeys(const Report& report, const HtmlOptions& options) {
  const auto keys = KeysBySeverity(report);
  if (keys.empty()) return {};
  std::string out = fmt::format(
      "<section id=\"keys\" aria-labelledby=\"keys-title\">\n"
      "<h2 id=\"keys-title\">Keys and places</h2>\n"
      "<p>{}, the worst first.</p>\n"
      "<table class=\"keys\" role=\"table\" aria-labelledby=\"keys-title\">\n"
      "<thead role=\"rowgroup\"><tr role=\"row\">"
      "<th role=\"columnheader\" scope=\"col\">Key</th>"
      "<th role=\"columnheader\" scope=\"col\">Severity</th>"
      "<th role=\"columnheader\" scope=\"col\">Places</th>"
      "<th role=\"columnheader\" scope=\"col\">Age</th>"
      "<th role=\"columnheader\" scope=\"col\">Alive?</th></tr></thead>\n"
      "<tbody role=\"rowgroup\">\n",
      Count(keys.size(), "key"));
  std::set<std::string_view> anchors;
  const std::size_t listed = std::min(keys.size(), kMaxHtmlRows);
  for (std::size_t i = 0; i < listed; ++i) {
    out += Row(*keys[i], &anchors, options);
  }
  out += "</tbody>\n</table>\n";
  if (listed < keys.size()) {
    out += fmt::format("<p>and {} in the JSON report</p>\n",
                       Count(keys.size() - listed, "more key"));
  }
  return out + "</section>\n";
}

}  // namespace keytidy::report
