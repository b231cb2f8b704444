// SPDX-License-Identifier: Apache-2.0
#include "cli/interrupt.h"

#include <csignal>

namespace keytidy::cli {
namespace {

std::stop_source& Source() {
  static std::stop_source source;
  return source;
}

// request_stop() with no callbacks registered is one atomic exchange, and so
// safe here.
void OnSignal(int signal) {
  Source().request_stop();
  std::signal(signal, SIG_DFL);
}

}  // namespace

std::stop_token StopOnInterrupt() {
  Source();
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  return Source().get_token();
}

}  // namespace keytidy::cli
