// SPDX-License-Identifier: Apache-2.0
//
// JUnit's XML as CI servers read it: one suite. Its first case is the coverage,
// which passes when all that was asked for was read and is an error when not;
// so a clean run still shows one test. Then one case per finding and path: a
// failure where the decision is to fail, passed where it is to warn, skipped
// where the finding or all its places in the path are let through. Then one
// case per violation, in the same manner.
#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/summary.h"
#include "report/writer.h"

namespace keytidy::report {
namespace {

// For attributes and text. ForTerminal spells out control characters; of what
// XML 1.0 forbids that leaves U+FFFE and U+FFFF.
std::string Escaped(std::string_view bytes) {
  const std::string text = ForTerminal(bytes);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = std::string_view(text).substr(i, 3);
    switch (text[i]) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
          out += "\xEF\xBF\xBD";
          i += 2;
        } else {
          out += text[i];
        }
    }
  }
  return out;
}

struct Suite {
  std::string cases;
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
};

void AddCase(Suite* suite, const std::string& attributes,
             const std::string& inner) {
  ++suite->tests;
  suite->cases +=
      fmt::format("    <testcase {} time=\"0\"{}\n", attributes,
                  inner.empty() ? "/>" : ">\n" + inner + "    </testcase>");
}

std::string Element(std::string_view name, std::string_view attributes,
                    std::string_view escaped_body) {
  const std::string_view space = attributes.empty() ? "" : " ";
  return fmt::format("      <{}{}{}>{}</{}>\n", name, space, attributes,
                     escaped_body, name);
}

void AddCoverage(Suite* suite, const Report& report) {
  const Outcome outcome = OutcomeOf(report, TallyOf(report));
  std::string unread;
  for (const NotRead& one : NotReadIn(report)) {
    unread += fmt::format("{}: {}\n", Escaped(one.path), Escaped(one.reason));
  }
  std::string log = fmt::format("{} read\n", ReadText(report.coverage));
  for (const Skip& skip : report.coverage.skipped) {
    if (skip.incomplete) continue;
    log += fmt::format("left out: {}: {}\n", Escaped(skip.path),
                       Escaped(skip.reason));
  }
  for (const std::string& note : report.notes) {
    log += fmt::format("note: {}\n", Escaped(note));
  }
  std::string inner;
  if (outcome.label == "INCOMPLETE") {
    ++suite->errors;
    inner += Element("error",
                     fmt::format("message=\"{}: {}\" type=\"incomplete\"",
                                 outcome.label, Escaped(outcome.text)),
                     unread);
  }
  inner += Element("system-out", "", log);
  AddCase(suite, "classname=\"keytidy\" name=\"coverage\"", inner);
}

// A case that fails or only tells, by its decision. `message` and `body` are
// escaped.
void AddJudged(Suite* suite, const std::string& attributes, Action action,
               const std::string& message, std::string_view type,
               const std::string& body) {
  if (action == Action::kFail) {
    ++suite->failures;
    AddCase(suite, attributes,
            Element("failure",
                    fmt::format("message=\"{}\" type=\"{}\"", message,
                                Escaped(type)),
                    body));
  } else {
    AddCase(suite, attributes,
            Element("system-out", "", fmt::format("{}\n{}", message, body)));
  }
}

