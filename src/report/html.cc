// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "report/html_age.h"
#include "report/html_parts.h"
#include "report/html_sections.h"
#include "report/html_style.h"
#include "report/summary.h"
#include "report/tool.h"

namespace keytidy::report {
namespace {

std::string Title(const Report& report, const HtmlOptions& options) {
  if (!options.title.empty()) return HtmlShort(options.title, 200);
  if (!report.audit) return "What keytidy found";
  std::string_view home = options.home;
  while (home.ends_with('/')) home.remove_suffix(1);
  const bool own = !home.empty() && report.audit->home == home;
  return "How keys are kept in " +
         (own ? std::string("~") : HtmlShort(report.audit->home, 200));
}

std::string Head(const std::string& title) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src {}; img-src data:; base-uri 'none'; form-action "
      "'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n"
      "<meta name=\"generator\" content=\"{} {}\">\n"
      // Or else a browser asks for a picture.
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n",
      HtmlStyleSource(), kToolName, ToolVersion(), title, HtmlStyle());
}

bool ShowsKeys(const Report& report) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [](const Finding& one) { return one.shown.has_value(); });
}

std::string OutcomeBox(const Report& report) {
  const Outcome outcome = OutcomeOf(report, TallyOf(report));
  std::string out;
  if (ShowsKeys(report)) {
    out +=
        "<p class=\"outcome secret\"><b>SECRET:</b> this page shows keys in "
        "full. Do not pass it on.</p>\n";
  }
  return out + fmt::format("<p class=\"outcome {}\"><b>{}:</b> {}</p>\n",
                           Lowercase(outcome.label), outcome.label,
                           HtmlText(outcome.text));
}

void AddNumber(std::string* out, std::uint64_t n, std::string_view one,
               std::string_view many) {
  if (n == 0) return;
  *out += fmt::format("<li><b>{}</b> {}</li>\n", WithThousands(n),
                      n == 1 ? one : many);
}

void AddAuditNumbers(std::string* out, const AuditSummary& audit) {
  AddNumber(out, audit.clients, "client or tool", "clients and tools");
  AddNumber(out, audit.servers, "server entry", "server entries");
  const std::string places = Count(audit.places, "place");
  AddNumber(out, audit.keys, "key in " + places, "keys in " + places);
  AddNumber(out, audit.shared, "key in more than one client or tool",
            "keys in more than one client or tool");
  AddNumber(out, audit.tracked, "key in files that git tracks",
            "keys in files that git tracks");
  AddNumber(out, audit.astray, "key sent to a host that is not its provider's",
            "keys sent to hosts that are not their providers'");
  AddNumber(out, audit.leaked, "key in transcripts, histories or logs",
            "keys in transcripts, histories or logs");
}

std::string Numbers(const Report& report, const HtmlOptions& options) {
  const Tally tally = TallyOf(report);
  std::string list;
  if (report.audit) {
    AddAuditNumbers(&list, *report.audit);
  } else {
    const std::string files = Count(tally.files, "file");
    AddNumber(&list, tally.visible, "key in " + files, "keys in " + files);
  }
  std::uint64_t over = 0;
  for (const Finding* key : KeysBySeverity(report)) {
    if (AgeStateOf(*key, options) == AgeState::kOver) ++over;
  }
  AddNumber(&list, over, "key older than its limit",
            "keys older than their limits");
  const std::string severities = ViolationSeverityText(tally);
  AddNumber(&list, tally.violations, "violation (" + severities + ")",
            "violations (" + severities + ")");
  if (list.empty()) return {};
  return "<ul class=\"numbers\">\n" + list + "</ul>\n";
}

std::string Made(const HtmlOptions& options) {
  std::string out = "<p class=\"made\">Made ";
  if (!options.generated.empty()) {
    out += "on " + HtmlShort(options.generated, 40) + " ";
  }
  return out + fmt::format("by {} {}</p>\n", kToolName, ToolVersion());
}

std::string Contents(const std::string& body) {
  constexpr std::pair<std::string_view, std::string_view> kSections[] = {
      {"first", "What to do first"},
      {"ages", "How old the keys are"},
      {"keys", "Keys and places"},
      {"violations", "Violations"},
      {"coverage", "What was read"}};
  std::string out = "<nav aria-label=\"Contents\">\n<ul>\n";
  for (const auto& [id, name] : kSections) {
    if (body.find(fmt::format("<section id=\"{}\"", id)) == body.npos) continue;
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, name);
  }
  return out + "</ul>\n</nav>\n";
}

std::string Footer(const Report& report) {
  std::string out =
      "<footer>\n<p>This page is complete: it runs no script and loads "
      "nothing.";
  if (!ShowsKeys(report)) out += " No key is in it in full.";
  return out + "</p>\n</footer>\n";
}

}  // namespace

std::string WriteHtml(const Report& report, const HtmlOptions& options) {
  const std::string title = Title(report, options);
  const std::string body =
      HtmlSteps(report, options) + HtmlAges(report, options) +
      HtmlKeys(report, options) + HtmlViolations(report, options) +
      HtmlCoverage(report, options);
  return Head(title) +
         "<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
         "<div class=\"page\">\n<header>\n<h1>" +
         title + "</h1>\n" + Made(options) + OutcomeBox(report) +
         Numbers(report, options) + "</header>\n" + Contents(body) +
         "<main id=\"main\" tabindex=\"-1\">\n" + body + "</main>\n" +
         Footer(report) + "</div>\n</body>\n</html>\n";
}

}  // namespace keytidy::report
