// SPDX-License-Identifier: Apache-2.0
//
// Whatever bytes paths, notes, reasons and lines hold, every machine format
// parses, and what goes to a terminal cannot steer it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "report/writer.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

using namespace std::string_view_literals;

constexpr std::array kPieces = {"\x1b[31m"sv,
                                "\x1b]0;title\x07"sv,
                                "\x00"sv,
                                "\x01"sv,
                                "\x7f"sv,
                                "\xc2\x9b"sv
                                "2J"sv,
                                "\r"sv,
                                "\n"sv,
                                "\r\n"sv,
                                "\t"sv,
                                "\b\b"sv,
                                "\xff"sv,
                                "\xc0\xaf"sv,
                                "\xed\xa0\x80"sv,
                                "\xe2\x82"sv,
                                "\xf0\x9f"sv,
                                "\xe2\x80\xae"sv,
                                "\xe2\x81\xa6"sv,
                                "\xe2\x80\xa8"sv,
                                "\xef\xbf\xbe"sv,
                                "\xef\xbb\xbf"sv,
                                "\""sv,
                                "'"sv,
                                "<"sv,
                                ">"sv,
                                "&"sv,
                                "]]>"sv,
                                "<!--"sv,
                                "&lt;"sv,
                                "</testsuite>"sv,
                                "`"sv,
                                "``"sv,
                                "|"sv,
                                "\\|"sv,
                                "\\"sv,
                                "*"sv,
                                "[x](y)"sv,
                                "@team"sv,
                                "="sv,
                                "+1"sv,
                                "-"sv,
                                "@"sv,
                                ","sv,
                                ";"sv,
                                ":"sv,
                                "//"sv,
                                "/"sv,
                                "%"sv,
                                "%41"sv,
                                "?"sv,
                                "#"sv,
                                "{0}"sv,
                                "{"sv,
                                "}"sv,
                                "..."sv,
                                " "sv,
                                "…"sv,
                                "日本"sv,
                                "é"sv,
                                "\xf0\x9f\x94\x91"sv,
                                "a"sv,
                                "key"sv,
                                "\xcc\x81"sv,
                                "--"sv,
                                "$(x)"sv};

class HostileTest : public testing::TestWithParam<unsigned> {
 protected:
  HostileTest() : random_(GetParam()) {
    // The rule's own texts may come from a file of the user.
    for (std::string& text : rule_texts_) text = Any();
    sources_ = {rule_texts_[0], "https://example.org/"};
    rule_ = KrytonRule();
    rule_.id = rule_texts_[1];
    rule_.title = rule_texts_[2];
    rule_.provider = rule_texts_[3];
    rule_.provider_name = rule_texts_[4];
    rule_.advice = rule_texts_[5];
    rule_.sources = sources_;
  }

  std::size_t Below(std::size_t n) { return random_() % n; }

  std::string Any() {
    std::string text;
    for (std::size_t n = Below(8); n > 0; --n) {
      text += kPieces[Below(kPieces.size())];
    }
    return text;
  }

  Occurrence AnyPlace() {
    Occurrence place = At(Any(), 1 + Below(300000), "kryton_3f9c…", "kryton");
    place.source = static_cast<SourceKind>(Below(5));
    place.excerpt.text = Any() + Any() + Any();
    place.excerpt.caret = static_cast<std::uint32_t>(Below(30));
    place.excerpt.caret_width = static_cast<std::uint32_t>(Below(30));
    if (Below(2) == 0) place.range.column = place.excerpt.caret + 1;
    if (Below(3) == 0) place.blob = Any();
    if (Below(4) == 0) place.allowed = Any();
    if (Below(3) == 0) place.client = AnyClient();
    if (Below(5) == 0) place.times = Below(30);
    return place;
  }

  ClientPlace AnyClient() { return {Any(), Any(), Any()}; }

  Violation AnyViolation() {
    Violation violation;
    violation.check = Any();
    violation.severity = static_cast<Severity>(Below(5));
    if (Below(2) == 0) violation.finding = Any();
    violation.message = Any() + Any();
    violation.path = Any();
    violation.line = Below(3);
    if (Below(2) == 0) violation.client = AnyClient();
    violation.fix = Any() + Any();
    for (std::size_t n = Below(3); n > 0; --n) {
      violation.references.push_back(Any());
    }
    violation.decision = {static_cast<Action>(Below(3)), Any()};
    return violation;
  }

  AuditSummary AnyAudit() {
    AuditSummary audit;
    audit.home = Any();
    audit.clients = Below(3);
    audit.servers = Below(3);
    audit.keys = Below(3);
    audit.places = Below(3);
    for (std::size_t n = Below(12); n > 0; --n) {
      FirstStep step;
      step.severity = static_cast<Severity>(Below(5));
      step.what = Any() + Any();
      for (std::size_t k = Below(6); k > 0; --k) step.where.push_back(Any());
      step.how = Any() + Any() + Any();
      step.checks = {Any()};
      audit.first.push_back(std::move(step));
    }
    return audit;
  }

