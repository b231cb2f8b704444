// SPDX-License-Identifier: Apache-2.0
//
// References in the settings of clients: texts that stand for a secret which is
// kept elsewhere. Which of them a client replaces differs; docs/clients.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytidy::clients {

enum class Form {
  kBraces,         // ${X}
  kBracesDefault,  // ${X:-d}
  kDollar,         // $X
  kPercent,        // %X%
  kEnvColon,       // ${env:X}
  kInput,          // ${input:X}
  kBraceEnv,       // {env:X}
  kBraceFile,      // {file:X}
  kSecrets,        // ${{ secrets.X }}
  kDoubleBraces,   // {{X}}
  kCommand,        // $(X)
  kUserConfig,     // ${user_config.X}
  kStore,          // op://X, vault:X and the like
  kEncrypted,      // not a reference, but a secret nobody can read
};
// "${X}" and so on; of kEncrypted nothing.
std::string_view Name(Form form);
std::optional<Form> ParseForm(std::string_view name);

// Where one stands in a value. Views into the value.
struct Reference {
  Form form = Form::kBraces;
  std::size_t start = 0;
  std::size_t end = 0;
  std::string_view name;      // of the variable, file or command
  std::string_view fallback;  // what stands behind `:-`
  // A variable that editors set themselves, such as ${workspaceFolder}.
  bool predefined = false;
};

// In the order of the text, without overlaps, in a time that grows as the text
// does. `%E2%` and the like are no `%X%`: so addresses write their bytes.
std::vector<Reference> FindReferences(std::string_view value);

// The value without its references; their fallbacks stay.
std::string WithoutReferences(std::string_view value);

}  // namespace keytidy::clients
