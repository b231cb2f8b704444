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

// Overwrites everything the string ever held, and empties it.
void Wipe(std::string* text);

class Secret {
 public:
  explicit Secret(std::string_view bytes) : bytes_(bytes) {}
  ~Secret() { Wipe(&bytes_); }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
    Wipe(&other.bytes_);
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe(&bytes_);
      bytes_ = std::move(other.bytes_);
      Wipe(&other.bytes_);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  // Said out loud where a second one is needed.
  Secret Copy() const { return Secret(bytes_); }

  std::size_t size() const { return bytes_.size(); }
  std::string_view Reveal() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace keytidy
