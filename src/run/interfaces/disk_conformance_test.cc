// The suite itself: disk_conformance_test.h.
#include "run/interfaces/disk_conformance_test.h"

#include <vector>

namespace tidemark {

using Names = std::vector<std::string>;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DiskConformance);

void DiskConformance::write(std::string_view name, std::string_view bytes) {
  const auto file = disk().create(path(name));
  ASSERT_TRUE(file) << file.error().message();
  ASSERT_TRUE((*file)->append(bytes));
  ASSERT_TRUE((*file)->sync());
}

std::string DiskConformance::bytes_of(std::string_view name) {
  const auto file = disk().open(path(name));
  if (!file) return "not there";
  std::string bytes((*file)->size(), '-');
  EXPECT_EQ((*file)->read(0, bytes), bytes.size());
  return bytes;
}

Names DiskConformance::names_in(std::string_view folder) {
  const auto names = disk().list(folder.empty() ? path("").substr(0, path("").size() - 1) : path(folder));
  EXPECT_TRUE(names) << names.error().message();
  return names.value_or(Names{});
}

void DiskConformance::expect_lacking(DiskAbility ability, const Error& error) {
  EXPECT_TRUE(error.is_setup()) << error.message();
  EXPECT_NE(error.message().find(disk().abilities().why_not(ability)), std::string::npos) << error.message();
}

namespace {

TEST_P(DiskConformance, WritesReplacesAndReadsBack) {
  write("one", "long before");
  write("one", "abc");
  EXPECT_EQ(bytes_of("one"), "abc");
  const auto reader = disk().open(path("one"));
  ASSERT_TRUE(reader);
  std::string into(8, '-');
  EXPECT_EQ((*reader)->read(1, into), 2U);
  EXPECT_EQ(into, "bc------");
  EXPECT_EQ((*reader)->read(3, into), 0U) << "at the end";
  EXPECT_EQ((*reader)->read(100, into), 0U) << "behind the end";
}

TEST_P(DiskConformance, AFileIsAppendedToPieceByPiece) {
  const auto file = disk().create(path("one"));
  ASSERT_TRUE(file);
  std::string wanted;
  for (int i = 0; i < 100; ++i) {
    const std::string piece(static_cast<std::size_t>(i) * 37, static_cast<char>('a' + i % 26));
    ASSERT_TRUE((*file)->append(piece));
    wanted += piece;
  }
  ASSERT_TRUE((*file)->sync());
  EXPECT_EQ(bytes_of("one"), wanted);
}

TEST_P(DiskConformance, AFileAppearsWhenTheDiskSaysItDoes) {
  {
    const auto file = disk().create(path("one"));
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->append("abc"));
    if (disk().abilities().file_appears == FileAppears::BeforeSynced) {
      ASSERT_TRUE((*file)->sync());
    }
    const bool is_seen = disk().abilities().file_appears != FileAppears::WhenSynced;
    EXPECT_EQ(names_in(""), is_seen ? Names{"one"} : Names{});
    EXPECT_EQ(disk().open(path("one")).has_value(), is_seen);
  }
  if (disk().abilities().file_appears == FileAppears::WhenSynced) {
    EXPECT_EQ(names_in(""), Names{}) << "never synced";
  }
}

TEST_P(DiskConformance, ListsHiddenNamesTooAndNothingOfAFolderThatIsNotThere) {
  write("b", "");
  write(".a", "");
  EXPECT_EQ(names_in(""), (Names{".a", "b"}));
  EXPECT_EQ(names_in("nowhere"), Names{});
}

TEST_P(DiskConformance, MakesFoldersWithTheirParentsAndRemovesThemWithTheirFiles) {
  ASSERT_TRUE(disk().make_folder(path("a/b")));
  ASSERT_TRUE(disk().make_folder(path("a/b"))) << "fine when it is there";
  write("a/b/one", "1");
  write("a/two", "2");
  ASSERT_TRUE(disk().sync_folder(path("a/b")));
  EXPECT_EQ(names_in("a/b"), Names{"one"});
  EXPECT_EQ(bytes_of("a/b/one"), "1");
  ASSERT_TRUE(disk().remove_folder(path("a/b")));
  ASSERT_TRUE(disk().remove_folder(path("a/b"))) << "fine when it is not there";
  EXPECT_EQ(names_in("a/b"), Names{});
  EXPECT_EQ(bytes_of("a/two"), "2");
}

TEST_P(DiskConformance, RemovesAFileOnceAndAgain) {
  write("one", "1");
  ASSERT_TRUE(disk().remove(path("one")));
  ASSERT_TRUE(disk().remove(path("one")));
  EXPECT_FALSE(disk().open(path("one")));
}

