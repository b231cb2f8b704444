// SPDX-License-Identifier: Apache-2.0
#include "cli/key_trace.h"

#include "inventory/hints.h"
#include "match/claims.h"

namespace keytidy::cli {

KeyTrace TraceOf(const inventory::FingerprintKey& prints,
                 const Finding& finding, const KnownKey* key) {
  KeyTrace out;
  if (key == nullptr) return out;
  out.fingerprint = match::DigestWith(key->secret, [&](std::string_view bytes) {
    if (finding.rule->guessable) bytes = finding.id;
    out.hints = inventory::HintsOf(prints, *finding.rule, bytes);
    return prints.Fingerprint(bytes);
  });
  return out;
}

}  // namespace keytidy::cli
