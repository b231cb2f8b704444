// SPDX-License-Identifier: Apache-2.0
#include "audit/text_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "clients/pointer.h"

namespace keytidy::audit {
namespace {

using config::Node;

std::string Decoded(std::string_view raw, source::Encoding encoding) {
  source::MemoryReader bytes(raw);
  source::TextReader reader(bytes, encoding);
  std::string out;
  std::vector<char> piece(64 << 10);
  for (;;) {
    const auto n = reader.Read(piece.data(), piece.size());
    if (!n || *n == 0) return out;
    out.append(piece.data(), *n);
  }
}

}  // namespace

TextMap::TextMap(std::string_view file)
    : file_(file), detected_(source::DetectEncoding(file)) {
  if (detected_.encoding == source::Encoding::kBytes) return;
  same_ = false;
  written_ = Decoded(file.substr(detected_.mark), detected_.encoding);
}

void TextMap::WriteOut(Node* root) {
  same_ = false;
  written_out_ = true;
  written_.clear();
  Write(root, {});
}

void TextMap::Write(Node* node, const std::string& path) {
  for (config::Member& member : node->members) {
    Write(&member.value,
          path.empty() ? member.key : fmt::format("{}.{}", path, member.key));
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    Write(&node->items[i], fmt::format("{}[{}]", path, i));
  }
  const std::string value = clients::ScalarText(*node);
  if (value.empty()) return;
  written_ += path + " = \"";
  node->start = static_cast<std::uint32_t>(written_.size());
  written_ += value;
  node->end = static_cast<std::uint32_t>(written_.size());
  written_ += "\"\n";
}

Span TextMap::ToText(Span span) const {
  if (same_) return span;
  const auto at = [&](std::uint64_t raw) -> std::uint64_t {
    if (raw <= detected_.mark) return 0;
    return Decoded(file_.substr(detected_.mark,
                                static_cast<std::size_t>(raw - detected_.mark)),
                   detected_.encoding)
        .size();
  };
  return {at(span.start), at(span.end)};
}

Span TextMap::ToFile(Span span) const {
  if (same_) return span;
  const std::string_view text = written_;
  const auto start = static_cast<std::size_t>(span.start);
  const std::string_view part =
      text.substr(start, static_cast<std::size_t>(span.size()));
  if (written_out_) {
    const std::size_t at = file_.find(part);
    if (at == std::string_view::npos) return {0, file_.size()};
    return {at, at + part.size()};
  }
  const std::uint64_t raw =
      detected_.mark +
      source::RawWidth(detected_.encoding, text.substr(0, start));
  return {raw, raw + source::RawWidth(detected_.encoding, part)};
}

}  // namespace keytidy::audit
