// SPDX-License-Identifier: Apache-2.0
//
// Values in the JSON that a provider sent. Hostile input: nothing throws, and
// what is passed on is short and without the key.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace keytidy::verify {

using Json = nlohmann::json;

// Nothing for what is no JSON, or nests too deep.
std::optional<Json> ParseAnswer(std::string_view text);

// A whole-text glob in which `*` is the only special character.
bool FitsGlob(std::string_view glob, std::string_view text);

// Null where there is nothing.
const Json* Find(const Json& root, const std::string& pointer);

// Of a string, a number, true or false.
std::optional<std::string> ScalarText(const Json& value);

// Condition::json; `value` may be null.
bool Is(const Json* value, std::string_view what);

// What a report may hold: a short text of a line without the key.
std::string Clean(std::string text, const Secret& secret);

// An array, or a text with commas or blanks; `value` may be null.
std::vector<std::string> Scopes(const Json* value, const Secret& secret);

}  // namespace keytidy::verify
