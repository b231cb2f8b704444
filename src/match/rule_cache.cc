// SPDX-License-Identifier: Apache-2.0
#include "match/rule_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "base/digest.h"
#include "base/file.h"

namespace keytidy::match {
namespace {

constexpr std::size_t kMaxCache = 256u << 20;
constexpr std::size_t kDigestSize = 32;

std::string PathOf(const std::string& directory, std::string_view key) {
  return fmt::format("{}/rules-{}", directory, key.substr(0, 32));
}

std::string_view DigestOf(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

void PutNumber(std::uint32_t value, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) {
    out->push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

std::optional<std::uint32_t> TakeNumber(std::string_view* in) {
  if (in->size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>((*in)[i]))
             << (8 * i);
  }
  in->remove_prefix(4);
  return value;
}

// The bytes of a file that is ours alone; nothing otherwise.
std::optional<std::string> ReadOwnFile(const std::string& path) {
  const auto file = OpenRegular(path, Links::kRefuse);
  if (!file) return std::nullopt;
  struct stat st;
  if (fstat(file->fd.get(), &st) != 0 || st.st_uid != geteuid() ||
      (st.st_mode & 077) != 0 || file->size > kMaxCache) {
    return std::nullopt;
  }
  std::string bytes(file->size, '\0');
  const auto n = ReadFull(file->fd.get(), bytes.data(), bytes.size(), path);
  if (!n || *n != bytes.size()) return std::nullopt;
  return bytes;
}

}  // namespace

std::string CacheDirectory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME");
      cache != nullptr && *cache == '/') {
    return std::string(cache) + "/keytidy";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::string(home) + "/.cache/keytidy";
  }
  return {};
}

std::optional<std::string> LoadCache(const std::string& directory,
                                     std::string_view key,
                                     rules::RuleSet* set) {
  if (directory.empty()) return std::nullopt;
  const auto bytes = ReadOwnFile(PathOf(directory, key));
  if (!bytes) return std::nullopt;
  std::string_view rest = *bytes;
  if (rest.substr(0, kCacheMagic.size()) != kCacheMagic) return std::nullopt;
  rest.remove_prefix(kCacheMagic.size());
  if (rest.size() < kDigestSize + key.size()) return std::nullopt;
  const std::string_view digest = rest.substr(0, kDigestSize);
  rest.remove_prefix(kDigestSize);
  if (DigestOf(Sha256(rest)) != digest) return std::nullopt;
  if (rest.substr(0, key.size()) != key) return std::nullopt;
  rest.remove_prefix(key.size());
  for (std::size_t r = 0; r < set->rules().size(); ++r) {
    const auto prefix = TakeNumber(&rest);
    if (!prefix) return std::nullopt;
    set->mutable_rules()[r].known_prefix = *prefix;
    for (std::size_t s = 0; s < set->rules()[r].shapes.size(); ++s) {
      Shape& shape = set->MutableShape(r, s);
      for (std::uint32_t* field :
           {&shape.anchor_min, &shape.anchor_max, &shape.max_length}) {
        const auto number = TakeNumber(&rest);
        if (!number) return std::nullopt;
        *field = *number;
      }
    }
  }
  return std::string(rest);
}

void StoreCache(const std::string& directory, std::string_view key,
                const rules::RuleSet& set, std::string_view database) {
  if (directory.empty()) return;
  // Its parent may be missing too, in a fresh home.
  const std::string parent = directory.substr(0, directory.rfind('/'));
  mkdir(parent.c_str(), 0700);
  mkdir(directory.c_str(), 0700);
  std::string body(key);
  for (const Rule& rule : set.rules()) {
    PutNumber(rule.known_prefix, &body);
    for (const Shape& shape : rule.shapes) {
      PutNumber(shape.anchor_min, &body);
      PutNumber(shape.anchor_max, &body);
      PutNumber(shape.max_length, &body);
    }
  }
  body += database;
  const Sha256Digest digest = Sha256(body);
  const auto written = WritePrivateFile(
      PathOf(directory, key),
      std::string(kCacheMagic) + std::string(DigestOf(digest)) + body);
  (void)written;  // see the header
}

}  // namespace keytidy::match
