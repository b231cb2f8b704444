// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "report/html_age.h"
#include "report/html_chart.h"
#include "report/html_parts.h"
#include "report/html_style.h"
#include "sample_report.h"

namespace keytidy::report {
namespace {

using std::string_view_literals::operator""sv;
using testing::HasSubstr;
using testing::Not;

std::string Page(const Report& report) {
  return WriteHtml(report, {"", "2026-11-21", "/home/ann"});
}

// Reads the page strictly, in the subset of HTML that it is written in, and
// keeps its skeleton: every tag with its attributes, and every place where
// text is. What is wrong is in `error`.
class Skeleton {
 public:
  explicit Skeleton(std::string_view page) : rest_(page) {
    if (!Take("<!doctype html>\n")) error = "no doctype";
    while (error.empty() && !rest_.empty()) {
      rest_.front() == '<' ? Tag() : Text();
    }
    if (error.empty() && !open_.empty()) error = "not closed: " + open_.back();
  }

  std::vector<std::string> parts;
  std::set<std::string> names;  // of elements
  std::string error;

 private:
  bool Take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::string Name() {
    std::size_t size = 0;
    while (size < rest_.size() &&
           (IsAlnum(rest_[size]) || rest_[size] == '-')) {
      ++size;
    }
    std::string name(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return name;
  }
  // Up to `end`: no control characters, no markup, the named entities only.
  void Characters(char end) {
    while (error.empty() && !rest_.empty() && rest_.front() != end) {
      const auto c = static_cast<unsigned char>(rest_.front());
      if (c == '<' || c == '>' || c == '"' || c == '\'' || c == 0x7F ||
          (c < 0x20 && c != '\n')) {
        // The page's own words have apostrophes.
        if (c != '\'' || end == '"') error = "stray " + std::to_string(c);
      }
      if (c == '&' && !Take("&lt;") && !Take("&gt;") && !Take("&amp;") &&
          !Take("&quot;") && !Take("&#39;")) {
        error = "a bare ampersand";
      }
      if (c != '&') rest_.remove_prefix(1);
    }
  }
  void Text() {
    const std::string_view before = rest_;
    Characters('<');
    const auto text = before.substr(0, before.size() - rest_.size());
    if (text.find_first_not_of(" \n") != text.npos) parts.push_back("text");
  }
  void Tag() {
    rest_.remove_prefix(1);
    if (Take("/")) {
      const std::string name = Name();
      if (open_.empty() || open_.back() != name || !Take(">")) {
        error = "closed at the wrong place: " + name;
        return;
      }
      open_.pop_back();
      parts.push_back("/" + name);
      return;
    }
    const std::string name = Name();
    names.insert(name);
    std::string part = name;
    while (Take(" ")) {
      part += " " + Name();
      if (!Take("=\"")) error = "an attribute without a value";
      const std::string_view before = rest_;
      // The policy for content is the one value with apostrophes.
      if (name == "meta") {
        rest_.remove_prefix(rest_.find('"'));
      } else {
        Characters('"');
      }
      part += "=" + std::string(before.substr(0, before.size() - rest_.size()));
      if (!Take("\"")) error = "a value that does not end";
    }
    parts.push_back(part);
    if (Take("/>")) return;
    if (!Take(">")) error = "a tag that does not end: " + part;
    if (name == "style") rest_.remove_prefix(rest_.find("</style>"));
    if (name != "meta" && name != "link") open_.push_back(name);
  }

  std::string_view rest_;
  std::vector<std::string> open_;
};

// A report with `text` wherever text comes from outside.
Report Full(const std::string& text) {
  static std::vector<std::string> kept;  // rules hold views
  kept.reserve(1000);
  kept.push_back(text);
  static std::vector<Rule> rules;
  rules.reserve(1000);
  rules.push_back(KrytonRule());
  Rule& rule = rules.back();
  rule.title = rule.provider_name = rule.advice = kept.back();
  rule.tier = Tier::kHigh;

  Report report = IncompleteReport();
  report.catalogue = text;
  report.notes = {text};
  report.empty_roots = {text};
  for (Skip& skip : report.coverage.skipped) skip.path = skip.reason = text;
  Finding& key = report.findings[0];
  key.rule = &rule;
  key.redacted = text;
  key.age.at_least_days = 93;
  key.age.evidence = {{text, 1774951200}};
  key.verdict = {VerdictState::kActive, text, 1774951200, {}};
  key.verdict.facts.owner = key.verdict.facts.name = text;
  key.occurrences[0].path = text;
  key.occurrences[0].client = {text, text, text};
  report.findings.push_back(key);
  report.findings[1].age = {};
  report.findings[1].id = "kt-00000000000000bb";
  Violation violation = Tracked();
  violation.check = violation.message = violation.path = violation.fix = text;
  violation.client = {text, text, text};
  violation.references = {text};
  report.violations = {violation};
  report.audit = AuditReport().audit;
  report.audit->home = text;
  for (FirstStep& step : report.audit->first) {
    step.what = step.how = text;
    step.where = {text};
  }
  return report;
}

class HtmlHostileTest : public testing::TestWithParam<std::string> {};

TEST_P(HtmlHostileTest, NoTextChangesThePage) {
  const Skeleton plain(WriteHtml(Full("plain"), {"plain", "plain", ""}));
  ASSERT_EQ(plain.error, "");
  const std::string page =
      WriteHtml(Full(GetParam()), {GetParam(), GetParam(), ""});
  EXPECT_EQ(ToValidUtf8(page), page);
  const Skeleton hostile(page);
  EXPECT_EQ(hostile.error, "");
  // One attribute holds a text: the picture's is ours.
  EXPECT_EQ(hostile.parts, plain.parts);
  for (const std::string_view bidi : {"\u202E"sv, "\u2066"sv, "\u200F"sv,
                                      "\u200B"sv, "\u2028"sv, "\uFEFF"sv}) {
    EXPECT_THAT(page, Not(HasSubstr(bidi)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, HtmlHostileTest,
    testing::Values("<script>alert(1)</script>", "\"><img src=x onerror=y>",
                    "' onload='x", "</style></title></svg></table>", "<!--",
                    "]]>", "&lt;b&gt;&#60;", "javascript:alert(1)", "{} {0} %s",
                    "\x1b[31m\x07\x7f red", std::string("nul\0byte", 8),
                    "\u202E\u2066\u200F\u200B\u2028\uFEFFgpj.exe",
                    "\xff\xfe\xc0\xaf", "a\rb\tc", std::string(10000, 'x'), "`",
                    "a ` b"));

TEST(HtmlTest, WhatThePageIsMadeOf) {
  const Skeleton page(Page(Full("plain")));
  EXPECT_EQ(page.error, "");
  for (const std::string name : {"script", "img", "iframe", "form", "object"}) {
    EXPECT_FALSE(page.names.contains(name)) << name;
  }
  std::set<std::string> ids;
  const std::regex id(R"( id=([^ ]+))");
  for (const std::string& part : page.parts) {
    std::smatch match;
    if (std::regex_search(part, match, id)) {
      EXPECT_TRUE(ids.insert(match[1]).second) << part;
    }
    EXPECT_THAT(part, Not(HasSubstr(" on")));
    EXPECT_THAT(part, Not(HasSubstr("style=")));
    EXPECT_THAT(part, Not(HasSubstr("//"))) << part;
  }
}

TEST(HtmlTest, SameReportSameBytes) {
  EXPECT_EQ(Page(AuditReport()), Page(AuditReport()));
  EXPECT_TRUE(Page(AuditReport()).ends_with("</html>\n"));
}

TEST(HtmlTest, ThePolicyLetsInThisStyleAndNothingElse) {
  const std::string page = Page(CleanReport());
  const std::string source = HtmlStyleSource();
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src " +
                              source + "; img-src data:; base-uri 'none'"));
  const std::size_t from = page.find("<style>") + 7;
  const std::string style = page.substr(from, page.find("</style>") - from);
  // Base64 back into bytes.
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits;
  for (const char c : source.substr(8, 43)) {
    const std::size_t value = kDigits.find(c);
    ASSERT_NE(value, kDigits.npos);
    for (int i = 5; i >= 0; --i) bits += ((value >> i) & 1) != 0 ? '1' : '0';
  }
  std::string expected;
  for (const std::uint8_t byte : Sha256(style)) {
    for (int i = 7; i >= 0; --i) expected += ((byte >> i) & 1) != 0 ? '1' : '0';
  }
  EXPECT_EQ(bits, expected + "00");
  EXPECT_EQ(source.substr(51), "='");
}

TEST(HtmlTest, TheNumbersOfAnAudit) {
  const std::string page = Page(AuditReport());
  EXPECT_THAT(page, HasSubstr("<h1>How keys are kept in ~</h1>\n"
                              "<p class=\"made\">Made on 2026-11-21 by"));
  EXPECT_THAT(
      page,
      HasSubstr("<ul class=\"numbers\">\n"
                "<li><b>5</b> clients and tools</li>\n"
                "<li><b>18</b> server entries</li>\n"
                "<li><b>4</b> keys in 9 places</li>\n"
                "<li><b>2</b> keys in more than one client or tool</li>\n"
                "<li><b>1</b> key in files that git tracks</li>\n"
                "<li><b>2</b> violations (1 critical, 1 low)</li>\n</ul>\n"));
  EXPECT_THAT(page, HasSubstr("<p class=\"outcome complete\"><b>complete:</b> "
                              "12 files, 34,567 bytes (33.8 KiB) read; 1 "
                              "finding and 1 violation fail</p>"));
}

TEST(HtmlTest, Steps) {
  EXPECT_THAT(
      Page(AuditReport()),
      HasSubstr(
          "<li>\n<h3><span class=\"sev critical\">critical</span> Git tracks "
          "<code>.cursor/mcp.json</code>, and it holds a Kryton API key that "
          "everyone with a clone has.</h3>\n<ul class=\"places\">\n"
          "<li><code>~/code/.cursor/mcp.json:7</code></li>\n</ul>\n"
          "<p>Replace the key, then take the file out of git:</p>\n"
          "<pre><code>git rm --cached .cursor/mcp.json</code></pre>\n</li>\n"
          "<li>\n<h3><span class=\"sev medium\">medium</span> A Kryton API key "
          "is in 2 apps.</h3>\n<ul class=\"places\">\n"
          "<li><code>~/a:1</code></li>\n<li><code>~/b:2</code></li>\n"
          "<li><code>/srv/c:3</code></li>\n<li>and 2 more</li>\n</ul>\n"
          "<p>Make one key for each app.</p>\n</li>\n"));
}

TEST(HtmlTest, WhereNobodyRankedTheWorstKeysAreFirst) {
  const std::string page = Page(MixedReport());
  const std::size_t high = page.find("<h3><span class=\"sev high\">");
  const std::size_t low = page.find("<h3><span class=\"sev low\">");
  ASSERT_NE(low, page.npos);
  EXPECT_LT(high, low);
  EXPECT_THAT(page, HasSubstr("Kryton API key <code>kryton_3f9c…</code> is in "
                              "the open.</h3>"));
}

TEST(HtmlTest, AtMostTenSteps) {
  Report report = AuditReport();
  const FirstStep step = report.audit->first[1];
  report.audit->first.assign(11, step);
  const std::string page = Page(report);
  std::size_t count = 0;
  for (std::size_t at = 0; (at = page.find(" is in 2 apps", at)) != page.npos;
       ++at) {
    ++count;
  }
  EXPECT_EQ(count, 10u);
}

TEST(HtmlTest, NothingToDo) {
  const std::string page = Page(CleanReport());
  EXPECT_THAT(page, HasSubstr("<p>No key was found in clear, and every check "
                              "passes.</p>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"outcome clean\"><b>clean:</b>"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"keys\"")));
  EXPECT_THAT(page, Not(HasSubstr("href=\"#keys\"")));
  Report incomplete = CleanReport();
  incomplete.complete = false;
  EXPECT_THAT(Page(incomplete), HasSubstr("but not everything was.</p>"));
  EXPECT_THAT(Page(incomplete), HasSubstr("\"outcome incomplete\""));
}

TEST(HtmlTest, WhatThePolicyHidesIsCountedOnly) {
  const std::string page = Page(MixedReport());
  EXPECT_THAT(page, Not(HasSubstr("old.txt")));
  EXPECT_THAT(page, Not(HasSubstr("docs/setup.md")));
  EXPECT_THAT(page, HasSubstr("1 allowed place, 1 ignored finding, 2 below "
                              "--min-confidence"));
  EXPECT_THAT(Page(KeptReport()), Not(HasSubstr("FILE-MODE")));
}

TEST(HtmlTest, AKeyIsShownOnlyWhereThatWasAskedFor) {
  Report report = OneFinding();
  EXPECT_THAT(Page(report), HasSubstr("No key is in it in full."));
  EXPECT_THAT(Page(report), Not(HasSubstr("SECRET")));
  report.findings[0].shown = "the whole <key>";
  EXPECT_THAT(Page(report), HasSubstr("<code>the whole &lt;key&gt;</code>"));
  EXPECT_THAT(Page(report), HasSubstr("<b>SECRET:</b> this page shows keys"));
  EXPECT_THAT(Page(report), Not(HasSubstr("No key is in it in full.")));
}

TEST(HtmlTest, AKeyWithEverythingThatIsKnownOfIt) {
  static const Rule kRule = [] {
    Rule rule = KrytonRule();
    rule.tier = Tier::kHigh;
    return rule;
  }();
  Report report = KeptReport();
  Finding& key = report.findings[0];
  key.rule = &kRule;
  key.age = {93, 120, {{"token-claim", 1774951200}, {"from-afar", 1774951200}}};
  key.verdict = {VerdictState::kActive, "HTTP 200", 1774951200, {}};
  key.verdict.facts.owner = "ann";
  const std::string page = Page(report);
  EXPECT_THAT(
      page,
      HasSubstr(
          "<tr role=\"row\" id=\"kt-8d1f0c2e9b7a4c55\">\n"
          "<th role=\"rowheader\" scope=\"row\" data-label=\"Key\">Kryton API "
          "key\n<p class=\"small\"><code>kryton_3f9c…</code></p>\n"
          "<p class=\"small\">issued by Kryton</p>\n"
          "<p class=\"small\">kt-8d1f0c2e9b7a4c55</p>\n</th>\n"
          "<td role=\"cell\" data-label=\"Severity\">"
          "<span class=\"sev high\">high</span>\n</td>\n"
          "<td role=\"cell\" data-label=\"Places\"><ul class=\"places\">\n"
          "<li><code>.cursor/mcp.json:7</code><p class=\"small\">client "
          "<b>cursor</b>, server <b>kryton</b>, slot "
          "<b>headers.Authorization</b></p>\n</li>\n</ul>\n</td>\n"
          "<td role=\"cell\" data-label=\"Age\">93–120 days<p class=\"small\">"
          "<b>over</b> the limit of 60 (tier high)</p>\n<p class=\"small\">"
          "issued <time>2026-03-31</time>, it says itself; from afar: "
          "<time>2026-03-31</time></p>\n</td>\n"
          "<td role=\"cell\" data-label=\"Alive?\">alive<p class=\"small\">"
          "HTTP 200</p>\n<p class=\"small\">asked 2026-03-31</p>\n"
          "<p class=\"small\">owner ann</p>\n</td>\n</tr>\n"));
  EXPECT_THAT(page, HasSubstr("<li><b>1</b> key older than its limit</li>"));
}

TEST(HtmlTest, ManyPlacesAreFolded) {
  Report report = OneFinding();
  const Occurrence place = report.findings[0].occurrences[0];
  report.findings[0].occurrences.assign(206, place);
  const std::string page = Page(report);
  EXPECT_THAT(page, HasSubstr("<details><summary>201 more places</summary>"));
  EXPECT_THAT(page, HasSubstr("<li>and 1 more in the JSON report</li>\n</ul>"
                              "</details>"));
}

TEST(HtmlTest, TablesAreBounded) {
  Report report = OneFinding();
  const Finding key = report.findings[0];
  report.findings.assign(1002, key);
  report.violations.assign(1001, Tracked());
  const std::string page = Page(report);
  EXPECT_THAT(page, HasSubstr("<p>and 2 more keys in the JSON report</p>"));
  EXPECT_THAT(page, HasSubstr("and 1 more in the JSON report</td>"));
  // The same id a thousand times names the first row only.
  const std::string id = "id=\"kt-8d1f0c2e9b7a4c55\"";
  EXPECT_EQ(page.find(id), page.rfind(id));
  EXPECT_EQ(Skeleton(page).error, "");
}

TEST(HtmlTest, ViolationsBySeverity) {
  const std::string page = Page(KeptReport());
  EXPECT_THAT(
      page,
      HasSubstr(
          "<th role=\"rowheader\" scope=\"rowgroup\" colspan=\"5\">"
          "<span class=\"sev critical\">critical</span> 1 violation</th></tr>\n"
          "<tr role=\"row\">\n<th role=\"rowheader\" scope=\"row\" "
          "data-label=\"Check\">FILE-TRACKED\n</th>\n"
          "<td role=\"cell\" data-label=\"What is wrong\">git tracks a file "
          "with a key</td>\n<td role=\"cell\" data-label=\"Where\">"
          "<code>.cursor/mcp.json:7</code><p class=\"small\">cursor, server "
          "kryton, headers.Authorization</p>\n<p class=\"small\">key "
          "<a href=\"#kt-8d1f0c2e9b7a4c55\"><code>kryton_3f9c…</code></a></p>\n"
          "</td>\n<td role=\"cell\" data-label=\"What to do\"><p>Take "
          "<code>.cursor/mcp.json</code> out of git.</p>\n</td>\n"
          "<td role=\"cell\" data-label=\"Guidance\">OWASP NHI2, OWASP MCP01"
          "</td>\n</tr>\n"));
  EXPECT_LT(page.find("FILE-TRACKED"), page.find("ENV-PLAIN"));
  EXPECT_THAT(page, HasSubstr("ENV-PLAIN\n<p class=\"small\">does not fail"));
}

TEST(HtmlTest, AnIdThatIsNoneIsNoAnchor) {
  Report report = KeptReport();
  const std::string id = "kt-8d1f0c2e9b7a4c5\"";
  report.findings[0].id = id;
  report.violations[0].finding = id;
  const std::string page = Page(report);
  EXPECT_THAT(page, Not(HasSubstr("href=\"#kt-")));
  EXPECT_THAT(page, Not(HasSubstr("id=\"kt-")));
}

TEST(HtmlTest, WhatWasNotRead) {
  const std::string page = Page(IncompleteReport());
  EXPECT_THAT(
      page,
      HasSubstr("<h3>Asked for, but not read</h3>\n<p>Nothing is known about "
                "these.</p>\n<ul class=\"plain\">\n<li><code>broken.zip</code>"
                ": the central directory is cut short</li>\n"
                "<li><code>vault.bin</code>: Permission denied</li>\n</ul>\n"
                "<h3>Left out by rule</h3>\n<p>1 binary.</p>\n"
                "<details><summary>Show each (1)</summary>\n"
                "<ul class=\"plain\">\n<li><code>a.png</code>: binary, 10 bytes"
                "</li>\n</ul></details>\n"));
}

TEST(HtmlTest, UnknownAgesAreSaidInWords) {
  const std::string page = Page(OneFinding());
  EXPECT_THAT(page, HasSubstr("<p>Nothing tells how old 1 key is."));
  EXPECT_THAT(page, Not(HasSubstr("class=\"chart\" role")));
}

Finding Aged(const Rule& rule, std::optional<std::int64_t> low,
             std::optional<std::int64_t> high) {
  Finding finding = KrytonFinding();
  finding.rule = &rule;
  finding.age.at_least_days = low;
  finding.age.at_most_days = high;
  return finding;
}

TEST(HtmlAgeTest, TheLowerEndFailsAndTheUpperMay) {
  Rule rule = KrytonRule();
  rule.tier = Tier::kHigh;
  EXPECT_EQ(AgeStateOf(Aged(rule, 61, 61)), AgeState::kOver);
  EXPECT_EQ(AgeStateOf(Aged(rule, 61, {})), AgeState::kOver);
  EXPECT_EQ(AgeStateOf(Aged(rule, 60, 60)), AgeState::kWithin);
  EXPECT_EQ(AgeStateOf(Aged(rule, 60, 61)), AgeState::kMaybeOver);
  EXPECT_EQ(AgeStateOf(Aged(rule, 1, {})), AgeState::kMaybeOver);
  EXPECT_EQ(AgeStateOf(Aged(rule, {}, 60)), AgeState::kWithin);
  EXPECT_EQ(AgeStateOf(Aged(rule, {}, {})), AgeState::kUnknown);
  rule.tier = Tier::kNone;
  EXPECT_EQ(AgeStateOf(Aged(rule, 9999, 9999)), AgeState::kNoLimit);
}

TEST(HtmlAgeTest, LimitsOfTheTiers) {
  EXPECT_EQ(LimitDays(Tier::kHigh), 60);
  EXPECT_EQ(LimitDays(Tier::kStandard), 90);
  EXPECT_EQ(LimitDays(Tier::kLow), 180);
  EXPECT_EQ(LimitDays(Tier::kCi), 30);
  EXPECT_EQ(LimitDays(Tier::kNone), std::nullopt);
}

TEST(HtmlAgeTest, Words) {
  EXPECT_EQ(DaysText({1, 1, {}}), "1 day");
  EXPECT_EQ(DaysText({1093, 1120, {}}), "1,093–1,120 days");
  EXPECT_EQ(DaysText({93, {}, {}}), "93 days or more");
  EXPECT_EQ(DaysText({{}, 120, {}}), "120 days or less");
  EXPECT_EQ(DaysText({{}, {}, {}}), "unknown");
}

TEST(HtmlChartTest, OneBar) {
  Rule rule = KrytonRule();
  rule.tier = Tier::kHigh;
  const Finding key = Aged(rule, 90, 105);
  const std::string svg = AgeChart({&key}, "Ages", "words");
  EXPECT_THAT(svg, HasSubstr("role=\"img\" width=\"100%\" height=\"90\" "
                             "aria-label=\"Ages\" aria-describedby=\"words\""));
  // The scale ends at 120 days: 60 are half of it.
  EXPECT_THAT(svg, HasSubstr("text-anchor=\"end\">120 days</text>"));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"sure\" x=\"0.00%\" y=\"48\" "
                             "width=\"50.00%\" height=\"12\"/>"
                             "<rect class=\"late\" x=\"50.00%\" y=\"48\" "
                             "width=\"25.00%\" height=\"12\"/>"
                             "<rect class=\"maybe\" fill=\"url(#maybe)\" "
                             "x=\"75.00%\" y=\"48\" width=\"12.50%\""));
  EXPECT_THAT(svg, HasSubstr("<line class=\"limit\" x1=\"50.00%\""));
  EXPECT_THAT(svg, HasSubstr(">over: 90–105 days</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("class=\"open\"")));
}

