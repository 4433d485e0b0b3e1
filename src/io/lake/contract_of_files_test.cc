// The contract that a file of the lake names (contract/semantics.md, Contracts), and what a recompute does with rows of
// an older contract (§6.5).
#include <gtest/gtest.h>
#include <parquet/api/reader.h>
#include <stdlib.h>

#include <filesystem>

#include "core/time/timestamp.h"
#include "io/disk/posix_disk.h"
#include "io/lake/lake.h"
#include "io/lake/lake_bars.h"
#include "io/lake/lake_compactor.h"
#include "io/lake/lake_rows.h"
#include "io/lake/parquet_store.h"
#include "io/lake/recompute_day.h"
#include "io/parquet/column_file.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr LakeDay sunday = std::chrono::year{2026} / 11 / 22;
constexpr WindowSpec windows{.size = 5min, .slide = 5min, .delay = 0s};
constexpr EventTime noon = EventTime{sunday} + 12h;

class ContractOfFilesTest : public ::testing::Test {
 public:
  ContractOfFilesTest() { EXPECT_TRUE(lake.open().has_value()); }
  ~ContractOfFilesTest() override { fs::remove_all(folder); }

 protected:
  static fs::path make_folder() {
    std::string pattern = (fs::temp_directory_path() / "tidemark-lake-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  // The contract of each file of a table's day, by file name.
  std::map<std::string, int> contracts(LakeTable table) const {
    std::map<std::string, int> found;
    for (const auto& entry : fs::directory_iterator(lake.folder_of(table, sunday))) {
      const auto file = parquet::ParquetFileReader::OpenFile(entry.path().string());
      found[entry.path().filename().string()] = contract_of(*file->metadata());
    }
    return found;
  }

  template <typename Writer, typename Row>
  void write(LakeTable table, Position from, const std::vector<Row>& rows, int contract) {
    fs::create_directories(lake.folder_of(table, sunday));
    const std::string name = published_name(table, from, from + static_cast<Position>(rows.size()));
    auto file = disk->create(lake.path_of(table, sunday, name));
    ASSERT_TRUE(file.has_value());
    auto columns = ColumnFile::create(
        table, PageCompression::Zstd, [&](std::string_view bytes) { return (*file)->append(bytes); }, contract);
    ASSERT_TRUE(columns.has_value());
    Writer writer(std::move(*columns), 1'000);
    for (const Row& row : rows) ASSERT_TRUE(writer.add(row).has_value());
    ASSERT_TRUE(writer.finish().has_value());
  }

  // EUR/USD, minute by minute, in the window that begins at `start`. The second vwap is 0, as feeds send it.
  void add_bars(EventTime start, std::vector<JudgedBar>& bars) const {
    for (const std::int64_t close : {1'084'310'000, 1'084'330'000}) {
      JudgedBar bar{.symbol = "EUR/USD", .position = static_cast<Position>(bars.size())};
      bar.values.time = start + 1min * (close == 1'084'330'000 ? 1 : 0);
      bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{close};
      bar.values.vwap = Price{close == 1'084'330'000 ? 0 : 1'084'300'000};
      bar.values.volume.nanos = close == 1'084'330'000 ? 20'000'000'000 : 10'500'000'000;
      bars.push_back(bar);
    }
  }

  fs::path folder = make_folder();
  std::unique_ptr<Disk> disk = make_posix_disk();
  Lake lake{*disk, folder.string()};
};

// By hand from contract 1: 1.08432 is 1.0843, 15.25 shares are 15, and (1.0843 + 0) / 2 is 0.5422.
Trend by_contract_1(EventTime start) {
  Trend trend{.symbol = "EUR/USD", .window = {start, start + 5min}};
  trend.avg_close = trend.max_close = trend.min_close = 1'084'300'000;
  trend.avg_volume = 15'000'000'000;
  trend.volatility = 0;
  trend.avg_vwap = 542'200'000;
  trend.bar_count = 2;
  trend.vwap_deviation_pct = 999'816;  // 0.5421 / 0.5422 × 100 = 99.98155…
  trend.revision = 7;
  return trend;
}

// By contract 2: seven places, of which the average needs five; the volume needs one.
Trend by_contract_2(EventTime start) {
  Trend trend = by_contract_1(start);
  trend.price_places = 7;
  trend.volume_places = 1;
  trend.avg_close = 1'084'320'000;
  trend.max_close = 1'084'330'000;
  trend.min_close = 1'084'310'000;
  trend.price_range = 20'000;
  trend.avg_volume = 15'300'000'000;
  trend.volatility = 14'100;  // 0.00002 / sqrt(2) = 0.00001414…
  trend.avg_vwap = 1'084'300'000;
  trend.vwap_deviation_pct = 18;  // 0.00002 / 1.0843 × 100 = 0.00184…
  return trend;
}

// As if this program were the older one: its file against a table that has a column more.
TEST_F(ContractOfFilesTest, AFileOfAnOlderContractMayLackANewerColumn) {
  write<TrendWriter>(LakeTable::Trends, 0, std::vector<Trend>{by_contract_2(noon)}, 2);
  const auto file = parquet::ParquetFileReader::OpenFile(
      lake.path_of(LakeTable::Trends, sunday, published_name(LakeTable::Trends, 0, 1)));
  const auto& schema = *file->metadata()->schema();
  const auto today = lake_columns(LakeTable::Trends);
  EXPECT_EQ(difference_from(today, schema, 2), "");
  std::vector<LakeColumn> tomorrow(today.begin(), today.end());
  tomorrow.push_back({.name = "rsi", .type = ColumnType::Double, .since = 3});
  EXPECT_EQ(difference_from(tomorrow, schema, 2), "");
  EXPECT_EQ(difference_from(tomorrow, schema, 1), "");
  EXPECT_EQ(difference_from(tomorrow, schema, 3), "it has no column rsi");
  const std::vector<LakeColumn> fewer(today.begin(), today.end() - 1);
  EXPECT_EQ(difference_from(fewer, schema, 2), "it has columns that are not the lake's");
}

TEST_F(ContractOfFilesTest, WhatIsPublishedNamesThisOne) {
  auto store = open_parquet_store({.directory = folder.string()}, *disk);
  ASSERT_TRUE(store.has_value());
  std::vector<JudgedBar> bars;
  add_bars(noon, bars);
  ASSERT_TRUE((*store)
                  ->publish({.trends_from = 0,
                             .trends_to = 1,
                             .bars_from = 0,
                             .bars_to = 2,
                             .trends = {by_contract_2(noon)},
                             .bars = bars})
                  .has_value());
  EXPECT_EQ(contracts(LakeTable::Trends), (std::map<std::string, int>{{published_name(LakeTable::Trends, 0, 1), 2}}));
  EXPECT_EQ(contracts(LakeTable::Bars), (std::map<std::string, int>{{published_name(LakeTable::Bars, 0, 2), 2}}));
}

TEST_F(ContractOfFilesTest, WhatIsMergedNamesTheOldest) {
  write<TrendWriter>(LakeTable::Trends, 0, std::vector{by_contract_2(noon)}, 2);
  write<TrendWriter>(LakeTable::Trends, 1, std::vector{by_contract_1(noon + 5min)}, 1);
  ASSERT_TRUE(make_lake_compactor(lake)->compact({"stock_trends", sunday}, {.trends = 2, .bars = 0}).has_value());
  EXPECT_EQ(contracts(LakeTable::Trends), (std::map<std::string, int>{{published_name(LakeTable::Trends, 0, 2), 1}}));
}

TEST_F(ContractOfFilesTest, ARecomputeTellsOlderRowsFromChangedOnes) {
  std::vector<JudgedBar> bars;
  for (int window = 0; window < 4; ++window) add_bars(noon + 5min * window, bars);
  write<BarWriter>(LakeTable::Bars, 0, bars, 1);
  Trend of_fewer_bars = by_contract_1(noon + 5min), of_another_vwap = by_contract_1(noon + 10min);
  of_fewer_bars.bar_count = 1;
  of_another_vwap.avg_vwap = 1'084'400'000;  // no number of zero vwaps gives this from 1.0843
  write<TrendWriter>(LakeTable::Trends, 0,
                     std::vector{by_contract_1(noon), of_fewer_bars, of_another_vwap, by_contract_2(noon + 15min)}, 1);

  const auto dry = recompute_day(lake, sunday, {.windows = windows, .dry_run = true});
  ASSERT_TRUE(dry.has_value()) << dry.error().message();
  EXPECT_FALSE(dry->is_as_it_was());
  const auto made = recompute_day(lake, sunday, {.windows = windows});
  ASSERT_TRUE(made.has_value()) << made.error().message();
  EXPECT_EQ(made->other_contract, 1);
  EXPECT_EQ(made->changed, 2);
  EXPECT_EQ(made->unchanged, 1);
  EXPECT_EQ(made->fresh, 0);
  EXPECT_EQ(made->windows(), 4);
  const auto contracts_now = contracts(LakeTable::Trends);
  ASSERT_EQ(contracts_now.size(), 1U);
  EXPECT_EQ(contracts_now.begin()->second, 2);

  const auto rows =
      LakeRows::open(*disk, LakeTable::Trends, {lake.path_of(LakeTable::Trends, sunday, contracts_now.begin()->first)},
                     EventTime::min(), EventTime::max(), LakeRows::Keep::All);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->contract(), 2);
  const RowSlice all{0, rows->size()};
  EXPECT_EQ(rows->integers("revision", all)->values, (std::vector<std::int64_t>{7, 8, 8, 7}));
  EXPECT_EQ(rows->doubles("avg_close", all)->values, std::vector<double>(4, 1.08432));
  EXPECT_EQ(rows->doubles("avg_vwap", all)->values, std::vector<double>(4, 1.0843));
  EXPECT_EQ(rows->doubles("avg_volume", all)->values, std::vector<double>(4, 15.3));
  EXPECT_EQ(rows->doubles("vwap_deviation_pct", all)->values, std::vector<double>(4, 0.0018));
  EXPECT_TRUE(recompute_day(lake, sunday, {.windows = windows})->is_as_it_was());
}

TEST_F(ContractOfFilesTest, BarsOfAnOlderLakeHaveNoVwapOfZero) {
  std::vector<JudgedBar> bars;
  add_bars(noon, bars);
  write<BarWriter>(LakeTable::Bars, 0, bars, 1);
  auto read = LakeBars::open(lake, sunday);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ((*read->next())->values.vwap, OptionalPrice(Price{1'084'300'000}));
  EXPECT_FALSE((*read->next())->values.vwap.has_value());
}

}  // namespace
}  // namespace tidemark