// One case: the places of `finding` in one path.
void AddPlaces(Suite* suite, const Finding& finding,
               const std::vector<const Occurrence*>& places) {
  const Rule& rule = *finding.rule;
  std::vector<const Occurrence*> visible;
  std::string let_through = finding.decision.because;
  for (const Occurrence* place : places) {
    if (place->allowed) {
      let_through = *place->allowed;
    } else if (finding.decision.action != Action::kIgnore) {
      visible.push_back(place);
    }
  }
  const Occurrence& first = visible.empty() ? *places[0] : *visible[0];
  const std::string path = Escaped(PlaceName(first));
  const std::string attributes = fmt::format(
      "classname=\"{}\" name=\"{} {}\" file=\"{}\" line=\"{}\"", path,
      Escaped(rule.id), Escaped(finding.id), path, first.range.line);
  if (visible.empty()) {
    ++suite->skipped;
    AddCase(
        suite, attributes,
        fmt::format("      <skipped message=\"{}\"/>\n", Escaped(let_through)));
    return;
  }
  std::string body;
  for (const Occurrence* place : visible) {
    body += fmt::format("{}:{}:{}", Escaped(PlaceName(*place)),
                        place->range.line, place->range.column);
    if (place->client) {
      body += fmt::format(" ({})", Escaped(ClientText(*place->client)));
    }
    if (const std::string times = TimesText(*place); !times.empty()) {
      body += fmt::format(" ({})", times);
    }
    body += '\n';
  }
  body += fmt::format("confidence {}\n", Name(finding.confidence));
  if (const std::string live = LiveText(finding.verdict); !live.empty()) {
    body += fmt::format("live: {}\n", Escaped(live));
  }
  if (!finding.decision.because.empty()) {
    body += fmt::format("because {}\n", Escaped(finding.decision.because));
  }
  if (!rule.advice.empty()) {
    body += fmt::format("next: {}\n", Escaped(rule.advice));
  }
  const std::string message = Escaped(fmt::format(
      "{}: {}: {}", Name(finding.severity), rule.title, finding.redacted));
  AddJudged(suite, attributes, finding.decision.action, message, rule.id, body);
}

void AddViolation(Suite* suite, const Violation& violation) {
  const std::string path = Escaped(violation.path);
  const std::string client =
      violation.client ? Escaped(ClientText(*violation.client)) : "";
  std::string name = Escaped(violation.check);
  for (const std::string& part : {Escaped(violation.finding), client}) {
    if (!part.empty()) name += " " + part;
  }
  std::string attributes = fmt::format("classname=\"{}\" name=\"{}\"",
                                       path.empty() ? "keytidy" : path, name);
  if (!path.empty()) attributes += fmt::format(" file=\"{}\"", path);
  if (violation.line > 0) {
    attributes += fmt::format(" line=\"{}\"", violation.line);
  }
  if (!IsVisible(violation)) {
    ++suite->skipped;
    AddCase(suite, attributes,
            fmt::format("      <skipped message=\"{}\"/>\n",
                        Escaped(violation.decision.because)));
    return;
  }
  std::string body;
  const auto add = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) body += fmt::format("{} {}\n", label, Escaped(text));
  };
  if (violation.client) add("in", ClientText(*violation.client));
  add("because", violation.decision.because);
  add("fix:", violation.fix);
  add("see:", ReferencesText(violation));
  const std::string message = Escaped(
      fmt::format("{}: {}", Name(violation.severity), violation.message));
  AddJudged(suite, attributes, violation.decision.action, message,
            violation.check, body);
}

void AddFinding(Suite* suite, const Finding& finding) {
  // Grouped by path in the order of first appearance.
  std::map<std::string_view, std::size_t> index;
  std::vector<std::vector<const Occurrence*>> groups;
  for (const Occurrence& occurrence : finding.occurrences) {
    const auto [it, added] = index.emplace(occurrence.path, groups.size());
    if (added) groups.emplace_back();
    groups[it->second].push_back(&occurrence);
  }
  for (const auto& places : groups) AddPlaces(suite, finding, places);
}

}  // namespace

std::string WriteJunit(const Report& report) {
  Suite suite;
  AddCoverage(&suite, report);
  for (const Finding& finding : report.findings) AddFinding(&suite, finding);
  for (const Violation& violation : report.violations) {
    AddViolation(&suite, violation);
  }
  const std::string totals = fmt::format(
      "name=\"keytidy\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
      "skipped=\"{}\" time=\"0\"",
      suite.tests, suite.failures, suite.errors, suite.skipped);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites {}>\n"
      "  <testsuite {}>\n"
      "{}"
      "  </testsuite>\n"
      "</testsuites>\n",
      totals, totals, suite.cases);
}

}  // namespace keytidy::report
