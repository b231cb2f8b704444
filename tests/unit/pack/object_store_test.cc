// SPDX-License-Identifier: Apache-2.0
#include "pack/object_store.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pack/object_table.h"
#include "unit/pack/object_scene.h"

namespace keytidy::pack {
namespace {

// A pack of one blob under any id.
PackMaker Named(const std::vector<std::string>& ids) {
  PackMaker maker;
  for (const std::string& id : ids) {
    maker.AddRaw(EntryHead(3, 1) + Deflated("x"), *ObjectId::FromHex(id));
  }
  return maker;
}

std::string Filled(std::string hex, char digit = '0') {
  hex.resize(40, digit);
  return hex;
}

std::vector<std::string> Prefixed(const ObjectStore& store,
                                  std::string_view hex) {
  std::vector<std::string> out;
  for (const ObjectId& id : store.WithPrefix(hex)) out.push_back(id.Hex());
  return out;
}

TEST(ObjectStore, WithPrefix) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  folder.AddPack("1", Named({Filled("abcd1"), Filled("abcd2"), Filled("abce"),
                             Filled("ffff", 'f')}));
  folder.AddPack("2", Named({Filled("abcd1"), Filled("1234")}));
  folder.WriteLoose(*ObjectId::FromHex(Filled("abcf7")), "");
  const ObjectStore store = folder.Open();
  using Ids = std::vector<std::string>;
  EXPECT_EQ(Prefixed(store, "abcd1"), Ids{Filled("abcd1")});
  EXPECT_EQ(Prefixed(store, "ABCD1"), Ids{Filled("abcd1")});
  EXPECT_EQ(Prefixed(store, "abcd"), (Ids{Filled("abcd1"), Filled("abcd2")}));
  EXPECT_EQ(Prefixed(store, "abcf"), Ids{Filled("abcf7")});
  EXPECT_EQ(Prefixed(store, Filled("1234")), Ids{Filled("1234")});
  EXPECT_EQ(Prefixed(store, "ffff"), Ids{Filled("ffff", 'f')});
  for (const char* none : {"", "abc", "abcd3", "xyzw", "0000", "fffe"}) {
    EXPECT_EQ(Prefixed(store, none), Ids()) << none;
  }
  EXPECT_EQ(Prefixed(store, Filled("1234") + "0"), Ids());
}

TEST(ObjectStore, ListsLooseObjectsOnce) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  const ObjectFolder other(dir, "other");
  const ObjectId a = folder.AddLoose("a");
  other.AddLoose("a");
  const ObjectId b = other.AddLoose("b");
  folder.Write("ab/tmp_obj_x", "unfinished");
  folder.Write("ab/" + std::string(38, 'g'), "");
  folder.Write("zz/" + std::string(38, 'a'), "");
  folder.Write("info/alternates", other.path() + "\n");
  const ObjectStore store = folder.Open();
  std::vector<Skip> skipped;
  const std::vector<LooseFile> loose = store.ListLoose(&skipped);
  EXPECT_TRUE(skipped.empty());
  ASSERT_EQ(loose.size(), 2u);
  EXPECT_LT(loose[0].id, loose[1].id);
  for (const LooseFile& file : loose) {
    EXPECT_EQ(file.directory, file.id == a ? 0u : 1u);
  }
  EXPECT_TRUE(store.Contains(a));
  EXPECT_TRUE(store.Contains(b));
  EXPECT_FALSE(store.Contains(MadeId("none")));
}

TEST(ObjectStore, Alternates) {
  const TempDir dir;
  const ObjectFolder first(dir, "a/objects");
  const ObjectFolder second(dir, "b/objects");
  const ObjectFolder third(dir, "c/objects");
  first.Write("info/alternates", "# borrowed\n\n../../b/objects/\n");
  second.Write("info/alternates", third.path());
  third.Write("info/alternates", third.path() + "\n/nowhere\n");
  const ObjectStore store = first.Open();
  EXPECT_EQ(
      store.directories(),
      (std::vector<std::string>{first.path(), first.path() + "/../../b/objects",
                                third.path()}));
  EXPECT_EQ(SkipsOf(store, dir.path()),
            "/nowhere: the repository borrows objects from here, and there is "
            "no such folder\n");
}

TEST(ObjectStore, AlternatesOneBehindTheOther) {
  const TempDir dir;
  for (int i = 0; i < 8; ++i) {
    ObjectFolder(dir, std::to_string(i))
        .Write("info/alternates", dir / std::to_string(i + 1) + "\n");
  }
  const ObjectStore store = ObjectFolder(dir, "0").Open();
  EXPECT_EQ(store.directories().size(), 6u);
  EXPECT_EQ(SkipsOf(store, dir.path()),
            "5/info/alternates: object folders borrow from each other too "
            "deep\n");
}

