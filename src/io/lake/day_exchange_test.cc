// The exchange of a day on each kind of disk, by a process that is killed at each of its steps.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>

#include "core/time/day_text.h"
#include "io/disk/posix_disk.h"
#include "io/lake/lake.h"
#include "run/interfaces/plain_disk_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

const LakeDay the_day = *parse_day("2026-11-22");

constexpr DiskAbilities no_exchange = DiskAbilities{}
                                          .without(DiskAbility::Exchange, "it exchanges no folders")
                                          .without(DiskAbility::Link, "it has no second names");
constexpr DiskAbilities no_rename = [] {
  DiskAbilities fewer = no_exchange.without(DiskAbility::Rename, "a name is for ever");
  fewer.file_appears = FileAppears::WhenSynced;
  return fewer;
}();

// Does as many changes as it is given, and then none; tells of each that it has done.
class MortalDisk final : public Disk {
 public:
  explicit MortalDisk(Disk& disk) : disk_(disk) {}

  int changes_left = -1;  // negative: any number
  std::function<void()> after_change = [] {};

  bool is_dead() const { return changes_left == 0; }

  DiskAbilities abilities() const override { return disk_.abilities(); }
  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override {
    if (is_dead()) return std::unexpected(dead());
    auto file = disk_.create(path);
    done();
    if (!file) return file;
    return std::make_unique<File>(*this, std::move(*file));
  }
  Result<std::unique_ptr<DiskReader>> open(const std::string& path) const override { return disk_.open(path); }
  Result<std::vector<std::string>> list(const std::string& folder) const override { return disk_.list(folder); }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return change([&] { return disk_.rename(from, to); });
  }
  Result<void> exchange(const std::string& one, const std::string& other) override {
    return change([&] { return disk_.exchange(one, other); });
  }
  Result<void> link(const std::string& from, const std::string& to) override {
    return change([&] { return disk_.link(from, to); });
  }
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) override { return disk_.lock(path, wait); }
  Result<void> remove(const std::string& path) override {
    return change([&] { return disk_.remove(path); });
  }
  Result<void> remove_folder(const std::string& path) override {
    const auto names = disk_.list(path);
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names)
      if (auto removed = remove(path + "/" + name); !removed) return removed;
    return change([&] { return disk_.remove_folder(path); });
  }
  Result<void> make_folder(const std::string& path) override {
    return change([&] { return disk_.make_folder(path); });
  }
  Result<void> sync_folder(const std::string& path) override {
    if (is_dead()) return std::unexpected(dead());
    return disk_.sync_folder(path);
  }

 private:
  class File final : public DiskFile {
   public:
    File(MortalDisk& disk, std::unique_ptr<DiskFile> file) : disk_(disk), file_(std::move(file)) {}
    Result<void> append(std::string_view bytes) override {
      return disk_.change([&] { return file_->append(bytes); });
    }
    Result<void> sync() override {
      return disk_.change([&] { return file_->sync(); });
    }

   private:
    MortalDisk& disk_;
    std::unique_ptr<DiskFile> file_;
  };

  static Error dead() { return Error::retryable("the process is dead"); }
  void done() {
    if (changes_left > 0) --changes_left;
    after_change();
  }
  template <typename Act>
  Result<void> change(Act act) {
    if (is_dead()) return std::unexpected(dead());
    auto outcome = act();
    done();
    return outcome;
  }

  Disk& disk_;
};

struct Kind {
  std::string name;
  DiskAbilities abilities;
};

using Names = std::set<std::string>;

const std::string first = "bars-000000000000-000000000001.parquet", second = "bars-000000000001-000000000002.parquet",
                  imported = "import-000001-000000.parquet", meanwhile = "bars-000000000002-000000000003.parquet",
                  merged = "bars-000000000000-000000000002.parquet", mine = "README.txt";

class DayExchangeTest : public ::testing::TestWithParam<Kind> {
 public:
  ~DayExchangeTest() override { fs::remove_all(folder); }

