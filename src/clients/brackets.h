// SPDX-License-Identifier: Apache-2.0
//
// Where brackets close, for those who ask often: both answer all questions
// about a text in a time that grows as the text does.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace keytidy::clients {

// Brackets of one kind, one in another.
class Brackets {
 public:
  // `text` outlives it, here and below.
  Brackets(std::string_view text, char open, char close)
      : text_(text), open_(open), close_(close) {}

  // Where the one that stands at `at` is closed; npos: it is not.
  std::size_t Closing(std::size_t at);

 private:
  std::string_view text_;
  char open_;
  char close_;
  std::vector<std::size_t> ends_;  // of every one; found when first asked
};

// The places of one text in another.
class NextPlace {
 public:
  NextPlace(std::string_view text, std::string_view what)
      : text_(text), what_(what) {}

  // The first at `from` or behind it; npos: there is none. Cheap where `from`
  // only grows.
  std::size_t From(std::size_t from);

  std::size_t size() const { return what_.size(); }

 private:
  std::string_view text_;
  std::string_view what_;
  std::size_t from_ = 1;  // there is none in [from_, at_); nothing known yet
  std::size_t at_ = 0;
};

}  // namespace keytidy::clients
