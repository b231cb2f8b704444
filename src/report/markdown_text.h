// SPDX-License-Identifier: Apache-2.0
//
// Text of others within Markdown: shown as it is, never taken as markup.
#pragma once

#include <string>
#include <string_view>

namespace keytidy::report {

// Running text. An invisible space after `@` keeps people and teams from being
// notified.
std::string MarkdownText(std::string_view bytes);

// A code span. In a table neither a pipe nor a backslash before one can be
// written in backticks reliably, and a backtick would end the span; with one
// of these the element is used, and every sign in it an entity.
std::string MarkdownCode(std::string_view bytes);

// Running text in which what stands between backticks is a command, kept as a
// code span. Lines are joined: a cell has one.
std::string MarkdownProse(std::string_view bytes);

}  // namespace keytidy::report
