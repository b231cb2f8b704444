// SPDX-License-Identifier: Apache-2.0
//
// The keys that a scan found, in clear, for those who verify them. A scan keeps
// none unless it is given one of these.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/finding.h"
#include "core/known_key.h"
#include "scan/config_record.h"

namespace keytidy::scan {

// Any thread while the scan goes on; afterwards one.
class KeyChain {
 public:
  // The names of variables that hold the address of a provider's server.
  void LookFor(std::string_view provider, std::vector<std::string> names);

  // Words, in lower case, that settle whose key of this kind it is.
  void LookNear(std::string_view rule, std::vector<std::string> words);

  // `text` is what surrounds the key, which stands at `span`.
  void Add(const Rule& rule, const std::string& id, ConfigText& text,
           Span span);
  // Where the surroundings are not at hand any more.
  void Add(const Rule& rule, const std::string& id, const Secret& secret,
           const std::vector<std::string>& bases, bool settled);

  // Null: there is none.
  const KnownKey* Find(std::string_view rule, std::string_view id) const;

 private:
  using WordsOf = std::map<std::string, std::vector<std::string>, std::less<>>;
  WordsOf names_;  // of variables, by provider
  WordsOf words_;  // near a key, by rule
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, KnownKey> keys_;
};

// The values of variables of these names within a few thousand bytes of `span`:
// what looks like an address behind the name and an assignment.
std::vector<std::string> BasesBeside(std::string_view text, Span span,
                                     const std::vector<std::string>& names);

}  // namespace keytidy::scan
