// SPDX-License-Identifier: Apache-2.0
#include "inventory/postgres_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "inventory/inventory.h"

namespace keytidy::inventory {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Without what the machine's own environment says.
class PostgresAddressTest : public ::testing::Test {
 protected:
  PostgresAddressTest() {
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE",
                             "PGCONNECT_TIMEOUT"}) {
      unsetenv(name);
    }
  }
  ~PostgresAddressTest() override {
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE",
                             "PGCONNECT_TIMEOUT"}) {
      unsetenv(name);
    }
  }

  static Result<PostgresAddress> Read(const std::string& address) {
    const auto pq = LoadLibpq();
    if (!pq) return Fail(pq.error());
    return ReadPostgresAddress(**pq, address);
  }
  static std::string NameOf(const std::string& address) {
    const auto out = Read(address);
    return out ? out->name : "error: " + out.error().message;
  }
  static std::string OptionOf(const std::string& address,
                              std::string_view name) {
    const auto out = Read(address);
    EXPECT_TRUE(out) << address;
    if (!out) return "error";
    const auto it =
        std::find_if(out->options.begin(), out->options.end(),
                     [&](const auto& one) { return one.first == name; });
    return it == out->options.end() ? "none" : it->second;
  }
  static std::string SslOf(const std::string& address) {
    return OptionOf(address, "sslmode");
  }
};

TEST_F(PostgresAddressTest, NamesLeaveThePasswordOut) {
  EXPECT_EQ(NameOf("postgres://ana:pw1x@db.example.com:6000/team"),
            "postgresql://ana@db.example.com:6000/team");
  EXPECT_EQ(NameOf("postgresql://db.example.com/team?user=ana&password=pw1x"),
            "postgresql://ana@db.example.com/team");
  EXPECT_EQ(NameOf("postgresql://a%40b:p%40w@[::1]/x%20y?sslmode=prefer"),
            "postgresql://a%40b@[::1]/x%20y");
  EXPECT_EQ(NameOf("postgresql:///team?host=/run/pg&password=pw1x"),
            "postgresql:///team?host=/run/pg");
  EXPECT_EQ(OptionOf("postgresql://a:p%40w@h/d", "password"), "p@w");
  EXPECT_EQ(OptionOf("postgresql://a:p?w@h/d", "password"), "p?w");
}

// A password that was not encoded would be read as a host, a port or a name.
TEST_F(PostgresAddressTest, WhatCanBeReadInTwoWaysIsNotRead) {
  for (const char* address :
       {"postgresql://ana:"
        "pa@pw1x@host/team",
        "postgresql://ana:"
        "pa/pw1x@host/t",
        "postgresql://ana:"
        "pa@w?pw1x@host/team",
        "postgresql://ana:pw1x",
        "postgresql://ana:"
        "pa%pw1x@host/team",
        "postgresql://h/t?pw1x=1", "postgresql://h/t?password=a@pw1x",
        "postgresql://[pw1x",
        "postgresql://h/t?password=pw1x&sslmod=require"}) {
    const auto out = Read(address);
    ASSERT_FALSE(out) << address;
    EXPECT_EQ(out.error().code, ErrorCode::kInvalid) << address;
    EXPECT_THAT(out.error().message, Not(HasSubstr("pw1x"))) << address;
    EXPECT_THAT(out.error().message, HasSubstr("written as %40")) << address;
  }
}

TEST_F(PostgresAddressTest, WhatLeavesTheMachineIsEncrypted) {
  EXPECT_EQ(SslOf("postgresql://db.example.com/team"), "require");
  EXPECT_EQ(SslOf("postgresql://10.0.0.1/team"), "require");
  EXPECT_EQ(SslOf("postgresql://127.0.0.1.example.com/team"), "require");
  EXPECT_EQ(SslOf("postgresql://localhost,db.example.com/team"), "require");
  EXPECT_EQ(SslOf("postgresql://localhost/t?hostaddr=10.0.0.1"), "require");
  EXPECT_EQ(SslOf("postgresql://db.example.com/t?sslmode=verify-full"),
            "verify-full");
  EXPECT_EQ(SslOf("postgresql://db.example.com/t?sslmode=disable"), "disable");
  for (const char* here :
       {"postgresql://localhost/t", "postgresql://127.0.0.1/t",
        "postgresql://[::1]/t", "postgresql:///t",
        "postgresql:///t?host=/run/pg", "postgresql://127.8.9.1,localhost/t"}) {
    EXPECT_EQ(SslOf(here), "none") << here;
  }
}

TEST_F(PostgresAddressTest, WhatTheEnvironmentAdds) {
  setenv("PGHOST", "db.example.com", 1);
  EXPECT_EQ(SslOf("postgresql:///team"), "require");
  EXPECT_EQ(SslOf("postgresql://localhost/team"), "none");
  setenv("PGSSLMODE", "disable", 1);
  EXPECT_EQ(SslOf("postgresql:///team"), "require");
  // What is stronger is not made weaker.
  setenv("PGSSLMODE", "verify-full", 1);
  EXPECT_EQ(SslOf("postgresql:///team"), "none");
  setenv("PGHOSTADDR", "10.0.0.1", 1);
  setenv("PGSSLMODE", "prefer", 1);
  EXPECT_EQ(SslOf("postgresql://localhost/team"), "require");
}

TEST_F(PostgresAddressTest, AServiceFileIsNotRead) {
  EXPECT_EQ(Read("postgresql:///?service=team").error().code,
            ErrorCode::kUnsupported);
  setenv("PGSERVICE", "team", 1);
  EXPECT_EQ(Read("postgresql://localhost/t").error().code,
            ErrorCode::kUnsupported);
}

TEST_F(PostgresAddressTest, Patience) {
  const auto patience = [](const std::string& address) {
    return Read(address)->patience.count();
  };
  EXPECT_EQ(patience("postgresql://h/t"), 10);
  EXPECT_EQ(patience("postgresql://h/t?connect_timeout=3"), 3);
  EXPECT_EQ(patience("postgresql://h/t?connect_timeout=0"), 0);
  setenv("PGCONNECT_TIMEOUT", "7", 1);
  EXPECT_EQ(patience("postgresql://h/t"), 7);
}

TEST_F(PostgresAddressTest, NobodyIsThere) {
  // Port 1 of the loopback: nobody listens there.
  const auto opened = Inventory::Open("postgresql://ana:pw1x@127.0.0.1:1/team");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kIo);
  EXPECT_THAT(opened.error().message,
              HasSubstr("postgresql://ana@127.0.0.1:1/team: "));
  EXPECT_THAT(opened.error().message, Not(HasSubstr("pw1x")));
  EXPECT_THAT(opened.error().message, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace keytidy::inventory