  void begin_again() {
    fs::remove_all(folder);
    fs::create_directories(folder);
    ASSERT_TRUE(lake.open());
    for (const std::string& name : {first, second, imported, mine}) write(shown() / name, "of " + name);
  }
  void write(const fs::path& path, const std::string& bytes) const {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << bytes;
  }
  fs::path shown() const { return folder / "bars/dt=2026-11-22"; }
  Names names_in(const fs::path& where) const {
    Names found;
    if (fs::exists(where))
      for (const auto& entry : fs::directory_iterator(where)) found.insert(entry.path().filename().string());
    return found;
  }

  // Merges the first two files, and dies at some step. True if it came to its end.
  bool merge() {
    auto restating = lake.lock_restating(Disk::Wait::No);
    if (!restating) return false;
    const auto files = lake.files(LakeTable::Bars, the_day);
    if (!files) return false;
    std::vector<LakeFile> replaced;
    for (const LakeFile& file : *files)
      if (file.name == first || file.name == second) replaced.push_back(file);
    if (replaced.size() < 2) return true;
    const auto anew = lake.begin_day(LakeTable::Bars, the_day);
    if (!anew) return false;
    const auto file = mortal.create(*anew + "/" + merged);
    if (!file || !(*file)->append("of both") || !(*file)->sync()) return false;
    if (lake.exchange_day(LakeTable::Bars, the_day, replaced, Lake::OtherFiles::Stay)) return true;
    lake.give_up_day(LakeTable::Bars, the_day);
    return false;
  }

  void expect_nothing_twice() const {
    const Names names = names_in(shown());
    EXPECT_FALSE(names.contains(merged) && (names.contains(first) || names.contains(second)));
  }

  void expect_one_outcome(bool was_published_meanwhile) {
    Names names = names_in(shown());
    EXPECT_EQ(names.erase(mine), 1U);
    EXPECT_EQ(names.erase(imported), 1U);
    EXPECT_EQ(names.erase(meanwhile), was_published_meanwhile ? 1U : 0U);
    EXPECT_TRUE(names == Names{merged} || (names == Names{first, second})) << testing::PrintToString(names);
    EXPECT_EQ(names_in(folder / ".anew"), Names{});
    EXPECT_EQ(names_in(folder / ".old"), Names{});
    EXPECT_EQ(names_in(folder / "bars"), Names{"dt=2026-11-22"});
  }

  // What a run does that knows nothing of the exchange.
  void publish_meanwhile() {
    const auto publishing = lake.lock_publishing();
    ASSERT_TRUE(publishing);
    write(shown() / meanwhile, "published meanwhile");
  }

  static fs::path temporary_folder() {
    // In memory where the system has that: thousands of times a file is made durable.
    const fs::path above = fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    std::string pattern = (above / "tidemark-exchange-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  fs::path folder = temporary_folder();
  std::unique_ptr<Disk> posix = make_posix_disk();
  PlainDisk plain{*posix, GetParam().abilities};
  MortalDisk mortal{plain};
  Lake lake{mortal, folder.string()};
};

TEST_P(DayExchangeTest, ADayBecomesAnotherAndWhatIsNotReplacedStays) {
  begin_again();
  mortal.after_change = [&] { expect_nothing_twice(); };
  ASSERT_TRUE(merge());
  EXPECT_EQ(names_in(shown()), (Names{merged, imported, mine}));
  expect_one_outcome(false);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(std::ifstream(shown() / merged).rdbuf()), {}), "of both");
}

TEST_P(DayExchangeTest, ADayThatWasNotThereIsMade) {
  begin_again();
  fs::remove_all(shown());
  const auto anew = lake.begin_day(LakeTable::Bars, the_day);
  ASSERT_TRUE(anew);
  write(fs::path(*anew) / imported, "new");
  ASSERT_TRUE(lake.exchange_day(LakeTable::Bars, the_day, {}, Lake::OtherFiles::Refused));
  EXPECT_EQ(names_in(shown()), Names{imported});
  EXPECT_EQ(names_in(folder / ".anew"), Names{});
  EXPECT_EQ(names_in(folder / ".old"), Names{});
}

