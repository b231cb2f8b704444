// SPDX-License-Identifier: Apache-2.0
#include "verify/host_gate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

namespace keytidy::verify {
namespace {

using Time = HostGate::Time;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Time kStart = Time() + std::chrono::hours(1000);

Time At(int s) { return kStart + seconds(s); }

Limits LimitsOf(Limit requests, Limit failures, std::uint32_t at_once) {
  Limits out;
  out.requests = requests;
  out.failures = failures;
  out.at_once = at_once;
  return out;
}

HostGate GateOf(Limit requests, Limit failures, std::uint32_t at_once) {
  HostGate gate;
  gate.Tighten(LimitsOf(requests, failures, at_once));
  return gate;
}

TEST(HostGate, LetsThroughAtOnceWithinLimits) {
  HostGate gate = GateOf({3, 10}, {0, 0}, 8);
  EXPECT_EQ(gate.Earliest(At(0)), At(0));
  gate.Sent(At(0));
  gate.Sent(At(0));
  EXPECT_EQ(gate.in_flight(), 2u);
  EXPECT_EQ(gate.Earliest(At(1)), At(1));
}

TEST(HostGate, AWindowOverRequests) {
  HostGate gate = GateOf({2, 10}, {0, 0}, 8);
  gate.Sent(At(0));
  gate.Answered(At(0), false);
  gate.Sent(At(4));
  gate.Answered(At(4), false);
  EXPECT_EQ(gate.Earliest(At(5)), At(10));
  EXPECT_EQ(gate.Earliest(At(9)), At(10));
  EXPECT_EQ(gate.Earliest(At(10)), At(10));
  gate.Sent(At(10));
  gate.Answered(At(10), false);
  EXPECT_EQ(gate.Earliest(At(10)), At(14));
  EXPECT_EQ(gate.Earliest(At(30)), At(30));
}

TEST(HostGate, AtOnce) {
  HostGate gate = GateOf({100, 1}, {0, 0}, 2);
  gate.Sent(At(0));
  EXPECT_EQ(gate.Earliest(At(0)), At(0));
  gate.Sent(At(0));
  EXPECT_EQ(gate.Earliest(At(0)), Time::max());
  gate.Answered(At(1), false);
  EXPECT_EQ(gate.in_flight(), 1u);
  EXPECT_EQ(gate.Earliest(At(1)), At(1));
}

TEST(HostGate, AWindowOverRefusals) {
  HostGate gate = GateOf({100, 1}, {2, 60}, 8);
  for (const int s : {0, 1}) {
    gate.Sent(At(s));
    gate.Answered(At(s), true);
  }
  EXPECT_EQ(gate.Earliest(At(2)), At(60));
  EXPECT_EQ(gate.Earliest(At(60)), At(60));
  gate.Sent(At(60));
  gate.Answered(At(60), true);
  EXPECT_EQ(gate.Earliest(At(60)), At(61));
}

TEST(HostGate, WhatIsOnItsWayMayBeRefusedToo) {
  HostGate gate = GateOf({100, 1}, {2, 60}, 8);
  gate.Sent(At(0));
  gate.Sent(At(0));
  EXPECT_EQ(gate.Earliest(At(0)), Time::max());
  gate.Answered(At(1), false);
  EXPECT_EQ(gate.Earliest(At(1)), At(1));
  gate.Answered(At(1), true);
  gate.Sent(At(1));
  EXPECT_EQ(gate.Earliest(At(2)), Time::max());
}

TEST(HostGate, WhatTheHostAskedFor) {
  HostGate gate = GateOf({100, 1}, {0, 0}, 8);
  gate.DelayUntil(At(30));
  gate.DelayUntil(At(20));
  EXPECT_EQ(gate.Earliest(At(0)), At(30));
  EXPECT_EQ(gate.Earliest(At(40)), At(40));
}

TEST(HostGate, TheLatestOfAllReasons) {
  HostGate gate = GateOf({1, 10}, {1, 60}, 8);
  gate.Sent(At(0));
  gate.Answered(At(5), true);
  EXPECT_EQ(gate.Earliest(At(6)), At(65));
  gate.DelayUntil(At(70));
  EXPECT_EQ(gate.Earliest(At(6)), At(70));
}

TEST(HostGate, StoppedForTheFirstReason) {
  HostGate gate = GateOf({100, 1}, {0, 0}, 8);
  EXPECT_EQ(gate.stopped(), "");
  gate.Stop("locked out");
  gate.Stop("something else");
  EXPECT_EQ(gate.stopped(), "locked out");
  EXPECT_EQ(gate.Earliest(At(0)), std::nullopt);
}

TEST(HostGate, TheStrictestLimitsCount) {
  HostGate gate;
  gate.Tighten(LimitsOf({5, 10}, {0, 0}, 4));
  gate.Tighten(LimitsOf({2, 5}, {1, 60}, 8));
  gate.Tighten(LimitsOf({0, 0}, {3, 30}, 6));
  gate.Sent(At(0));
  gate.Answered(At(0), false);
  gate.Sent(At(0));
  gate.Answered(At(0), false);
  EXPECT_EQ(gate.Earliest(At(1)), At(10));
  gate.Sent(At(20));
  gate.Answered(At(20), true);
  EXPECT_EQ(gate.Earliest(At(50)), At(80));
}

TEST(HostGate, AtMostTheFewestAtOnce) {
  HostGate gate;
  gate.Tighten(LimitsOf({100, 1}, {0, 0}, 4));
  gate.Tighten(LimitsOf({100, 1}, {0, 0}, 1));
  gate.Tighten(LimitsOf({100, 1}, {0, 0}, 9));
  gate.Sent(At(0));
  EXPECT_EQ(gate.Earliest(At(0)), Time::max());
}

// Any schedule: in no window are there more requests or refusals than the
// limits say, even if all that is on its way were refused.
TEST(HostGate, NeverLetsMoreThroughThanItsLimits) {
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](std::uint32_t most) {
      return static_cast<std::uint32_t>(1 + random() % most);
    };
    const Limits limits =
        LimitsOf({pick(6), pick(20)}, {pick(5), pick(20)}, pick(5));
    HostGate gate;
    gate.Tighten(limits);
    std::vector<Time> sent, refused;
    Time now = kStart;
    for (int step = 0; step < 400; ++step) {
      now += milliseconds(random() % 3 == 0 ? 0 : random() % 2500);
      if (gate.in_flight() > 0 && random() % 2 == 0) {
        const bool bad = random() % 3 != 0;
        gate.Answered(now, bad);
        if (bad) refused.push_back(now);
        continue;
      }
      if (random() % 40 == 0) gate.DelayUntil(now + seconds(random() % 9));
      const auto earliest = gate.Earliest(now);
      ASSERT_TRUE(earliest);
      ASSERT_GE(*earliest, now);
      if (*earliest == Time::max()) {
        ASSERT_GT(gate.in_flight(), 0u);
        continue;
      }
      if (random() % 4 == 0) now = *earliest;  // as a caller that waits
      if (*earliest > now) continue;
      gate.Sent(now);
      sent.push_back(now);
      ASSERT_LE(gate.in_flight(), limits.at_once);
      const auto since = [&](const std::vector<Time>& times,
                             std::uint32_t window) {
        return std::count_if(times.begin(), times.end(), [&](Time time) {
          return time + seconds(window) > now;
        });
      };
      ASSERT_LE(since(sent, limits.requests.seconds), limits.requests.most);
      ASSERT_LE(since(refused, limits.failures.seconds) + gate.in_flight(),
                limits.failures.most);
    }
  }
}

// A caller that waits as long as it is told gets everything through.
TEST(HostGate, NeverWaitsForever) {
  HostGate gate = GateOf({3, 7}, {2, 11}, 2);
  Time now = kStart;
  int through = 0;
  while (through < 200) {
    const auto earliest = gate.Earliest(now);
    ASSERT_TRUE(earliest);
    if (*earliest == Time::max()) {
      gate.Answered(now, through % 2 == 0);
      continue;
    }
    now = *earliest;
    ASSERT_EQ(gate.Earliest(now), now);
    gate.Sent(now);
    ++through;
  }
  EXPECT_LE(now, kStart + seconds(200 * 11));
}

}  // namespace
}  // namespace keytidy::verify
