// SPDX-License-Identifier: Apache-2.0
//
// What is asked of texts before they are kept.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace keytidy::imports {

struct KeyTests {
  // Whether it is a key as a whole, and whether one stands in it.
  std::function<bool(std::string_view)> is_key;
  std::function<bool(std::string_view)> holds_key;
  // What an inventory calls a key.
  std::function<std::string(std::string_view)> fingerprint;
};

}  // namespace keytidy::imports
