// SPDX-License-Identifier: Apache-2.0
#include "report/html_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"
#include "report/html_age.h"
#include "report/html_parts.h"

namespace keytidy::report {
namespace {

constexpr int kTop = 26;  // of the first row; the axis is above
constexpr int kRow = 64;
constexpr int kBarTop = 22;  // within a row
constexpr int kBar = 12;
constexpr std::int64_t kLongest = 7300;  // days; older bars end here
constexpr std::int64_t kMaxSteps = 5;
constexpr std::size_t kNameWidth = 60;
constexpr std::size_t kKeyWidth = 40;

std::int64_t Bounded(std::int64_t days) {
  return std::clamp<std::int64_t>(days, 0, kLongest);
}

// Where the bar of a key begins to be uncertain, and where it ends.
struct Bar {
  std::int64_t sure = 0;
  std::int64_t maybe = 0;
  bool open = false;  // nobody knows where it ends
};

Bar BarOf(const Age& age) {
  Bar bar;
  bar.sure = Bounded(age.at_least_days.value_or(0));
  bar.maybe = std::max(bar.sure, Bounded(age.at_most_days.value_or(0)));
  bar.open = !age.at_most_days;
  return bar;
}

struct Scale {
  std::int64_t step = 0;
  std::int64_t days = 0;  // at the right edge
  double At(std::int64_t at) const {
    return 100.0 * static_cast<double>(std::min(at, days)) /
           static_cast<double>(days);
  }
};

Scale ScaleOf(const std::vector<const Finding*>& keys,
              const HtmlOptions& options) {
  constexpr std::array<std::int64_t, 8> kSteps = {10,  30,  60,   90,
                                                  180, 365, 1000, 2000};
  std::int64_t most = 1;
  for (const Finding* key : keys) {
    const AgeLimits limits = LimitsOf(*key, options);
    most = std::max({most, BarOf(key->age).maybe + 1,
                     Bounded(limits.fail_days.value_or(0)) + 1,
                     Bounded(limits.warn_days.value_or(0)) + 1});
  }
  const auto* step = std::find_if(
      kSteps.begin(), kSteps.end() - 1,
      [&](std::int64_t one) { return (most + one - 1) / one <= kMaxSteps; });
  return {*step, (most + *step - 1) / *step * *step};
}

// Texts at the edges stay inside.
std::string_view AnchorAt(double percent) {
  if (percent < 8) return "start";
  return percent > 92 ? "end" : "middle";
}

std::string Axis(const Scale& scale, std::size_t rows) {
  std::string out;
  const std::size_t bottom = kTop + rows * kRow;
  for (std::int64_t at = 0; at <= scale.days; at += scale.step) {
    const double x = scale.At(at);
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"18\" "
        "y2=\"{1}\"/><text class=\"tick\" x=\"{0:.2f}%\" y=\"12\" "
        "text-anchor=\"{2}\">{3}{4}</text>\n",
        x, bottom, AnchorAt(x), WithThousands(static_cast<std::uint64_t>(at)),
        at == scale.days ? " days" : "");
  }
  return out;
}

std::string Rect(std::string_view look, double from, double to, int y) {
  if (to <= from) return {};
  return fmt::format(
      "<rect {} x=\"{:.2f}%\" y=\"{}\" width=\"{:.2f}%\" height=\"{}\"/>", look,
      from, y, to - from, kBar);
}

std::string Bars(const Scale& scale, const Bar& bar,
                 std::optional<std::int64_t> limit, int y) {
  const double sure = scale.At(bar.sure);
  const double split = limit && *limit < bar.sure ? scale.At(*limit) : sure;
  std::string out = Rect("class=\"track\"", 0, 100, y);
  out += Rect("class=\"sure\"", 0, split, y);
  out += Rect("class=\"late\"", split, sure, y);
  out += Rect("class=\"maybe\" fill=\"url(#maybe)\"", sure, scale.At(bar.maybe),
              y);
  // An end that is seen where the bar is too short to be.
  out += fmt::format(
      "<rect class=\"end\" x=\"{:.2f}%\" y=\"{}\" width=\"3\" height=\"{}\" "
      "transform=\"translate({} 0)\"/>",
      sure, y - 2, kBar + 4, sure > 99 ? -3 : 0);
  if (bar.open && sure < 100) {
    out += fmt::format(
        "<line class=\"open\" x1=\"{:.2f}%\" x2=\"100%\" y1=\"{}\" "
        "y2=\"{}\"/>",
        sure, y + kBar / 2, y + kBar / 2);
  }
  return out;
}

std::string Row(const Scale& scale, const Finding& key,
                const HtmlOptions& options, int top) {
  const AgeLimits limits = LimitsOf(key, options);
  const auto limit = limits.fail_days;
  const bool due = limits.warn_days && limits.warn_days != limit;
  const AgeState known = AgeStateOf(key, options);
  const std::string state =
      fmt::format("{}: {}", Name(known), DaysText(key.age));
  std::string out = fmt::format(
      "<g class=\"{}\"><title>{} {}, {}{}{}</title>",
      known == AgeState::kOver ? "row over" : "row",
      HtmlShort(key.rule->title, kNameWidth),
      HtmlShort(SeenKey(key), kKeyWidth), state,
      due ? fmt::format(", due after {} days", *limits.warn_days) : "",
      limit ? fmt::format(", limit {} days", *limit) : "");
  // An inner picture cuts off what is too wide.
  out += fmt::format(
      "<svg x=\"0\" y=\"{}\" width=\"48%\" height=\"20\"><text y=\"14\">"
      "<tspan class=\"name\">{}</tspan> <tspan class=\"key\">{}</tspan></text>"
      "</svg><text class=\"state\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{}"
      "</text>",
      top, HtmlShort(key.rule->title, kNameWidth),
      HtmlShort(SeenKey(key), kKeyWidth), top + 14, state);
  out += Bars(scale, BarOf(key.age), limit, top + kBarTop);
  if (due) {
    out += fmt::format(
        "<line class=\"limit\" stroke-dasharray=\"3 3\" x1=\"{0:.2f}%\" "
        "x2=\"{0:.2f}%\" y1=\"{1}\" y2=\"{2}\"/>",
        scale.At(*limits.warn_days), top + kBarTop - 4,
        top + kBarTop + kBar + 4);
  }
  if (limit) {
    const double x = scale.At(*limit);
    out += fmt::format(
        "<line class=\"limit\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"{1}\" "
        "y2=\"{2}\"/><text class=\"tick\" x=\"{0:.2f}%\" y=\"{3}\" "
        "text-anchor=\"{4}\">limit {5}</text>",
        x, top + kBarTop - 4, top + kBarTop + kBar + 4,
        top + kBarTop + kBar + 15, AnchorAt(x), *limit);
  }
  return out + "</g>\n";
}

}  // namespace

std::string AgeChart(const std::vector<const Finding*>& keys,
                     std::string_view label, std::string_view described_by,
                     const HtmlOptions& options) {
  const Scale scale = ScaleOf(keys, options);
  const std::size_t height = kTop + keys.size() * kRow;
  std::string out = fmt::format(
      "<svg class=\"chart\" role=\"img\" width=\"100%\" height=\"{}\" "
      "aria-label=\"{}\" aria-describedby=\"{}\">\n"
      "<defs><pattern id=\"maybe\" width=\"6\" height=\"6\" "
      "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
      "<rect class=\"stripe\" width=\"3\" height=\"6\"/></pattern></defs>\n",
      height, HtmlText(label), HtmlText(described_by));
  out += Axis(scale, keys.size());
  int top = kTop;
  for (const Finding* key : keys) {
    out += Row(scale, *key, options, top);
    top += kRow;
  }
  return out + "</svg>\n";
}

}  // namespace keytidy::report