TEST(ObjectStore, WhatCannotBeReadIsNamed) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  folder.Write("pack/pack-1.pack", "PACK");
  folder.Write("pack/pack-2.idx", "");
  folder.Write("pack/tmp_pack_x", "");
  folder.AddPack("3", Named({Filled("3333")}));
  folder.Write("pack/pack-3.idx", "no index");
  folder.Write("pack/pack-4.pack", Named({Filled("4444")}).Pack());
  folder.AddPack("5", Named({Filled("5555")}));
  folder.Write("pack/pack-5.idx", Named({Filled("6666")}).Index(1));
  folder.AddPack("6", Named({Filled("6666")}));
  std::string pack = Named({Filled("6666")}).Pack();
  pack[7] = 4;
  folder.Write("pack/pack-6.pack", pack);
  folder.AddPack("7", Named({Filled("7777"), Filled("8888")}));
  folder.Write("pack/pack-7.pack", Named({Filled("7777")}).Pack());
  folder.AddPack("8", Named({Filled("8888")}));
  const ObjectStore store = folder.Open();
  EXPECT_EQ(SkipsOf(store, folder.path() + "/pack"),
            "pack-1.pack: not a pack, or cut short\n"
            "pack-2.idx: the pack that it is the index of is missing\n"
            "pack-3.idx: pack index: cut short\n"
            "pack-4.idx: No such file or directory\n"
            "pack-6.pack: pack version 4 is not known\n"
            "pack-7.pack: holds 1 objects, and its index has 2\n"
            "(noted) tmp_pack_x: an unfinished pack, which git does not read "
            "either\n");
  EXPECT_EQ(store.packs().size(), 2u);
}

TEST(ObjectStore, TheMultiPackIndexStandsInForAMissingOne) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  PackMaker maker;
  maker.Add("a");
  maker.Add("b");
  folder.Write("pack/pack-1.pack", maker.Pack());
  folder.Write("pack/multi-pack-index",
               MultiBytes({"pack-1.idx"},
                          {{maker.items()[0].id, 0, maker.items()[0].offset},
                           {maker.items()[1].id, 0, maker.items()[1].offset}}));
  const ObjectStore store = folder.Open();
  ASSERT_EQ(store.packs().size(), 1u);
  const PackFile& pack = *store.packs()[0];
  EXPECT_EQ(pack.count(), 2u);
  EXPECT_FALSE(pack.CrcAt(0));
  for (const auto& item : maker.items()) {
    const auto found = pack.Find(item.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(pack.OffsetAt(*found), item.offset);
  }
  EXPECT_FALSE(pack.Find(MadeId("none")));
  EXPECT_EQ(SkipsOf(store, folder.path() + "/pack"),
            "pack-1.idx: No such file or directory; the multi-pack-index was "
            "used in its place, which does not name objects that stand in "
            "other packs too\n");
}

TEST(ObjectStore, RefreshTakesInWhatHasCome) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  folder.AddPack("2", Named({Filled("2222")}));
  ObjectStore store = folder.Open();
  EXPECT_FALSE(store.Refresh());
  const PackFile* const first = store.packs()[0].get();
  folder.AddPack("1", Named({Filled("1111")}));
  EXPECT_TRUE(store.Refresh());
  EXPECT_FALSE(store.Refresh());
  ASSERT_EQ(store.packs().size(), 2u);
  EXPECT_EQ(store.packs()[0].get(), first);
  EXPECT_EQ(store.packs()[1]->name(), "pack-1.pack");
}

TEST(ObjectStore, NoFolder) {
  const TempDir dir;
  const ObjectStore store =
      ObjectStore::Open(dir / "none", {}, HashKind::kSha1, Check::kAll);
  EXPECT_EQ(SkipsOf(store, dir.path()),
            "none: the repository's object folder is not there\n");
}

TEST(ObjectTable, NumbersAndFirsts) {
  const TempDir dir;
  const ObjectFolder folder(dir);
  folder.AddPack("1", Named({Filled("bbbb"), Filled("aaaa")}));
  folder.AddPack("2", Named({Filled("cccc"), Filled("aaaa")}));
  folder.WriteLoose(*ObjectId::FromHex(Filled("bbbb")), "");
  folder.WriteLoose(*ObjectId::FromHex(Filled("dddd")), "");
  const ObjectStore store = folder.Open();
  std::vector<Skip> skipped;
  const auto table = ObjectTable::Make(store, store.ListLoose(&skipped));
  ASSERT_TRUE(table);
  std::string seen;
  for (ObjectTable::Number n = 0; n < table->count(); ++n) {
    const auto pack = table->PackOf(n);
    const ObjectId id = table->IdOf(n);
    seen += fmt::format("{} {} {} first {}\n", id.Hex().substr(0, 4),
                        pack ? std::to_string(*pack) : "loose",
                        table->IsFirst(n), table->Find(id));
  }
  EXPECT_EQ(seen,
            "aaaa 0 true first 0\n"
            "bbbb 0 true first 1\n"
            "aaaa 1 false first 0\n"
            "cccc 1 true first 3\n"
            "bbbb loose false first 1\n"
            "dddd loose true first 5\n");
  EXPECT_EQ(table->Find(*ObjectId::FromHex(Filled("eeee"))),
            ObjectTable::kNone);
  EXPECT_EQ(table->NumberOf(1, 1), 3u);
  EXPECT_EQ(table->NumberOfLoose(1), 5u);
}

TEST(ObjectTable, OfNothing) {
  const TempDir dir;
  const ObjectStore store = ObjectFolder(dir).Open();
  const auto table = ObjectTable::Make(store, {});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->count(), 0u);
  EXPECT_EQ(table->Find(MadeId("a")), ObjectTable::kNone);
}

}  // namespace
}  // namespace keytidy::pack
