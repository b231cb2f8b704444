// SPDX-License-Identifier: Apache-2.0
#include "verify/answer_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "verify/values.h"

namespace keytidy::verify {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxText = 256;  // of a value that is reported
constexpr std::size_t kMaxScopes = 100;
constexpr std::size_t kMaxRows = 10'000;

// Brackets that are open at most at a time, outside strings.
std::size_t Depth(std::string_view text) {
  std::size_t depth = 0, most = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      most = std::max(most, ++depth);
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return most;
}

// A whole-text glob in which `*` is the only special character.
bool Matches(std::string_view glob, std::string_view text) {
  const std::size_t star = glob.find('*');
  if (star == std::string_view::npos) return glob == text;
  if (!text.starts_with(glob.substr(0, star))) return false;
  text.remove_prefix(star);
  glob.remove_prefix(star + 1);
  for (std::size_t next = glob.find('*'); next != std::string_view::npos;
       next = glob.find('*')) {
    const std::size_t at = text.find(glob.substr(0, next));
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + next);
    glob.remove_prefix(next + 1);
  }
  return text.ends_with(glob);
}

const Json* Find(const Json& root, const std::string& pointer) {
  try {
    const Json::json_pointer at(pointer);
    return root.contains(at) ? &root.at(at) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;  // no pointer, or none into this value
  }
}

bool IsEmpty(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_null() ||
         ((value.is_array() || value.is_object()) && value.empty());
}

std::optional<std::string> ScalarText(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

bool Is(const Json* value, std::string_view what) {
  if (what == "@absent") return value == nullptr || IsEmpty(*value);
  if (value == nullptr) return false;
  if (what == "@any") return !value->is_null();
  if (what == "@string") return value->is_string() && !IsEmpty(*value);
  if (what == "@number") return value->is_number();
  if (what == "@bool") return value->is_boolean();
  if (what == "@array") return value->is_array();
  if (what == "@object") return value->is_object();
  if (what == "@null") return value->is_null();
  const auto text = ScalarText(*value);
  return text && Matches(what, *text);
}

bool HoldsKey(std::string_view text, const Secret& secret) {
  if (secret.size() == 0) return false;
  bool out = false;
  for (std::string& form : FormsOf(secret.Reveal())) {
    out = out || text.find(form) != std::string_view::npos;
    Wipe(&form);
  }
  return out;
}

// What a report may hold: a short text of a line without the key.
std::string Clean(std::string text, const Secret& secret) {
  if (HoldsKey(text, secret)) return {};
  std::string out;
  for (const char c : ToValidUtf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  if (out.size() > kMaxText) {
    std::size_t end = kMaxText - 3;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) {
      --end;
    }
    out.resize(end);
  }
  return HoldsKey(out, secret) ? std::string() : out;
}

void AddScope(std::string text, const Secret& secret,
              std::vector<std::string>* out) {
  text = Clean(std::move(text), secret);
  if (!text.empty() && out->size() < kMaxScopes) out->push_back(text);
}

}  // namespace

struct AnswerReader::Body {
  Json json;
  bool is_json = false;

  const Json* At(const std::string& pointer) const {
    return is_json ? Find(json, pointer) : nullptr;
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
  if (Depth(answer.body) > kMaxDepth) return;
  body_->json = Json::parse(answer.body, nullptr, false);
  body_->is_json = !body_->json.is_discarded();
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
                              Matches(pattern, header.second);
                     })) {
      return false;
    }
  }
  for (const auto& [pointer, what] : condition.json) {
    const auto filled = fill(pointer);
    if (!filled || !body_->is_json || !Is(body_->At(*filled), what)) {
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

  const Json* list = nullptr;
  if (fields.scopes.starts_with("row:")) {
    const Json* row =
        fields.row ? body_->Row(*fields.row, secret, fill) : nullptr;
    if (row != nullptr) list = Find(*row, fields.scopes.substr(4));
  } else if (fields.scopes.starts_with('/')) {
    list = body_->At(fields.scopes);
  }
  if (list != nullptr && list->is_array()) {
    for (const Json& item : *list) {
      AddScope(ScalarText(item).value_or(""), secret, &out.scopes);
    }
    return out;
  }
  std::string all = text(fields.scopes) + " ";
  std::string one;
  for (const char c : all) {
    if (c == ' ' || c == ',') {
      AddScope(std::move(one), secret, &out.scopes);
      one.clear();
    } else {
      one += c;
    }
  }
  return out;
}

}  // namespace keytidy::verify
