// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "audit/machine.h"
#include "unit/temp_dir.h"

namespace keytidy::audit {
namespace {

// A home folder with projects, and a folder beside it.
class ProjectFolderTest : public ::testing::Test {
 protected:
  ProjectFolderTest() {
    for (const char* name : {"ana/code/shop", "ana/my app", "ana/\xC3\xBC",
                             "ana/50%20", "beside", "ana/c"}) {
      dir_.Directory(name);
    }
    dir_.Write("ana/file", "x");
    own_.home = own_.home_display = own_.real_home = home_;
    auto copy = CopyOf(home_, Platform::kLinux);
    EXPECT_TRUE(copy);
    if (copy) copy_ = *std::move(copy);
  }

  std::string Own(const std::string& recorded) const {
    return ProjectFolder(own_, recorded);
  }
  std::string Copied(const std::string& recorded) const {
    return ProjectFolder(copy_, recorded);
  }

  const TempDir dir_;
  const std::string home_ = dir_ / "ana";
  Machine own_;
  Machine copy_;
};

TEST_F(ProjectFolderTest, APathOfThisMachine) {
  EXPECT_EQ(Own(home_ + "/code/shop"), home_ + "/code/shop");
  EXPECT_EQ(Own(home_ + "/code/shop/"), home_ + "/code/shop");
  EXPECT_EQ(Own("~/code/shop"), home_ + "/code/shop");
  // Projects need not be in the home folder.
  EXPECT_EQ(Own(dir_ / "beside"), dir_ / "beside");
}

TEST_F(ProjectFolderTest, NoProject) {
  for (const std::string& recorded :
       {std::string(), std::string("/"), std::string("code/shop"),
        std::string("~"), home_, home_ + "/", home_ + "/none", home_ + "/file",
        std::string("vscode-remote://ssh/home/ana/code/shop")}) {
    EXPECT_EQ(Own(recorded), "") << recorded;
    EXPECT_EQ(Copied(recorded), "") << recorded;
  }
}

TEST_F(ProjectFolderTest, TheHomeFolderByItsOtherName) {
  dir_.Symlink("link", home_);
  Machine machine = own_;
  machine.home = machine.home_display = dir_ / "link";
  EXPECT_EQ(ProjectFolder(machine, home_), "");
  EXPECT_EQ(ProjectFolder(machine, dir_ / "link"), "");
}

TEST_F(ProjectFolderTest, Uris) {
  EXPECT_EQ(Own("file://" + home_ + "/code/shop"), home_ + "/code/shop");
  EXPECT_EQ(Own("file://" + home_ + "/my%20app"), home_ + "/my app");
  EXPECT_EQ(Own("file://" + home_ + "/%C3%bc"), home_ + "/\xC3\xBC");
  EXPECT_EQ(Own("file://" + home_ + "/50%2520"), home_ + "/50%20");
  // No escape of a URI.
  EXPECT_EQ(Own(home_ + "/50%20"), home_ + "/50%20");
  EXPECT_EQ(Own(home_ + "/my%20app"), "");
  EXPECT_EQ(Own("file://"), "");
  for (const char* end : {"%", "%2", "%zz", "%-1"}) {
    EXPECT_EQ(Own("file://" + home_ + "/code/shop" + end), "") << end;
  }
}

TEST_F(ProjectFolderTest, NothingBehindAByteOfZero) {
  EXPECT_EQ(Own("file://" + home_ + "/code%00/shop"), "");
  EXPECT_EQ(Own(home_ + "/code" + std::string(1, '\0') + "/shop"), "");
  EXPECT_EQ(Copied("file:///home/ana/code%00/shop"), "");
}

TEST_F(ProjectFolderTest, NothingAbove) {
  for (const char* end : {"/code/..", "/code/../code/shop", "/../beside"}) {
    EXPECT_EQ(Own(home_ + end), "") << end;
    EXPECT_EQ(Own("file://" + home_ + end), "") << end;
    EXPECT_EQ(Copied(home_ + end), "") << end;
    EXPECT_EQ(Copied(std::string("/home/ana") + end), "") << end;
  }
  EXPECT_EQ(Own("file://" + home_ + "/code/%2e%2e/code"), "");
  EXPECT_EQ(Own("~/../beside"), "");
  EXPECT_EQ(Copied("/home/ana/%2e%2e/../beside"), "");
  EXPECT_EQ(Copied("file:///home/ana/%2E%2E/beside"), "");
  EXPECT_EQ(Copied("C:\\Users\\ana\\..\\beside"), "");
  // A name with dots in it is a name.
  dir_.Directory("ana/..work");
  EXPECT_EQ(Own(home_ + "/..work"), home_ + "/..work");
}

TEST_F(ProjectFolderTest, FoldersOfOtherUsers) {
  if (geteuid() == 0) GTEST_SKIP() << "everything is root's";
  EXPECT_EQ(Own("/usr"), "");
  EXPECT_EQ(Own("file:///etc"), "");
}

TEST_F(ProjectFolderTest, ACopyOfAnyMachine) {
  const std::string shop = home_ + "/code/shop";
  for (const char* recorded :
       {"/home/maria/code/shop", "/home/maria/code/shop/", "/root/code/shop",
        "/Users/maria/code/shop", "~/code/shop", "C:\\Users\\maria\\code\\shop",
        "c:/Users/maria/code/shop", "file:///home/maria/code/shop",
        "file:///Users/maria/code/shop", "file:///c%3A/Users/maria/code/shop",
        "file:///C:/Users/maria/code/shop"}) {
    EXPECT_EQ(Copied(recorded), shop) << recorded;
  }
  EXPECT_EQ(Copied(shop), shop);
  EXPECT_EQ(Copied("file://" + shop), shop);
  EXPECT_EQ(Copied("file:///Users/maria/my%20app"), home_ + "/my app");
}

TEST_F(ProjectFolderTest, OutsideOfACopy) {
  for (const char* recorded :
       {"/home/maria", "/Users/maria", "/Users/maria/", "C:\\Users\\maria",
        "/root", "/srv/code/shop", "D:\\code\\shop", "/usr", "/home", "C:\\",
        "C:", "/home/maria/none", "/home/maria/file"}) {
    EXPECT_EQ(Copied(recorded), "") << recorded;
  }
  EXPECT_EQ(Copied(dir_ / "beside"), "");
}

TEST_F(ProjectFolderTest, LinksDoNotLeadOutOfACopy) {
  dir_.Directory("beside/shop");
  dir_.Symlink("ana/link", dir_ / "beside");
  EXPECT_EQ(Copied("/home/maria/link"), "");
  EXPECT_EQ(Copied("/home/maria/link/shop"), "");
}

}  // namespace
}  // namespace keytidy::audit
