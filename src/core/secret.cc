// SPDX-License-Identifier: Apache-2.0
#include "core/secret.h"

namespace keytidy {

void Wipe(std::string* text) {
  // Through a volatile pointer, so that the stores are not optimised away.
  // Also what a move left in the string's own buffer.
  text->resize(text->capacity());
  volatile char* p = text->data();
  for (std::size_t i = 0; i < text->size(); ++i) p[i] = 0;
  text->clear();
}

}  // namespace keytidy
