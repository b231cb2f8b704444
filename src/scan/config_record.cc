// SPDX-License-Identifier: Apache-2.0
#include "scan/config_record.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/node.h"

namespace keytidy::scan {
namespace {

using config::Node;

constexpr std::string_view kAddressFields[] = {"url", "serverUrl", "httpUrl"};
constexpr std::string_view kRecordFields[] = {"command", "url", "serverUrl",
                                              "httpUrl", "args"};
// "mcpServers": {"name": {"env": {…}}}: from the key's own object, this many
// steps outwards at most.
constexpr std::size_t kMostSteps = 2;
// An object of more members describes no server.
constexpr std::size_t kMostMembers = 500;

bool Holds(const Node& node, Span span) {
  return node.start <= span.start && span.end <= node.end;
}

// The objects around the span, the innermost last.
void ObjectsAround(const Node& node, Span span, std::vector<const Node*>* out) {
  if (!Holds(node, span)) return;
  if (node.kind == Node::Kind::kTable) {
    out->push_back(&node);
    for (const config::Member& member : node.members) {
      ObjectsAround(member.value, span, out);
    }
  }
  for (const Node& item : node.items) ObjectsAround(item, span, out);
}

bool HasAny(const Node& object, std::span<const std::string_view> fields) {
  return std::any_of(fields.begin(), fields.end(), [&](std::string_view name) {
    return object.Find(name) != nullptr;
  });
}

// The values of these names in the object, and `deep` within it too.
void Collect(const Node& node, const std::vector<std::string>& names, bool deep,
             std::vector<std::string>* out) {
  if (node.members.size() > kMostMembers) return;
  for (const config::Member& member : node.members) {
    const Node& value = member.value;
    const bool named =
        std::find(names.begin(), names.end(), member.key) != names.end();
    if (named && value.kind == Node::Kind::kString &&
        std::find(out->begin(), out->end(), value.string) == out->end()) {
      out->push_back(value.string);
    }
    if (deep) Collect(value, names, deep, out);
  }
  for (const Node& item : node.items) Collect(item, names, deep, out);
}

}  // namespace

const Node* ConfigText::Root() {
  if (!std::exchange(read_, true)) {
    const std::size_t start = text_.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (start != std::string_view::npos &&
        std::string_view("{[/").find(text_[start]) != std::string_view::npos) {
      auto document = config::ParseJsonc("", std::string(text_));
      if (document) document_ = *std::move(document);
    }
  }
  return document_ ? &document_->root : nullptr;
}

std::optional<std::vector<std::string>> BasesOfRecord(
    ConfigText& text, Span span, const std::vector<std::string>& names) {
  const Node* root = text.Root();
  if (root == nullptr) return std::nullopt;
  std::vector<const Node*> around;
  ObjectsAround(*root, span, &around);
  std::vector<std::string> out;
  for (std::size_t step = 0; step < around.size() && step <= kMostSteps;
       ++step) {
    const Node& object = *around[around.size() - 1 - step];
    const bool is_record = HasAny(object, kRecordFields);
    // What is no record may hold several.
    if (step == 0 || is_record) Collect(object, names, is_record, &out);
    if (out.empty() && is_record) {
      for (const std::string_view field : kAddressFields) {
        const Node* value = object.Find(field);
        if (value != nullptr && value->kind == Node::Kind::kString) {
          out.push_back(value->string);
          break;
        }
      }
    }
    if (is_record || !out.empty()) break;
  }
  return out;
}

}  // namespace keytidy::scan
