// The spool of a backfill: which pages stay, where it continues, and how it treats damaged pages.
#include "app/history/backfill_spool.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "app/history/import_input.h"
#include "io/disk/posix_disk.h"
#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

HistoryText page(std::string_view symbol, std::string_view next) {
  HistoryText page;
  page.json = fmt::format(
      R"({{"bars":{{"{}":[{{"t":"2025-01-02T14:30:00Z","o":1,"h":1,"l":1,"c":1,"v":1}}]}},"next_page_token":"{}"}})",
      symbol, next);
  page.facts = {.next = std::string(next), .bars = 1, .symbols = {std::string(symbol)}, .last_time = {}};
  return page;
}

class BackfillSpoolTest : public testing::Test {
 protected:
  void SetUp() override {
    plan_.requests = {BarsRequest{.symbols = {"A"}, .from = {}, .to = {}, .page = {}},
                      BarsRequest{.symbols = {"B"}, .from = {}, .to = {}, .page = {}}};
    plan_.text = "{}";
    plan_.name = "0";
  }

  Result<BackfillSpool> open() { return BackfillSpool::open(*disk_, data_, plan_); }
  fs::path folder() const { return data_ / "backfill" / "0"; }

  std::unique_ptr<Disk> disk_ = make_posix_disk();
  const TemporaryFolder own_;
  const fs::path data_ = own_.path();
  BackfillPlan plan_;
};

TEST_F(BackfillSpoolTest, GoesOnBehindTheLastPage) {
  {
    auto spool = open();
    ASSERT_TRUE(spool) << spool.error().message();
    EXPECT_EQ(spool->next()->symbols, plan_.requests[0].symbols);
    ASSERT_TRUE(spool->add(page("A", "more"), BackfillSpool::Calls::Counted));
    EXPECT_EQ(spool->next()->page, "more");
  }
  {
    auto spool = open();
    ASSERT_TRUE(spool) << spool.error().message();
    EXPECT_EQ(spool->kept(), 1u);
    EXPECT_EQ(spool->next()->page, "more");
    ASSERT_TRUE(spool->add(page("A", ""), BackfillSpool::Calls::Counted));
    EXPECT_EQ(spool->next()->page, "");
    EXPECT_EQ(spool->next()->symbols, plan_.requests[1].symbols);
    ASSERT_TRUE(spool->add(page("B", ""), BackfillSpool::Calls::Counted));
  }
  auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message();
  EXPECT_FALSE(spool->next());
  EXPECT_EQ(spool->bars(), 3u);
  ASSERT_TRUE(spool->remove());
  EXPECT_FALSE(fs::exists(data_ / "backfill"));
}

TEST_F(BackfillSpoolTest, WhatWasBeingWrittenOrIsDamagedIsFetchedAgain) {
  for (int i = 0; i < 3; ++i) {
    auto spool = open();
    ASSERT_TRUE(spool) << spool.error().message();
    ASSERT_TRUE(spool->add(page("A", "more"), BackfillSpool::Calls::Counted));
  }
  std::ofstream(folder() / "000003-0000.json.writing") << "{";
  std::ofstream(folder() / "000001-0000.json") << "{";
  auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message();
  EXPECT_EQ(spool->kept(), 1u);
  EXPECT_FALSE(fs::exists(folder() / "000002-0000.json"));
  EXPECT_FALSE(fs::exists(folder() / "000003-0000.json.writing"));
}

TEST_F(BackfillSpoolTest, PagesThatWereNoAnswerGoAndTheirRequestBeginsAnew) {
  {
    auto spool = open();
    ASSERT_TRUE(spool) << spool.error().message();
    ASSERT_TRUE(spool->add(page("A", ""), BackfillSpool::Calls::Counted));
    ASSERT_TRUE(spool->add(page("B", "2"), BackfillSpool::Calls::Counted));
  }
  auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message();
  EXPECT_EQ(spool->kept(), 2u);
  ASSERT_TRUE(spool->add(page("B", "3"), BackfillSpool::Calls::Counted));
  const auto gone = spool->begin_request_anew();
  ASSERT_TRUE(gone) << gone.error().message();
  EXPECT_EQ(*gone, 1u);  // fetched by this process; the other one was there before
  EXPECT_EQ(spool->kept(), 1u);
  EXPECT_EQ(spool->next()->symbols, std::vector<std::string>{"B"});
  EXPECT_EQ(spool->next()->page, "");
  EXPECT_TRUE(fs::exists(folder() / "000000-0000.json"));
  EXPECT_FALSE(fs::exists(folder() / "000001-0001.json"));
}

TEST_F(BackfillSpoolTest, IsOfOneProcessAndOnePlan) {
  {
    auto spool = open();
    ASSERT_TRUE(spool) << spool.error().message();
    const auto second = open();
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().is_setup());
  }
  plan_.text = R"({"other":1})";
  EXPECT_FALSE(open());
}

TEST_F(BackfillSpoolTest, KeepsWhatTheLimitAllowed) {
  auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message();
  EXPECT_FALSE(spool->budget());
  CallBudget budget;
  budget.limit = 200, budget.remaining = 1, budget.reset = 1'764'000'000;
  ASSERT_TRUE(spool->keep_budget(budget));
  EXPECT_EQ(spool->budget()->remaining, 1);
  EXPECT_EQ(spool->budget()->reset, 1'764'000'000);
}

// The fetch accepts it, so the import must, too.
TEST_F(BackfillSpoolTest, AnyPageThatItKeepsCanBeImported) {
  HistoryText large = page("A", "");
  large.json.insert(1, 65 * 1'024 * 1'024, ' ');
  {
    auto spool = open();
    ASSERT_TRUE(spool) << spool.error().message();
    ASSERT_TRUE(spool->add(large, BackfillSpool::Calls::Counted));
  }
  auto spool = open();
  ASSERT_TRUE(spool) << spool.error().message();
  ASSERT_EQ(spool->kept(), 1u);
  const ImportOptions options{.files = {spool->pages()[0].path}, .format = ImportFormat::AlpacaPage};
  auto input = ImportInput::open(options, *disk_);
  ASSERT_TRUE(input) << input.error().message();
  ImportPiece piece;
  const auto read = input->next(piece);
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_TRUE(piece.page);
  EXPECT_EQ(piece.page->size(), large.json.size());
}

}  // namespace
}  // namespace tidemark
