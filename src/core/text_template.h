// SPDX-License-Identifier: Apache-2.0
//
// Texts with names to fill in: "Bearer %{secret}". A name is [a-z0-9_]+.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keytidy {

// The names in `text`, in order, repeated where they are. kInvalid: a "%{"
// that begins no name.
Result<std::vector<std::string>> TemplateNames(std::string_view text);

// `text` with what `value` says for each name. The text is well-formed: a "%{"
// that begins no name stays as it is.
std::string FillTemplate(
    std::string_view text,
    const std::function<std::string(std::string_view name)>& value);

}  // namespace keytidy
