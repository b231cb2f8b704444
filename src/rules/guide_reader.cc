// SPDX-License-Identifier: Apache-2.0
#include "rules/guide_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/text_template.h"

namespace keytidy::rules {
namespace {

using config::TableReader;

constexpr std::string_view kNames[] = {"since", "name", "key_id"};

std::vector<std::string> Needed(TableReader* table, std::string_view key) {
  std::vector<std::string> out = table->Strings(key);
  if (out.empty()) {
    table->Error(key, fmt::format("'{}' must hold at least one text", key));
  }
  return out;
}

LogFilter ReadLog(const config::Node& node, config::Errors* errors) {
  TableReader table(node, "log", errors);
  LogFilter out;
  out.log = table.RequiredString("log");
  out.filter = table.RequiredString("filter");
  out.shows = table.RequiredString("shows");
  const auto names = TemplateNames(out.filter);
  if (!names) table.Error("filter", names.error().message);
  for (const std::string& name : names.value_or(std::vector<std::string>())) {
    if (std::find(std::begin(kNames), std::end(kNames), name) !=
        std::end(kNames)) {
      continue;
    }
    table.Error("filter", fmt::format("there is no %{{{}}}; a filter may hold "
                                      "%{{since}}, %{{name}}, %{{key_id}}",
                                      name));
  }
  table.Finish();
  return out;
}

}  // namespace

RotationGuide ReadGuide(const config::Node& node, config::Errors* errors) {
  TableReader table(node, "guide", errors);
  RotationGuide out;
  out.rules = Needed(&table, "rules");
  out.sources = Needed(&table, "sources");
  out.create = Needed(&table, "create");
  out.revoke = Needed(&table, "revoke");
  out.review = table.Strings("review");
  for (const config::Node* log : table.Tables("log")) {
    out.logs.push_back(ReadLog(*log, errors));
  }
  table.Finish();
  return out;
}

}  // namespace keytidy::rules
