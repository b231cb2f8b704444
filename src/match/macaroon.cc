// SPDX-License-Identifier: Apache-2.0
#include "match/macaroon.h"

#include <algorithm>
#include <string>

#include "config/node.h"

namespace keytidy::match {
namespace {

using Time = std::optional<std::int64_t>;

// Every caveat narrows the others.
void Narrow(std::int64_t from, std::int64_t until,
            std::optional<TimeWindow>* window) {
  if (!*window) *window = TimeWindow{from, until};
  (*window)->from = std::max((*window)->from, from);
  (*window)->until = std::min((*window)->until, until);
}

// Just enough of MessagePack to walk over it.
class PackReader {
 public:
  explicit PackReader(std::string_view bytes) : rest_(bytes) {}

  std::optional<std::size_t> Array() {
    const unsigned tag = Byte();
    if ((tag & 0xF0u) == 0x90u) return tag & 0x0Fu;
    if (tag == 0xDC) return Big(2);
    if (tag == 0xDD) return Big(4);
    return std::nullopt;
  }
  Time Integer() {
    const unsigned tag = Byte();
    if (broken_) return std::nullopt;
    if (tag < 0x80) return tag;
    if (tag < 0xCC || tag > 0xD3) return std::nullopt;
    const std::uint64_t value = Big(std::size_t{1} << (tag & 3u));
    if (broken_ || value > kMost) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  // One value, whatever it is.
  bool Skip(int depth = 0) {
    if (depth > kDeepest || broken_ || rest_.empty()) return false;
    const unsigned tag = static_cast<unsigned char>(rest_.front());
    std::size_t values = 0;
    if ((tag & 0xF0u) == 0x90u || tag == 0xDC || tag == 0xDD) {
      values = *Array();
    } else {
      Byte();
      if ((tag & 0xF0u) == 0x80u) values = std::size_t{tag & 0x0Fu} * 2;
      if (tag == 0xDE) values = Big(2) * 2;
      if (tag == 0xDF) values = Big(4) * 2;
      Drop(BodyOf(tag));
    }
    // Every value has a byte, so this ends where the bytes do.
    for (; values > 0; --values) {
      if (!Skip(depth + 1)) return false;
    }
    return !broken_;
  }

 private:
  static constexpr int kDeepest = 16;
  static constexpr std::uint64_t kMost = std::uint64_t{1} << 40;

  // Bytes behind the tag of what is no container.
  std::size_t BodyOf(unsigned tag) {
    if ((tag & 0xE0u) == 0xA0u) return tag & 0x1Fu;
    switch (tag) {
      case 0xC4:
      case 0xD9:
        return Big(1);
      case 0xC5:
      case 0xDA:
        return Big(2);
      case 0xC6:
      case 0xDB:
        return Big(4);
      case 0xC7:
        return Big(1) + 1;
      case 0xC8:
        return Big(2) + 1;
      case 0xC9:
        return Big(4) + 1;
      case 0xCA:
        return 4;
      case 0xCB:
        return 8;
      case 0xCC:
      case 0xCD:
      case 0xCE:
      case 0xCF:
      case 0xD0:
      case 0xD1:
      case 0xD2:
      case 0xD3:
        return std::size_t{1} << (tag & 3u);
      case 0xD4:
      case 0xD5:
      case 0xD6:
      case 0xD7:
      case 0xD8:
        return (std::size_t{1} << (tag - 0xD4u)) + 1;
      default:
        return 0;
    }
  }
  unsigned Byte() { return static_cast<unsigned>(Big(1)); }
  std::size_t Big(std::size_t size) {
    std::size_t value = 0;
    if (size > rest_.size()) {
      broken_ = true;
      rest_ = {};
      return 0;
    }
    for (const char c : rest_.substr(0, size)) {
      value = value << 8 | static_cast<unsigned char>(c);
    }
    rest_.remove_prefix(size);
    return value;
  }
  void Drop(std::size_t size) {
    broken_ = broken_ || size > rest_.size();
    rest_.remove_prefix(std::min(size, rest_.size()));
  }

  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace

// Fields of libmacaroons' second format: kind and length as variable integers.
// PyPI writes caveats as JSON, of which [0,until,from] bounds the time.
std::optional<TimeWindow> WindowOfMacaroon(std::string_view bytes) {
  if (!bytes.starts_with('\x02')) return std::nullopt;
  std::string_view rest = bytes.substr(1);
  const auto number = [&rest]() -> std::optional<std::size_t> {
    std::size_t value = 0;
    for (unsigned shift = 0; shift < 28 && !rest.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      value |= std::size_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80u) == 0) return value;
    }
    return std::nullopt;
  };
  std::optional<TimeWindow> out;
  constexpr std::size_t kCaveat = 2;
  while (!rest.empty()) {
    const auto kind = number();
    if (!kind) break;
    if (*kind == 0) continue;  // the end of a part
    const auto size = number();
    if (!size || *size > rest.size()) break;
    const std::string_view field = rest.substr(0, *size);
    rest.remove_prefix(*size);
    if (*kind != kCaveat || !field.starts_with("[0,")) continue;
    const auto caveat = config::ParseJsonc("caveat", std::string(field));
    if (!caveat || caveat->root.items.size() != 3) continue;
    const auto& items = caveat->root.items;
    using Kind = config::Node::Kind;
    if (items[1].kind != Kind::kInteger || items[2].kind != Kind::kInteger) {
      continue;
    }
    Narrow(items[2].integer, items[1].integer, &out);
  }
  return out;
}

// [nonce, location, [kind, caveat, kind, caveat, ...], signature]
std::optional<TimeWindow> WindowOfFlyMacaroon(std::string_view bytes) {
  PackReader reader(bytes);
  if (reader.Array() != 4 || !reader.Skip() || !reader.Skip()) {
    return std::nullopt;
  }
  constexpr std::int64_t kValidityWindow = 4;
  std::optional<TimeWindow> out;
  std::size_t left = reader.Array().value_or(0) / 2;
  for (; left > 0; --left) {
    const Time kind = reader.Integer();
    if (!kind) return std::nullopt;
    if (*kind != kValidityWindow) {
      if (!reader.Skip()) return std::nullopt;
      continue;
    }
    if (reader.Array() != 2) return std::nullopt;
    const Time from = reader.Integer();
    const Time until = reader.Integer();
    if (!from || !until) return std::nullopt;
    Narrow(*from, *until, &out);
  }
  return out;
}

}  // namespace keytidy::match
