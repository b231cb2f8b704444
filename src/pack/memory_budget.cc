// SPDX-License-Identifier: Apache-2.0
#include "pack/memory_budget.h"

namespace keytidy::pack {

bool MemoryBudget::Account::Take(std::uint64_t bytes) {
  MemoryBudget& budget = *budget_;
  if (bytes > budget.limit_ || held_ > budget.limit_ - bytes) return false;
  if (bytes == 0) return true;
  std::unique_lock lock(budget.mutex_);
  const auto fits = [&] { return budget.taken_ + bytes <= budget.limit_; };
  if (!leads_ && !fits()) {
    budget.changed_.wait(lock, [&] { return fits() || !budget.has_leader_; });
    if (!fits()) budget.has_leader_ = leads_ = true;
  }
  budget.taken_ += bytes;
  held_ += bytes;
  return true;
}

void MemoryBudget::Account::Give(std::uint64_t bytes) {
  if (bytes == 0) return;
  const std::lock_guard lock(budget_->mutex_);
  held_ -= bytes;
  budget_->taken_ -= bytes;
  if (leads_ && held_ == 0) budget_->has_leader_ = leads_ = false;
  budget_->changed_.notify_all();
}

}  // namespace keytidy::pack
