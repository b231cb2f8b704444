// SPDX-License-Identifier: Apache-2.0
//
// What people are told of a finding or a violation, each as one line. Texts
// that come from outside are not cleaned for a terminal yet, unless said.
#pragma once

#include <string>

#include "core/finding.h"
#include "core/violation.h"

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
// Whose setting it is: "cursor, server kryton, headers.Authorization"; parts
// that are empty are left out. The short form is without the word "server".
std::string ClientText(const ClientPlace& client);
std::string ShortClientText(const ClientPlace& client);
// "12 times in 3 files" for places that are summed up, else empty.
std::string TimesText(const Occurrence& place);
// "OWASP NHI2, OWASP MCP01".
std::string ReferencesText(const Violation& violation);

}  // namespace keytidy::report
