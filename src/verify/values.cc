// SPDX-License-Identifier: Apache-2.0
#include "verify/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "core/text_template.h"

namespace keytidy::verify {
namespace {

std::string PercentEncoded(std::string_view text, bool form) {
  std::string out;
  for (const char c : text) {
    if (IsAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else if (form && c == ' ') {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string JsonEscaped(std::string_view text) {
  std::string out;
  for (const char c : ToValidUtf8(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

void ReplaceAll(std::string* text, std::string_view what,
                std::string_view with) {
  if (what.empty()) return;
  for (std::size_t at = text->find(what); at != std::string::npos;
       at = text->find(what, at + with.size())) {
    text->replace(at, what.size(), with);
  }
}

}  // namespace

std::string Escaped(std::string_view text, Escape escape) {
  switch (escape) {
    case Escape::kUrl:
      return PercentEncoded(text, false);
    case Escape::kForm:
      return PercentEncoded(text, true);
    case Escape::kJson:
      return JsonEscaped(text);
    case Escape::kNone:
      break;
  }
  return std::string(text);
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      word = word << 8 |
             (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j])
                                   : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > bytes.size() ? '=' : kDigits[word >> (18 - 6 * j) & 63];
    }
  }
  return out;
}

std::vector<std::string> FormsOf(std::string_view secret) {
  constexpr std::size_t kLeastForBase64 = 6;
  std::vector<std::string> out;
  for (const Escape escape :
       {Escape::kNone, Escape::kUrl, Escape::kJson, Escape::kForm}) {
    out.push_back(Escaped(secret, escape));
  }
  if (secret.size() < kLeastForBase64) return out;
  // What stands before and after shares a digit at either end.
  for (std::size_t before = 0; before < 3; ++before) {
    std::string bytes(before, ' ');
    bytes += secret;
    const std::size_t first = (before * 8 + 5) / 6;
    const std::size_t end = bytes.size() * 8 / 6;
    std::string encoded = Base64(bytes);
    out.push_back(encoded.substr(first, end - first));
    Wipe(&bytes);
    Wipe(&encoded);
  }
  return out;
}

void Values::Set(std::string name, std::string_view text) {
  values_.insert_or_assign(
      std::move(name), Value{Secret(text), std::string(text), false, false});
}

void Values::SetRaw(std::string name, std::string_view text) {
  values_.insert_or_assign(std::move(name),
                           Value{Secret(text), std::string(text), true, false});
}

void Values::SetSecret(std::string name, std::string_view text,
                       std::string shown) {
  values_.insert_or_assign(std::move(name),
                           Value{Secret(text), std::move(shown), false, true});
}

bool Values::Has(std::string_view name) const {
  return values_.find(name) != values_.end();
}

std::string_view Values::Get(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::string_view() : it->second.text.Reveal();
}

Result<std::string> Values::Fill(std::string_view text, Escape escape,
                                 bool masked) const {
  std::string missing;
  std::string leads_elsewhere;
  std::string out = FillTemplate(text, [&](std::string_view name) {
    const auto it = values_.find(name);
    if (it == values_.end()) {
      missing = name;
      return std::string();
    }
    const Value& value = it->second;
    if (masked && value.secret) return value.shown;
    if (value.raw && escape == Escape::kUrl) {
      return std::string(value.text.Reveal());
    }
    // Nothing would be left of such a part of a path but its neighbours.
    const std::string_view text_of = value.text.Reveal();
    if (escape == Escape::kUrl &&
        (text_of.empty() || text_of == "." || text_of == "..")) {
      leads_elsewhere = name;
    }
    return Escaped(value.text.Reveal(), escape);
  });
  if (!missing.empty()) return Fail(ErrorCode::kNotFound, "{}", missing);
  if (!leads_elsewhere.empty()) {
    return Fail(ErrorCode::kInvalid,
                "what was found as {} would lead the request elsewhere",
                leads_elsewhere);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> Values::Forms() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, value] : values_) {
    if (!value.secret || value.text.size() == 0) continue;
    for (std::string& form : FormsOf(value.text.Reveal())) {
      out.emplace_back(std::move(form), value.shown);
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.first.size() > b.first.size();
  });
  return out;
}

std::string Values::Mask(std::string text) const {
  for (auto& [form, shown] : Forms()) {
    ReplaceAll(&text, form, shown);
    Wipe(&form);
  }
  return text;
}

bool Values::Holds(std::string_view text) const {
  bool out = false;
  for (auto& [form, shown] : Forms()) {
    out = out || text.find(form) != std::string_view::npos;
    Wipe(&form);
  }
  return out;
}

}  // namespace keytidy::verify
