// SPDX-License-Identifier: Apache-2.0
#include "scan/history_state.h"

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/file.h"

namespace keytidy::scan {
namespace {

constexpr std::string_view kMagic = "keytidy-history-state 1\n";
constexpr std::size_t kMostBytes = std::size_t{2} << 30;

std::string Raw(const Sha256Digest& digest) {
  return std::string(digest.begin(), digest.end());
}

bool TakeLine(std::string_view* rest, std::string_view* line) {
  const std::size_t end = rest->find('\n');
  if (end == std::string_view::npos) return false;
  *line = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  return true;
}

bool TakeCount(std::string_view* rest, std::string_view name,
               std::uint64_t* out) {
  std::string_view line;
  if (!TakeLine(rest, &line) || !line.starts_with(name)) return false;
  line.remove_prefix(name.size());
  const auto [end, error] =
      std::from_chars(line.data(), line.data() + line.size(), *out);
  return error == std::errc() && end == line.data() + line.size();
}

}  // namespace

Result<HistoryState> HistoryState::Read(const std::string& path,
                                        const std::string& digest,
                                        pack::HashKind kind) {
  HistoryState out;
  out.digest_ = digest;
  out.kind_ = kind;
  auto text = ReadSmallFile(path, kMostBytes);
  if (!text) {
    if (text.error().code == ErrorCode::kNotFound) return out;
    return Fail(text.error());
  }
  const auto damaged = [&] {
    return Fail(ErrorCode::kDamaged,
                "{}: not a state of --since-last, or damaged; remove it to "
                "scan everything again",
                path);
  };
  constexpr std::size_t kSum = sizeof(Sha256Digest);
  std::string_view rest = *text;
  if (rest.size() < kMagic.size() + kSum || !rest.starts_with(kMagic)) {
    return damaged();
  }
  const std::string_view body = rest.substr(0, rest.size() - kSum);
  if (Raw(Sha256(body)) != rest.substr(body.size())) return damaged();
  rest = body.substr(kMagic.size());
  std::string_view line;
  if (!TakeLine(&rest, &line)) return damaged();
  if (line != digest) return out;
  std::uint64_t count = 0;
  if (!TakeCount(&rest, "packs ", &count)) return damaged();
  for (std::uint64_t i = 0; i < count; ++i) {
    if (rest.size() < pack::IdSize(kind)) return damaged();
    out.packs_.emplace(rest.substr(0, pack::IdSize(kind)));
    rest.remove_prefix(pack::IdSize(kind));
  }
  if (!TakeCount(&rest, "blobs ", &count) ||
      rest.size() / pack::IdSize(kind) != count) {
    return damaged();
  }
  out.blobs_.reserve(count);
  for (; !rest.empty(); rest.remove_prefix(pack::IdSize(kind))) {
    out.blobs_.emplace_back(reinterpret_cast<const std::uint8_t*>(rest.data()),
                            kind);
  }
  return out;
}

bool HistoryState::KnowsPack(std::string_view checksum) const {
  return packs_.find(checksum) != packs_.end();
}

bool HistoryState::Knows(const pack::ObjectId& id) const {
  return std::binary_search(blobs_.begin(), blobs_.end(), id);
}

void HistoryState::AddPack(std::string_view checksum) {
  packs_.emplace(checksum);
}

Status HistoryState::Write(const std::string& path) {
  blobs_.insert(blobs_.end(), added_.begin(), added_.end());
  added_.clear();
  std::sort(blobs_.begin(), blobs_.end());
  blobs_.erase(std::unique(blobs_.begin(), blobs_.end()), blobs_.end());
  std::string out(kMagic);
  out += digest_ + "\npacks " + std::to_string(packs_.size()) + "\n";
  for (const std::string& pack : packs_) out += pack;
  out += "blobs " + std::to_string(blobs_.size()) + "\n";
  for (const pack::ObjectId& id : blobs_) {
    out.append(reinterpret_cast<const char*>(id.data()), id.size());
  }
  out += Raw(Sha256(out));
  return WritePrivateFile(path, out);
}

}  // namespace keytidy::scan
