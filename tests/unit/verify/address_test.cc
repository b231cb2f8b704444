// SPDX-License-Identifier: Apache-2.0
#include "verify/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>
#include <string_view>

namespace keytidy::verify {
namespace {

struct Address {
  sockaddr_storage storage = {};
  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

Address AddressOf(std::string_view text) {
  Address out;
  const std::string name(text);
  auto* in = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* in6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (inet_pton(AF_INET, name.c_str(), &in->sin_addr) == 1) {
    in->sin_family = AF_INET;
  } else if (inet_pton(AF_INET6, name.c_str(), &in6->sin6_addr) == 1) {
    in6->sin6_family = AF_INET6;
  } else {
    ADD_FAILURE() << name;
  }
  return out;
}

bool IsPublic(std::string_view text) {
  return IsPublicAddress(AddressOf(text).get());
}

bool IsLoopback(std::string_view text) {
  return IsLoopbackAddress(AddressOf(text).get());
}

// A range that is not public: its first and last address, and the public
// addresses on either side, where there are any.
struct Range {
  std::string_view before;
  std::string_view first;
  std::string_view last;
  std::string_view after;
};

void CheckEdges(const Range& range) {
  EXPECT_FALSE(IsPublic(range.first)) << range.first;
  EXPECT_FALSE(IsPublic(range.last)) << range.last;
  if (!range.before.empty()) {
    EXPECT_TRUE(IsPublic(range.before)) << range.before;
  }
  if (!range.after.empty()) {
    EXPECT_TRUE(IsPublic(range.after)) << range.after;
  }
}

constexpr Range kRanges4[] = {
    {"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
    {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
    {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
    {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
    {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
    {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
    {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
    {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
    {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
    {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
    {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
    {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
    {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
    {"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},
};

TEST(IsPublicAddress, RangesOfIpv4) {
  for (const Range& range : kRanges4) CheckEdges(range);
  EXPECT_TRUE(IsPublic("8.8.8.8"));
  EXPECT_FALSE(IsPublic("169.254.169.254"));
  EXPECT_FALSE(IsPublic("240.0.0.0"));
}

// The same ranges inside IPv6 addresses: mapped, and translated.
TEST(IsPublicAddress, RangesOfIpv4InsideIpv6) {
  for (const std::string_view prefix : {"::ffff:", "64:ff9b::"}) {
    const auto within = [&](std::string_view text) {
      return IsPublic(std::string(prefix) + std::string(text));
    };
    for (const Range& range : kRanges4) {
      EXPECT_FALSE(within(range.first)) << prefix << range.first;
      EXPECT_FALSE(within(range.last)) << prefix << range.last;
      EXPECT_TRUE(range.before.empty() || within(range.before));
      EXPECT_TRUE(range.after.empty() || within(range.after));
    }
  }
}

TEST(IsPublicAddress, SixToFour) {
  EXPECT_FALSE(IsPublic("2002:7f00:1::"));     // 127.0.0.1
  EXPECT_FALSE(IsPublic("2002:a00:1::"));      // 10.0.0.1
  EXPECT_FALSE(IsPublic("2002:c0a8:101::1"));  // 192.168.1.1
  EXPECT_FALSE(IsPublic("2002:a9fe:a9fe::"));  // 169.254.169.254
}

TEST(IsPublicAddress, RangesOfIpv6) {
  constexpr std::string_view kOnes = "ffff:ffff:ffff:ffff:ffff";
  const auto all = [&](std::string_view head) {
    return std::string(head) + ":" + std::string(kOnes);
  };
  EXPECT_FALSE(IsPublic("::"));
  EXPECT_FALSE(IsPublic("::1"));
  EXPECT_FALSE(IsPublic("::8.8.8.8"));  // the old compatible form
  EXPECT_FALSE(IsPublic("::fffe:8.8.8.8"));
  EXPECT_FALSE(IsPublic("::ffff:0:8.8.8.8"));
  EXPECT_FALSE(IsPublic("100::1"));
  EXPECT_FALSE(IsPublic(all("1fff:ffff:ffff")));
  EXPECT_TRUE(IsPublic("2000::"));
  EXPECT_TRUE(IsPublic(all("2000:ffff:ffff")));
  EXPECT_FALSE(IsPublic("2001::"));
  EXPECT_FALSE(IsPublic("2001:0:1::1"));
  EXPECT_FALSE(IsPublic("2001:2::1"));
  EXPECT_FALSE(IsPublic("2001:10::1"));
  EXPECT_FALSE(IsPublic("2001:20::1"));
  EXPECT_FALSE(IsPublic(all("2001:1ff:ffff")));
  EXPECT_TRUE(IsPublic("2001:200::"));
  EXPECT_TRUE(IsPublic(all("2001:db7:ffff")));
  EXPECT_FALSE(IsPublic("2001:db8::"));
  EXPECT_FALSE(IsPublic(all("2001:db8:ffff")));
  EXPECT_TRUE(IsPublic("2001:db9::"));
  EXPECT_TRUE(IsPublic("2606:4700:4700::1111"));
  EXPECT_TRUE(IsPublic(all("3ffe:ffff:ffff")));
  EXPECT_FALSE(IsPublic("3fff::"));
  EXPECT_FALSE(IsPublic(all("3fff:fff:ffff")));
  EXPECT_TRUE(IsPublic("3fff:1000::"));
  EXPECT_TRUE(IsPublic(all("3fff:ffff:ffff")));
  EXPECT_FALSE(IsPublic("4000::"));
  EXPECT_FALSE(IsPublic("5f00::1"));
  EXPECT_FALSE(IsPublic("fc00::"));
  EXPECT_FALSE(IsPublic("fd12:3456:789a::1"));
  EXPECT_FALSE(IsPublic("fe80::1"));
  EXPECT_FALSE(IsPublic("fec0::1"));
  EXPECT_FALSE(IsPublic("ff02::1"));
  EXPECT_FALSE(IsPublic(all("ffff:ffff:ffff")));
}

// Only 64:ff9b::/96 is the translation to IPv4 that all networks share.
TEST(IsPublicAddress, TranslatedAddressesAreOfOnePrefix) {
  EXPECT_TRUE(IsPublic("64:ff9b::808:808"));
  EXPECT_FALSE(IsPublic("64:ff9a::808:808"));
  EXPECT_FALSE(IsPublic("64:ff9b:1::808:808"));
  EXPECT_FALSE(IsPublic("64:ff9b:0:1::808:808"));
  EXPECT_FALSE(IsPublic("64:ff9b::1:0:808:808"));
}

TEST(IsPublicAddress, OtherFamilies) {
  Address address;
  EXPECT_FALSE(IsPublicAddress(address.get()));
  address.storage.ss_family = AF_UNIX;
  EXPECT_FALSE(IsPublicAddress(address.get()));
  EXPECT_FALSE(IsLoopbackAddress(address.get()));
}

TEST(IsLoopbackAddress, BothFamilies) {
  EXPECT_TRUE(IsLoopback("127.0.0.0"));
  EXPECT_TRUE(IsLoopback("127.0.0.1"));
  EXPECT_TRUE(IsLoopback("127.255.255.255"));
  EXPECT_TRUE(IsLoopback("::1"));
  for (const std::string_view text :
       {"126.255.255.255", "128.0.0.0", "0.0.0.0", "10.0.0.1", "::", "::2",
        "100::1", "fe80::1", "::1:0:0:1"}) {
    EXPECT_FALSE(IsLoopback(text)) << text;
  }
}

}  // namespace
}  // namespace keytidy::verify
