// SPDX-License-Identifier: Apache-2.0
//
// Hints: what is kept so that a line of a provider's list ("...ab12cd34,
// created in March") finds the key it speaks of.
//
// Providers show a few characters of a key, never all of it. An inventory
// keeps digests of the ends that they show, made with its own secret
// (fingerprint.h). A plain digest of four characters would be no better than
// the characters: there are fifteen million of them, and trying all takes a
// second. Under a secret of 32 random bytes nobody can try even one without
// the secret, and two inventories have nothing in common.
//
// Who has the inventory AND its secret can try them all, and so learns the
// characters at the ends, four at a time. That is why the ends are never most
// of a key: what no hint covers and the redacted form does not show must be
// worth 64 bits at least, which nobody can try, and hints are left out until
// it is. Such a person knows no more than a provider's page shows.
#pragma once

#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rule.h"
#include "inventory/fingerprint.h"

namespace keytidy::inventory {

// Of the last 4 and 8 bytes of `key`, the first 8, and the first 4 and 8
// behind what all keys of the rule begin with; each once, sorted. None for
// keys under 20 bytes, for kinds that can be guessed, and for generic ones
// under 40 bytes.
std::vector<std::string> HintsOf(const FingerprintKey& fingerprints,
                                 const Rule& rule, std::string_view key);

// The same for keys whose rule is known only later, when they are gone. Any
// thread.
class HintBook {
 public:
  // Both must outlive it.
  HintBook(const FingerprintKey& fingerprints, std::span<const Rule> rules);

  void Add(const std::string& fingerprint, std::string_view key);
  // What HintsOf(rule, key) is, for one of the rules; empty for a key that was
  // not added.
  std::vector<std::string> Of(const std::string& fingerprint,
                              const Rule& rule) const;

 private:
  const FingerprintKey* fingerprints_;
  // One of those rules whose hints are alike.
  std::vector<const Rule*> kinds_;
  mutable std::mutex mutex_;
  // By fingerprint; beside kinds_.
  std::map<std::string, std::vector<std::vector<std::string>>> hints_;
};

}  // namespace keytidy::inventory
