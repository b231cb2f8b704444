// SPDX-License-Identifier: Apache-2.0
#include "verify/answer_reader.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "verify/answer_json.h"

namespace keytidy::verify {
namespace {

constexpr std::size_t kMaxRows = 10'000;

}  // namespace

struct AnswerReader::Body {
  std::optional<Json> json;

  const Json* At(const std::string& pointer) const {
    return json ? Find(*json, pointer) : nullptr;
  }

  const Json* Row(const RowSelector& selector, const Secret& secret,
                  const Filler& fill) const {
    const Json* list = At(selector.in);
    if (list == nullptr || !list->is_array()) return nullptr;
    const std::string_view key = secret.Reveal();
    const std::string_view first = key.substr(0, selector.first);
    const std::string_view last = key.substr(
        key.size() - std::min<std::size_t>(selector.last, key.size()));
    const auto wanted = fill(selector.equals);
    const Json* found = nullptr;
    for (std::size_t i = 0; i < std::min(list->size(), kMaxRows); ++i) {
      const Json* field = Find((*list)[i], selector.field);
      const auto text = field != nullptr ? ScalarText(*field) : std::nullopt;
      if (!text) continue;
      const bool same = selector.first > 0  ? *text == first
                        : selector.last > 0 ? text->ends_with(last)
                                            : wanted && *text == *wanted;
      if (!same) continue;
      if (found != nullptr) return nullptr;  // two keys look alike
      found = &(*list)[i];
    }
    return found;
  }
};

AnswerReader::AnswerReader(const HttpAnswer& answer)
    : answer_(answer), body_(std::make_unique<Body>()) {
  body_->json = ParseAnswer(answer.body);
}

AnswerReader::~AnswerReader() = default;

bool AnswerReader::Holds(const Condition& condition, const Filler& fill) const {
  if (std::none_of(condition.status.begin(), condition.status.end(),
                   [&](const Condition::StatusRange& range) {
                     return answer_.status >= range.first &&
                            answer_.status <= range.last;
                   })) {
    return false;
  }
  if (condition.empty_body && !answer_.body.empty()) return false;
  for (const auto& [name, glob] : condition.headers) {
    if (std::none_of(answer_.headers.begin(), answer_.headers.end(),
                     [&, &wanted = name, &pattern = glob](const auto& header) {
                       return header.first == wanted &&
                              FitsGlob(pattern, header.second);
                     })) {
      return false;
    }
  }
  for (const auto& [pointer, what] : condition.json) {
    const auto filled = fill(pointer);
    if (!filled || !body_->json || !Is(body_->At(*filled), what)) {
      return false;
    }
  }
  return std::all_of(condition.text.begin(), condition.text.end(),
                     [&](const std::string& text) {
                       return answer_.body.find(text) != std::string::npos;
                     });
}

std::optional<std::string> AnswerReader::TextAt(
    const std::string& place, const std::optional<RowSelector>& row,
    const Secret& secret, const Filler& fill) const {
  constexpr std::string_view kHeader = "header:";
  constexpr std::string_view kRow = "row:";
  if (place.starts_with(kHeader)) {
    const std::string wanted = Lowercase(place.substr(kHeader.size()));
    for (const auto& [name, value] : answer_.headers) {
      if (name == wanted) return value;
    }
    return std::nullopt;
  }
  const Json* value = nullptr;
  if (place.starts_with(kRow)) {
    const Json* found = row ? body_->Row(*row, secret, fill) : nullptr;
    if (found != nullptr) value = Find(*found, place.substr(kRow.size()));
  } else {
    value = body_->At(place);
  }
  return value != nullptr ? ScalarText(*value) : std::nullopt;
}

KeyFacts AnswerReader::Read(const MetadataFields& fields, const Secret& secret,
                            const Filler& fill) const {
  KeyFacts out;
  const auto text = [&](const std::string& place) {
    if (place.empty()) return std::string();
    return Clean(TextAt(place, fields.row, secret, fill).value_or(""), secret);
  };
  const auto time = [&](const std::string& place) {
    return ParseTime(text(place));
  };
  out.key_id = text(fields.key_id);
  out.name = text(fields.name);
  out.owner = text(fields.owner);
  out.account = text(fields.account);
  out.created = time(fields.created);
  out.expires = time(fields.expires);
  out.last_used = time(fields.last_used);
  if (fields.scopes.empty()) return out;

  if (fields.scopes.starts_with("header:")) {
    const Json header(text(fields.scopes));
    out.scopes = Scopes(&header, secret);
    return out;
  }
  const Json* value = nullptr;
  if (fields.scopes.starts_with("row:")) {
    const Json* row =
        fields.row ? body_->Row(*fields.row, secret, fill) : nullptr;
    if (row != nullptr) value = Find(*row, fields.scopes.substr(4));
  } else {
    value = body_->At(fields.scopes);
  }
  out.scopes = Scopes(value, secret);
  return out;
}

}  // namespace keytidy::verify
