// SPDX-License-Identifier: Apache-2.0
//
// The one type that holds a key in clear. It cannot be copied, printed or
// compared; it is wiped when it goes. Reveal() is called only in match/ and
// verify/, and ci/check_layers.py makes sure of it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace keytidy {

class Secret {
 public:
  explicit Secret(std::string_view bytes) : bytes_(bytes) {}
  ~Secret() { Wipe(); }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
    other.Wipe();
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe();
      bytes_ = std::move(other.bytes_);
      other.Wipe();
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  std::size_t size() const { return bytes_.size(); }
  std::string_view Reveal() const { return bytes_; }

 private:
  void Wipe();
  std::string bytes_;
};

}  // namespace keytidy
