// SPDX-License-Identifier: Apache-2.0
#include "match/macaroon.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>

namespace keytidy::match {
namespace {

std::string Shown(const std::optional<TimeWindow>& window) {
  if (!window) return "none";
  return std::to_string(window->from) + " " + std::to_string(window->until);
}

std::string Byte(unsigned value) {
  return std::string(1, static_cast<char>(value));
}

std::string Field(unsigned kind, std::string_view data) {
  std::string size;
  auto left = static_cast<unsigned>(data.size());
  for (; left > 0x7F; left >>= 7) size += Byte((left & 0x7Fu) | 0x80u);
  return Byte(kind) + size + Byte(left) + std::string(data);
}

// As libmacaroons writes the second format.
std::string Written(std::initializer_list<std::string_view> caveats) {
  std::string out =
      Byte(2) + Field(1, "pypi.example") + Field(2, "some id") + Byte(0);
  for (const std::string_view caveat : caveats) {
    out += Field(2, caveat) + Byte(0);
  }
  return out + Byte(0) + Field(6, std::string(32, '\x11'));
}

std::string Window(std::initializer_list<std::string_view> caveats) {
  return Shown(WindowOfMacaroon(Written(caveats)));
}

TEST(Macaroon, ACaveatBoundsTheTime) {
  EXPECT_EQ(Window({"[0,1700000900,1700000000]"}), "1700000000 1700000900");
  EXPECT_EQ(Window({"[3,\"a user\"]", "[0,1700000900,1700000000]"}),
            "1700000000 1700000900");
}

TEST(Macaroon, TheNarrowestCounts) {
  EXPECT_EQ(Window({"[0,1700000900,1700000000]", "[0,1700000500,1600000000]"}),
            "1700000000 1700000500");
}

TEST(Macaroon, LongCaveats) {
  const std::string names = "[1,[\"" + std::string(300, 'n') + "\"]]";
  EXPECT_EQ(Window({names, "[0,2,1]"}), "1 2");
}

TEST(Macaroon, WhatSaysNothing) {
  EXPECT_EQ(Window({}), "none");
  EXPECT_EQ(Window({"[3,\"a user\"]"}), "none");
  EXPECT_EQ(Window({"[0,1]", "[0,\"1\",\"2\"]", "[0,1,2,3]", "[0,"}), "none");
  EXPECT_EQ(Shown(WindowOfMacaroon("")), "none");
  EXPECT_EQ(Shown(WindowOfMacaroon("\x01")), "none");
  // A field that claims to be longer than what is there.
  EXPECT_EQ(Shown(WindowOfMacaroon(Byte(2) + Byte(2) + Byte(0x7F) + "[0,2,1]")),
            "none");
}

std::string Number(std::uint64_t value) {
  std::string out = Byte(0xCE);
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += Byte(static_cast<unsigned>(value >> shift & 0xFF));
  }
  return out;
}
std::string Text(std::string_view text) {
  return Byte(0xA0u | static_cast<unsigned>(text.size())) + std::string(text);
}
// [nonce, location, caveats, signature]; each caveat is kind and body.
std::string Fly(std::initializer_list<std::string_view> caveats) {
  std::string out = Byte(0x94) + Byte(0x93) + Byte(0xC4) + Byte(3) + "kid" +
                    Byte(0xC4) + Byte(2) + "rn" + Byte(0xC2) +
                    Text("api.example") +
                    Byte(0x90u | static_cast<unsigned>(2 * caveats.size()));
  for (const std::string_view caveat : caveats) out += caveat;
  return out + Byte(0xC4) + Byte(2) + "hm";
}
std::string FlyWindow(std::uint64_t from, std::uint64_t until) {
  return Byte(4) + Byte(0x92) + Number(from) + Number(until);
}

TEST(FlyMacaroon, ACaveatBoundsTheTime) {
  EXPECT_EQ(
      Shown(WindowOfFlyMacaroon(Fly({FlyWindow(1700000000, 1800000000)}))),
      "1700000000 1800000000");
}

TEST(FlyMacaroon, AmongOthers) {
  // An organisation, a map of applications, another window.
  const std::string organisation =
      Byte(0) + Byte(0x92) + Number(4711) + Byte(31);
  const std::string apps = Byte(3) + Byte(0x91) + Byte(0x81) + Number(1) +
                           Byte(0xCB) + std::string(8, 'd');
  EXPECT_EQ(Shown(WindowOfFlyMacaroon(
                Fly({organisation, FlyWindow(1700000000, 1800000000), apps,
                     FlyWindow(1600000000, 1750000000)}))),
            "1700000000 1750000000");
  EXPECT_EQ(Shown(WindowOfFlyMacaroon(Fly({organisation, apps}))), "none");
}

TEST(FlyMacaroon, WhatIsBroken) {
  const std::string good = Fly({FlyWindow(1700000000, 1800000000)});
  const std::size_t window = good.find('\x04', 20);
  ASSERT_NE(window, std::string::npos);
  for (std::size_t size = 0; size < window + 12; ++size) {
    EXPECT_EQ(Shown(WindowOfFlyMacaroon(good.substr(0, size))), "none") << size;
  }
  // Arrays in arrays, and an array of more than there is.
  EXPECT_EQ(Shown(WindowOfFlyMacaroon(Byte(0x94) + std::string(9999, '\x91'))),
            "none");
  EXPECT_EQ(Shown(WindowOfFlyMacaroon(Byte(0x94) + Byte(0xDD) +
                                      std::string(4, '\xFF') + Byte(1))),
            "none");
}

TEST(Macaroons, AnyBytes) {
  std::mt19937 random(20260331);
  const std::string seeds[] = {Written({"[0,1700000900,1700000000]"}),
                               Fly({FlyWindow(1700000000, 1800000000)})};
  int known = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = seeds[round % 2];
    for (auto times = random() % 4; times > 0; --times) {
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    }
    if (WindowOfMacaroon(bytes) || WindowOfFlyMacaroon(bytes)) ++known;
  }
  EXPECT_GT(known, 1000);
  EXPECT_LT(known, 20000);
}

}  // namespace
}  // namespace keytidy::match