TEST(HtmlChartTest, AgesThatNobodyCanHave) {
  const Rule& rule = KrytonRule();
  const Finding ages[] = {Aged(rule, INT64_MAX, {}), Aged(rule, -5, INT64_MIN),
                          Aged(rule, {}, INT64_MAX), Aged(rule, 0, 0)};
  const std::string svg =
      AgeChart({&ages[0], &ages[1], &ages[2], &ages[3]}, "Ages", "words");
  const std::regex number(R"re((?:x|x1|x2|width)="(-?[0-9.]+)%")re");
  for (std::sregex_iterator it(svg.begin(), svg.end(), number), end; it != end;
       ++it) {
    const double percent = std::stod((*it)[1]);
    EXPECT_GE(percent, 0);
    EXPECT_LE(percent, 100);
  }
  EXPECT_THAT(svg, HasSubstr("8,000 days</text>"));
}

TEST(HtmlChartTest, TheOldestFirst) {
  Report report;
  for (const int days : {5, 50, 20}) {
    report.findings.push_back(Aged(KrytonRule(), days, days));
  }
  const std::string page = Page(report);
  EXPECT_LT(page.find(">within: 50 days<"), page.find(">within: 20 days<"));
  EXPECT_LT(page.find(">within: 20 days<"), page.find(">within: 5 days<"));
  EXPECT_THAT(page, HasSubstr("<p id=\"ages-summary\">3 keys have a known age: "
                              "3 are within their limits. "));
}

