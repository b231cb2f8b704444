// SPDX-License-Identifier: Apache-2.0
#include "pack/memory_budget.h"

namespace keytidy::pack {

bool MemoryBudget::Account::Take(std::uint64_t bytes) {
  MemoryBudget& budget = *budget_;
  if (bytes > budget.limit_ || held_ > budget.limit_ - bytes) return false;
  held_ += bytes;
  const std::uint64_t before = budget.taken_.fetch_add(bytes);
  if (leads_ || before + bytes <= budget.limit_) return true;
  budget.taken_.fetch_sub(bytes);
  std::unique_lock lock(budget.mutex_);
  ++budget.waiting_;
  budget.changed_.wait(lock, [&] {
    return !budget.has_leader_ || budget.taken_.load() + bytes <= budget.limit_;
  });
  --budget.waiting_;
  if (budget.taken_.fetch_add(bytes) + bytes > budget.limit_) {
    budget.has_leader_ = leads_ = true;
  }
  return true;
}

void MemoryBudget::Account::Give(std::uint64_t bytes) {
  if (bytes == 0) return;
  held_ -= bytes;
  budget_->taken_.fetch_sub(bytes);
  const bool stops_leading = leads_ && held_ == 0;
  if (!stops_leading && budget_->waiting_.load() == 0) return;
  const std::lock_guard lock(budget_->mutex_);
  if (stops_leading) budget_->has_leader_ = leads_ = false;
  budget_->changed_.notify_all();
}

}  // namespace keytidy::pack
