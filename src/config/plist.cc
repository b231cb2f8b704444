// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include "base/text.h"
#include "config/binary_plist.h"
#include "config/node.h"
#include "config/unique_members.h"
#include "config/xml_tags.h"

namespace keytidy::config {
namespace {

constexpr std::size_t kMaxSize = std::size_t{8} << 20;
constexpr std::size_t kMaxDepth = 200;
constexpr std::size_t kMaxNodes = 500'000;
constexpr std::string_view kBlank = " \t\r\n";

// The elements of a property list, and no other XML.
class Reader {
 public:
  explicit Reader(std::string_view text) : xml_(text) {}

  // False: error() says what is wrong at place().
  bool Read(Node* root) {
    if (!xml_.Next()) return false;
    if (xml_.name() != "plist") return Value(root, 0) && xml_.Ended();
    if (!xml_.opens()) return xml_.Wrong("a property list without a value");
    if (!xml_.Next()) return false;
    if (xml_.closes()) return xml_.Wrong("a property list without a value");
    if (!Value(root, 0) || !xml_.Next()) return false;
    return xml_.name() == "plist" && xml_.closes() ? xml_.Ended()
                                                   : Unexpected();
  }

  std::string_view error() const { return xml_.error(); }
  Place place() const { return xml_.place(); }

 private:
  bool Unexpected() {
    return xml_.Wrong("this element does not belong in a property list here");
  }

  // Of the tag just read.
  bool Value(Node* out, std::size_t depth) {
    if (xml_.closes()) return Unexpected();
    if (++nodes_ > kMaxNodes) return xml_.Wrong("too many values");
    out->start = static_cast<std::uint32_t>(xml_.start());
    out->place = xml_.PlaceOf(xml_.start());
    bool good = false;
    if (xml_.name() == "dict" || xml_.name() == "array") {
      if (depth == kMaxDepth) return xml_.Wrong("nests too deep");
      good = xml_.name() == "dict" ? Table(out, depth) : Array(out, depth);
    } else {
      good = Scalar(out);
    }
    out->end = static_cast<std::uint32_t>(xml_.at());
    return good;
  }

  bool Array(Node* out, std::size_t depth) {
    out->kind = Node::Kind::kArray;
    if (!xml_.opens()) return true;
    for (;;) {
      if (!xml_.Next()) return false;
      if (xml_.closes()) return xml_.name() == "array" || Unexpected();
      if (!Value(&out->items.emplace_back(), depth + 1)) return false;
    }
  }

  bool Table(Node* out, std::size_t depth) {
    out->kind = Node::Kind::kTable;
    if (!xml_.opens()) return true;
    UniqueMembers members(out);
    for (;;) {
      if (!xml_.Next()) return false;
      if (xml_.closes()) return xml_.name() == "dict" || Unexpected();
      if (xml_.name() != "key") return xml_.Wrong("a <key> must stand here");
      Member member;
      const std::size_t key = xml_.start();
      if (!xml_.Text("key", &member.key) || !xml_.Next()) return false;
      if (xml_.closes() || xml_.name() == "key") {
        return xml_.WrongAt(key, "a key without a value");
      }
      if (!Value(&member.value, depth + 1)) return false;
      member.key_place = xml_.PlaceOf(key);
      members.Put(std::move(member));
    }
  }

  bool Scalar(Node* out) {
    const std::string_view kind = xml_.name();
    const std::size_t start = xml_.start();
    std::string text;
    if (kind != "true" && kind != "false" && kind != "string" &&
        kind != "integer" && kind != "real" && kind != "date" &&
        kind != "data") {
      return Unexpected();
    }
    if (!xml_.Text(kind, &text)) return false;
    if (kind == "string") {
      out->kind = Node::Kind::kString;
      out->string = std::move(text);
      return true;
    }
    std::erase_if(text, [](char c) { return kBlank.find(c) != kBlank.npos; });
    if (kind == "integer" || kind == "real") {
      return Number(text, kind == "integer", out) ||
             xml_.WrongAt(start, "this is no number");
    }
    out->kind = Node::Kind::kBool;
    out->boolean = kind == "true";
    if (kind == "date" || kind == "data") {
      out->kind = Node::Kind::kString;
      out->string = std::move(text);
    }
    return true;
  }

  static bool Number(std::string_view word, bool whole, Node* out) {
    const bool minus = word.starts_with('-');
    if (word.starts_with('+')) word.remove_prefix(1);
    const bool hex = whole && Lowercase(word.substr(0, 2)) == "0x";
    const char* const begin = word.data() + (hex ? 2 : 0);
    const char* const end = word.data() + word.size();
    if (whole) {
      const auto read =
          std::from_chars(begin, end, out->integer, hex ? 16 : 10);
      if (read.ec == std::errc() && read.ptr == end) {
        out->kind = Node::Kind::kInteger;
        out->number = static_cast<double>(out->integer);
        return true;
      }
      if (read.ec != std::errc::result_out_of_range) return false;
      out->integer = 0;
    }
    const auto read = std::from_chars(
        begin, end, out->number,
        hex ? std::chars_format::hex : std::chars_format::general);
    if (read.ptr != end || read.ec == std::errc::invalid_argument) return false;
    if (read.ec == std::errc::result_out_of_range) {
      const bool tiny = Lowercase(word).find("e-") != std::string::npos;
      out->number = tiny ? 0 : std::numeric_limits<double>::infinity();
      if (minus) out->number = -out->number;
    }
    out->kind = Node::Kind::kFloat;
    return true;
  }

  XmlTags xml_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<Document> ParsePlist(std::string name, std::string text) {
  Document document{std::move(name), std::move(text), {}};
  if (document.text.size() > kMaxSize) {
    return Fail(ErrorCode::kLimit, "{}: larger than 8 MiB", document.name);
  }
  if (IsBinaryPlist(document.text)) {
    const std::string_view wrong =
        ReadBinaryPlist(document.text, &document.root);
    if (!wrong.empty()) return Fail(document.ErrorAt({}, wrong));
    return document;
  }
  if (ToValidUtf8(document.text) != document.text) {
    return Fail(ErrorCode::kInvalid, "{}: not valid UTF-8", document.name);
  }
  Reader reader(document.text);
  if (!reader.Read(&document.root)) {
    return Fail(document.ErrorAt(reader.place(), reader.error()));
  }
  return document;
}

}  // namespace keytidy::config
