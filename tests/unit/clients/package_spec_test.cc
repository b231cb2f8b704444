// SPDX-License-Identifier: Apache-2.0
#include "clients/package_spec.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytidy::clients {
namespace {

std::string Shown(const PackageSpec& spec) {
  return fmt::format("{} {} {}", spec.package, spec.version,
                     spec.pinned ? "pinned" : "loose");
}
std::string Npm(std::string_view written) {
  return Shown(ReadPackageSpec(written, PackageStyle::kNpm));
}
std::string Python(std::string_view written) {
  return Shown(ReadPackageSpec(written, PackageStyle::kPython));
}

const std::string kCommit(40, 'c');

TEST(ReadPackageSpec, SecretsOfAnAddressAreNotKept) {
  EXPECT_EQ(Npm("git+https://user:word@host/o/r#main"),
            "git+https://host/o/r main loose");
  EXPECT_EQ(Npm("https://word@host/a.tgz"), "https://host/a.tgz  loose");
  EXPECT_EQ(Npm("git+ssh://git:word@host/o/r"),
            "git+ssh://git@host/o/r  loose");
  EXPECT_EQ(Python("git+https://word@host/o/r@v1"),
            "git+https://host/o/r v1 loose");
}

TEST(ReadPackageSpec, RepositoriesOfNpm) {
  EXPECT_EQ(Npm("owner/repo"), "owner/repo  loose");
  EXPECT_EQ(Npm("owner/repo#" + kCommit),
            fmt::format("owner/repo {} pinned", kCommit));
  EXPECT_EQ(Npm("git@host:o/r.git"), "git@host:o/r.git  loose");
  EXPECT_EQ(Npm("@scope/pkg@1.2.3"), "@scope/pkg 1.2.3 pinned");
}

TEST(ReadPackageSpec, AddressesOfPython) {
  EXPECT_EQ(Python("pkg @ git+https://host/o/r@" + kCommit),
            fmt::format("git+https://host/o/r {} pinned", kCommit));
  EXPECT_EQ(Python("git+https://host/o/r@v1#subdirectory=x@y"),
            "git+https://host/o/r v1 loose");
}

TEST(ReadPackageSpec, VersionsOfPython) {
  for (const std::string_view version :
       {"1", "1.2", "1.2.3rc1", "1!2.0", "2.0.post1", "1.0+local"}) {
    EXPECT_EQ(Python(fmt::format("pkg=={}", version)),
              fmt::format("pkg {} pinned", version));
  }
  EXPECT_EQ(Python("pkg == 1.2"), "pkg 1.2 pinned");
  EXPECT_EQ(Python("pkg===1.2"), "pkg 1.2 pinned");
  for (const std::string_view loose : {"~=1.2", "!=1.2", "<2", ">1,<2"}) {
    EXPECT_EQ(Python(fmt::format("pkg{}", loose)),
              fmt::format("pkg {} loose", loose));
  }
  EXPECT_EQ(Python("pkg=="), "pkg  loose");
  EXPECT_EQ(Python("pkg==1.2,<2"), "pkg 1.2,<2 loose");
}

TEST(ReadPackageSpec, OddTexts) {
  for (const char* written : {"@", "=", "#", "://", "a://", "pkg@ ", "@ "}) {
    EXPECT_FALSE(ReadPackageSpec(written, PackageStyle::kNpm).pinned)
        << written;
    EXPECT_FALSE(ReadPackageSpec(written, PackageStyle::kPython).pinned)
        << written;
  }
}

TEST(ReadImageSpec, TagsAndDigests) {
  EXPECT_EQ(Shown(ReadImageSpec("")), "  pinned");
  EXPECT_EQ(Shown(ReadImageSpec("a")), "a  loose");
  EXPECT_EQ(Shown(ReadImageSpec("h:5000/a:1@sha256:00")),
            "h:5000/a sha256:00 pinned");
}

}  // namespace
}  // namespace keytidy::clients