TEST_P(DayExchangeTest, WhoeverOpensTheLakeFinishesWhatAKilledProcessHadDecided) {
  bool came_to_its_end = false;
  Names outcomes;
  for (int step = 1; !came_to_its_end; ++step) {
    SCOPED_TRACE(step);
    begin_again();
    mortal.after_change = [&] { expect_nothing_twice(); };
    mortal.changes_left = step;
    came_to_its_end = merge();
    mortal.changes_left = -1;
    if (step % 2 == 0) publish_meanwhile();
    if (step % 3 == 0) {
      ASSERT_TRUE(lake.finish_left_behind());
    }
    ASSERT_TRUE(lake.open());
    expect_one_outcome(step % 2 == 0);
    outcomes.insert(names_in(shown()).contains(merged) ? "new" : "old");
    if (HasFailure()) return;
  }
  EXPECT_EQ(outcomes, (Names{"new", "old"}));
}

TEST_P(DayExchangeTest, WhoFinishesMayBeKilledToo) {
  bool came_to_its_end = false;
  for (int step = 1; !came_to_its_end; ++step) {
    bool was_finished = false;
    for (int then = 1; !was_finished; ++then) {
      SCOPED_TRACE(testing::Message() << step << " and " << then);
      begin_again();
      mortal.after_change = [&] { expect_nothing_twice(); };
      mortal.changes_left = step;
      came_to_its_end = merge();
      mortal.changes_left = then;
      was_finished = lake.open().has_value() && !mortal.is_dead();
      mortal.changes_left = -1;
      ASSERT_TRUE(lake.lock_restating(Disk::Wait::No));
      ASSERT_TRUE(merge());
      ASSERT_TRUE(lake.open());
      EXPECT_EQ(names_in(shown()), (Names{merged, imported, mine}));
      expect_one_outcome(false);
      if (HasFailure()) return;
    }
  }
}

TEST_P(DayExchangeTest, AnOldDayThatStayedBehindDoesNotComeBackWithTheNextExchange) {
  begin_again();
  ASSERT_TRUE(merge());
  write(folder / ".old/bars.dt=2026-11-22" / first, "of long ago");
  write(shown() / first, "again");
  write(shown() / second, "again");
  fs::remove(shown() / merged);
  ASSERT_TRUE(merge());
  EXPECT_EQ(names_in(shown()), (Names{merged, imported, mine}));
}

TEST_P(DayExchangeTest, AnOldDayWhoseSuccessorSomebodyHasRemovedIsPutBack) {
  if (GetParam().abilities.can(DiskAbility::Exchange) || !GetParam().abilities.can(DiskAbility::Rename)) return;
  begin_again();
  fs::create_directories(folder / ".old");
  fs::rename(shown(), folder / ".old/bars.dt=2026-11-22");
  ASSERT_TRUE(lake.open());
  EXPECT_EQ(names_in(shown()), (Names{first, second, imported, mine}));
  EXPECT_EQ(names_in(folder / ".old"), Names{});
}

TEST_P(DayExchangeTest, ADayThatIsNoLongerAsItWasReadIsNotExchanged) {
  begin_again();
  const auto read = lake.files(LakeTable::Bars, the_day).value();
  ASSERT_TRUE(lake.begin_day(LakeTable::Bars, the_day));
  publish_meanwhile();
  const auto refused = lake.exchange_day(LakeTable::Bars, the_day, read, Lake::OtherFiles::Refused);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_retryable());
  fs::remove(shown() / first);
  const auto gone = lake.exchange_day(LakeTable::Bars, the_day, read, Lake::OtherFiles::Stay);
  ASSERT_FALSE(gone);
  EXPECT_TRUE(gone.error().is_retryable());
  EXPECT_EQ(names_in(shown()), (Names{second, imported, meanwhile, mine}));
}

INSTANTIATE_TEST_SUITE_P(Disks, DayExchangeTest,
                         ::testing::Values(Kind{"ThatExchangesFolders", {}}, Kind{"ThatRenames", no_exchange},
                                           Kind{"ThatCopies", no_rename}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace tidemark
