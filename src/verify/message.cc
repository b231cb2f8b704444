// SPDX-License-Identifier: Apache-2.0
#include "verify/message.h"

namespace keytidy::verify {

Request::~Request() {
  Wipe(&url);
  for (auto& [name, value] : headers) Wipe(&value);
  Wipe(&body);
  Wipe(&user);
}

}  // namespace keytidy::verify
