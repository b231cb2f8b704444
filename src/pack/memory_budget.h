// SPDX-License-Identifier: Apache-2.0
//
// How many bytes of objects all workers together may hold in memory.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace keytidy::pack {

// Shared by all workers. A worker that wants more than is free waits, but one
// at a time may go on, so that those who wait cannot wait for each other; so
// the peak is at most twice the limit.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t limit) : limit_(limit) {}

  std::uint64_t limit() const { return limit_; }

  // One worker's share of it.
  class Account {
   public:
    explicit Account(MemoryBudget* budget) : budget_(budget) {}
    ~Account() { Give(held_); }
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    // False when this account alone would hold more than the limit: whatever
    // the others do, so that the outcome is the same in every run.
    [[nodiscard]] bool Take(std::uint64_t bytes);
    void Give(std::uint64_t bytes);

   private:
    MemoryBudget* budget_;
    std::uint64_t held_ = 0;
    bool leads_ = false;
  };

 private:
  const std::uint64_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t taken_ = 0;  // guarded by mutex_
  bool has_leader_ = false;  // guarded by mutex_
};

}  // namespace keytidy::pack
