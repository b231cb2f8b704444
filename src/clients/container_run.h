// SPDX-License-Identifier: Apache-2.0
//
// `docker run`, and what is written the same way: podman, nerdctl.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace keytidy::clients {

// The image that the words behind `docker` run; "" where they run none. Best
// effort: the first word that looks like an image and is not the value of a
// flag which is known to take one. Behind a flag that nobody told us of, a
// word may be its value or the image.
std::string_view ImageOf(std::span<const std::string> words);

}  // namespace keytidy::clients
