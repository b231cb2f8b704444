// SPDX-License-Identifier: Apache-2.0
//
// Writes indexes of any content, also such that git never would.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace keytidy::git {

inline std::string Big16(std::uint64_t n) {
  return {static_cast<char>(n >> 8), static_cast<char>(n)};
}
inline std::string Big32(std::uint64_t n) { return Big16(n >> 16) + Big16(n); }
inline std::string Big64(std::uint64_t n) { return Big32(n >> 32) + Big32(n); }

inline std::string Checksum(std::string_view bytes) {
  const Sha1Digest digest = Sha1(bytes);
  return {digest.begin(), digest.end()};
}

// An index of SHA-1 with its checksum made right.
inline std::string Mended(std::string bytes) {
  if (bytes.size() < 20) return bytes;
  bytes.resize(bytes.size() - 20);
  return bytes + Checksum(bytes);
}

struct MadeEntry {
  std::string path;
  std::uint32_t mode = 0100644;
  unsigned stage = 0;
  unsigned extended = 0;  // the second flags; none: they are not there
  unsigned cut = 0;       // version 4: how much of the path before goes
};

class IndexMaker {
 public:
  explicit IndexMaker(unsigned version = 2) : version_(version) {}

  IndexMaker& Add(const MadeEntry& entry) {
    // In version 4 the path is only what is put at the end.
    if (version_ == 4) {
      length_ = length_ - entry.cut + entry.path.size();
    } else {
      length_ = entry.path.size();
    }
    std::string out = std::string(24, '\0') + Big32(entry.mode) +
                      std::string(12, '\0') + std::string(20, '\x11');
    out += Big16((entry.extended != 0 ? 0x4000u : 0) | entry.stage << 12 |
                 (length_ < 0xFFF ? length_ : 0xFFF));
    if (entry.extended != 0) out += Big16(entry.extended);
    if (version_ == 4) out += Offset(entry.cut);
    out += entry.path + '\0';
    if (version_ != 4) out.append((8 - out.size() % 8) % 8, '\0');
    entries_ += out;
    ++count_;
    return *this;
  }
  IndexMaker& Extension(std::string_view name, std::string_view data) {
    extensions_ += std::string(name) + Big32(data.size()) + std::string(data);
    return *this;
  }
  IndexMaker& Raw(std::string_view bytes) {
    extensions_ += bytes;
    return *this;
  }
  IndexMaker& Count(std::uint32_t count) {
    count_ = count;
    return *this;
  }
  std::string Bytes() const {
    return Mended("DIRC" + Big32(version_) + Big32(count_) + entries_ +
                  extensions_ + std::string(20, '\0'));
  }

 private:
  static std::string Offset(unsigned n) {
    std::string out(1, static_cast<char>(n & 0x7F));
    while ((n >>= 7) != 0) {
      out.insert(0, 1, static_cast<char>((--n & 0x7F) | 0x80));
    }
    return out;
  }

  unsigned version_;
  std::uint32_t count_ = 0;
  std::size_t length_ = 0;
  std::string entries_;
  std::string extensions_;
};

// One node of "TREE".
inline std::string TreeNode(std::string_view name, int count, int children) {
  return std::string(name) + '\0' + std::to_string(count) + ' ' +
         std::to_string(children) + '\n' +
         (count < 0 ? "" : std::string(20, '\x22'));
}

// A bitmap of these words, as they stand in the file.
inline std::string Ewah(std::uint64_t bits, const std::string& words) {
  return Big32(bits) + Big32(words.size() / 8) + words + Big32(0);
}
inline std::string EwahMarker(bool value, std::uint64_t run,
                              std::uint64_t plain) {
  return Big64((value ? 1u : 0u) | run << 1 | plain << 33);
}

}  // namespace keytidy::git
