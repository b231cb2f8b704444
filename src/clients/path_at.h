// SPDX-License-Identifier: Apache-2.0
//
// What a place in a configuration file is called.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/node.h"
#include "core/finding.h"

namespace keytidy::clients {

// Made once of a tree that outlives it, asked for many of its places.
class PathIndex {
 public:
  explicit PathIndex(const config::Node& root);

  // The way to the scalar that holds `span`: "accounts.default.access",
  // "headers.Authorization", "keys[2]". Empty: none does.
  std::string PathAt(Span span) const;

 private:
  // Of a way to a node, the last part.
  struct Step {
    std::size_t above;        // the step before it
    const std::string* name;  // of a member; null for an item
    std::size_t item;
  };
  struct Scalar {
    Span span;
    std::size_t step;
  };
  void Add(const config::Node& node, std::size_t step);
  std::string PathOf(std::size_t step) const;

  std::vector<Step> steps_;
  std::vector<Scalar> scalars_;  // by start, then as they stand
};

}  // namespace keytidy::clients
