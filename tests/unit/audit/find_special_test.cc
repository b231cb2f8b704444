// SPDX-License-Identifier: Apache-2.0
//
// Links, and what is no regular file; and whether a program is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "audit/find_files.h"
#include "unit/audit/find_files_scene.h"

namespace keytidy::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(FindFilesTest, LinksWithinTheHomeFolder) {
  Write("dotfiles/a");
  dir_.Symlink("home/a", "dotfiles/a");
  dir_.Symlink("home/b", "a");
  EXPECT_THAT(Found({"~/a"}), ElementsAre("a -> home/dotfiles/a"));
  EXPECT_THAT(Found({"~/b", "~/a", "~/dotfiles/a"}),
              ElementsAre("b -> home/dotfiles/a"));
  EXPECT_THAT(Found({"~/dotfiles/a", "~/a"}), ElementsAre("dotfiles/a"));
  EXPECT_THAT(skipped_, IsEmpty());
  dir_.Directory("home/x");
  dir_.Symlink("home/x/c", home_ + "/dotfiles/a");
  EXPECT_THAT(Found({"~/x/*"}), ElementsAre("x/c -> home/dotfiles/a"));
}

TEST_F(FindFilesTest, LinksOutOfTheHomeFolder) {
  dir_.Write("beside/a", "x");
  dir_.Write("home2/a", "x");
  dir_.Symlink("home/a", dir_ / "beside/a");
  dir_.Symlink("home/b", "../home2/a");
  dir_.Symlink("home/c", "../beside/a");
  EXPECT_THAT(Found({"~/a", "~/b", "~/c", "~/a"}), IsEmpty());
  EXPECT_THAT(skipped_,
              ElementsAre("a: a symbolic link out of the home folder",
                          "b: a symbolic link out of the home folder"));
}

// Not even by a folder on the way.
TEST_F(FindFilesTest, FoldersThatAreLinksOutOfTheHomeFolder) {
  dir_.Write("beside/a.json", "x");
  dir_.Symlink("home/.x", dir_ / "beside");
  EXPECT_THAT(Found({"~/.x/a.json"}), IsEmpty());
  EXPECT_THAT(Found({"~/.x/*.json"}), IsEmpty());
  EXPECT_THAT(Found({"~/*/a.json"}), IsEmpty());
  EXPECT_THAT(Found({"~/**/a.json"}), IsEmpty());
}

TEST_F(FindFilesTest, FoldersThatAreLinksWithinTheHomeFolder) {
  Write("dotfiles/x/a.json");
  dir_.Symlink("home/.x", "dotfiles/x");
  const Client client = WithFiles({"~/.x/a.json", "~/dotfiles/x/a.json"});
  FileFinder finder(machine_);
  finder.FindUserFiles(client);
  EXPECT_EQ(finder.TakeFound().size(), 1U);
  EXPECT_THAT(finder.TakeSkipped(), IsEmpty());
}

TEST_F(FindFilesTest, AProjectElsewhereHasLinksOfItsOwn) {
  dir_.Write("beside/shared/env", "x");
  Write("env");
  dir_.Symlink("beside/.env", "shared/env");
  dir_.Symlink("beside/.env.home", home_ + "/env");
  dir_.Write("third/env", "x");
  dir_.Symlink("beside/.env.third", dir_ / "third/env");
  EXPECT_THAT(FoundIn(dir_ / "beside", {".env", ".env.home", ".env.third"}),
              ElementsAre(dir_ / "beside/.env -> beside/shared/env",
                          dir_ / "beside/.env.home -> home/env"));
  EXPECT_THAT(
      skipped_,
      ElementsAre(dir_ / "beside/.env.third: a symbolic link out of the home "
                         "folder"));
}

TEST_F(FindFilesTest, LinksThatLeadNowhere) {
  dir_.Symlink("home/a", "none");
  dir_.Symlink("home/b", "c");
  dir_.Symlink("home/c", "b");
  EXPECT_THAT(Found({"~/a", "~/b"}), IsEmpty());
  EXPECT_THAT(skipped_, ElementsAre("a: a symbolic link that leads nowhere",
                                    "b: a symbolic link that leads nowhere"));
}

