// SPDX-License-Identifier: Apache-2.0
#include "base/executor.h"

#include <algorithm>
#include <utility>

namespace keytidy {

Executor::Executor(std::size_t threads)
    : thread_count_(std::max<std::size_t>(1, threads)) {}

Executor::~Executor() {
  for (std::thread& helper : helpers_) helper.join();
}

void Executor::Spawn(Task task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (started_ && tasks_.size() > 1) StartHelpersLocked();
  }
  changed_.notify_one();
}

void Executor::StartHelpersLocked() {
  if (!helpers_.empty()) return;
  for (std::size_t i = 1; i < thread_count_; ++i) {
    helpers_.emplace_back([this, i] { Work(i); });
  }
}

void Executor::Run() {
  {
    std::lock_guard lock(mutex_);
    started_ = true;
    if (tasks_.size() > 1) StartHelpersLocked();
  }
  Work(0);
}

void Executor::Work(std::size_t worker) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock,
                  [this] { return done_ || !tasks_.empty() || running_ == 0; });
    if (done_ || (tasks_.empty() && running_ == 0)) {
      done_ = true;
      changed_.notify_all();
      return;
    }
    Task task = std::move(tasks_.back());
    tasks_.pop_back();
    ++running_;
    lock.unlock();
    task(worker);
    task = nullptr;
    lock.lock();
    --running_;
  }
}

}  // namespace keytidy
