// SPDX-License-Identifier: Apache-2.0
#include "audit/plain_key.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "base/text.h"
#include "clients/address.h"
#include "clients/plain_secret.h"

namespace keytidy::audit {
namespace {

using clients::SlotKind;
using clients::Value;

Span SpanOf(const Value& value, std::string_view secret,
            std::string_view text) {
  if (text.empty()) return {};
  if (value.span.size() > 0 && value.span.end <= text.size()) {
    const std::string_view written =
        text.substr(static_cast<std::size_t>(value.span.start),
                    static_cast<std::size_t>(value.span.size()));
    // Where the value stands as it is, the secret is where it is in the value.
    const auto inside =
        static_cast<std::size_t>(secret.data() - value.text.data());
    const std::size_t value_at = written.find(value.text);
    const std::size_t at = value_at != std::string_view::npos
                               ? value_at + inside
                               : written.find(secret);
    if (at == std::string_view::npos) return value.span;
    return {value.span.start + at, value.span.start + at + secret.size()};
  }
  const std::size_t at = text.find(secret);
  if (at == std::string_view::npos) return {};
  return {at, at + secret.size()};
}

}  // namespace

const Rule& PlainRule() {
  static const Rule rule = [] {
    Rule out;
    out.id = "client-secret";
    out.title = "Secret in a setting";
    out.provider = "unknown";
    out.provider_name = "unknown";
    out.advice =
        "Keep it outside of this file, and have its provider replace it where "
        "others may have read it.";
    out.severity = Severity::kMedium;
    out.confidence = Confidence::kMedium;
    out.guessable = true;
    return out;
  }();
  return rule;
}

std::vector<PlainSecretAt> FindPlainSecrets(const clients::Contents& contents,
                                            std::string_view text) {
  std::vector<PlainSecretAt> out;
  const auto look = [&](const clients::Server* server, const Value& value) {
    if (value.kind == SlotKind::kName) return;
    const auto add = [&](std::string_view secret, bool in_address) {
      if (secret.empty()) return;
      out.push_back(
          {{server, &value}, SpanOf(value, secret, text), secret, in_address});
    };
    if (const auto address = clients::FindAddress(value.text)) {
      for (const std::string_view one : clients::SecretsIn(*address)) {
        add(one, true);
      }
      return;
    }
    add(clients::PlainSecret(value.name, value.text), false);
  };
  for (const Value& value : contents.values) look(nullptr, value);
  for (const clients::Server& server : contents.servers) {
    for (const Value& value : server.values) look(&server, value);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    // A server's own says more than a pointer to the same.
    const bool a_alone = a.slot.server == nullptr;
    const bool b_alone = b.slot.server == nullptr;
    return std::tie(a.span, a.text, a_alone) <
           std::tie(b.span, b.text, b_alone);
  });
  out.erase(std::unique(out.begin(), out.end(),
                        [](const auto& a, const auto& b) {
                          return a.span == b.span && a.text == b.text;
                        }),
            out.end());
  return out;
}

void LineCursor::MoveTo(std::uint64_t offset) {
  const auto end = std::min(static_cast<std::size_t>(offset), text_.size());
  if (end < at_) *this = LineCursor(text_);
  for (; at_ < end; ++at_) {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = character_ = 1;
      continue;
    }
    ++column_;
    // The bytes behind a character's first are none of their own.
    if (at_ + 1 >= text_.size() || BeginsCharacter(text_[at_ + 1])) {
      ++character_;
    }
  }
}

TextRange LineCursor::Range(Span span) {
  TextRange out;
  MoveTo(span.start);
  out.line = line_;
  out.column = column_;
  out.character_column = character_;
  // The end is asked from where the start is, so that the next may begin before
  // it.
  LineCursor end = *this;
  end.MoveTo(span.end);
  out.end_line = end.line_;
  out.end_column = end.column_;
  out.end_character_column = end.character_;
  return out;
}

std::string Comparable(std::string_view text) {
  return DecodePercent(clients::Bare(text));
}

}  // namespace keytidy::audit
