// SPDX-License-Identifier: Apache-2.0
#include "verify/row_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/time.h"
#include "verify/answer_json.h"
#include "verify/judge.h"

namespace keytidy::verify {
namespace {

constexpr std::size_t kMaxRows = 10'000;  // of one page
constexpr std::size_t kLongestWhole = 128;

// The places of a listing, with the user's parameters put in. One that is not
// needed and whose parameter is missing is empty.
struct Places {
  std::string rows;
  std::string hint;
  MetadataFields fields;
  std::string state;
  NamedTexts never;
};

std::string Filled(const std::string& place, const Values& values) {
  return values.Fill(place, Escape::kNone, false).value_or("");
}

Result<Places> FillPlaces(const Listing& list, const Values& values) {
  Places out;
  for (const auto& [from, to] :
       {std::pair(&list.rows, &out.rows), std::pair(&list.hint, &out.hint)}) {
    auto filled = values.Fill(*from, Escape::kNone, false);
    if (!filled) return Fail(filled.error());
    *to = *std::move(filled);
  }
  const MetadataFields& from = list.fields;
  MetadataFields& to = out.fields;
  to.key_id = Filled(from.key_id, values);
  to.name = Filled(from.name, values);
  to.owner = Filled(from.owner, values);
  to.account = Filled(from.account, values);
  to.scopes = Filled(from.scopes, values);
  to.created = Filled(from.created, values);
  to.expires = Filled(from.expires, values);
  to.last_used = Filled(from.last_used, values);
  out.state = Filled(list.state, values);
  out.never = list.never;
  return out;
}

// Never more of a key than the listing says.
std::string HintIn(std::string text, const Listing& list) {
  if (list.first > 0 && text.size() > list.first) text.resize(list.first);
  if (list.last > 0 && text.size() > list.last) {
    text.erase(0, text.size() - list.last);
  }
  const std::size_t wanted = std::max(list.first, list.last);
  if (text.size() < wanted || text.size() > kLongestWhole) return {};
  return text;
}

ListedKey ReadRow(const Json& row, const Places& places, const Listing& list) {
  static const Secret none{std::string_view()};
  const auto at = [&](const std::string& place) {
    return place.empty() ? nullptr : Find(row, place);
  };
  const auto text = [&](const std::string& place) {
    const Json* value = at(place);
    if (value == nullptr) return std::string();
    return Clean(ScalarText(*value).value_or(""), none);
  };
  const auto time = [&](const std::string& place) {
    const Json* value = at(place);
    // Also with a fraction.
    if (value != nullptr && value->is_number_float()) {
      const double seconds = value->get<double>();
      if (!(seconds > 0 && seconds < 1e12)) return ParseTime("");
      return std::optional(static_cast<std::int64_t>(seconds));
    }
    return ParseTime(text(place));
  };
  ListedKey out;
  if (const Json* value = at(places.hint)) {
    out.hint = HintIn(ScalarText(*value).value_or(""), list);
  }
  const MetadataFields& fields = places.fields;
  out.facts.key_id = text(fields.key_id);
  out.facts.name = text(fields.name);
  out.facts.owner = text(fields.owner);
  out.facts.account = text(fields.account);
  out.facts.scopes = Scopes(at(fields.scopes), none);
  out.facts.created = time(fields.created);
  out.facts.expires = time(fields.expires);
  out.facts.last_used = time(fields.last_used);
  out.state = text(places.state);
  out.never_expires = !places.never.empty() &&
                      std::all_of(places.never.begin(), places.never.end(),
                                  [&](const auto& one) {
                                    return Is(Find(row, one.first), one.second);
                                  });
  return out;
}

}  // namespace

Status CheckListing(const Listing& list, const Values& values) {
  const auto places = FillPlaces(list, values);
  return places ? Status() : Status(Fail(places.error()));
}

Result<ListedPage> ReadRows(const Listing& list, const HttpAnswer& answer,
                            const Values& values) {
  const auto places = FillPlaces(list, values);
  if (!places) return Fail(places.error());
  const auto body = ParseAnswer(answer.body);
  const Json* rows = body ? Find(*body, places->rows) : nullptr;
  if (rows == nullptr || !rows->is_array()) {
    return Fail(ErrorCode::kDamaged, "the answer holds no list of keys");
  }
  if (rows->size() > kMaxRows) {
    return Fail(ErrorCode::kLimit, "the answer holds more than {} keys",
                kMaxRows);
  }
  ListedPage out;
  out.rows = rows->size();
  for (const Json& row : *rows) {
    if (!row.is_object()) continue;
    ListedKey key = ReadRow(row, *places, list);
    DropSecrets(values, &key.facts);
    if (values.Holds(key.hint)) key.hint.clear();
    if (values.Holds(key.state)) key.state.clear();
    out.keys.push_back(std::move(key));
  }
  return out;
}

}  // namespace keytidy::verify
