// SPDX-License-Identifier: Apache-2.0
//
// The timeline: the oldest first, and those of unknown age in words.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "report/html_age.h"
#include "report/html_chart.h"
#include "report/html_parts.h"
#include "report/html_sections.h"

namespace keytidy::report {
namespace {

constexpr std::size_t kMaxBars = 60;
constexpr std::size_t kMaxUnknown = 60;

bool OlderFirst(const Finding* a, const Finding* b) {
  const auto low = [](const Finding* one) {
    return one->age.at_least_days.value_or(0);
  };
  if (low(a) != low(b)) return low(a) > low(b);
  constexpr std::int64_t kOpen = INT64_MAX;
  return a->age.at_most_days.value_or(kOpen) >
         b->age.at_most_days.value_or(kOpen);
}

// "2 are over their limit".
std::string Are(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", WithThousands(n), n == 1 ? one : many);
}

std::string Summary(const std::vector<const Finding*>& known,
                    const HtmlOptions& options) {
  std::array<std::size_t, 5> counts = {};
  for (const Finding* key : known) {
    ++counts[static_cast<std::size_t>(AgeStateOf(*key, options))];
  }
  std::string list;
  const auto add = [&](AgeState state, std::string_view one,
                       std::string_view many) {
    const std::size_t n = counts[static_cast<std::size_t>(state)];
    if (n == 0) return;
    list += (list.empty() ? "" : ", ") + Are(n, one, many);
  };
  add(AgeState::kOver, "is over its limit", "are over their limits");
  add(AgeState::kMaybeOver, "may be over its limit",
      "may be over their limits");
  add(AgeState::kWithin, "is within its limit", "are within their limits");
  add(AgeState::kNoLimit, "has no limit", "have no limit");
  return fmt::format("{} {} a known age: {}.", Count(known.size(), "key"),
                     known.size() == 1 ? "has" : "have", list);
}

std::string Legend() {
  constexpr std::pair<std::string_view, std::string_view> kItems[] = {
      {R"(rect class="sure")", "certainly this old"},
      {R"(rect class="late")", "certainly beyond the limit"},
      {R"H(rect class="maybe" fill="url(#maybe)")H", "perhaps this old"},
      {R"(line class="open" x2="28" y1="7" y2="7")",
       "nobody knows how much older"},
      {R"(line class="limit" x1="14" x2="14" y2="14")", "limit of the key"},
      {R"(line class="limit" stroke-dasharray="3 3" x1="14" x2="14" y2="14")",
       "due for replacement"}};
  std::string out = "<ul class=\"legend\">\n";
  for (const auto& [shape, text] : kItems) {
    const bool bar = shape.starts_with("rect");
    out += fmt::format(
        "<li><svg width=\"28\" height=\"14\" aria-hidden=\"true\"><{}{}/>"
        "</svg> {}</li>\n",
        shape, bar ? " width=\"28\" height=\"12\" y=\"1\"" : "", text);
  }
  return out + "</ul>\n";
}

std::string Unknown(const std::vector<const Finding*>& keys) {
  if (keys.empty()) return {};
  std::string out = fmt::format(
      "<h3>Of unknown age</h3>\n<p>Nothing tells how old {} {}. Look up when "
      "{} made at {} provider{}, and replace what is in doubt.</p>\n"
      "<ul class=\"plain\">\n",
      Count(keys.size(), "key"), keys.size() == 1 ? "is" : "are",
      keys.size() == 1 ? "it was" : "they were",
      keys.size() == 1 ? "its" : "their", keys.size() == 1 ? "" : "s");
  const std::size_t listed = std::min(keys.size(), kMaxUnknown);
  for (std::size_t i = 0; i < listed; ++i) {
    out += fmt::format("<li>{} {}</li>\n",
                       HtmlShort(keys[i]->rule->title, kMaxHtmlName),
                       HtmlCode(SeenKey(*keys[i])));
  }
  if (listed < keys.size()) {
    out += fmt::format("<li>and {}</li>\n",
                       Count(keys.size() - listed, "more key"));
  }
  return out + "</ul>\n";
}

std::string Figure(std::vector<const Finding*> known,
                   const HtmlOptions& options) {
  if (known.empty()) return {};
  std::stable_sort(known.begin(), known.end(), OlderFirst);
  std::string out = "<p id=\"ages-summary\">" + Summary(known, options) +
                    " Every age is in the table of keys, with the evidence."
                    "</p>\n<figure>\n";
  const std::size_t more =
      known.size() > kMaxBars ? known.size() - kMaxBars : 0;
  known.resize(known.size() - more);
  out += AgeChart(known, "Ages of keys against their limits, the oldest first",
                  "ages-summary", options);
  out += "<figcaption>";
  if (more > 0) {
    out += fmt::format("<p>The oldest {} are shown.</p>\n", known.size());
  }
  return out + Legend() + "</figcaption>\n</figure>\n";
}

}  // namespace

std::string HtmlAges(const Report& report, const HtmlOptions& options) {
  std::vector<const Finding*> known;
  std::vector<const Finding*> unknown;
  for (const Finding* key : KeysBySeverity(report)) {
    const bool has_age = AgeStateOf(*key, options) != AgeState::kUnknown;
    (has_age ? known : unknown).push_back(key);
  }
  if (known.empty() && unknown.empty()) return {};
  return "<section id=\"ages\" aria-labelledby=\"ages-title\">\n"
         "<h2 id=\"ages-title\">How old the keys are</h2>\n" +
         Figure(known, options) + Unknown(unknown) + "</section>\n";
}

}  // namespace keytidy::report
