// SPDX-License-Identifier: Apache-2.0
//
// When the next request may go to one host: a window over requests, a window
// over refusals (providers lock addresses out that send too many bad keys), and
// what the host itself asked for. One thread. Times come from the caller.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "core/recipe.h"

namespace keytidy::verify {

class HostGate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Several recipes may lead to one host: the strictest limits count.
  void Tighten(const Limits& limits);

  // The earliest time at which a request may be sent; Time::max() while only
  // an answer that is on its way can tell; nothing when the host is stopped.
  std::optional<Time> Earliest(Time now);

  void Sent(Time now);
  void Answered(Time now, bool refused);
  void DelayUntil(Time time);
  void Stop(std::string why);

  // Why nothing more is sent; empty: it may.
  const std::string& stopped() const { return stopped_; }
  std::uint32_t in_flight() const { return in_flight_; }

 private:
  static void Forget(std::deque<Time>* times, std::uint32_t seconds, Time now);

  std::optional<Limits> limits_;
  std::deque<Time> requests_;  // the last `most` of them
  std::deque<Time> failures_;
  std::uint32_t in_flight_ = 0;
  Time not_before_ = Time::min();
  std::string stopped_;
};

}  // namespace keytidy::verify
