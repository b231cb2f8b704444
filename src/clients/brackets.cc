// SPDX-License-Identifier: Apache-2.0
#include "clients/brackets.h"

namespace keytidy::clients {

std::size_t Brackets::Closing(std::size_t at) {
  if (ends_.empty()) {
    ends_.assign(text_.size(), std::string_view::npos);
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == open_) left.push_back(i);
      if (text_[i] != close_ || left.empty()) continue;
      ends_[left.back()] = i;
      left.pop_back();
    }
  }
  return at < ends_.size() ? ends_[at] : std::string_view::npos;
}

std::size_t NextPlace::From(std::size_t from) {
  if (from < from_ || from > at_) {
    at_ = text_.find(what_, from);
    from_ = from;
  }
  return at_;
}

}  // namespace keytidy::clients
