// SPDX-License-Identifier: Apache-2.0
//
// What was read, what was not, and why.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/html_parts.h"
#include "report/html_sections.h"
#include "report/summary.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxListed = 500;

std::string Term(std::string_view term, const std::string& markup) {
  if (markup.empty()) return {};
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", term, markup);
}

std::string Item(std::string_view path, std::string_view reason,
                 const HtmlOptions& options) {
  const std::string place =
      path.empty() ? std::string("(no name)") : HtmlPath(path, options.home);
  return fmt::format("<li>{}: {}</li>\n", place, HtmlText(reason));
}

std::string More(std::size_t listed, std::size_t all) {
  if (listed >= all) return {};
  return fmt::format("<li>and {} more in the JSON report</li>\n",
                     WithThousands(all - listed));
}

// First of all, since nothing is known about them.
std::string Unread(const Report& report, const HtmlOptions& options) {
  const auto list = NotReadIn(report);
  if (list.empty()) return {};
  std::string out =
      "<h3>Asked for, but not read</h3>\n"
      "<p>Nothing is known about these.</p>\n<ul class=\"plain\">\n";
  const std::size_t listed = std::min(list.size(), kMaxListed);
  for (std::size_t i = 0; i < listed; ++i) {
    out += Item(list[i].path, list[i].reason, options);
  }
  return out + More(listed, list.size()) + "</ul>\n";
}

std::string Skipped(const Report& report, const HtmlOptions& options) {
  std::string items;
  std::size_t listed = 0;
  std::size_t all = 0;
  for (const Skip& skip : report.coverage.skipped) {
    if (skip.incomplete) continue;
    if (++all > kMaxListed) continue;
    ++listed;
    const std::string bytes =
        skip.bytes ? ", " + BytesText(*skip.bytes) : std::string();
    items += Item(skip.path, skip.reason + bytes, options);
  }
  if (all == 0) return {};
  return fmt::format(
      "<h3>Left out by rule</h3>\n<p>{}.</p>\n"
      "<details><summary>{}</summary>\n<ul class=\"plain\">\n{}{}</ul>"
      "</details>\n",
      HtmlText(SkippedText(report)),
      fmt::format("Show each ({})", WithThousands(all)), items,
      More(listed, all));
}

std::string Notes(const Report& report) {
  if (report.notes.empty()) return {};
  std::string out = "<h3>Notes</h3>\n<ul class=\"plain\">\n";
  const std::size_t listed = std::min(report.notes.size(), kMaxListed);
  for (std::size_t i = 0; i < listed; ++i) {
    out += "<li>" + HtmlProse(report.notes[i]) + "</li>\n";
  }
  return out + More(listed, report.notes.size()) + "</ul>\n";
}

}  // namespace

std::string HtmlCoverage(const Report& report, const HtmlOptions& options) {
  const Tally tally = TallyOf(report);
  return "<section id=\"coverage\" aria-labelledby=\"coverage-title\">\n"
         "<h2 id=\"coverage-title\">What was read</h2>\n<dl>\n" +
         Term("Read", HtmlText(ReadText(report.coverage))) +
         Term("Hidden", HtmlText(HiddenText(report, tally))) +
         Term("Rules", HtmlCode(report.catalogue)) + "</dl>\n" +
         Unread(report, options) + Skipped(report, options) + Notes(report) +
         "</section>\n";
}

}  // namespace keytidy::report
