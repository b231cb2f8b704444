// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "report/terminal_text.h"
#include "rotate/rotation_plan.h"

namespace keytidy::rotate {
namespace {

std::string Paragraph(std::string_view mark, const std::string& text) {
  return fmt::format("   {}{}\n", mark,
                     report::Wrap(ForTerminal(text), 3 + mark.size()));
}

std::string TextOf(const Place& place) {
  std::string out =
      fmt::format("   - {}\n", ForTerminal(place.machine + ":" + place.where));
  if (!place.what.empty()) out += Paragraph("  ", place.what);
  if (place.todo == Place::Todo::kStays) {
    out += Paragraph("  ", "in the history of git");
  }
  if (!place.remark.empty()) out += Paragraph("  ", place.remark);
  return out;
}

std::string TextOf(const Step& step) {
  std::string out;
  for (const NewKey& key : step.keys) {
    out += Paragraph("- ", fmt::format("{}, for {}", key.name, key.user));
  }
  for (const Place& place : step.places) out += TextOf(place);
  for (const std::string& text : step.texts) out += Paragraph("", text);
  for (const LogFilter& log : step.logs) {
    out += Paragraph("- ", fmt::format("{}: {}", log.log, log.shows));
    out += fmt::format("       {}\n", ForTerminal(log.filter));
  }
  for (const std::string& command : step.commands) {
    out += fmt::format("     $ {}\n", ForTerminal(command));
  }
  return out;
}

}  // namespace

std::string PlanText(const Plan& plan) {
  std::string out =
      fmt::format("{}  {}  {}\n", plan.id, ForTerminal(plan.redacted),
                  ForTerminal(plan.title));
  std::string known = "Its age: " + plan.age + ".";
  if (!plan.name.empty()) known += " Its name: " + plan.name + ".";
  known += plan.owner.empty() ? std::string(" It has no owner.")
                              : " Its owner: " + plan.owner + ".";
  out += report::Wrap(ForTerminal(known), 0) + "\n";
  if (plan.leaked) {
    out += "It leaked: it is ended first, and replaced afterwards.\n";
  }
  std::size_t number = 0;
  for (const Step& step : plan.steps) {
    out += fmt::format("\n{}. {}\n", ++number, step.title);
    out += TextOf(step);
  }
  return out;
}

}  // namespace keytidy::rotate
