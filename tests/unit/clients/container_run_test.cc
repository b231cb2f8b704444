// SPDX-License-Identifier: Apache-2.0
#include "clients/container_run.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytidy::clients {
namespace {

std::string Image(const std::vector<std::string>& words) {
  return std::string(ImageOf(words));
}

TEST(ImageOf, FlagsTakeTheirValues) {
  for (const char* flag :
       {"-e", "-v", "-p", "-itp", "--env", "--add-host", "--workdir",
        "--shm-size", "--dns", "--volumes-from", "--network-alias", "--pull"}) {
    EXPECT_EQ(Image({"run", flag, "value", "mcp/a"}), "mcp/a") << flag;
  }
}

TEST(ImageOf, FlagsThatTakeNothing) {
  for (const char* flag : {"-i", "-it", "-itd", "-eNAME", "--rm", "--init",
                           "--env=NAME", "--privileged", "--"}) {
    EXPECT_EQ(Image({"run", flag, "mcp/a", "serve"}), "mcp/a") << flag;
  }
}

TEST(ImageOf, UnknownFlags) {
  EXPECT_EQ(Image({"run", "--new-flag", "NAME=V", "a:1"}), "a:1");
  EXPECT_EQ(Image({"run", "--new-flag", "64", "a:1"}), "a:1");
  EXPECT_EQ(Image({"run", "--new-flag", "1g", "a:1"}), "a:1");
  EXPECT_EQ(Image({"run", "--new-flag", "/folder", "a:1"}), "a:1");
  EXPECT_EQ(Image({"run", "--new-flag", "a:1", "serve"}), "a:1");
}

TEST(ImageOf, NamesOfImages) {
  for (const char* image : {"a", "a:1", "1password/op:2", "localhost:5000/a/b",
                            "ghcr.io/a/b_c:d", "a@sha256:00", "7zip:1"}) {
    EXPECT_EQ(Image({"run", image, "b"}), image);
  }
}

TEST(ImageOf, OnlyOfRun) {
  EXPECT_EQ(Image({"container", "run", "a:1"}), "a:1");
  EXPECT_EQ(Image({"--context", "x", "run", "a:1"}), "a:1");
  EXPECT_EQ(Image({"exec", "-i", "run", "a"}), "");
  EXPECT_EQ(Image({"mcp", "gateway", "run", "a"}), "");
  EXPECT_EQ(Image({"compose", "run", "a"}), "");
  EXPECT_EQ(Image({"container", "ls"}), "");
}

TEST(ImageOf, NothingToRun) {
  EXPECT_EQ(Image({}), "");
  EXPECT_EQ(Image({"run"}), "");
  EXPECT_EQ(Image({"run", "-e"}), "");
  EXPECT_EQ(Image({"run", "", "-", "="}), "");
  EXPECT_EQ(Image({"--context"}), "");
}

}  // namespace
}  // namespace keytidy::clients
