// SPDX-License-Identifier: Apache-2.0
#include "import/listed_row.h"

#include <vector>

#include "import/cell_values.h"

namespace keytidy::imports {

ProviderRow RowOf(const verify::ListedKey& key, std::uint64_t number,
                  const Recipe& recipe, const KeyTests& tests, bool* dropped) {
  ProviderRow out;
  out.number = number;
  out.provider = recipe.provider;
  const Listing& list = *recipe.list;
  if (!key.hint.empty()) {
    if (list.first > 0) {
      out.hints.push_back({Side::kFirst, key.hint});
    } else if (list.last > 0) {
      out.hints.push_back({Side::kLast, key.hint});
    } else {
      out.fingerprints.push_back(tests.fingerprint(key.hint));
    }
  }
  out.facts = key.facts;
  for (std::string* text : {&out.facts.key_id, &out.facts.name,
                            &out.facts.owner, &out.facts.account}) {
    if (text->empty() || !tests.holds_key(*text)) continue;
    text->clear();
    *dropped = true;
  }
  *dropped = std::erase_if(out.facts.scopes,
                           [&](const std::string& scope) {
                             return tests.holds_key(scope);
                           }) > 0 ||
             *dropped;
  out.state = StateIn(key.state, false);
  out.never_expires = key.never_expires && !out.facts.expires;
  return out;
}

}  // namespace keytidy::imports
