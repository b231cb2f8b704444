// SPDX-License-Identifier: Apache-2.0
#include "config/binary_plist.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "config/unique_members.h"
#include "config/utf8.h"

namespace keytidy::config {
namespace {

constexpr std::string_view kMagic = "bplist0";
constexpr std::size_t kHeader = 8;
constexpr std::size_t kTrailer = 32;
constexpr std::size_t kMaxDepth = 200;
// Objects may be referred to many times, so both are counted as they come out.
constexpr std::size_t kMaxNodes = 500'000;
constexpr std::size_t kMaxStrings = std::size_t{32} << 20;

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t at = i + k;
      group = group << 8 |
              (at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      out += padding ? '=' : kDigits[group >> (18 - 6 * k) & 0x3F];
    }
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view Read(Node* root) {
    std::uint64_t top = 0;
    if (!Trailer(&top)) return "this binary property list is cut off";
    Object(top, 0, root);
    return error_;
  }

 private:
  bool Wrong(std::string_view what) {
    if (error_.empty()) error_ = what;
    return false;
  }
  bool Outside() { return Wrong("an object reaches beyond the file"); }

  // Up to 8 bytes, the largest first; the caller has checked the bounds.
  std::uint64_t Number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
    }
    return value;
  }

  bool Trailer(std::uint64_t* top) {
    if (bytes_.size() < kHeader + kTrailer) return false;
    const std::size_t trailer = bytes_.size() - kTrailer;
    offset_size_ = Number(trailer + 6, 1);
    reference_size_ = Number(trailer + 7, 1);
    count_ = Number(trailer + 8, 8);
    *top = Number(trailer + 16, 8);
    table_ = Number(trailer + 24, 8);
    const auto good = [](std::size_t size) { return size > 0 && size <= 8; };
    if (!good(offset_size_) || !good(reference_size_)) return false;
    if (table_ < kHeader || table_ > trailer) return false;
    if (count_ == 0 || count_ > (trailer - table_) / offset_size_) return false;
    end_ = table_;
    open_.resize(count_);
    return true;
  }

  // Whether `count` times `size` bytes stand at `at`.
  bool Holds(std::size_t at, std::uint64_t count, std::size_t size) const {
    return at <= end_ && count <= (end_ - at) / size;
  }

  bool Object(std::uint64_t number, std::size_t depth, Node* out) {
    if (number >= count_) return Wrong("a reference to no object");
    if (++nodes_ > kMaxNodes) return Wrong("too many objects");
    std::size_t at = Number(table_ + number * offset_size_, offset_size_);
    if (at < kHeader || at >= end_) return Outside();
    const auto marker = static_cast<unsigned char>(bytes_[at++]);
    const int type = marker >> 4;
    if (type < 4 || type == 8) return Fixed(marker, at, out);
    std::uint64_t count = marker & 0x0F;
    if (count == 0x0F && !LongCount(&at, &count)) return false;
    if (type <= 7) return String(type, at, count, out);
    if (type == 0xA || type == 0xC || type == 0xD) {
      if (depth == kMaxDepth) return Wrong("nests too deep");
      if (open_[number]) return Wrong("an object is within itself");
      open_[number] = true;
      const bool good = type == 0xD ? Table(at, count, depth, out)
                                    : Array(at, count, depth, out);
      open_[number] = false;
      return good;
    }
    return Wrong("an object of no known kind");
  }

  bool LongCount(std::size_t* at, std::uint64_t* count) {
    if (!Holds(*at, 1, 1)) return Outside();
    const auto marker = static_cast<unsigned char>(bytes_[*at]);
    if (marker >> 4 != 1 || (marker & 0x0F) > 3) {
      return Wrong("a count is no number");
    }
    const std::size_t size = std::size_t{1} << (marker & 0x0F);
    if (!Holds(*at + 1, 1, size)) return Outside();
    *count = Number(*at + 1, size);
    *at += 1 + size;
    return true;
  }

  // Null, bools, numbers, dates, UIDs.
  bool Fixed(unsigned char marker, std::size_t at, Node* out) {
    const int type = marker >> 4;
    if (type == 0) {
      if (marker == 0x08 || marker == 0x09) {
        out->kind = Node::Kind::kBool;
        out->boolean = marker == 0x09;
        return true;
      }
      return marker == 0 || Wrong("an object of no known kind");
    }
    const unsigned power = marker & 0x0F;
    if (power > 4) return Wrong("a number of no known size");
    const std::size_t size = type == 8 ? power + 1 : std::size_t{1} << power;
    if (!Holds(at, 1, size)) return Outside();
    if (type == 1 || type == 8) {
      return Integer(at, size, out);
    }
    if (size != 4 && size != 8) return Wrong("a number of no known size");
    const std::uint64_t bits = Number(at, size);
    const double value =
        size == 8
            ? std::bit_cast<double>(bits)
            : double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))};
    if (type == 2) {
      out->kind = Node::Kind::kFloat;
      out->number = value;
      return true;
    }
    // Seconds since 2001.
    constexpr double kEpoch = 978307200;
    constexpr double kMost = 1e12;
    if (!(std::abs(value) < kMost)) return Wrong("a date out of all bounds");
    out->kind = Node::Kind::kString;
    out->string =
        IsoTime(static_cast<std::int64_t>(std::floor(value + kEpoch)));
    return true;
  }

  // Below 8 bytes they have no sign; of 16 the lower half counts.
  bool Integer(std::size_t at, std::size_t size, Node* out) {
    const std::size_t read = size > 8 ? 8 : size;
    const std::uint64_t value = Number(at + size - read, read);
    const bool large = size == 16 && Number(at, 8) == 0 && value >> 63 != 0;
    out->kind = large ? Node::Kind::kFloat : Node::Kind::kInteger;
    if (large) {
      out->number = static_cast<double>(value);
    } else {
      out->integer = std::bit_cast<std::int64_t>(value);
      out->number = static_cast<double>(out->integer);
    }
    return true;
  }

  bool String(int type, std::size_t at, std::uint64_t count, Node* out) {
    const std::size_t unit = type == 6 ? 2 : 1;
    if (!Holds(at, count, unit)) return Outside();
    out->kind = Node::Kind::kString;
    const std::string_view bytes = bytes_.substr(at, count * unit);
    strings_ += bytes.size();
    if (strings_ > kMaxStrings) return Wrong("too much text");
    if (type == 4) {
      out->string = Base64(bytes);
    } else if (type == 6) {
      out->string = FromUtf16(at, count);
    } else {
      out->string = ToValidUtf8(bytes);
    }
    return true;
  }

  std::string FromUtf16(std::size_t at, std::uint64_t count) const {
    std::string out;
    for (std::uint64_t i = 0; i < count; ++i) {
      auto point = static_cast<std::uint32_t>(Number(at + 2 * i, 2));
      if (point >= 0xD800 && point < 0xDC00 && i + 1 < count) {
        const auto low = static_cast<std::uint32_t>(Number(at + 2 * i + 2, 2));
        if (low >= 0xDC00 && low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
          ++i;
        }
      }
      AppendCharacter(point, &out);
    }
    return out;
  }

  bool Array(std::size_t at, std::uint64_t count, std::size_t depth,
             Node* out) {
    if (!Holds(at, count, reference_size_)) return Outside();
    out->kind = Node::Kind::kArray;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t item =
          Number(at + i * reference_size_, reference_size_);
      if (!Object(item, depth + 1, &out->items.emplace_back())) return false;
    }
    return true;
  }

  bool Table(std::size_t at, std::uint64_t count, std::size_t depth,
             Node* out) {
    if (!Holds(at, count, 2 * reference_size_)) return Outside();
    out->kind = Node::Kind::kTable;
    UniqueMembers members(out);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t key = at + i * reference_size_;
      const std::size_t value = key + count * reference_size_;
      Node name;
      Member member;
      if (!Object(Number(key, reference_size_), depth + 1, &name)) return false;
      if (name.kind != Node::Kind::kString) {
        return Wrong("the name of a value is no string");
      }
      if (!Object(Number(value, reference_size_), depth + 1, &member.value)) {
        return false;
      }
      member.key = std::move(name.string);
      members.Put(std::move(member));
    }
    return true;
  }

  std::string_view bytes_;
  std::size_t offset_size_ = 0;
  std::size_t reference_size_ = 0;
  std::uint64_t count_ = 0;
  std::size_t table_ = 0;
  std::size_t end_ = 0;     // of the objects
  std::vector<bool> open_;  // those that are being read
  std::size_t nodes_ = 0;
  std::size_t strings_ = 0;
  std::string_view error_;
};

}  // namespace

bool IsBinaryPlist(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::string_view ReadBinaryPlist(std::string_view bytes, Node* root) {
  return Reader(bytes).Read(root);
}

}  // namespace keytidy::config
