// What a power cut may take and what it may not, by hand and over many cuts.
#include "sim/storage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace tidemark::sim {
namespace {

// The ends of the same story under many power cuts.
template <typename Story>
std::set<std::string> ends(Story story) {
  std::set<std::string> all;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Storage storage;
    story(storage);
    Random random(seed);
    storage.cut_power(random);
    std::string text;
    for (const std::string& name : storage.list("/")) {
      text += name + "=";
      const auto node = storage.find("/" + name);
      // One letter for a sector, so that the sentences below stay short.
      for (std::size_t i = 0; i < node->bytes.size(); i += sector_size)
        text += node->bytes[i] == '\0' ? '.' : node->bytes[i];
      text += " ";
    }
    all.insert(text);
  }
  return all;
}

std::string sectors(char letter, std::size_t count) { return std::string(count * sector_size, letter); }
void sync_root(Storage& storage) { storage.sync_names(storage.find("/")); }

TEST(Storage, WhatWasSyncedStays) {
  EXPECT_EQ(ends([](Storage& storage) {
              const auto file = storage.make("/a", false);
              Storage::write(*file, 0, sectors('x', 2));
              Storage::sync(*file);
              sync_root(storage);
            }),
            std::set<std::string>{"a=xx "});
}

TEST(Storage, ANameNotSyncedMayGoAndTakesItsBytesAlong) {
  EXPECT_EQ(ends([](Storage& storage) { Storage::sync(*storage.make("/a", false)); }),
            (std::set<std::string>{"", "a= "}));
}

TEST(Storage, AnySectorsOfAWriteMayBeKept) {
  EXPECT_EQ(ends([](Storage& storage) {
              const auto file = storage.make("/a", false);
              Storage::write(*file, 0, sectors('x', 2));
              Storage::sync(*file);
              sync_root(storage);
              Storage::write(*file, sector_size, sectors('y', 2));
            }),
            (std::set<std::string>{"a=xx ", "a=xy ", "a=xyy ", "a=xxy "}));
}

TEST(Storage, ALaterSectorWithoutTheEarlierLeavesZerosBetween) {
  const auto all = ends([](Storage& storage) {
    const auto file = storage.make("/a", false);
    sync_root(storage);
    Storage::write(*file, 0, sectors('x', 2));
  });
  EXPECT_TRUE(all.contains("a=.x ")) << "reordered";
}

TEST(Storage, ASectorNeverGoesBackBehindALaterWriteThatWasKept) {
  EXPECT_EQ(ends([](Storage& storage) {
              const auto file = storage.make("/a", false);
              sync_root(storage);
              Storage::write(*file, 0, sectors('x', 1));
              Storage::write(*file, 0, sectors('y', 1));
            }),
            (std::set<std::string>{"a= ", "a=x ", "a=y "}));
}

TEST(Storage, ARenameIsDoneOrNot) {
  EXPECT_EQ(ends([](Storage& storage) {
              storage.make("/a", false);
              sync_root(storage);
              storage.rename("/a", "/b");
            }),
            (std::set<std::string>{"a= ", "b= "}));
}

TEST(Storage, AnExchangeIsDoneOrNot) {
  EXPECT_EQ(ends([](Storage& storage) {
              const auto one = storage.make("/a", false), other = storage.make("/b", false);
              Storage::write(*one, 0, sectors('x', 1));
              Storage::write(*other, 0, sectors('y', 1));
              Storage::sync(*one);
              Storage::sync(*other);
              sync_root(storage);
              storage.exchange("/a", "/b");
            }),
            (std::set<std::string>{"a=x b=y ", "a=y b=x "}));
}

TEST(Storage, ChangesOfNamesComeInAnyOrder) {
  EXPECT_EQ(ends([](Storage& storage) {
              storage.make("/a", false);
              storage.make("/b", false);
            }),
            (std::set<std::string>{"", "a= ", "b= ", "a= b= "}));
}

TEST(Storage, ARenameBetweenFoldersIsDurableWithTheOneItLedTo) {
  const auto story = [](const char* synced) {
    return ends([synced](Storage& storage) {
      storage.make("/d", true);
      storage.make("/d/a", false);
      sync_root(storage);
      storage.sync_names(storage.find("/d"));
      storage.rename("/d/a", "/a");
      storage.sync_names(storage.find(synced));
    });
  };
  EXPECT_EQ(story("/d"), (std::set<std::string>{"d= ", "a= d= "}));
  EXPECT_EQ(story("/"), std::set<std::string>{"a= d= "});
}

TEST(Storage, AnExchangeBetweenFoldersWantsBothSynced) {
  const auto story = [](bool both) {
    return ends([both](Storage& storage) {
      storage.make("/d", true);
      storage.make("/d/a", false);
      const auto other = storage.make("/a", false);
      Storage::write(*other, 0, sectors('x', 1));
      Storage::sync(*other);
      sync_root(storage);
      storage.sync_names(storage.find("/d"));
      storage.exchange("/d/a", "/a");
      sync_root(storage);
      if (both) storage.sync_names(storage.find("/d"));
    });
  };
  EXPECT_EQ(story(false), (std::set<std::string>{"a= d= ", "a=x d= "}));
  EXPECT_EQ(story(true), std::set<std::string>{"a= d= "});
}