TEST(HtmlPartsTest, Text) {
  EXPECT_EQ(HtmlText("<a href=\"x\">'&"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(HtmlText("a\x1b\n\u202E\xff"), "a\\x1b\\x0a\\u{202e}\\xff");
  EXPECT_EQ(HtmlText("e\u0301 \U0001F469\u200D\U0001F680"),
            "e\u0301 \U0001F469\u200D\U0001F680");
  EXPECT_EQ(HtmlText("e\u0301\u0301\u0301\u0301"),
            "e\u0301\u0301\u0301\\u{0301}");
  EXPECT_EQ(HtmlText("a\u200Bb\U000E0041"), "a\\u{200b}b\\u{e0041}");
  EXPECT_EQ(HtmlShort("abcdef", 6), "abcdef");
  EXPECT_EQ(HtmlShort("<<<<<<<", 6), "&lt;&lt;&lt;&lt;&lt;…");
}

TEST(HtmlPartsTest, LongNamesLoseTheirMiddle) {
  const std::string name = std::string(5000, 'a') + std::string(5000, 'b');
  EXPECT_EQ(HtmlCode(name), "<code>" + std::string(267, 'a') +
                                " … (9,600 more characters) … " +
                                std::string(133, 'b') + "</code>");
  EXPECT_EQ(HtmlCode(std::string(400, '<')).size(), 13 + 400 * 4u);
  EXPECT_EQ(HtmlCode(""), "");
}

TEST(HtmlPartsTest, CommandsStayAsTheyAre) {
  EXPECT_EQ(HtmlHow("Do `this`:\n  a <b>\n    c\n\n  d\nThen rest.\n"),
            "<p>Do <code>this</code>:</p>\n<pre><code>a &lt;b&gt;\n  c</code>"
            "</pre>\n<pre><code>d</code></pre>\n<p>Then rest.</p>\n");
  const std::string command = std::string(10000, 'x');
  EXPECT_EQ(HtmlHow(" " + command),
            "<pre><code>" + command + "</code></pre>\n");
  EXPECT_EQ(HtmlHow(""), "");
}

TEST(HtmlPartsTest, PathsBelowHome) {
  EXPECT_EQ(HtmlPlace("/home/ann/x", 3, "/home/ann/"), "<code>~/x:3</code>");
  EXPECT_EQ(HtmlPlace("/home/anna/x", 0, "/home/ann"),
            "<code>/home/anna/x</code>");
  EXPECT_EQ(HtmlPath("/home/ann", "/home/ann"), "<code>~</code>");
}

TEST(HtmlPartsTest, Anchors) {
  EXPECT_EQ(HtmlAnchor("kt-8d1f0c2e9b7a4c55"), "kt-8d1f0c2e9b7a4c55");
  EXPECT_EQ(HtmlAnchor("kt-8d1f0c2e9b7a4c5"), "");
  EXPECT_EQ(HtmlAnchor("kt-8D1f0c2e9b7a4c55"), "");
  EXPECT_EQ(HtmlAnchor("kt-8d1f0c2e9b7a4c5\""), "");
}

}  // namespace
}  // namespace keytidy::report