  Report AnyReport() {
    Report report = CleanReport();
    report.catalogue = Any();
    for (std::size_t n = Below(4); n > 0; --n) {
      Finding finding = KrytonFinding();
      finding.rule = &rule_;
      finding.severity = static_cast<Severity>(Below(5));
      finding.redacted = Any();
      finding.occurrences.clear();
      for (std::size_t k = 1 + Below(9); k > 0; --k) {
        finding.occurrences.push_back(AnyPlace());
      }
      finding.decision = {static_cast<Action>(Below(3)), Any()};
      if (Below(3) == 0) finding.shown = Any();
      report.findings.push_back(std::move(finding));
    }
    for (std::size_t n = Below(6); n > 0; --n) {
      report.coverage.skipped.push_back(
          {Any(), Any(), std::nullopt, Below(2) == 0});
    }
    for (std::size_t n = Below(3); n > 0; --n) {
      report.empty_roots.push_back(Any());
    }
    for (std::size_t n = Below(4); n > 0; --n) report.notes.push_back(Any());
    for (std::size_t n = Below(5); n > 0; --n) {
      report.violations.push_back(AnyViolation());
    }
    if (Below(2) == 0) report.audit = AnyAudit();
    return report;
  }

  std::mt19937 random_;
  std::array<std::string, 6> rule_texts_;
  std::array<std::string_view, 2> sources_;
  Rule rule_;
};

bool IsUtf8(const std::string& text) { return ToValidUtf8(text) == text; }

// Well-formed as XML 1.0 in the subset that JUnit needs: a declaration,
// elements, attributes in double quotes, text, the named entities.
class XmlChecker {
 public:
  explicit XmlChecker(std::string_view text) : rest_(text) {}

