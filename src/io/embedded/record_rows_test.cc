// Rows that several records share: which do, that all come back as they were, and what a shell sees.
#include "io/embedded/record_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/disk/temporary_folder_test.h"
#include "io/embedded/embedded_log.h"
#include "io/embedded/sqlite.h"

namespace tidemark {
namespace {

class SharedRows : public testing::Test {
 protected:
  SharedRows() { open(); }
  void open() {
    log_.reset();
    auto log = open_embedded_log({.directory = folder_.path().string()});
    ASSERT_TRUE(log) << log.error().message();
    log_ = std::move(*log);
  }

  // The answer's first column, a line for each row.
  std::string shell(const std::string& sql) {
    auto connection = Connection::open(folder_.path().string() + "/log.db", {.read_only = true});
    if (!connection) return connection.error().message();
    auto statement = connection->prepare(sql);
    if (!statement) return statement.error().message();
    std::string answer;
    for (;;) {
      const auto row = statement->step();
      if (!row) return row.error().message();
      if (!*row) return answer;
      answer += std::string(statement->bytes(0)) + '\n';
    }
  }
  std::string rows() { return shell("SELECT count(*) FROM alpaca_trends_rows"); }

  static Record bar(const std::string& value, const std::string& key = "AAPL", std::int64_t second = 1) {
    return {.key = key, .value = value, .ingested_at = event_time_from_nanos(second * 1'000'000'000)};
  }

  // Appends them, and compares what a poll from each offset and the view show.
  void expect_kept(const std::vector<Record>& records) {
    ASSERT_TRUE(log_->append(records, "feed", "c"));
    for (int opened = 0; opened < 2; ++opened, open())
      for (std::size_t from = 0; from < records.size(); from += 1 + from / 7) {
        const Batch batch = log_->poll(Topic::Bars, static_cast<Position>(from), records.size()).value();
        ASSERT_EQ(batch.size(), records.size() - from);
        for (std::size_t i = 0; i < batch.size(); ++i) {
          const Record& record = records[from + i];
          ASSERT_EQ(batch[i].position, static_cast<Position>(from + i));
          ASSERT_EQ(batch[i].kind, record.kind);
          ASSERT_EQ(batch[i].key, record.key);
          ASSERT_EQ(batch[i].value, record.value);
          ASSERT_EQ(batch[i].time, record.time);
          ASSERT_EQ(batch[i].ingested_at, record.ingested_at);
          ASSERT_EQ(batch[i].bytes_in_all, record.bytes_in_all);
        }
      }
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string where = " FROM alpaca_trends WHERE offset = " + std::to_string(i);
      ASSERT_EQ(shell("SELECT coalesce(value, '')" + where), records[i].value + '\n');
      ASSERT_EQ(shell("SELECT coalesce(key, '')" + where), records[i].key + '\n');
    }
  }

  const TemporaryFolder folder_;
  std::unique_ptr<Log> log_;
};

TEST_F(SharedRows, HoldManyRecordsAndEachAsItCame) {
  std::vector<Record> records;
  for (int i = 0; i < 600; ++i) records.push_back(bar("{\"n\":" + std::to_string(i) + "}", i % 3 == 0 ? "" : "S"));
  expect_kept(records);
  EXPECT_EQ(rows(), "2\n") << "4,000 bytes each";
}

TEST_F(SharedRows, AreForMuchOnly) {
  ASSERT_TRUE(log_->append(std::vector<Record>(5, bar(std::string(300, 'x'))), "feed", "c"));
  EXPECT_EQ(rows(), "5\n");
  EXPECT_EQ(shell("SELECT count(records) FROM alpaca_trends_rows"), "0\n");
}

// Whatever is no line has its row: NUL, line ends and other control characters, bytes that are no UTF-8, what has no value.
TEST_F(SharedRows, HoldLinesOnly) {
  std::vector<Record> records;
  const std::string values[] = {std::string("a\0b", 3),   "a\nb", "a\tb",  "a\r", "\x1f", "\xff", "\xc3",
                                "\xed\xa0\x80",           "",     "\\",    "\"",  "\\\"", "\\n",  "\x7f",
                                "\u00e9\u4e2d\U0001F600", " ",    "[1,2]", "'",   "$[0]", "%"};
  for (const std::string& value : values)
    for (int i = 0; i < 40; ++i)
      records.push_back(bar(i % 2 == 0 ? value : std::string(100, 'y'), value.empty() ? "" : "K\"\\"));
  records.push_back({.kind = RecordKind::Heartbeat, .time = event_time_from_nanos(5), .ingested_at = EventTime{}});
  records.push_back({.kind = RecordKind::Data, .value = "cut", .ingested_at = EventTime{}, .bytes_in_all = 70'000});
  for (int i = 0; i < 50; ++i) records.push_back(bar(std::string(90, 'z'), i % 5 == 0 ? "A\nB" : "\xff"));
  for (int second = 2; second < 5; ++second)
    for (int i = 0; i < 30; ++i) records.push_back(bar(std::string(90, 'z'), "S", second));
  for (const std::size_t size : {1'500, 1'900, 2'100, 4'100, 20'000, 100, 1'990, 1'990, 1'990})
    records.push_back(bar(std::string(size, 'w')));
  records.push_back({.kind = RecordKind::End});
  expect_kept(records);
  EXPECT_NE(shell("SELECT count(*) FROM alpaca_trends_rows WHERE records > 1"), "0\n");
  EXPECT_EQ(shell("SELECT count(*) FROM alpaca_trends_rows WHERE records < 2"), "0\n");
  EXPECT_EQ(shell("SELECT count(*) FROM alpaca_trends_rows WHERE records > 0 AND (typeof(value) <> 'text' OR "
                  "length(value) - length(replace(value, char(10), '')) <> records - 1)"),
            "0\n");
}

TEST_F(SharedRows, AreTrimmedWithTheirLastRecord) {
  ASSERT_TRUE(log_->append(std::vector<Record>(400, bar(std::string(90, 'x'))), "feed", "c"));
  const std::string all = rows();
  ASSERT_EQ(log_->trim(Topic::Bars, 3).value(), 3);
  EXPECT_EQ(rows(), all);
  EXPECT_EQ(shell("SELECT min(offset) FROM alpaca_trends"), "3\n");
  EXPECT_EQ(shell("SELECT count(*) FROM arrivals"), "397\n");
  EXPECT_EQ(log_->poll(Topic::Bars, 0, 1).value()[0].position, 3);
  open();
  EXPECT_EQ(log_->begin(Topic::Bars).value(), 3);
  EXPECT_EQ(log_->tail(Topic::Bars, 1'000).value().size(), 397U);
  EXPECT_EQ(log_->trim(Topic::Bars, 399).value(), 399);
  EXPECT_EQ(rows(), "1\n");
  EXPECT_EQ(log_->poll(Topic::Bars, 0, 10).value().size(), 1U);
  EXPECT_EQ(log_->trim(Topic::Bars, 400).value(), 400);
  EXPECT_EQ(rows(), "0\n");
  open();
  EXPECT_EQ(log_->end(Topic::Bars).value(), 400);
}

TEST_F(SharedRows, AreOfOneTopicEach) {
  Commit commit{.reader = "analyze", .positions = {{Topic::Bars, 0}}};
  for (int i = 0; i < 200; ++i)
    for (const Topic topic : {Topic::JudgedBars, Topic::Trends, Topic::LateBars, Topic::DeadLetters})
      commit.outputs.push_back({topic, bar(std::string(to_string(topic)) + ' ' + std::to_string(i))});
  ASSERT_TRUE(log_->commit(commit));
  for (const Topic topic : {Topic::JudgedBars, Topic::Trends, Topic::LateBars, Topic::DeadLetters}) {
    const Batch batch = log_->poll(topic, 190, 100).value();
    ASSERT_EQ(batch.size(), 10U);
    EXPECT_EQ(batch[9].value, std::string(to_string(topic)) + " 199");
  }
}

TEST(IsLine, IsTextWithoutControlCharacters) {
  const std::string before(13, 'a');
  for (int byte = 0; byte < 256; ++byte)
    for (std::size_t place = 0; place <= before.size(); ++place) {
      std::string text = before;
      text.insert(place, 1, static_cast<char>(byte));
      EXPECT_EQ(is_line(text), byte >= 0x20 && byte < 0x80) << byte << ' ' << place;
    }
  EXPECT_TRUE(is_line(""));
  EXPECT_TRUE(is_line("\u00e9 abcdefgh"));
}

}  // namespace
}  // namespace tidemark