TEST_P(DiskConformance, ErrorsNameThePath) {
  const auto opened = disk().open(path("nothing"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find(path("nothing")), std::string::npos);
  ASSERT_TRUE(disk().make_folder(path("folder")));
  EXPECT_FALSE(disk().open(path("folder"))) << "a folder is no file";
}

TEST_P(DiskConformance, RenamesFilesAndFoldersAndReplacesAFile) {
  write("one", "1");
  write("two", "2");
  const auto renamed = disk().rename(path("one"), path("two"));
  if (!can(DiskAbility::Rename)) {
    ASSERT_FALSE(renamed);
    expect_lacking(DiskAbility::Rename, renamed.error());
    EXPECT_EQ(bytes_of("one") + bytes_of("two"), "12");
    return;
  }
  ASSERT_TRUE(renamed) << renamed.error().message();
  EXPECT_EQ(names_in(""), Names{"two"});
  EXPECT_EQ(bytes_of("two"), "1");
  ASSERT_TRUE(disk().make_folder(path("a")));
  write("a/x", "3");
  ASSERT_TRUE(disk().rename(path("a"), path("b")));
  EXPECT_EQ(bytes_of("b/x"), "3");
  EXPECT_FALSE(disk().rename(path("nothing"), path("c")));
}

TEST_P(DiskConformance, ExchangesFolders) {
  ASSERT_TRUE(disk().make_folder(path("one")));
  ASSERT_TRUE(disk().make_folder(path("other")));
  write("one/x", "1");
  write("other/y", "2");
  const auto exchanged = disk().exchange(path("one"), path("other"));
  if (!can(DiskAbility::Exchange)) {
    ASSERT_FALSE(exchanged);
    expect_lacking(DiskAbility::Exchange, exchanged.error());
    EXPECT_EQ(bytes_of("one/x") + bytes_of("other/y"), "12");
    return;
  }
  // Some file systems of a machine cannot, which shows when it is tried.
  if (!exchanged && !exchanged.error().is_retryable()) GTEST_SKIP() << exchanged.error().message();
  ASSERT_TRUE(exchanged) << exchanged.error().message();
  EXPECT_EQ(bytes_of("other/x") + bytes_of("one/y"), "12");
}

TEST_P(DiskConformance, LinksKeepTheBytesWhenTheFirstNameGoes) {
  write("one", "1");
  const auto linked = disk().link(path("one"), path("two"));
  if (!can(DiskAbility::Link)) {
    ASSERT_FALSE(linked);
    expect_lacking(DiskAbility::Link, linked.error());
    EXPECT_EQ(names_in(""), Names{"one"});
    return;
  }
  ASSERT_TRUE(linked) << linked.error().message();
  ASSERT_TRUE(disk().remove(path("one")));
  EXPECT_EQ(bytes_of("two"), "1");
}

TEST_P(DiskConformance, CopiesAFileAndReplacesWhatWasThere) {
  const std::string bytes = std::string(3 << 20, 'a') + "the end";
  write("one", bytes);
  write("two", "2");
  for (const char* const to : {"two", "three"}) {
    const auto copied = disk().copy(path("one"), path(to));
    ASSERT_TRUE(copied) << copied.error().message();
    EXPECT_EQ(bytes_of(to), bytes);
  }
  EXPECT_EQ(bytes_of("one"), bytes);
  EXPECT_FALSE(disk().copy(path("nothing"), path("four")));
}

TEST_P(DiskConformance, ALockHasOneHolder) {
  auto held = disk().lock(path(".lock"), Disk::Wait::No);
  if (!can(DiskAbility::Lock)) {
    ASSERT_FALSE(held);
    expect_lacking(DiskAbility::Lock, held.error());
    return;
  }
  ASSERT_TRUE(held) << held.error().message();
  const auto second = disk().lock(path(".lock"), Disk::Wait::No);
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().is_retryable());
  held->reset();
  EXPECT_TRUE(disk().lock(path(".lock"), Disk::Wait::No));
}

TEST_P(DiskConformance, WhatIsRequiredAndLackingIsToldWithItsReason) {
  for (const DiskAbility ability : {DiskAbility::Rename, DiskAbility::Exchange, DiskAbility::Link, DiskAbility::Lock}) {
    const auto has = require(disk(), {ability}, path("lake"));
    EXPECT_EQ(has.has_value(), can(ability));
    if (has) continue;
    expect_lacking(ability, has.error());
    EXPECT_NE(has.error().message().find(path("lake")), std::string::npos);
  }
}

}  // namespace
}  // namespace tidemark
