// SPDX-License-Identifier: Apache-2.0
#include "verify/answer_json.h"

#include <algorithm>

#include "base/text.h"
#include "verify/values.h"

namespace keytidy::verify {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxText = 256;  // of a value that is reported
constexpr std::size_t kMaxScopes = 100;

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

bool IsEmpty(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_null() ||
         ((value.is_array() || value.is_object()) && value.empty());
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

void AddScope(std::string text, const Secret& secret,
              std::vector<std::string>* out) {
  text = Clean(std::move(text), secret);
  if (!text.empty() && out->size() < kMaxScopes) out->push_back(text);
}

}  // namespace

std::optional<Json> ParseAnswer(std::string_view text) {
  if (Depth(text) > kMaxDepth) return std::nullopt;
  Json out = Json::parse(text, nullptr, false);
  if (out.is_discarded()) return std::nullopt;
  return out;
}

bool FitsGlob(std::string_view glob, std::string_view text) {
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
  return text && FitsGlob(what, *text);
}

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

std::vector<std::string> Scopes(const Json* value, const Secret& secret) {
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (value->is_array()) {
    for (const Json& item : *value) {
      AddScope(ScalarText(item).value_or(""), secret, &out);
    }
    return out;
  }
  const std::string text = Clean(ScalarText(*value).value_or(""), secret) + " ";
  std::string one;
  for (const char c : text) {
    if (c == ' ' || c == ',') {
      AddScope(std::move(one), secret, &out);
      one.clear();
    } else {
      one += c;
    }
  }
  return out;
}

}  // namespace keytidy::verify
