// SPDX-License-Identifier: Apache-2.0
#include "verify/build_request.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/text.h"

namespace keytidy::verify {
namespace {

bool IsOneLine(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F;
  });
}

// Nothing for text that is not base64.
std::optional<std::string> FromBase64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    const std::uint32_t digit =
        IsUpper(c)             ? static_cast<std::uint32_t>(c - 'A')
        : IsLower(c)           ? static_cast<std::uint32_t>(c - 'a') + 26
        : IsDigit(c)           ? static_cast<std::uint32_t>(c - '0') + 52
        : c == '+' || c == '-' ? 62u
        : c == '/' || c == '_' ? 63u
                               : 64u;
    if (digit == 64) return std::nullopt;
    bits = bits << 6 | digit;
    have += 6;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>(bits >> have & 0xFF);
    }
  }
  return out;
}

Result<std::string> HmacOf(const Signature& sign, const Values& values) {
  const auto message = values.Fill(sign.message, Escape::kNone, false);
  if (!message) return message;
  std::string key(values.Get("secret"));
  if (sign.base64_key) {
    auto decoded = FromBase64(key);
    Wipe(&key);
    if (!decoded) {
      return Fail(ErrorCode::kInvalid,
                  "the key is not the base64 it should be");
    }
    key = *std::move(decoded);
  }
  const Sha256Digest digest = HmacSha256(key, *message);
  Wipe(&key);
  if (sign.encoding == Signature::Encoding::kHex) return ToHex(digest);
  return Base64(std::string_view(reinterpret_cast<const char*>(digest.data()),
                                 digest.size()));
}

struct Filled {
  std::string url;
  NamedTexts headers;
  std::string basic;
  std::string body;
  bool has_body = false;
};

bool HasHeader(const NamedTexts& headers, std::string_view wanted) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& one) {
    return Lowercase(one.first) == wanted;
  });
}

Status FillBody(const Step& step, const Values& values, bool masked,
                Filled* out) {
  std::string_view type;
  if (!step.form.empty()) {
    type = "application/x-www-form-urlencoded";
    for (const auto& [name, text] : step.form) {
      auto value = values.Fill(text, Escape::kNone, masked);
      if (!value) return Fail(value.error());
      if (!out->body.empty()) out->body += '&';
      out->body += Escaped(name, Escape::kForm) + "=" +
                   (masked ? *value : Escaped(*value, Escape::kForm));
      Wipe(&*value);
    }
    out->has_body = true;
  } else if (!step.json.empty() || !step.body.empty()) {
    const bool json = !step.json.empty();
    if (json) type = "application/json";
    auto body = values.Fill(json ? step.json : step.body,
                            json ? Escape::kJson : Escape::kNone, masked);
    if (!body) return Fail(body.error());
    out->body = *std::move(body);
    out->has_body = true;
  } else if (step.method == "POST" || step.method == "PUT" ||
             step.method == "PATCH") {
    out->has_body = true;  // an empty one
  }
  if (!type.empty() && !HasHeader(out->headers, "content-type")) {
    out->headers.emplace_back("Content-Type", type);
  }
  return {};
}

Result<Filled> Fill(const Step& step, const Values& values, bool masked) {
  Filled out;
  auto url = values.Fill(step.url, Escape::kUrl, masked);
  if (!url) return Fail(url.error());
  out.url = *std::move(url);
  for (const auto& [name, text] : step.headers) {
    auto value = values.Fill(text, Escape::kNone, masked);
    if (!value) return Fail(value.error());
    if (value->empty()) continue;  // an optional companion that is not there
    if (!IsOneLine(*value)) {
      return Fail(ErrorCode::kInvalid,
                  "the key holds a character that no header may hold");
    }
    out.headers.emplace_back(name, *std::move(value));
  }
  auto basic = values.Fill(step.basic, Escape::kNone, masked);
  if (!basic) return Fail(basic.error());
  out.basic = *std::move(basic);
  if (auto ok = FillBody(step, values, masked, &out); !ok) {
    return Fail(ok.error());
  }
  return out;
}

}  // namespace

Result<Request> BuildRequest(const Step& step, const Values& values) {
  auto filled = Fill(step, values, false);
  if (!filled) return Fail(filled.error());
  Request out;
  out.method = step.method;
  out.url = std::move(filled->url);
  out.headers = std::move(filled->headers);
  out.user = std::move(filled->basic);
  out.body = std::move(filled->body);
  out.has_body = filled->has_body;
  if (!IsOneLine(out.url) || out.url.find(' ') != std::string::npos) {
    return Fail(ErrorCode::kInvalid, "the URL holds a blank or a line break");
  }
  if (step.sign.kind == Signature::Kind::kAwsSigV4) {
    const auto key_id = values.Fill(step.sign.key_id, Escape::kNone, false);
    if (!key_id) return Fail(key_id.error());
    out.user = *key_id + ":" + std::string(values.Get("secret"));
    out.aws_sigv4 =
        fmt::format("aws:amz:{}:{}", step.sign.region, step.sign.service);
  } else if (step.sign.kind == Signature::Kind::kHmacSha256) {
    auto signature = HmacOf(step.sign, values);
    if (!signature) return Fail(signature.error());
    out.headers.emplace_back(step.sign.header, *std::move(signature));
  }
  return out;
}

Result<std::string> DescribeRequest(const Step& step, const Values& values) {
  auto filled = Fill(step, values, true);
  if (!filled) return Fail(filled.error());
  std::string out = fmt::format("{} {}\n", step.method, filled->url);
  for (const auto& [name, value] : filled->headers) {
    out += fmt::format("{}: {}\n", name, value);
  }
  if (!filled->basic.empty()) {
    out += fmt::format("Authorization: Basic, as {}\n", filled->basic);
  }
  if (step.sign.kind == Signature::Kind::kAwsSigV4) {
    out += fmt::format(
        "Authorization: AWS Signature Version 4 for {} in {}, as {}\n",
        step.sign.service, step.sign.region,
        values.Fill(step.sign.key_id, Escape::kNone, true).value_or("?"));
  } else if (step.sign.kind == Signature::Kind::kHmacSha256) {
    out += fmt::format("{}: HMAC-SHA256 made with the key\n", step.sign.header);
  }
  if (!filled->body.empty()) out += fmt::format("\n{}\n", filled->body);
  return out;
}

}  // namespace keytidy::verify
