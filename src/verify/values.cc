// SPDX-License-Identifier: Apache-2.0
#include "verify/values.h"

#include <fmt/format.h>

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
    return Escaped(value.text.Reveal(), escape);
  });
  if (!missing.empty()) return Fail(ErrorCode::kNotFound, "{}", missing);
  return out;
}

std::string Values::Mask(std::string text) const {
  for (const auto& [name, value] : values_) {
    if (!value.secret) continue;
    for (const Escape escape :
         {Escape::kNone, Escape::kUrl, Escape::kJson, Escape::kForm}) {
      ReplaceAll(&text, Escaped(value.text.Reveal(), escape), value.shown);
    }
  }
  return text;
}

}  // namespace keytidy::verify