  bool WellFormed() {
    if (!Take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")) return false;
    std::vector<std::string> open;
    bool any = false;
    while (!rest_.empty()) {
      if (rest_[0] != '<') {
        if (!Text("<")) return false;
        continue;
      }
      if (open.empty() && any) return false;  // one root
      any = true;
      if (Take("</")) {
        if (open.empty() || Name() != open.back() || !Take(">")) return false;
        open.pop_back();
        if (open.empty()) return rest_ == "\n";
        continue;
      }
      rest_.remove_prefix(1);
      open.push_back(Name());
      if (open.back().empty()) return false;
      while (Take(" ")) {
        if (Name().empty() || !Take("=\"") || !Text("\"") || !Take("\"")) {
          return false;
        }
      }
      if (Take("/>")) {
        open.pop_back();
      } else if (!Take(">")) {
        return false;
      }
    }
    return false;
  }

 private:
  bool Take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::string Name() {
    std::string name;
    while (!rest_.empty() && (IsAlnum(rest_[0]) || rest_[0] == '-')) {
      name += rest_[0];
      rest_.remove_prefix(1);
    }
    return name;
  }
  bool Text(std::string_view end) {
    while (!rest_.empty() && !rest_.starts_with(end)) {
      const auto c = static_cast<unsigned char>(rest_[0]);
      if (c == '<' || (c < 0x20 && c != '\n')) return false;
      if (rest_.starts_with("\xEF\xBF\xBE") ||
          rest_.starts_with("\xEF\xBF\xBF")) {
        return false;
      }
      if (c == '&') {
        if (!Take("&lt;") && !Take("&gt;") && !Take("&amp;") &&
            !Take("&quot;")) {
          return false;
        }
      } else {
        rest_.remove_prefix(1);
      }
    }
    return true;
  }

  std::string_view rest_;
};

// The records of a table after RFC 4180; none when it is not one.
std::vector<std::vector<std::string>> ParseCsv(const std::string& text) {
  std::vector<std::vector<std::string>> records;
  std::size_t i = 0;
  while (i < text.size()) {
    std::vector<std::string> record;
    while (true) {
      std::string cell;
      if (text[i] == '"') {
        for (++i; i < text.size(); ++i) {
          if (text[i] == '"' && text[i + 1] != '"') break;
          if (text[i] == '"') ++i;
          cell += text[i];
        }
        ++i;
      } else {
        while (i < text.size() && text[i] != ',' && text[i] != '\r') {
          if (text[i] == '"' || text[i] == '\n') return {};
          cell += text[i++];
        }
      }
      record.push_back(std::move(cell));
      if (i >= text.size()) return {};
      if (text[i] == ',') {
        ++i;
        continue;
      }
      if (text.compare(i, 2, "\r\n") != 0) return {};
      i += 2;
      break;
    }
    records.push_back(std::move(record));
  }
  return records;
}

// What could steer a terminal, line breaks apart.
bool HasControls(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n') || c == 0x7F) return true;
    if (c == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  for (const std::string_view bidi :
       {"\u061C"sv, "\u200E"sv, "\u200F"sv, "\u202A"sv, "\u202B"sv, "\u202C"sv,
        "\u202D"sv, "\u202E"sv, "\u2066"sv, "\u2067"sv, "\u2068"sv,
        "\u2069"sv}) {
    if (text.find(bidi) != std::string::npos) return true;
  }
  return false;
}

TEST_P(HostileTest, JsonParses) {
  for (int i = 0; i < 20; ++i) {
    const Report report = AnyReport();
    const auto json = nlohmann::json::parse(WriteJson(report));
    EXPECT_EQ(json["findings"].size(), report.findings.size());
    std::istringstream lines(WriteJsonLines(report));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      EXPECT_TRUE(nlohmann::json::accept(line)) << line;
    }
    EXPECT_EQ(count, 2 + report.findings.size() + report.notes.size() +
                         report.empty_roots.size() +
                         report.coverage.skipped.size() +
                         report.violations.size() + (report.audit ? 1 : 0));
    EXPECT_TRUE(nlohmann::json::accept(WriteGitlab(report)));
  }
}

TEST_P(HostileTest, SarifParsesAndItsUrisAreUris) {
  const std::regex uri("(file://)?([A-Za-z0-9._~!/-]|%[0-9A-F]{2})*");
  for (int i = 0; i < 20; ++i) {
    const auto json = nlohmann::json::parse(WriteSarif(AnyReport()));
    for (const auto& result : json["runs"][0]["results"]) {
      // A violation may be about no file.
      if (!result.contains("locations")) continue;
      const auto& place = result["locations"][0]["physicalLocation"];
      const std::string text = place["artifactLocation"]["uri"];
      EXPECT_TRUE(std::regex_match(text, uri)) << text;
      // Only places of keys have columns.
      if (!result["properties"].contains("confidence")) continue;
      EXPECT_GE(place["region"]["startColumn"], 1);
    }
  }
}

TEST_P(HostileTest, JunitIsWellFormed) {
  for (int i = 0; i < 20; ++i) {
    const std::string out = WriteJunit(AnyReport());
    EXPECT_TRUE(IsUtf8(out));
    EXPECT_TRUE(XmlChecker(out).WellFormed()) << out;
  }
}

TEST_P(HostileTest, CsvIsATableWithoutFormulas) {
  for (int i = 0; i < 20; ++i) {
    const Report report = AnyReport();
    const std::string out = WriteCsv(report);
    EXPECT_TRUE(IsUtf8(out));
    const auto records = ParseCsv(out);
    ASSERT_FALSE(records.empty()) << out;
    std::size_t places = 0;
    for (const Finding& finding : report.findings) {
      places += finding.occurrences.size();
    }
    EXPECT_EQ(records.size(), 2 + places + report.coverage.skipped.size() +
                                  report.empty_roots.size() +
                                  report.violations.size());
    for (const auto& record : records) {
      EXPECT_EQ(record.size(), 31u);
      for (const std::string& cell : record) {
        EXPECT_EQ(cell.find_first_of("=+-@"),
                  cell.empty()
                      ? cell.npos
                      : std::max<std::size_t>(1, cell.find_first_of("=+-@")))
            << cell;
      }
    }
  }
}

TEST_P(HostileTest, MarkdownKeepsItsRowsAndHasNoMarkupFromOutside) {
  for (int i = 0; i < 20; ++i) {
    const std::string out = WriteMarkdown(AnyReport());
    EXPECT_TRUE(IsUtf8(out));
    EXPECT_FALSE(HasControls(out)) << out;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      const auto pipes = std::count(line.begin(), line.end(), '|');
      EXPECT_EQ(pipes, line.starts_with("|") ? 6 : 0) << line;
      const std::string code = "<code>";
      for (std::size_t at = 0; (at = line.find('<', at)) != std::string::npos;
           ++at) {
        // Within backticks anything stands for itself.
        const auto ticks = std::count(
            line.begin(), line.begin() + static_cast<std::ptrdiff_t>(at), '`');
        EXPECT_TRUE(ticks % 2 == 1 || line.compare(at, 6, code) == 0 ||
                    line.compare(at, 7, "</code>") == 0)
            << line;
      }
    }
  }
}

TEST_P(HostileTest, HumanOutputCannotSteerTheTerminal) {
  const std::regex ours("\x1b\\[(0|1|2|1;31|1;32|1;33)m");
  for (int i = 0; i < 20; ++i) {
    const Report report = AnyReport();
    const std::string plain = WriteHuman(report, Style{});
    EXPECT_TRUE(IsUtf8(plain));
    EXPECT_FALSE(HasControls(plain)) << plain;
    Style style;
    style.color = true;
    const std::string colored = WriteHuman(report, style);
    EXPECT_TRUE(IsUtf8(colored));
    EXPECT_EQ(std::regex_replace(colored, ours, ""), plain);
    style.all = true;
    style.home = "/";
    const std::string everything =
        std::regex_replace(WriteHuman(report, style), ours, "");
    EXPECT_TRUE(IsUtf8(everything));
    EXPECT_FALSE(HasControls(everything)) << everything;
  }
}

TEST_P(HostileTest, TheSameReportIsTheSameBytes) {
  const Report report = AnyReport();
  for (const std::string_view name : FormatNames()) {
    const Format format = *ParseFormat(name);
    const std::string out = Write(report, format, Style{});
    EXPECT_EQ(out, Write(report, format, Style{}));
    EXPECT_TRUE(out.ends_with('\n')) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileTest, testing::Range(1u, 26u));

}  // namespace
}  // namespace keytidy::report
