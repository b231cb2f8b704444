// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "report/markdown_text.h"
#include "rotate/rotation_plan.h"

namespace keytidy::rotate {
namespace {

using report::MarkdownCode;
using report::MarkdownText;

std::string TextOf(const Place& place) {
  std::string out = fmt::format(
      "   - [ ] {}", MarkdownCode(place.machine + ":" + place.where));
  if (!place.what.empty()) out += " (" + MarkdownText(place.what) + ")";
  if (place.todo == Place::Todo::kStays) out += " (in the history of git)";
  if (!place.remark.empty()) out += "; " + MarkdownText(place.remark);
  return out + "\n";
}

}  // namespace

std::string PlanMarkdown(const Plan& plan) {
  std::string out = fmt::format("# Replace {} {}\n\n", MarkdownText(plan.title),
                                MarkdownCode(plan.id));
  out += fmt::format("- key: {}\n", MarkdownCode(plan.redacted));
  out += fmt::format("- age: {}\n", MarkdownText(plan.age));
  if (!plan.name.empty()) out += "- name: " + MarkdownText(plan.name) + "\n";
  out += fmt::format("- owner: {}\n", plan.owner.empty()
                                          ? std::string("none")
                                          : MarkdownText(plan.owner));
  if (plan.leaked) {
    out += "- it leaked: it is ended first, and replaced afterwards\n";
  }
  out += '\n';
  std::size_t number = 0;
  for (const Step& step : plan.steps) {
    out += fmt::format("{}. [ ] **{}**\n", ++number, MarkdownText(step.title));
    for (const NewKey& key : step.keys) {
      out += fmt::format("   - [ ] {} for {}\n", MarkdownCode(key.name),
                         MarkdownText(key.user));
    }
    for (const Place& place : step.places) out += TextOf(place);
    for (const std::string& text : step.texts) {
      out += fmt::format("   - {}\n", MarkdownText(text));
    }
    for (const LogFilter& log : step.logs) {
      out += fmt::format("   - {}: {}: {}\n", MarkdownText(log.log),
                         MarkdownText(log.shows), MarkdownCode(log.filter));
    }
    for (const std::string& command : step.commands) {
      out += fmt::format("   - {}\n", MarkdownCode(command));
    }
  }
  if (!plan.sources.empty()) {
    out += "\nSources:\n\n";
    for (const std::string& source : plan.sources) {
      out += fmt::format("- <{}>\n", source);
    }
  }
  return out;
}

}  // namespace keytidy::rotate
