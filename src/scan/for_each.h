// SPDX-License-Identifier: Apache-2.0
//
// A loop whose rounds are done by several threads, each taking the next.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <stop_token>

#include "base/executor.h"

namespace keytidy::scan {

// Calls round(worker, i) for every i below `count`, in any order, with `worker`
// below `jobs` and never two calls with the same worker at a time. Returns
// when all are done, or, once `stop` is requested, those that had begun.
template <class Round>
void ForEach(std::size_t jobs, std::size_t count, const std::stop_token& stop,
             const Round& round) {
  if (count == 0) return;
  Executor executor(std::min(jobs, count));
  std::atomic<std::size_t> next{0};
  for (std::size_t i = 0; i < executor.thread_count(); ++i) {
    executor.Spawn([&](std::size_t worker) {
      for (;;) {
        const std::size_t n = next.fetch_add(1);
        if (n >= count || stop.stop_requested()) return;
        round(worker, n);
      }
    });
  }
  executor.Run();
}

}  // namespace keytidy::scan
