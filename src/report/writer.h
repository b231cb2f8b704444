// SPDX-License-Identifier: Apache-2.0
//
// A Report as text, in each of the forms of the contract. Every writer is a
// pure function of its arguments: same report, same bytes. None prints a key,
// except where Finding::shown is set (--show-secrets). Machine formats are
// valid UTF-8 whatever the paths hold, and end with a newline.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/report.h"

namespace keytidy::report {

enum class Format {
  kHuman,
  kJson,
  kJsonLines,
  kSarif,
  kJunit,
  kGitlab,
  kCsv,
  kMarkdown
};

std::optional<Format> ParseFormat(std::string_view name);
// The names that ParseFormat takes, in the order of the contract.
const std::vector<std::string_view>& FormatNames();

struct Style {
  bool color = false;  // human only
  bool quiet = false;  // human only: findings, but no closing summary
  // Human only, of an audit: after what to do first, every violation and
  // finding.
  bool all = false;
  // Human only: paths below this folder are shown with `~`; "" for none.
  std::string home;
};

std::string Write(const Report& report, Format format, const Style& style);

// One file each.
std::string WriteHuman(const Report& report, const Style& style);
std::string WriteJson(const Report& report);
std::string WriteJsonLines(const Report& report);
std::string WriteSarif(const Report& report);
std::string WriteJunit(const Report& report);
std::string WriteGitlab(const Report& report);
std::string WriteCsv(const Report& report);
std::string WriteMarkdown(const Report& report);

}  // namespace keytidy::report
