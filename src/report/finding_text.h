// SPDX-License-Identifier: Apache-2.0
//
// What the human report says of a finding, each as one line of text. Texts
// that come from outside are not cleaned for a terminal yet, unless said.
#pragma once

#include <string>

#include "core/finding.h"

namespace keytidy::report {

// Who brought the key. For a terminal.
std::string CommitText(const CommitInfo& commit);
// What keeps the commit; empty where a branch or tag does.
std::string ReachText(const CommitInfo& commit);
// How old the key is, and by whose word; empty where nobody says.
std::string AgeText(const Age& age);
// Whether the key is alive, and which answer proves it.
std::string LiveText(const Verdict& verdict);
// What the provider says about the key.
std::string FactsText(const KeyFacts& facts);
// Where bytes are that are not in the file of that name. For a terminal.
std::string SourceText(const Occurrence& place);

}  // namespace keytidy::report
