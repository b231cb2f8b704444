// SPDX-License-Identifier: Apache-2.0
#include "import/import_report.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "base/time.h"
#include "verify/values.h"

namespace keytidy::imports {
namespace {

using Kind = RowMatch::Kind;

constexpr std::size_t kMostCandidates = 5;

std::string LabelOf(const ImportReport& report, const ProviderRow& row) {
  if (!row.facts.name.empty()) return ForTerminal(row.facts.name);
  return fmt::format("{} {}", report.unit, row.number);
}

std::string Day(std::int64_t at) { return IsoTime(at).substr(0, 10); }

std::string FactsText(const ProviderRow& row) {
  std::string out;
  const auto add = [&](const std::string& text) {
    out += (out.empty() ? "" : ", ") + text;
  };
  const KeyFacts& facts = row.facts;
  if (facts.created) add("made " + Day(*facts.created));
  if (facts.last_used) add("last used " + Day(*facts.last_used));
  if (facts.expires) add("expires " + Day(*facts.expires));
  if (row.never_expires) add("never expires");
  if (!facts.owner.empty()) add("of " + ForTerminal(facts.owner));
  if (row.state == RowState::kOutOfUse) add("not in use at the provider");
  return out;
}

std::string CandidatesText(const std::vector<IndexedKey>& keys) {
  std::string out;
  for (std::size_t i = 0; i < keys.size() && i < kMostCandidates; ++i) {
    out += (out.empty() ? "" : ", ") + keys[i].id;
    if (!keys[i].name.empty()) {
      out += fmt::format(" ({})", ForTerminal(keys[i].name));
    }
  }
  if (keys.size() > kMostCandidates) {
    out += fmt::format(" and {} more", keys.size() - kMostCandidates);
  }
  return out;
}

std::string RowText(const ImportReport& report, std::size_t i) {
  const ProviderRow& row = report.rows[i];
  const RowMatch& match = report.matches[i];
  const std::string label = LabelOf(report, row);
  switch (match.kind) {
    case Kind::kMatched: {
      const std::string facts = FactsText(row);
      return fmt::format("{}  {}{}{}\n", match.keys.front().id, label,
                         facts.empty() ? "" : ": ", facts);
    }
    case Kind::kAmbiguous:
      return fmt::format("not certain  {}: {}{}, so nothing is written\n",
                         label,
                         match.why.empty() ? "may be any of " : match.why + " ",
                         CandidatesText(match.keys));
    case Kind::kUnmatched:
      break;
  }
  return fmt::format("not seen on any machine that was recorded  {}{}\n", label,
                     match.why.empty() ? "" : fmt::format(": {}", match.why));
}

std::size_t CountOf(const ImportReport& report, Kind kind) {
  std::size_t out = 0;
  for (const RowMatch& match : report.matches) out += match.kind == kind;
  return out;
}

std::string Quoted(std::string_view text) {
  return "\"" + verify::Escaped(text, verify::Escape::kJson) + "\"";
}

// The members of an object, in order; empty texts are left out.
class Members {
 public:
  void Raw(std::string_view name, const std::string& value) {
    text_ += (text_.empty() ? "" : ",") + Quoted(name) + ":" + value;
  }
  void Text(std::string_view name, std::string_view text) {
    if (!text.empty()) Raw(name, Quoted(text));
  }
  void Time(std::string_view name, const std::optional<std::int64_t>& at) {
    if (at) Text(name, IsoTime(*at));
  }
  std::string Object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string Array(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    out += (out.empty() ? "" : ",") + item;
  }
  return "[" + out + "]";
}

std::string RowJson(const ImportReport& report, std::size_t i) {
  const ProviderRow& row = report.rows[i];
  const RowMatch& match = report.matches[i];
  const KeyFacts& facts = row.facts;
  Members out;
  out.Raw("row", fmt::format("{}", row.number));
  out.Text("provider", row.provider);
  if (match.kind == Kind::kMatched) out.Text("key", match.keys.front().id);
  if (match.kind == Kind::kAmbiguous) {
    std::vector<std::string> keys;
    for (const IndexedKey& key : match.keys) keys.push_back(Quoted(key.id));
    out.Raw("candidates", Array(keys));
  }
  out.Text("key_id", facts.key_id);
  out.Text("name", facts.name);
  out.Text("owner", facts.owner);
  out.Text("account", facts.account);
  if (!facts.scopes.empty()) {
    std::vector<std::string> scopes;
    for (const std::string& one : facts.scopes) scopes.push_back(Quoted(one));
    out.Raw("scopes", Array(scopes));
  }
  out.Time("created", facts.created);
  out.Time("expires", facts.expires);
  out.Time("last_used", facts.last_used);
  if (row.never_expires) out.Raw("never_expires", "true");
  if (row.state != RowState::kNotTold) {
    out.Raw("in_use", row.state == RowState::kInUse ? "true" : "false");
  }
  out.Text("because", match.why);
  return out.Object();
}

std::string RowsJson(const ImportReport& report, Kind kind) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    if (report.matches[i].kind == kind) out.push_back(RowJson(report, i));
  }
  return Array(out);
}

}  // namespace

std::string ReportText(const ImportReport& report) {
  std::string out;
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    out += RowText(report, i);
  }
  for (const RowProblem& problem : report.problems) {
    out += "could not be read  ";
    if (problem.number > 0) {
      out += fmt::format("{} {}: ", report.unit, problem.number);
    }
    out += ForTerminal(problem.what) + "\n";
  }
  if (report.more_problems > 0) {
    out += fmt::format("could not be read  {} more\n", report.more_problems);
  }
  if (!out.empty()) out += '\n';
  out += fmt::format(
      "{}: {}, {} matched, {} not seen, {} not certain", report.source,
      Count(report.rows.size(), "row"), CountOf(report, Kind::kMatched),
      CountOf(report, Kind::kUnmatched), CountOf(report, Kind::kAmbiguous));
  if (!report.complete()) {
    out += fmt::format(
        "; {}",
        Count(report.problems.size() + report.more_problems, "problem"));
  }
  out += report.written ? "\n" : "\nNothing was written (--dry-run).\n";
  return out;
}

std::string ReportJson(const ImportReport& report) {
  std::vector<std::string> errors;
  for (const RowProblem& problem : report.problems) {
    Members one;
    if (problem.number > 0) one.Raw("row", fmt::format("{}", problem.number));
    one.Text("what", problem.what);
    errors.push_back(one.Object());
  }
  if (report.more_problems > 0) {
    Members one;
    one.Text("what", fmt::format("{} more", report.more_problems));
    errors.push_back(one.Object());
  }
  Members out;
  out.Text("schema", "keytidy-import/1");
  out.Text("source", report.source);
  out.Raw("complete", report.complete() ? "true" : "false");
  out.Raw("written", report.written ? "true" : "false");
  out.Raw("matched", RowsJson(report, Kind::kMatched));
  out.Raw("unmatched", RowsJson(report, Kind::kUnmatched));
  out.Raw("ambiguous", RowsJson(report, Kind::kAmbiguous));
  out.Raw("errors", Array(errors));
  return out.Object() + "\n";
}

}  // namespace keytidy::imports
