// SPDX-License-Identifier: Apache-2.0
//
// What one archive, with everything nested in it, may cost.
#pragma once

#include <cstdint>
#include <string>

namespace keytidy::source {

struct ArchiveLimits {
  // How many archives may be open one in the other; the outermost is 1.
  unsigned depth = 8;
  // Entries of any kind, in all of them.
  std::uint64_t entries = 100'000;
  // Bytes unpacked, in all of them. What lies three archives deep counts three
  // times: once for each time it was unpacked.
  std::uint64_t total_bytes = std::uint64_t{8} << 30;
  // Bytes unpacked for each byte of the outermost archive read so far; judged
  // only once kRatioJudgedAfter bytes are unpacked.
  std::uint64_t ratio = 200;
  // Bytes held in memory because a format has to be read back and forth and
  // its source can only be read forth, in all of them at one time.
  std::uint64_t buffered_bytes = std::uint64_t{64} << 20;
};

inline constexpr std::uint64_t kRatioJudgedAfter = std::uint64_t{16} << 20;

// One for each outermost archive; not shared between threads. Everything but
// the first three functions is for ReadArchive.
class ArchiveBudget {
 public:
  explicit ArchiveBudget(const ArchiveLimits& limits = {}) : limits_(limits) {}
  ArchiveBudget(const ArchiveBudget&) = delete;
  ArchiveBudget& operator=(const ArchiveBudget&) = delete;

  const ArchiveLimits& limits() const { return limits_; }
  // Whether a limit was reached: nothing more is read.
  bool exceeded() const { return !why_.empty(); }
  // "archive limit: ..."; empty when no limit was reached.
  const std::string& why() const { return why_; }

  // Each counts, and says whether one may go on.
  bool AddEntries(std::uint64_t count);
  bool AddUnpacked(std::uint64_t bytes);
  // How far into the outermost archive anything was read.
  void SetPacked(std::uint64_t offset);

  // Alive while an archive is open.
  class Level {
   public:
    explicit Level(ArchiveBudget& budget) : budget_(budget) {
      ++budget_.depth_;
    }
    ~Level() { --budget_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool outermost() const { return budget_.depth_ == 1; }
    bool too_deep() const { return budget_.depth_ > budget_.limits_.depth; }

   private:
    ArchiveBudget& budget_;
  };
  unsigned depth() const { return depth_; }

  // Alive while bytes are held in memory.
  class Held {
   public:
    explicit Held(ArchiveBudget& budget) : budget_(budget) {}
    ~Held() { budget_.held_ -= bytes_; }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    // How many bytes may be held in all, here.
    std::uint64_t limit() const {
      return budget_.limits_.buffered_bytes - budget_.held_ + bytes_;
    }
    // `bytes` is at most limit().
    void Set(std::uint64_t bytes) {
      budget_.held_ += bytes - bytes_;
      bytes_ = bytes;
    }

   private:
    ArchiveBudget& budget_;
    std::uint64_t bytes_ = 0;
  };

 private:
  const ArchiveLimits limits_;
  unsigned depth_ = 0;
  std::uint64_t entries_ = 0;
  std::uint64_t unpacked_ = 0;
  std::uint64_t packed_ = 0;
  std::uint64_t held_ = 0;
  std::string why_;
};

}  // namespace keytidy::source
