// SPDX-License-Identifier: Apache-2.0
//
// Rules read from TOML files, with the storage their views point into, and the
// places they came from. docs/rules.md describes the files.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/node.h"
#include "core/rule.h"

namespace keytidy::rules {

// What only the checks need; the order is that of RuleSet::rules().
struct RuleOrigin {
  std::size_t file = 0;  // index into RuleSet::files()
  config::Place rule;
  std::vector<config::Place> patterns;  // of each shape
  std::vector<config::Place> anchors;
  std::vector<std::string> examples;
  std::vector<config::Place> example_places;
  std::vector<std::string> counter_examples;
  std::vector<config::Place> counter_example_places;
};

class RuleSet {
 public:
  RuleSet() = default;
  RuleSet(RuleSet&&) = default;
  RuleSet& operator=(RuleSet&&) = default;

  // Adds the rules of one file. kInvalid: everything that is wrong with it,
  // each with line and caret; then nothing was added. An id that is already
  // there (or in `taken`) is an error.
  Status Add(std::string name, std::string text);

  // Ids that rules of this set may not use, and may yield to: the catalogue's.
  void SetTaken(std::span<const Rule> rules);

  // Call after the last Add: every id in yields_to must exist.
  Status CheckReferences() const;

  std::span<const Rule> rules() const { return rules_; }
  // For the check that measures anchors and prefixes.
  std::span<Rule> mutable_rules() { return rules_; }
  Shape& MutableShape(std::size_t rule, std::size_t shape) {
    return (*shapes_[rule])[shape];
  }
  const RuleOrigin& origin(std::size_t rule) const { return origins_[rule]; }
  const config::Document& file(std::size_t i) const { return *files_[i]; }

  // "name:line:col: message" with the caret, at a place of a rule's file.
  Error ErrorAt(std::size_t rule, config::Place place,
                std::string_view message) const;

  // SHA-256 over the names and texts of all files, in hex.
  std::string Digest() const;

 private:
  std::string_view Keep(std::string text);
  std::span<const std::string_view> Keep(const std::vector<std::string>& list);

  std::deque<std::string> strings_;
  std::deque<std::vector<std::string_view>> lists_;
  std::vector<std::unique_ptr<std::vector<Shape>>> shapes_;  // of each rule
  std::vector<Rule> rules_;
  std::vector<RuleOrigin> origins_;
  std::vector<std::unique_ptr<config::Document>> files_;
  std::map<std::string, std::string, std::less<>> taken_;  // id -> where

  friend class RuleFileReader;
};

// %{assign} and %{name} written out.
Result<std::string> ExpandMacros(std::string_view pattern);

}  // namespace keytidy::rules
