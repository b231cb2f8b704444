// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a settings file of another program, behind a byte that says of
// which format: read, or refused with a message that can be shown. Values stand
// where the reader says.
#include <string>
#include <string_view>

#include "check.h"
#include "config/node.h"

namespace {

using keytidy::Check;
using keytidy::Error;
using keytidy::ErrorCode;
using keytidy::Result;
using keytidy::config::Document;
using keytidy::config::Node;

constexpr std::string_view kBlank = " \t\r\n";

enum class Format { kYaml, kDotenv, kPlist, kIni };

void CheckError(const Error& error, const std::string& text) {
  Check(error.code == ErrorCode::kInvalid || error.code == ErrorCode::kLimit,
        "the code is that of a person's mistake", text);
  Check(error.message.starts_with("fuzz:"), "the file is named", text);
  Check(keytidy::IsShowable(error.message), "the message can be shown", text);
}

// What is written, and what it says.
void CheckWritten(std::string_view written, const Node& node, Format format,
                  const std::string& text) {
  const bool is_string = node.kind == Node::Kind::kString;
  switch (format) {
    case Format::kYaml: {
      if (node.kind == Node::Kind::kNull) return;
      if (!is_string || !node.string.empty()) {
        Check(!written.empty(), "a value is written", text);
      }
      const std::size_t first = node.string.find_first_not_of(kBlank);
      if (written.empty() || first == std::string::npos) return;
      const char sign = written.front();
      if (std::string_view("\"'|>").find(sign) == std::string_view::npos) {
        Check(sign == node.string[first], "a value begins so", text);
        Check(
            written.back() == node.string[node.string.find_last_not_of(kBlank)],
            "a value ends so", text);
      }
      return;
    }
    case Format::kDotenv:
    case Format::kIni:
      Check(is_string, "values are strings", text);
      if (written.find_first_of("\\\"'`") == std::string_view::npos &&
          written.find('\n') == std::string_view::npos) {
        Check(written == node.string || format == Format::kDotenv,
              "a value says what is written", text);
      }
      return;
    case Format::kPlist:
      if (!written.empty()) {
        Check(written.front() == '<' && written.back() == '>',
              "a value is an element", text);
      }
  }
}

void CheckNode(const Node& node, Format format, const std::string& text,
               int depth) {
  Check(depth <= 202, "the tree is not deep", text);
  Check(node.kind == Node::Kind::kArray || node.items.empty(), "items", text);
  Check(node.kind == Node::Kind::kTable || node.members.empty(), "members",
        text);
  Check(node.start <= node.end && node.end <= text.size(), "a span is within",
        text);
  if (node.kind != Node::Kind::kArray && node.kind != Node::Kind::kTable) {
    CheckWritten(
        std::string_view(text).substr(node.start, node.end - node.start), node,
        format, text);
  }
  for (const Node& item : node.items) CheckNode(item, format, text, depth + 1);
  for (const auto& member : node.members) {
    Check(node.Find(member.key) != nullptr, "a member is found", text);
    CheckNode(member.value, format, text, depth + 1);
  }
}

Result<Document> Parse(Format format, const std::string& text) {
  switch (format) {
    case Format::kYaml:
      return keytidy::config::ParseYaml("fuzz", text);
    case Format::kDotenv:
      return keytidy::config::ParseDotenv("fuzz", text);
    case Format::kPlist:
      return keytidy::config::ParsePlist("fuzz", text);
    case Format::kIni:
      break;
  }
  return keytidy::config::ParseIni("fuzz", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) return 0;
  const auto format = static_cast<Format>(data[0] & 3);
  const std::string text(data + 1, data + size);
  const auto document = Parse(format, text);
  if (document) {
    CheckNode(document->root, format, text, 0);
    return 0;
  }
  Check(format == Format::kYaml || format == Format::kPlist,
        "this format never fails", text);
  CheckError(document.error(), text);
  return 0;
}
