// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a configuration: read, or refused with a message that can be
// shown.
#include <string>

#include "check.h"
#include "config/node.h"
#include "config/settings.h"

namespace {

using keytidy::Check;
using keytidy::Error;
using keytidy::ErrorCode;
using keytidy::config::AllowRule;
using keytidy::config::Node;

void CheckError(const Error& error, const std::string& text) {
  Check(error.code == ErrorCode::kInvalid, "the code is kInvalid", text);
  Check(error.message.substr(0, 10) == "fuzz.toml:", "the file is named", text);
  Check(keytidy::IsShowable(error.message), "the message can be shown", text);
}

void CheckNode(const Node& node, const std::string& text, int depth) {
  Check(depth < 1000, "the tree is not deep", text);
  Check(node.kind == Node::Kind::kArray || node.items.empty(), "items", text);
  Check(node.kind == Node::Kind::kTable || node.members.empty(), "members",
        text);
  for (const Node& item : node.items) CheckNode(item, text, depth + 1);
  for (const auto& member : node.members) {
    Check(node.Find(member.key) == &member.value, "a member is found", text);
    CheckNode(member.value, text, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(data, data + size);
  const auto document = keytidy::config::ParseToml("fuzz.toml", text);
  if (document) {
    CheckNode(document->root, text, 0);
  } else {
    CheckError(document.error(), text);
  }
  const auto settings = keytidy::config::ParseSettings("fuzz.toml", text);
  if (!settings) {
    CheckError(settings.error(), text);
    return 0;
  }
  Check(document.has_value(), "settings are of a document", text);
  for (const AllowRule& rule : settings->allow) {
    Check(!rule.reason.empty(), "an allow rule has a reason", text);
    Check(!rule.rule.empty() || !rule.path.empty() || !rule.fingerprint.empty(),
          "an allow rule names something", text);
    Check(rule.place.line > 0, "an allow rule has a place", text);
  }
  return 0;
}
