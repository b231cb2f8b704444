// SPDX-License-Identifier: Apache-2.0
//
// What a single key is, given by itself.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/secret.h"
#include "match/engine.h"

namespace keytidy::match {

struct OneKey {
  const Rule* rule = nullptr;
  Span span;  // of the key in the text
  Confidence confidence = Confidence::kHigh;
  std::string id;
  std::string redacted;
  Secret secret;
};

// By its shape, or by `rule` (an id; may be empty) where shape cannot tell.
// kInvalid: there is more than one key in the text; or it stays open whose it
// is; or it is plainly of another provider than `rule`.
Result<OneKey> RecogniseKey(const Engine& engine, const Secret& text,
                            const std::string& rule);

// Whether the bytes of the key stand in `text`, whatever is around them.
bool StandsIn(const Secret& key, std::string_view text);

}  // namespace keytidy::match
