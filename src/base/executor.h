// SPDX-License-Identifier: Apache-2.0
//
// Runs tasks that spawn further tasks (a directory spawns its files and its
// subdirectories) on a fixed number of threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace keytidy {

class Executor {
 public:
  // `worker` is the index of the thread that runs the task, below
  // thread_count(): the place of that thread's own scratch and counters. Tasks
  // must not throw.
  using Task = std::function<void(std::size_t worker)>;

  // The calling thread is one of `threads` (at least 1); the others are
  // started only when there is work for them, so that a run over one small
  // file starts none.
  explicit Executor(std::size_t threads);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  std::size_t thread_count() const { return thread_count_; }

  // Adds a task; from any thread, also from within a task. Newest first, so
  // that a walk goes deep before it goes wide and the list stays short.
  void Spawn(Task task);

  // Works until every task, and every task those spawned, is done. Call once,
  // from the thread that made the executor.
  void Run();

 private:
  void Work(std::size_t worker);
  void StartHelpersLocked();

  const std::size_t thread_count_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;  // guarded by mutex_
  std::size_t running_ = 0;  // guarded by mutex_
  bool started_ = false;     // guarded by mutex_
  bool done_ = false;        // guarded by mutex_
  std::vector<std::thread> helpers_;
};

}  // namespace keytidy
