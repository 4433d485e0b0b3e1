#include "app/history/row_order.h"

#include <gtest/gtest.h>

#include "core/time/table_time.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "core/wire/table_columns.h"

namespace tidemark {
namespace {

// Local times of New York on 1 November 2026, when the hour from 01:00 to 02:00 occurs twice, and the UTC times that
// they mean: 05:.. in the first pass (UTC-4), 06:.. in the second (UTC-5), by Python's zoneinfo.
struct Row {
  std::string symbol, local;
  std::int64_t open = 1;
};

std::string times(const std::vector<Row>& rows, std::size_t batch_size = 100) {
  const TimeForm form{.zone = *TimeZone::parse("America/New_York"), .format = {}};
  RowOrder order;
  order.begin_file();
  std::string text;
  for (std::size_t begin = 0; begin < rows.size(); begin += batch_size) {
    ImportBatch batch;
    std::vector<RepeatedTime> repeated;
    for (std::size_t i = begin; i < std::min(rows.size(), begin + batch_size); ++i) {
      const auto time = parse_table_time("2026-11-01 " + rows[i].local, form);
      Bar bar{.symbol = rows[i].symbol, .feed = {}, .values = {}};
      bar.values.time = time->time;
      bar.values.open = Price{rows[i].open};
      if (time->again != Duration::zero()) repeated.push_back({batch.rows.size(), time->again});
      batch.add(bar, 0);
    }
    order.settle(batch, repeated);
    for (const ImportRow& row : batch.rows)
      text += (text.empty() ? "" : " ") + format_timestamp(row.values.time).substr(11, 5);
  }
  return text;
}

TEST(RowOrder, TellsThePassesOfTheHourThatComesTwice) {
  const std::vector<Row> minutes{{"A", "00:45"}, {"A", "01:15"}, {"A", "01:45"},
                                 {"A", "01:15"}, {"A", "01:45"}, {"A", "02:00"}};
  for (const std::size_t batch_size : {100U, 1U, 4U})
    EXPECT_EQ(times(minutes, batch_size), "04:45 05:15 05:45 06:15 06:45 07:00") << batch_size;
  const std::vector<Row> newest_first(minutes.rbegin(), minutes.rend());
  for (const std::size_t batch_size : {100U, 1U, 4U})
    EXPECT_EQ(times(newest_first, batch_size), "07:00 06:45 06:15 05:45 05:15 04:45") << batch_size;
}

TEST(RowOrder, IsEachSymbolsOwn) {
  EXPECT_EQ(times({{"A", "00:45"}, {"B", "00:45"}, {"A", "01:30"}, {"B", "01:30"}, {"A", "01:00"}, {"B", "01:45"}}),
            "04:45 04:45 05:30 05:30 06:00 05:45");
}

TEST(RowOrder, TakesTheSameTimeOnceMoreForTheNextPassUnlessItIsTheSameRow) {
  EXPECT_EQ(times({{"A", "00:00"}, {"A", "01:00", 1}, {"A", "01:00", 2}, {"A", "02:00"}}), "04:00 05:00 06:00 07:00");
  EXPECT_EQ(times({{"A", "00:00"}, {"A", "01:00", 1}, {"A", "01:00", 1}, {"A", "01:15"}}), "04:00 05:00 05:00 05:15");
}

}  // namespace
}  // namespace tidemark
