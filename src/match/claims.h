// SPDX-License-Identifier: Apache-2.0
//
// What a key says of itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/finding.h"
#include "core/rule.h"
#include "core/secret.h"
#include "match/embedded_time.h"

namespace keytidy::match {

// The claims of a JSON Web Token (RFC 7519: iat or nbf, and exp). nullopt: it
// is none, or says nothing of the kind that can be read.
std::optional<Claims> ClaimsOf(const Secret& secret);

// What a key says of when it was made and when it ends, as evidence; the
// sources are those of policy/age_interval.h. Whether the times are believable
// is for others to judge. `text` is what the key stands in, at `place`: what a
// signature signs is read from there. It may be left out.
std::vector<AgeEvidence> OwnWordOf(const Rule& rule, const Secret& secret,
                                   std::string_view text = {}, Span place = {});

// A digest for telling within one run whether two values are the same; `salt`
// is of that run alone.
std::string RunDigest(const Secret& secret, std::string_view salt);

// What `digest` makes of the key.
std::string DigestWith(
    const Secret& secret,
    const std::function<std::string(std::string_view)>& digest);

}  // namespace keytidy::match
