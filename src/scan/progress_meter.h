// SPDX-License-Identifier: Apache-2.0
//
// One line on standard error that says how far a run is.
#pragma once

#include <thread>

#include "scan/options.h"

namespace keytidy::scan {

// While it lives, shows `progress` on standard error once the run has taken
// long enough to wonder, ten times a second; leaves a clean line behind.
class ProgressMeter {
 public:
  explicit ProgressMeter(const Progress& progress);
  ~ProgressMeter();
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace keytidy::scan
