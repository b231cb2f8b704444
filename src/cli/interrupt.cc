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
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  // Not SA_RESTART: a read that waits for input must end.
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return Source().get_token();
}

}  // namespace keytidy::cli
