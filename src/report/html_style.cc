// SPDX-License-Identifier: Apache-2.0
#include "report/html_style.h"

#include <cstdint>

#include "base/digest.h"

namespace keytidy::report {
namespace {

constexpr std::string_view kStyle = R"CSS(
:root {
  color-scheme: light dark;
  --page: #ffffff; --soft: #f4f6f8; --line: #d5dae1;
  --text: #1a1f27; --dim: #56606e; --link: #0b559f;
  --critical: #a10f3c; --high: #a8330a; --medium: #7a5200; --low: #2a5a8c;
  --good: #1d6b45; --sure: #3b7a99; --late: #b23a12;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --soft: #1b2129; --line: #36404c;
    --text: #e7eaef; --dim: #a5afbc; --link: #8fbdf5;
    --critical: #ff93aa; --high: #ffa581; --medium: #efc369; --low: #9fc6ec;
    --good: #82d3a8; --sure: #5f9fc0; --late: #f08058;
  }
}
* { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
    "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.page { max-width: 72rem; margin: 0 auto; padding: 0 2rem; }
.skip { position: absolute; left: -100vw; top: 0; padding: .75rem 1.25rem;
  background: var(--page); color: var(--link); z-index: 1; }
.skip:focus { left: 0; }
main:focus { outline: none; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px;
  border-radius: 2px; }
h1, h2, h3, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }
h1 { font-size: 2.125rem; line-height: 1.2; font-weight: 650;
  letter-spacing: -.015em; text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.3; font-weight: 650;
  letter-spacing: -.01em; margin-bottom: 1rem; }
h3 { font-size: 1.0625rem; line-height: 1.5; font-weight: 600; }
code, .key { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo,
  Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
code { font-size: .875em; unicode-bidi: isolate; }
header { padding-top: 3.5rem; }
.made { color: var(--dim); margin-top: .5rem; }
.outcome { margin-top: 1.75rem; padding: .875rem 1.25rem;
  background: var(--soft); border-left: 4px solid var(--dim);
  border-radius: 0 6px 6px 0; }
.outcome.clean { border-color: var(--good); }
.outcome.incomplete, .outcome.secret { border-color: var(--critical); }
.outcome b { margin-right: .25rem; }
.outcome.clean b { color: var(--good); }
.outcome.incomplete b, .outcome.secret b { color: var(--critical); }
.outcome + .outcome { margin-top: .75rem; }
.numbers { list-style: none; display: grid; margin-top: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.numbers li { padding: 1rem 1.25rem; margin: 0 -1px -1px 0;
  border: solid var(--line); border-width: 0 1px 1px 0;
  color: var(--dim); font-size: .9375rem; line-height: 1.4; }
.numbers b { display: block; font-size: 1.875rem; line-height: 1.25;
  font-weight: 600; color: var(--text); }
nav { margin-top: 1.5rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap;
  gap: .25rem 1.5rem; }
nav a { display: inline-block; padding: .25rem 0; }
section { margin-top: 3.5rem; scroll-margin-top: 1rem; }
section h3 { margin-top: 2rem; }
section > p { max-width: 46rem; margin-bottom: 1rem; }
.sev { display: inline-block; padding: 0 .5em; border: 1px solid;
  border-radius: 1em; font-size: .8125rem; line-height: 1.5; font-weight: 600;
  vertical-align: .08em; white-space: nowrap; }
.critical { color: var(--critical); }
.high { color: var(--high); }
.medium { color: var(--medium); }
.low { color: var(--low); }
.info { color: var(--dim); }
.sev.critical { color: var(--page); background: var(--critical);
  border-color: var(--critical); }
.steps { list-style: none; counter-reset: step; }
.steps > li { counter-increment: step; position: relative;
  padding: 1.25rem 0 1.25rem 3rem; border-top: 1px solid var(--line); }
.steps > li::before { content: counter(step); position: absolute; left: 0;
  top: 1.2rem; width: 2rem; text-align: right; font-size: 1.25rem;
  font-weight: 600; color: var(--dim); line-height: 1.4; }
.steps h3 { margin: 0 0 .25rem; }
.steps .sev { margin-right: .25rem; }
.steps p { max-width: 46rem; margin-top: .5rem; }
.places, .plain { list-style: none; }
.places > li + li, .plain > li + li { margin-top: .375rem; }
.steps .places { color: var(--dim); line-height: 1.5; }
.steps .places > li + li { margin-top: 0; }
pre { margin: .5rem 0; padding: .625rem .875rem; background: var(--soft);
  border: 1px solid var(--line); border-radius: 6px; line-height: 1.5;
  white-space: pre-wrap; user-select: all; -webkit-user-select: all; }
figure { margin-top: 1.5rem; }
.chart { display: block; overflow: hidden; }
.chart text { fill: var(--text); font-size: 13px; stroke: var(--page);
  stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.chart .name, .chart .over .state { font-weight: 600; }
.chart .key { fill: var(--dim); font-size: 12px; }
.chart .tick { fill: var(--dim); font-size: 11.5px; }
.chart .over .state { fill: var(--high); }
.grid { stroke: var(--line); }
.track { fill: var(--soft); }
.sure, .stripe { fill: var(--sure); }
.late { fill: var(--late); }
.end { fill: var(--text); }
.open { stroke: var(--dim); stroke-width: 2; stroke-dasharray: 2 5;
  stroke-linecap: round; }
.limit { stroke: var(--text); stroke-width: 2; }
.legend { list-style: none; display: flex; flex-wrap: wrap;
  gap: .25rem 1.5rem; margin-top: 1rem; font-size: .875rem;
  color: var(--dim); }
.legend svg { vertical-align: -.125em; margin-right: .25rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed;
  font-size: .9375rem; line-height: 1.5; }
th, td { padding: .75rem 1.25rem .75rem 0; text-align: left;
  vertical-align: top; font-weight: inherit; }
tr > :last-child { padding-right: 0; }
thead th { padding-top: 0; overflow-wrap: normal; font-size: .875rem; font-weight: 600;
  color: var(--dim); border-bottom: 2px solid var(--line); }
tbody tr { border-bottom: 1px solid var(--line); }
tbody th { font-weight: 600; }
tr:target { background: var(--soft); }
.keys th:nth-child(1) { width: 24%; }
.keys th:nth-child(2) { width: 10%; }
.keys th:nth-child(3) { width: 32%; }
.keys th:nth-child(4) { width: 18%; }
.violations th:nth-child(1) { width: 16%; }
.violations th:nth-child(2) { width: 22%; }
.violations th:nth-child(5) { width: 14%; }
.group th { padding-top: 1.5rem; }
.small { font-size: .8125rem; line-height: 1.45; font-weight: 400;
  color: var(--dim); margin-top: .125rem; }
td p + p { margin-top: .25rem; }
.small code { font-size: 1em; }
.small b { font-weight: 600; color: var(--text); }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
time { white-space: nowrap; }
details[open] > summary { margin-bottom: .25rem; }
dl > div { display: grid; grid-template-columns: 6rem 1fr; gap: 0 1rem;
  padding: .25rem 0; }
dt { color: var(--dim); }
h3 + p, h3 + ul { margin-top: .25rem; }
section h3 ~ details { margin-top: .25rem; }
.plain { font-size: .9375rem; }
footer { margin: 4rem 0 3rem; padding-top: 1.25rem; font-size: .875rem;
  border-top: 1px solid var(--line); color: var(--dim); }
@media screen and (max-width: 48rem) {
  .page { padding: 0 1rem; }
  header { padding-top: 2rem; }
  h1 { font-size: 1.75rem; }
  section { margin-top: 2.75rem; }
  .steps > li { padding-left: 2.25rem; }
  .steps > li::before { width: 1.25rem; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  .numbers li { padding: .75rem 1rem; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  .keys th:nth-child(n), .violations th:nth-child(n) { width: auto; }
  th, td { padding: .25rem 0; }
  tbody tr { padding: 1rem 0; }
  tbody [data-label]::before { content: attr(data-label); display: block;
    font-size: .8125rem; font-weight: 400; color: var(--dim); }
  tbody th[data-label]::before { content: none; }
}
@media print {
  :root { color-scheme: light; }
  html { font-size: 78%; }
  @page { margin: 16mm 14mm; }
  .page { max-width: none; padding: 0; }
  .skip, nav { display: none; }
  header { padding-top: 0; }
  section { margin-top: 1.75rem; }
  h2, h3, .group { break-after: avoid; }
  tr, .steps > li, .numbers, figcaption { break-inside: avoid; }
  .keys tr { break-inside: auto; }
  thead { display: table-header-group; }
  details::details-content { content-visibility: visible; display: block; }
  .chart, .sev.critical, .outcome { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
}
@media (forced-colors: active) {
  .chart { forced-color-adjust: none; background: var(--page); }
}
)CSS";

std::string Base64(const Sha256Digest& digest) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < digest.size(); i += 3) {
    std::uint32_t bits = 0;
    std::size_t size = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const bool there = i + k < digest.size();
      bits = (bits << 8) | (there ? digest[i + k] : 0U);
      size += there ? 1 : 0;
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= size ? kDigits[(bits >> (18 - 6 * k)) & 63U] : '=';
    }
  }
  return out;
}

}  // namespace

std::string_view HtmlStyle() { return kStyle; }

std::string HtmlStyleSource() {
  return "'sha256-" + Base64(Sha256(kStyle)) + "'";
}

}  // namespace keytidy::report