TEST_F(FindFilesTest, LoopsOfFolders) {
  Write("x/y/a");
  dir_.Symlink("home/x/y/up", "..");
  dir_.Symlink("home/x/self", ".");
  EXPECT_THAT(Found({"~/x/**/a"}), ElementsAre("x/y/a"));
  EXPECT_THAT(Found({"~/x/*/a"}), ElementsAre("x/y/a"));
  EXPECT_THAT(Found({"~/x/y/up"}), IsEmpty());
  EXPECT_THAT(skipped_, IsEmpty());
}

// A pipe that is opened would wait for a writer to the end of days.
TEST_F(FindFilesTest, NothingIsOpenedButRegularFiles) {
  dir_.Directory("home/x");
  dir_.Fifo("home/x/pipe");
  dir_.Socket("home/x/socket");
  dir_.Symlink("home/x/tied", "pipe");
  EXPECT_THAT(Found({"~/x/pipe", "~/x/socket", "~/x/tied", "~/x/*"}),
              IsEmpty());
  EXPECT_THAT(skipped_, ElementsAre(StartsWith("x/pipe: a pipe, as a password"),
                                    "x/socket: not a regular file"));
  dir_.Directory("home/x/folder");
  EXPECT_THAT(Found({"~/x/folder"}), IsEmpty());
  EXPECT_THAT(skipped_, IsEmpty());
}

TEST_F(FindFilesTest, DevicesByALink) {
  dir_.Symlink("home/.env", "/dev/null");
  EXPECT_THAT(Found({"~/.env"}), IsEmpty());
  EXPECT_THAT(skipped_,
              ElementsAre(".env: a symbolic link out of the home folder"));
}

TEST_F(FindFilesTest, WhetherAProgramIsThere) {
  FileFinder finder(machine_);
  EXPECT_EQ(finder.AnyStands({}), std::nullopt);
  EXPECT_EQ(finder.AnyStands({"~/none", "~/no*"}), false);
  Write("Applications/a.AppImage");
  dir_.Directory("home/.local/b.app");
  EXPECT_EQ(finder.AnyStands({"~/none", "~/Applications/a.AppImage"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.local/b.app"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.local/b*"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.local/c*"}), false);
  EXPECT_EQ(finder.AnyStands({"{bin}/keytidy-no-such-program"}), false);
  Write(".local/bin/keytidy-no-such-program");
  EXPECT_EQ(finder.AnyStands({"{bin}/keytidy-no-such-program"}), true);
}

// Programs are often links to where they are.
TEST_F(FindFilesTest, AProgramThatIsALink) {
  FileFinder finder(machine_);
  dir_.Write("beside/a", "x");
  dir_.Directory("home/.local/bin");
  dir_.Symlink("home/.local/bin/a", dir_ / "beside/a");
  dir_.Symlink("home/.local/bin/gone", "none");
  EXPECT_EQ(finder.AnyStands({"~/.local/bin/a"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.local/bin/gone"}), false);
}

TEST_F(FindFilesTest, AProgramBelowAFolderWithAStar) {
  Write(".nvm/versions/v22/bin/a");
  Write(".tools/installs/node/22/bin/a");
  dir_.Directory("home/.vscode-server/extensions/x.a-1.0");
  FileFinder finder(machine_);
  EXPECT_EQ(finder.AnyStands({"~/.nvm/versions/*/bin/a"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.tools/installs/*/*/bin/a"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.vscode*/extensions/x.a-*"}), true);
  EXPECT_EQ(finder.AnyStands({"~/.nvm/versions/*/bin/b"}), false);
}

TEST_F(FindFilesTest, ACopySaysNothingOfPrograms) {
  machine_.own = false;
  machine_.top = home_;
  Write(".local/bin/a");
  FileFinder finder(machine_);
  EXPECT_EQ(finder.AnyStands({"~/.local/bin/a"}), std::nullopt);
  EXPECT_EQ(finder.AnyStands({"~/.local/bin/b"}), std::nullopt);
}

TEST_F(FindFilesTest, ACopyWithTheProgramsOfItsMachine) {
  machine_.own = false;
  machine_.top = home_;
  Write("usr/bin/a");
  FileFinder finder(machine_);
  EXPECT_EQ(finder.AnyStands({"{bin}/a"}), true);
  EXPECT_EQ(finder.AnyStands({"/usr/bin/a"}), true);
  EXPECT_EQ(finder.AnyStands({"{bin}/b"}), false);
}

}  // namespace
}  // namespace keytidy::audit
