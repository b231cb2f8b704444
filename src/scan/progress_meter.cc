// SPDX-License-Identifier: Apache-2.0
#include "scan/progress_meter.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include "base/file.h"
#include "base/text.h"

namespace keytidy::scan {
namespace {

constexpr std::chrono::milliseconds kPatience{400};
constexpr std::chrono::milliseconds kInterval{100};
constexpr std::string_view kEraseLine = "\r\x1b[K";

void Show(const std::string& text) {
  // A terminal that is gone is no reason to stop.
  const auto written = WriteAll(STDERR_FILENO, text);
  (void)written;
}

void Run(const Progress& progress, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  bool shown = false;
  auto wait = kPatience;
  while (!changed.wait_for(lock, stop, wait,
                           [&] { return stop.stop_requested(); })) {
    wait = kInterval;
    shown = true;
    const std::uint64_t blobs = progress.blobs.load();
    Show(fmt::format(
        "{}scanning: {}, {} MB", kEraseLine,
        blobs > 0 ? Count(blobs, "blob") : Count(progress.files.load(), "file"),
        WithThousands(progress.bytes.load() / 1000000)));
  }
  if (shown) Show(std::string(kEraseLine));
}

}  // namespace

ProgressMeter::ProgressMeter(const Progress& progress)
    : thread_(
          [&progress](const std::stop_token& stop) { Run(progress, stop); }) {}

ProgressMeter::~ProgressMeter() {
  thread_.request_stop();
  thread_.join();
}

}  // namespace keytidy::scan
