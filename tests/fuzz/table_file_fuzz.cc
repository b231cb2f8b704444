// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a provider's export: refused with a message that can be shown,
// or rows in which no key stands, that are the same when they are read again.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "check.h"
#include "import/cell_values.h"
#include "import/import_report.h"
#include "import/table_file.h"

namespace {

using keytidy::Check;
using keytidy::imports::ProviderRow;
using keytidy::imports::TableOptions;
using keytidy::imports::TableRows;

// What counts as a key here.
constexpr std::string_view kKey = "fuzz-key-fuzz-key-fuzz-key";

TableOptions Options(std::string provider) {
  TableOptions out;
  out.provider = std::move(provider);
  out.provider_named = [](std::string_view name) {
    return keytidy::imports::Folded(name) == "acme" ? std::string("acme")
                                                    : std::string();
  };
  out.keys.is_key = [](std::string_view text) { return text == kKey; };
  out.keys.holds_key = [](std::string_view text) {
    return text.find(kKey) != text.npos;
  };
  out.keys.fingerprint = [](std::string_view) { return std::string("fp"); };
  return out;
}

void CheckText(std::string_view shown, const std::string& text) {
  Check(shown.find(kKey) == shown.npos, "no key is kept", text);
  Check(keytidy::ToValidUtf8(shown) == shown, "what is kept is UTF-8", text);
  Check(shown.size() <= 256, "what is kept is short", text);
  Check(shown.find_first_of("\r\n\t") == shown.npos, "it is one line", text);
}

void CheckRow(const ProviderRow& row, const std::string& text) {
  Check(row.number > 0, "a row has a line", text);
  Check(row.provider == "acme" || row.provider == "other",
        "a row has a provider", text);
  for (const auto& hint : row.hints) {
    Check(!hint.text.empty() &&
              hint.text.size() <= keytidy::imports::kLongestHint,
          "a hint is short", text);
    CheckText(hint.text, text);
  }
  CheckText(row.facts.key_id, text);
  CheckText(row.facts.name, text);
  CheckText(row.facts.owner, text);
  CheckText(row.facts.account, text);
  Check(row.facts.scopes.size() <= 100, "there are few scopes", text);
  for (const std::string& scope : row.facts.scopes) CheckText(scope, text);
  for (const auto& at :
       {row.facts.created, row.facts.expires, row.facts.last_used}) {
    Check(!at || (*at > -62'200'000'000 && *at < 253'500'000'000),
          "a time has four digits of a year", text);
  }
  Check(!(row.never_expires && row.facts.expires), "it expires or not", text);
}

void CheckTable(const TableRows& table, const std::string& text) {
  for (const ProviderRow& row : table.rows) CheckRow(row, text);
  keytidy::imports::ImportReport report;
  report.source = "fuzz";
  report.unit = "line";
  report.rows = table.rows;
  report.matches.resize(table.rows.size());
  report.problems = table.problems;
  for (const std::string& shown : {keytidy::imports::ReportText(report),
                                   keytidy::imports::ReportJson(report)}) {
    Check(shown.find(kKey) == shown.npos, "no key is shown", text);
    Check(keytidy::IsShowable(shown), "the report can be shown", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  for (const std::string provider : {"acme", "other", ""}) {
    const auto table = ReadTable(text, Options(provider));
    if (!table) {
      Check(keytidy::IsShowable(table.error().message),
            "the message can be shown", text);
      Check(table.error().message.find(kKey) == std::string::npos,
            "no message has a key", text);
      continue;
    }
    CheckTable(*table, text);
    const auto again = ReadTable(text, Options(provider));
    Check(again && again->rows == table->rows &&
              again->problems == table->problems,
          "the same twice", text);
  }
  const auto shown =
      keytidy::imports::ShownIn(text, keytidy::imports::Side::kEither);
  for (const auto& hint : shown.hints) {
    Check(text.find(hint.text) != text.npos, "a hint is of the text", text);
  }
  return 0;
}
