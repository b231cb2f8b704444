// SPDX-License-Identifier: Apache-2.0
#include "config/table_reader.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace keytidy::config {

void Errors::Add(Place place, std::string_view message) {
  messages_.emplace_back(place, message);
}

Error Errors::Take() const {
  auto sorted = messages_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) {
                     return std::tie(a.first.line, a.first.column) <
                            std::tie(b.first.line, b.first.column);
                   });
  // More than a person reads in one go; and each walks the text to its line.
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, sorted.size()); ++i) {
    if (!text.empty()) text += '\n';
    text += document_.ErrorAt(sorted[i].first, sorted[i].second).message;
  }
  if (sorted.size() > kMost) {
    text += fmt::format("\n{}: and {} more mistakes", document_.name,
                        sorted.size() - kMost);
  }
  return {ErrorCode::kInvalid, std::move(text)};
}

TableReader::TableReader(const Node& table, std::string what, Errors* errors)
    : table_(table), what_(std::move(what)), errors_(errors) {
  if (table.kind != Node::Kind::kTable) {
    errors_->Add(table.place, fmt::format("{} must be a table, not {}", what_,
                                          Name(table.kind)));
  }
}

const Node* TableReader::Any(std::string_view key) {
  asked_.push_back(key);
  return table_.Find(key);
}

const Node* TableReader::Get(std::string_view key, Node::Kind kind) {
  const Node* node = Any(key);
  if (node == nullptr || node->kind == kind) return node;
  errors_->Add(node->place, fmt::format("{}: '{}' must be {}, not {}", what_,
                                        key, Name(kind), Name(node->kind)));
  return nullptr;
}

std::optional<std::string> TableReader::String(std::string_view key) {
  const Node* node = Get(key, Node::Kind::kString);
  if (node == nullptr) return std::nullopt;
  return node->string;
}

std::string TableReader::RequiredString(std::string_view key) {
  const Node* node = Get(key, Node::Kind::kString);
  if (node != nullptr && !node->string.empty()) return node->string;
  if (node != nullptr || table_.Find(key) == nullptr) {
    Error(key, fmt::format("'{}' is missing", key));
  }
  return {};
}

std::optional<bool> TableReader::Bool(std::string_view key) {
  const Node* node = Get(key, Node::Kind::kBool);
  if (node == nullptr) return std::nullopt;
  return node->boolean;
}

std::optional<std::int64_t> TableReader::Integer(std::string_view key,
                                                 std::int64_t least,
                                                 std::int64_t most) {
  const Node* node = Get(key, Node::Kind::kInteger);
  if (node == nullptr) return std::nullopt;
  if (node->integer < least || node->integer > most) {
    Error(key, fmt::format("'{}' must be from {} to {}", key, least, most));
    return std::nullopt;
  }
  return node->integer;
}

std::optional<double> TableReader::Number(std::string_view key, double least,
                                          double most) {
  const Node* node = Any(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::kFloat && node->kind != Node::Kind::kInteger) {
    Error(key,
          fmt::format("'{}' must be a number, not {}", key, Name(node->kind)));
    return std::nullopt;
  }
  if (!(node->number >= least && node->number <= most)) {
    Error(key, fmt::format("'{}' must be from {} to {}", key, least, most));
    return std::nullopt;
  }
  return node->number;
}

std::vector<std::string> TableReader::Strings(std::string_view key) {
  std::vector<std::string> out;
  const Node* node = Get(key, Node::Kind::kArray);
  if (node == nullptr) return out;
  for (const Node& item : node->items) {
    if (item.kind == Node::Kind::kString) {
      out.push_back(item.string);
    } else {
      errors_->Add(item.place, fmt::format("{}: '{}' holds strings, not {}",
                                           what_, key, Name(item.kind)));
    }
  }
  return out;
}

const Node* TableReader::Table(std::string_view key) {
  return Get(key, Node::Kind::kTable);
}

std::vector<const Node*> TableReader::Tables(std::string_view key) {
  std::vector<const Node*> out;
  const Node* node = Get(key, Node::Kind::kArray);
  if (node == nullptr) return out;
  for (const Node& item : node->items) {
    if (item.kind == Node::Kind::kTable) {
      out.push_back(&item);
    } else {
      errors_->Add(item.place, fmt::format("{}: '{}' holds tables, not {}",
                                           what_, key, Name(item.kind)));
    }
  }
  return out;
}

Place TableReader::PlaceOf(std::string_view key) const {
  const Node* node = table_.Find(key);
  return node != nullptr ? node->place : table_.place;
}

void TableReader::Error(std::string_view key, std::string_view message) {
  errors_->Add(PlaceOf(key), fmt::format("{}: {}", what_, message));
}

void TableReader::Finish() {
  for (const Member& member : table_.members) {
    if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) {
      continue;
    }
    const std::string_view near = Nearest(member.key, asked_);
    errors_->Add(member.key_place,
                 near.empty()
                     ? fmt::format("{}: unknown field '{}'", what_, member.key)
                     : fmt::format("{}: unknown field '{}'; did you mean '{}'?",
                                   what_, member.key, near));
  }
}

}  // namespace keytidy::config