TEST(Storage, AfterAFailedSyncTheNextOneMayPromiseWhatIsNotThere) {
  Random random(1);
  Storage storage;
  const auto file = storage.make("/a", false);
  sync_root(storage);
  bool was_lost = false;
  for (int i = 0; i < 50 && !was_lost; ++i) {
    Storage::truncate(*file, 0);
    Storage::sync(*file);
    Storage::write(*file, 0, sectors('x', 4));
    Storage::fail_sync(*file, Storage::AfterFailure::Forgotten, random);
    EXPECT_EQ(file->bytes, sectors('x', 4)) << "who reads still sees it";
    Storage::sync(*file);
    was_lost = file->durable != sectors('x', 4);
  }
  EXPECT_TRUE(was_lost);
}

TEST(Storage, AFailedSyncMayLeaveEverythingToDo) {
  Random random(1);
  Storage storage;
  const auto file = storage.make("/a", false);
  Storage::write(*file, 0, sectors('x', 4));
  Storage::fail_sync(*file, Storage::AfterFailure::StillDirty, random);
  Storage::sync(*file);
  EXPECT_EQ(file->durable, sectors('x', 4));
}

TEST(Storage, AFailedSyncMayShowTheDiskAgain) {
  Storage storage;
  const auto file = storage.make("/a", false);
  Random random(1);
  Storage::write(*file, 0, sectors('x', 4));
  Storage::fail_sync(*file, Storage::AfterFailure::ReadAgain, random);
  EXPECT_EQ(file->bytes, file->durable);
}

// Two writes of two sectors; what the cut says of them is what is found.
TEST(Storage, ACutCountsWhatBecameOfEachWrite) {
  Storage::Cuts all;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Storage storage;
    const auto file = storage.make("/a", false);
    Storage::write(*file, 0, sectors('.', 4));
    Storage::sync(*file);
    sync_root(storage);
    Storage::write(*file, 0, sectors('x', 2));
    Storage::write(*file, 2 * sector_size, sectors('y', 2));
    Random random(seed);
    storage.cut_power(random);
    const auto kept = [&](char letter) {
      return std::ranges::count(file->bytes, letter) / static_cast<std::ptrdiff_t>(sector_size);
    };
    const auto count_kept = [&](std::int64_t sectors) {
      return (kept('x') == sectors ? 1 : 0) + (kept('y') == sectors ? 1 : 0);
    };
    const Storage::Cuts& cuts = storage.cuts();
    EXPECT_EQ(cuts.kept, count_kept(2));
    EXPECT_EQ(cuts.torn, count_kept(1));
    EXPECT_EQ(cuts.lost, count_kept(0));
    EXPECT_EQ(cuts.reordered, kept('x') < 2 && kept('y') > 0 ? 1 : 0);
    EXPECT_EQ(cuts.names_kept + cuts.names_lost, 0);
    all.torn += cuts.torn;
    all.reordered += cuts.reordered;
  }
  EXPECT_GT(all.torn, 0);
  EXPECT_GT(all.reordered, 0);
}

TEST(Storage, ABitFallsOverForGood) {
  Storage storage;
  Random random(7);
  EXPECT_EQ(storage.flip_a_bit(random), "") << "nothing was synced yet";
  const auto file = storage.make("/file", false);
  storage.sync_names(storage.find("/"));
  Storage::write(*file, 0, std::string(2'000, 'a'));
  Storage::sync(*file);
  EXPECT_TRUE(storage.flip_a_bit(random).starts_with("/file at byte "));
  const std::string rotten = file->bytes;
  EXPECT_EQ(std::ranges::count(rotten, 'a'), 1'999);
  storage.cut_power(random);
  EXPECT_EQ(storage.find("/file")->bytes, rotten);
}

TEST(Storage, RemembersWhatItsSectorsHeldBefore) {
  Storage storage;
  storage.remember();
  const auto file = storage.make("/file", false);
  Storage::write(*file, 0, std::string(1'024, 'a'));
  Storage::sync(*file);
  std::string read(1'024, 'x');
  EXPECT_FALSE(Storage::read_former(*file, 0, read)) << "they have held nothing else";
  Storage::write(*file, 512, std::string(512, 'b'));
  EXPECT_FALSE(Storage::read_former(*file, 0, read)) << "it was not synced yet";
  Storage::sync(*file);
  read = file->bytes;
  EXPECT_TRUE(Storage::read_former(*file, 0, read));
  EXPECT_EQ(read, std::string(1'024, 'a'));
  read.assign(100, 'x');
  EXPECT_TRUE(Storage::read_former(*file, 500, read));
  EXPECT_EQ(read, std::string(12, 'x') + std::string(88, 'a'));
}

}  // namespace
}  // namespace tidemark::sim
