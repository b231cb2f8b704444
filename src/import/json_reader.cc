// SPDX-License-Identifier: Apache-2.0
#include "import/json_reader.h"

#include <algorithm>

#include "config/node.h"
#include "import/csv_reader.h"

namespace keytidy::imports {
namespace {

using config::Node;

constexpr int kMaxDepth = 8;  // of objects around the rows
constexpr std::size_t kMaxOpen = 64;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::optional<std::string> TextOf(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kString:
      return node.string;
    case Node::Kind::kBool:
      return node.boolean ? "true" : "false";
    case Node::Kind::kInteger:
      return fmt::format("{}", node.integer);
    case Node::Kind::kFloat:
      // Times may have a fraction.
      if (node.number >= 0 && node.number < 1e15) {
        return fmt::format("{}", static_cast<std::int64_t>(node.number));
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::string CellOf(const Node& node) {
  if (node.kind != Node::Kind::kArray) return TextOf(node).value_or("");
  std::string out;
  for (const Node& item : node.items) {
    const auto text = TextOf(item);
    if (!text || text->empty()) continue;
    out += (out.empty() ? "" : ",") + *text;
  }
  return out;
}

bool HoldsObjects(std::string_view array) {
  const std::size_t at = array.find_first_not_of(" \t\r\n", 1);
  return at != array.npos && array[at] == '{';
}

bool IsEmptyArray(std::string_view array) {
  const std::size_t at = array.find_first_not_of(" \t\r\n", 1);
  return at != array.npos && array[at] == ']';
}

}  // namespace

void JsonReader::SkipBlanks() {
  while (at_ < text_.size() && IsBlank(text_[at_])) {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
}

std::optional<std::string_view> JsonReader::TakeValue() {
  const std::size_t start = at_;
  std::size_t open = 0;
  bool quoted = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') ++line_;
    if (quoted) {
      if (c == '\\') {
        ++at_;
      } else if (c == '"') {
        quoted = false;
      }
      continue;
    }
    const bool ends = c == ',' || c == ']' || c == '}' || IsBlank(c);
    if (open == 0 && at_ > start && ends) {
      if (c == '\n') --line_;
      return text_.substr(start, at_ - start);
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') {
      if (++open > kMaxOpen) return std::nullopt;
    }
    if ((c == '}' || c == ']') && open > 0 && --open == 0) {
      ++at_;
      return text_.substr(start, at_ - start);
    }
  }
  at_ = text_.size();
  if (open > 0 || quoted || at_ == start) return std::nullopt;
  return text_.substr(start);
}

Result<JsonReader> JsonReader::Open(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  JsonReader reader(text);
  reader.SkipBlanks();
  if (reader.at_ == text.size()) {
    return Fail(ErrorCode::kInvalid, "holds nothing");
  }
  if (text[reader.at_] == '[') {
    ++reader.at_;
    reader.in_array_ = true;
    return reader;
  }
  if (text[reader.at_] != '{') {
    return Fail(ErrorCode::kInvalid, "is no JSON with objects in it");
  }
  // More than one value: lines.
  JsonReader ahead = reader;
  if (ahead.TakeValue()) {
    ahead.SkipBlanks();
    if (ahead.at_ < text.size()) return reader;
  }
  if (auto ok = reader.EnterObject(0); !ok) return Fail(ok.error());
  return reader;
}

// Places of one kind: the first, and how many there are.
struct JsonReader::Candidates {
  std::optional<JsonReader> first;
  std::size_t count = 0;
  void Add(const JsonReader& place) {
    if (count++ == 0) first = place;
  }
};

Status JsonReader::EnterObject(int depth) {
  if (depth == kMaxDepth) {
    return Fail(ErrorCode::kInvalid, "nests too deep to find its rows");
  }
  const JsonReader whole = *this;
  JsonReader reader = *this;
  Candidates arrays, empty, objects;
  ++reader.at_;
  for (bool first = true;; first = false) {
    reader.SkipBlanks();
    if (reader.at_ >= text_.size() || text_[reader.at_] == '}') break;
    if (!first) {
      if (text_[reader.at_] != ',') break;
      ++reader.at_;
      reader.SkipBlanks();
    }
    // The name; what is wrong with it is seen when the row is parsed.
    if (reader.at_ >= text_.size() || text_[reader.at_] != '"') break;
    for (++reader.at_; reader.at_ < text_.size() && text_[reader.at_] != '"';
         ++reader.at_) {
      if (text_[reader.at_] == '\\') ++reader.at_;
    }
    reader.at_ = std::min(reader.at_ + 1, text_.size());
    reader.SkipBlanks();
    if (reader.at_ >= text_.size() || text_[reader.at_] != ':') break;
    ++reader.at_;
    reader.SkipBlanks();
    const JsonReader here = reader;
    const auto value = reader.TakeValue();
    // An array that is cut off may have rows before it is.
    const std::string_view found =
        value ? *value : text_.substr(std::min(here.at_, text_.size()));
    if (found.starts_with('[')) {
      if (HoldsObjects(found)) arrays.Add(here);
      if (IsEmptyArray(found)) empty.Add(here);
    } else if (found.starts_with('{') && value) {
      objects.Add(here);
    }
    if (!value) break;
  }
  if (arrays.count > 1) {
    return Fail(ErrorCode::kInvalid,
                "holds {} arrays of objects, and does not say which of them "
                "are the keys",
                arrays.count);
  }
  if (arrays.count == 0 && objects.count == 1) {
    *this = *objects.first;
    if (EnterObject(depth + 1) && in_array_) return {};
  }
  if (arrays.count == 1 || empty.count == 1) {
    *this = arrays.count == 0 ? *empty.first : *arrays.first;
    ++at_;
    in_array_ = true;
    return {};
  }
  *this = whole;  // a row by itself
  return {};
}

bool JsonReader::Next(JsonRecord* record) {
  *record = JsonRecord();
  if (done_) return false;
  const auto stop = [&](std::string_view why) {
    done_ = true;
    record->line = line_;
    record->problem = why;
    return true;
  };
  SkipBlanks();
  if (in_array_ && at_ < text_.size() && text_[at_] == ']') {
    done_ = true;
    return false;
  }
  if (!in_array_ && at_ == text_.size()) return false;
  if (in_array_ && !first_) {
    if (at_ == text_.size() || text_[at_] != ',') {
      return stop("the array is cut off or damaged here");
    }
    ++at_;
    SkipBlanks();
    if (at_ < text_.size() && text_[at_] == ']') {
      done_ = true;
      return false;
    }
  }
  first_ = false;
  const std::uint64_t line = line_;
  const auto value = TakeValue();
  if (!value) return stop("the JSON is cut off or nests too deep here");
  record->line = line;
  if (!value->starts_with('{')) {
    record->problem = "is no object";
    return true;
  }
  const auto parsed = config::ParseJsonc("row", std::string(*value));
  if (!parsed || parsed->root.kind != Node::Kind::kTable) {
    record->problem = "is no JSON";
    return true;
  }
  if (parsed->root.members.size() > kMostColumns) {
    record->problem = fmt::format("has more than {} columns", kMostColumns);
    return true;
  }
  for (const config::Member& member : parsed->root.members) {
    record->cells.emplace_back(member.key, CellOf(member.value));
  }
  return true;
}

}  // namespace keytidy::imports
