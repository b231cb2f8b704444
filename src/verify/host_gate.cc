// SPDX-License-Identifier: Apache-2.0
#include "verify/host_gate.h"

#include <algorithm>
#include <utility>

namespace keytidy::verify {
namespace {

// Of two limits the one that lets less through at a time, and for longer.
Limit Stricter(const Limit& a, const Limit& b) {
  if (a.most == 0) return b;
  if (b.most == 0) return a;
  return {std::min(a.most, b.most), std::max(a.seconds, b.seconds)};
}

}  // namespace

void HostGate::Tighten(const Limits& limits) {
  if (!limits_) {
    limits_ = limits;
    return;
  }
  limits_->requests = Stricter(limits_->requests, limits.requests);
  limits_->failures = Stricter(limits_->failures, limits.failures);
  limits_->at_once = std::min(limits_->at_once, limits.at_once);
}

void HostGate::Forget(std::deque<Time>* times, std::uint32_t seconds,
                      Time now) {
  while (!times->empty() &&
         times->front() + std::chrono::seconds(seconds) <= now) {
    times->pop_front();
  }
}

std::optional<HostGate::Time> HostGate::Earliest(Time now) {
  if (!stopped_.empty()) return std::nullopt;
  const Limits limits = limits_.value_or(Limits());
  if (in_flight_ >= limits.at_once) return Time::max();
  Time earliest = std::max(now, not_before_);
  if (limits.requests.most > 0) {
    Forget(&requests_, limits.requests.seconds, now);
    if (requests_.size() >= limits.requests.most) {
      const auto window = std::chrono::seconds(limits.requests.seconds);
      earliest =
          std::max(earliest,
                   requests_[requests_.size() - limits.requests.most] + window);
    }
  }
  if (limits.failures.most > 0) {
    Forget(&failures_, limits.failures.seconds, now);
    // Each that is on its way may be refused too.
    const std::size_t possible = failures_.size() + in_flight_;
    if (possible >= limits.failures.most) {
      if (in_flight_ > 0) return Time::max();
      const auto window = std::chrono::seconds(limits.failures.seconds);
      earliest =
          std::max(earliest,
                   failures_[failures_.size() - limits.failures.most] + window);
    }
  }
  return earliest;
}

void HostGate::Sent(Time now) {
  ++in_flight_;
  requests_.push_back(now);
}

void HostGate::Answered(Time now, bool refused) {
  --in_flight_;
  if (refused) failures_.push_back(now);
}

void HostGate::DelayUntil(Time time) {
  not_before_ = std::max(not_before_, time);
}

void HostGate::Stop(std::string why) {
  if (stopped_.empty()) stopped_ = std::move(why);
}

}  // namespace keytidy::verify
