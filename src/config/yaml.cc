// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/node.h"
#include "config/places.h"
#include "config/unique_members.h"
#include "config/yaml_events.h"
#include "config/yaml_scalar.h"

namespace keytidy::config {
namespace {

constexpr std::size_t kMaxSize = std::size_t{8} << 20;
// Of all strings together, with what aliases repeat.
constexpr std::size_t kMaxStrings = std::size_t{32} << 20;

// Events to nodes; an alias is its events once more.
class Builder {
 public:
  Builder(const std::vector<YamlEvent>& events, const Places& places)
      : events_(events), places_(places) {}

  // `*at` moves beyond the node.
  Node Build(std::size_t* at, std::size_t depth) {
    const YamlEvent& event = events_[(*at)++];
    if (event.type == YamlEvent::Type::kAlias) {
      std::size_t target = event.target;
      return Build(&target, depth);
    }
    Count(event);
    Node out;
    out.place = places_.At(event.span.start);
    out.start = static_cast<std::uint32_t>(event.span.start);
    out.end = static_cast<std::uint32_t>(event.span.end);
    if (event.type == YamlEvent::Type::kScalar) {
      out.kind = Node::Kind::kString;
      if (event.resolves) {
        ResolvePlain(event.value, &out);
      } else {
        out.string = event.value;
      }
    } else if (event.type != YamlEvent::Type::kNull) {
      if (depth == kMaxYamlDepth) {
        throw YamlRefusal{event.span.start, "nests too deep"};
      }
      if (event.type == YamlEvent::Type::kArray) {
        Items(at, depth, &out);
      } else {
        Members(at, depth, &out);
      }
    }
    return out;
  }

 private:
  void Count(const YamlEvent& event) {
    strings_ += event.value.size();
    if (++nodes_ > kMaxYamlNodes || strings_ > kMaxStrings) {
      throw YamlRefusal{event.span.start, "too many values"};
    }
  }

  void Items(std::size_t* at, std::size_t depth, Node* out) {
    out->kind = Node::Kind::kArray;
    while (events_[*at].type != YamlEvent::Type::kEnd) {
      out->items.push_back(Build(at, depth + 1));
    }
    ++*at;
  }

  void Members(std::size_t* at, std::size_t depth, Node* out) {
    out->kind = Node::Kind::kTable;
    UniqueMembers members(out);
    while (events_[*at].type != YamlEvent::Type::kEnd) {
      Member member;
      member.key_place = places_.At(events_[*at].span.start);
      member.key = Key(at, depth + 1);
      member.value = Build(at, depth + 1);
      members.Put(std::move(member));
    }
    ++*at;
  }

  // A name as it is written; of a list or a table what is in it, with commas.
  std::string Key(std::size_t* at, std::size_t depth) {
    const YamlEvent& event = events_[(*at)++];
    if (event.type == YamlEvent::Type::kAlias) {
      std::size_t target = event.target;
      return Key(&target, depth);
    }
    Count(event);
    if (event.type == YamlEvent::Type::kScalar) return event.value;
    if (event.type == YamlEvent::Type::kNull) return "null";
    if (depth >= kMaxYamlDepth) {
      throw YamlRefusal{event.span.start, "nests too deep"};
    }
    std::string out;
    while (events_[*at].type != YamlEvent::Type::kEnd) {
      if (!out.empty()) out += ',';
      out += Key(at, depth + 1);
    }
    ++*at;
    return out;
  }

  const std::vector<YamlEvent>& events_;
  const Places& places_;
  std::size_t nodes_ = 0;
  std::size_t strings_ = 0;
};

Node Read(std::string_view text, const Places& places) {
  const YamlEvents events = ReadYamlEvents(text);
  Builder builder(events.all, places);
  Node root;
  if (events.documents.size() > 1) root.kind = Node::Kind::kArray;
  for (std::size_t at : events.documents) {
    Node node = builder.Build(&at, 0);
    if (root.kind != Node::Kind::kArray) return node;
    root.items.push_back(std::move(node));
  }
  return root;
}

}  // namespace

Result<Document> ParseYaml(std::string name, std::string text) {
  Document document{std::move(name), std::move(text), {}};
  if (document.text.size() > kMaxSize) {
    return Fail(ErrorCode::kLimit, "{}: larger than 8 MiB", document.name);
  }
  if (ToValidUtf8(document.text) != document.text) {
    return Fail(ErrorCode::kInvalid, "{}: not valid UTF-8", document.name);
  }
  const Places places(document.text);
  try {
    document.root = Read(document.text, places);
  } catch (const YamlRefusal& refusal) {
    return Fail(document.ErrorAt(places.At(refusal.at), refusal.what));
  }
  return document;
}

}  // namespace keytidy::config
