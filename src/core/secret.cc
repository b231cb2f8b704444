// SPDX-License-Identifier: Apache-2.0
#include "core/secret.h"

namespace keytidy {

void Secret::Wipe() {
  // Through a volatile pointer, so that the stores are not optimised away.
  // Everything the string ever held, also what a move left in its own buffer.
  bytes_.resize(bytes_.capacity());
  volatile char* p = bytes_.data();
  for (std::size_t i = 0; i < bytes_.size(); ++i) p[i] = 0;
  bytes_.clear();
}

}  // namespace keytidy
