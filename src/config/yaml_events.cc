// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_events.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "config/places.h"

namespace keytidy::config {
namespace {

// The scanner keeps a whole flow collection in memory until it knows that it is
// not a key.
constexpr std::ptrdiff_t kMaxFlowSigns = 1'000'000;

bool ResolvesByTag(const std::string& tag) {
  constexpr std::string_view kCore = "tag:yaml.org,2002:";
  if (tag == "?") return true;
  if (!tag.starts_with(kCore)) return false;
  const std::string_view type = std::string_view(tag).substr(kCore.size());
  return type == "int" || type == "float" || type == "bool" || type == "null";
}

// What the parser finds, one after another.
class Recorder : public YAML::EventHandler {
 public:
  // `skipped` bytes of the text are not given to the parser.
  Recorder(std::string_view text, std::size_t skipped)
      : text_(text), skipped_(skipped) {}

  YamlEvents Take() && { return {std::move(events_), std::move(documents_)}; }

  std::size_t Offset(const YAML::Mark& mark) const {
    const auto pos = static_cast<std::size_t>(std::max(mark.pos, 0));
    return std::min(pos + skipped_, text_.size());
  }

  // The parser takes what follows a value for another document.
  void OnDocumentStart(const YAML::Mark& mark) override {
    const std::size_t at = Offset(mark);
    if (!documents_.empty() && !BeginsDocument(at)) {
      throw YamlRefusal{at, "something follows the value"};
    }
    anchors_.clear();
    documents_.push_back(events_.size());
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(YamlEvent::Type::kNull, mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end() || IsOpen(it->second)) {
      throw YamlRefusal{Offset(mark), "an alias stands within what it names"};
    }
    const std::size_t target = it->second;
    Add(YamlEvent::Type::kAlias, mark, YAML::NullAnchor).target = target;
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    YamlEvent& event = Add(YamlEvent::Type::kScalar, mark, anchor);
    event.span = ScalarSpan(text_, event.span.start, value);
    const char first =
        event.span.start < text_.size() ? text_[event.span.start] : '\0';
    const bool quoted = first == '"' || first == '\'';
    if (quoted && event.span.start == event.span.end) {
      throw YamlRefusal{event.span.start, "this text does not end"};
    }
    const bool plain = !quoted && first != '|' && first != '>';
    event.resolves = plain && ResolvesByTag(tag);
    event.value = value;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(YamlEvent::Type::kArray, mark, anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(YamlEvent::Type::kTable, mark, anchor);
  }
  void OnMapEnd() override { Close(); }

 private:
  YamlEvent& Add(YamlEvent::Type type, const YAML::Mark& mark,
                 YAML::anchor_t anchor) {
    const std::size_t at = Offset(mark);
    if (events_.size() >= 2 * kMaxYamlNodes) {
      throw YamlRefusal{at, "too many values"};
    }
    if (anchor != YAML::NullAnchor) anchors_[anchor] = events_.size();
    YamlEvent& event = events_.emplace_back();
    event.type = type;
    event.span = {at, at};
    return event;
  }

  // The parser goes deeper only after it has told of the level before, so that
  // this bounds its recursion too.
  void Open(YamlEvent::Type type, const YAML::Mark& mark,
            YAML::anchor_t anchor) {
    if (open_.size() == kMaxYamlDepth) {
      throw YamlRefusal{Offset(mark), "nests too deep"};
    }
    open_.push_back(events_.size());
    Add(type, mark, anchor);
  }

  void Close() {
    events_.emplace_back().type = YamlEvent::Type::kEnd;
    events_[open_.back()].target = events_.size();
    open_.pop_back();
  }

  bool IsOpen(std::size_t event) const {
    return std::binary_search(open_.begin(), open_.end(), event);
  }

  // "---", or the first thing below a line "...".
  bool BeginsDocument(std::size_t at) const {
    if (text_.substr(at, 3) == "---") return true;
    while (at > 0) {
      const std::size_t end = text_.rfind('\n', at - 1);
      if (end == std::string_view::npos) return false;
      std::string_view line = text_.substr(end + 1, at - end - 1);
      if (line.starts_with("...")) return true;
      const std::size_t first = line.find_first_not_of(" \t\r\n");
      if (first != std::string_view::npos && line[first] != '#') return false;
      at = end;
    }
    return false;
  }

  std::string_view text_;
  std::size_t skipped_;
  std::vector<YamlEvent> events_;
  std::vector<std::size_t> documents_;  // their first events
  std::vector<std::size_t> open_;       // events of collections
  std::unordered_map<YAML::anchor_t, std::size_t> anchors_;
};

// Whether it may be given to the parser, for which a byte of 4 is the end, and
// a carriage return alone no end of a line.
void CheckText(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool good = static_cast<unsigned char>(c) >= 0x20 || c == '\t' ||
                      c == '\n' || (c == '\r' && text.substr(i + 1, 1) == "\n");
    if (!good) throw YamlRefusal{i, "a control character"};
  }
  const auto is_sign = [](char c) {
    return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
  };
  if (std::count_if(text.begin(), text.end(), is_sign) > kMaxFlowSigns) {
    throw YamlRefusal{0, "too many brackets and commas"};
  }
}

}  // namespace

YamlEvents ReadYamlEvents(std::string_view text) {
  CheckText(text);
  const std::size_t skipped =
      text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  Recorder recorder(text, skipped);
  try {
    std::istringstream in{std::string(text.substr(skipped))};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(recorder)) {
    }
  } catch (const YAML::Exception& error) {
    throw YamlRefusal{recorder.Offset(error.mark), error.msg};
  } catch (const std::exception& error) {
    throw YamlRefusal{0, error.what()};
  }
  return std::move(recorder).Take();
}

}  // namespace keytidy::config
