// SPDX-License-Identifier: Apache-2.0
#include "core/client.h"

#include <gtest/gtest.h>

#include <optional>

namespace keytidy {
namespace {

TEST(Platform, Names) {
  EXPECT_EQ(Name(Platform::kLinux), "linux");
  EXPECT_EQ(Name(Platform::kMacos), "macos");
  EXPECT_EQ(Name(Platform::kWindows), "windows");
}

TEST(Platform, ReadsItsNames) {
  for (const Platform platform :
       {Platform::kLinux, Platform::kMacos, Platform::kWindows}) {
    EXPECT_EQ(ParsePlatform(Name(platform)), platform);
  }
}

TEST(Platform, OtherNames) {
  for (const char* name : {"", "Linux", "macOS", "darwin", "win", "windows ",
                           "linu", "linuxx", "freebsd"}) {
    EXPECT_EQ(ParsePlatform(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace keytidy
