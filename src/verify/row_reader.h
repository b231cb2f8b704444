// SPDX-License-Identifier: Apache-2.0
//
// The rows of a provider's list of keys (core/recipe.h's Listing).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/finding.h"
#include "core/recipe.h"
#include "verify/message.h"
#include "verify/values.h"

namespace keytidy::verify {

struct ListedKey {
  std::string hint;  // cut to the listing's first or last bytes; may be empty
  KeyFacts facts;
  std::string state;  // as the provider writes it
  bool never_expires = false;
};

struct ListedPage {
  std::size_t rows = 0;  // of the answer, those that are no object too
  std::vector<ListedKey> keys;
};

// kNotFound: the message is the parameter that is missing. kDamaged: there are
// no rows where they should be. Credentials among `values` are in no text.
Result<ListedPage> ReadRows(const Listing& list, const HttpAnswer& answer,
                            const Values& values);

// What the listing cannot do without and the user's configuration does not say:
// kNotFound with its name.
Status CheckListing(const Listing& list, const Values& values);

}  // namespace keytidy::verify
