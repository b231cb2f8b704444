// SPDX-License-Identifier: Apache-2.0
#include "report/tool.h"

namespace keytidy::report {

std::string_view ToolVersion() { return KEYTIDY_VERSION; }

}  // namespace keytidy::report
