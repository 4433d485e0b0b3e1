// A log.db whose rows are not what was written: whoever reads such a row is told of the table and the offset.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "io/disk/temporary_folder_test.h"
#include "io/embedded/embedded_log.h"
#include "io/embedded/row_check.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class RottenLog : public testing::Test {
 protected:
  RottenLog() {
    const auto log = open();
    if (!log) return;
    std::vector<Record> bars;
    for (int i = 0; i < 20; ++i) bars.push_back({.key = "A", .value = "{\"close\":" + std::to_string(100 + i) + "}"});
    EXPECT_TRUE((*log)->append(bars, "feed", "20"));
    EXPECT_TRUE((*log)->commit({.reader = "analyze",
                                .positions = {{Topic::Bars, 20}},
                                .outputs = {{Topic::Trends, {.key = "A", .value = "{\"n\":1}"}}},
                                .state = "20 snapshot",
                                .needed = {{Topic::Bars, 5}}}));
    EXPECT_TRUE((*log)->commit({.reader = "store", .positions = {{Topic::Trends, 1}}, .state = ""}));
  }

  Result<std::unique_ptr<Log>> open(bool read_only = false) {
    return open_embedded_log({.directory = folder_, .read_only = read_only});
  }
  std::string path() const { return folder_ + "/log.db"; }

  void shell(const std::string& sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path().c_str(), &connection), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_free(error);
    sqlite3_close(connection);
  }

  // Opens it and asks for everything that a start asks for; the first error.
  std::string first_error(bool read_only = false) {
    const auto log = open(read_only);
    if (!log) return log.error().message();
    if (const auto cursor = (*log)->cursor("feed"); !cursor) return cursor.error().message();
    for (const char* const reader : {"analyze", "store"})
      if (const auto state = (*log)->restore(reader); !state) return state.error().message();
    for (const Topic topic : all_topics) {
      if (const auto batch = (*log)->tail(topic, 100); !batch) return batch.error().message();
      if (const auto batch = (*log)->poll(topic, 0, 100); !batch) return batch.error().message();
    }
    return {};
  }

  void expect_told(const std::string& sql, const std::string& what) {
    shell(sql);
    for (const bool read_only : {false, true}) {
      const std::string said = first_error(read_only);
      EXPECT_NE(said.find("/log.db is damaged: "), std::string::npos) << sql << ": " << said;
      EXPECT_NE(said.find(what), std::string::npos) << sql << ": " << said;
      EXPECT_NE(said.find("restore both from a backup, or move both away"), std::string::npos) << said;
    }
  }

  const TemporaryFolder own_;
  const std::string folder_ = own_.path().string();
};

TEST_F(RottenLog, IsWholeBefore) {
  EXPECT_EQ(first_error(), "");
  EXPECT_EQ(first_error(true), "");
}

TEST_F(RottenLog, ADigit) {
  expect_told("UPDATE alpaca_trends_rows SET value = replace(value, '107', '108') WHERE offset = 7",
              "the record at offset 7 of alpaca_trends is not what was written");
}
TEST_F(RottenLog, AKey) {
  expect_told("UPDATE alpaca_trends_rows SET key = 'B' WHERE offset = 7", "offset 7 of alpaca_trends");
}
TEST_F(RottenLog, ATime) {
  expect_told("UPDATE alpaca_trend_results_rows SET ingested_at = 5 WHERE offset = 0",
              "offset 0 of alpaca_trend_results");
}
TEST_F(RottenLog, AKind) {
  expect_told("UPDATE alpaca_trends_rows SET kind = 'end' WHERE offset = 7", "offset 7 of alpaca_trends");
}
TEST_F(RottenLog, AChecksumThatIsGone) {
  expect_told("UPDATE alpaca_trends_rows SET crc32c = NULL WHERE offset = 7",
              "offset 7 of alpaca_trends is not what was written: it has no");
}
TEST_F(RottenLog, TwoThatChangedPlaces) {
  expect_told(
      "UPDATE alpaca_trends_rows SET offset = -1 WHERE offset = 7; UPDATE alpaca_trends_rows SET offset = 7 WHERE "
      "offset = 8;"
      "UPDATE alpaca_trends_rows SET offset = 8 WHERE offset = -1",
      "offset 7 of alpaca_trends");
}
TEST_F(RottenLog, AHole) {
  expect_told("DELETE FROM alpaca_trends_rows WHERE offset = 7", "table alpaca_trends has no offset 7");
}
TEST_F(RottenLog, LastRecordsThatAreGone) {
  expect_told("DELETE FROM alpaca_trends_rows WHERE offset > 17", "one of both is older than the other");
}
TEST_F(RottenLog, APosition) {
  expect_told("UPDATE positions SET position = 3 WHERE reader = 'analyze'",
              "the row \"analyze, alpaca_trends\" of table positions is not what was written");
}
TEST_F(RottenLog, WhatIsNeeded) {
  expect_told("UPDATE positions SET needed = NULL WHERE reader = 'analyze'", "of table positions");
}
TEST_F(RottenLog, AState) {
  expect_told("UPDATE state SET state = '19 snapshot' WHERE reader = 'analyze'",
              "the row \"analyze\" of table state is not what was written");
}
TEST_F(RottenLog, ACursor) {
  expect_told("UPDATE feed_cursors SET cursor = '19'",
              "the row \"feed\" of table feed_cursors is not what was written");
}
TEST_F(RottenLog, ACursorThatIsGone) {
  expect_told("DELETE FROM feed_cursors", "are not those that the last transaction left");
}
TEST_F(RottenLog, ABegin) {
  expect_told("UPDATE topics SET begins_at = 3 WHERE topic = 'alpaca_trends'",
              "the row \"alpaca_trends\" of table topics is not what was written");
}

// What SQLite believes of a table or view stands in the file as text. A wrong bit of it changes what SQL reads.
constexpr const char* change_text =
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') WHERE name = '{}'";

TEST_F(RottenLog, TheTextOfAView) {
  expect_told(fmt::format(fmt::runtime(change_text), "held.kind AS kind", "held.time AS kind", "alpaca_trends"),
              "the text of its table or view alpaca_trends is not what was written");
}
TEST_F(RottenLog, TheTextOfAViewOnAView) {
  expect_told(fmt::format(fmt::runtime(change_text), "->> ''low''", "->> ''how''", "bars"),
              "the text of its table or view bars is not what was written");
}
TEST_F(RottenLog, TheTextOfATable) {
  expect_told(fmt::format(fmt::runtime(change_text), "byte for byte", "bite for byte", "alpaca_trends_rows"),
              "the text of its table or view alpaca_trends_rows is not what was written");
}
TEST_F(RottenLog, AViewThatIsGone) { expect_told("DROP VIEW bars", "it has no table or view bars"); }
TEST_F(RottenLog, AViewWithoutAChecksum) {
  expect_told("DELETE FROM meta WHERE key = 'crc32c of readers'", "its table meta has no checksum of readers");
}
TEST_F(RottenLog, WhatOthersAddedIsTheirs) {
  shell("CREATE VIEW mine AS SELECT * FROM bars; CREATE INDEX by_key ON alpaca_trends_rows (key); ANALYZE");
  EXPECT_EQ(first_error(), "");
  EXPECT_EQ(first_error(true), "");
}

// A row as it was once, whole by itself: what a lost write leaves.
TEST_F(RottenLog, APositionOfYesterday) {
  shell("CREATE TABLE kept AS SELECT * FROM positions WHERE reader = 'store'");
  ASSERT_TRUE(open().value()->commit({.reader = "store", .positions = {{Topic::Trends, 2}}}));
  expect_told("INSERT OR REPLACE INTO positions SELECT * FROM kept", "are not those that the last transaction left");
}

// The same where the transaction wrote records, whose page tells of it.
TEST_F(RottenLog, APositionOfYesterdayBesideRecords) {
  shell("CREATE TABLE kept AS SELECT * FROM positions WHERE reader = 'analyze'");
  ASSERT_TRUE(open().value()->commit({.reader = "analyze",
                                      .positions = {{Topic::Bars, 20}},
                                      .outputs = {{Topic::Trends, {.key = "A", .value = "{\"n\":2}"}}},
                                      .needed = {{Topic::Bars, 9}}}));
  EXPECT_EQ(first_error(), "");
  expect_told("INSERT OR REPLACE INTO positions SELECT * FROM kept", "one of both is older than the other");
}
TEST_F(RottenLog, ACursorOfYesterdayBesideRecords) {
  shell("CREATE TABLE kept AS SELECT * FROM feed_cursors");
  ASSERT_TRUE(open().value()->append(std::vector<Record>{{.value = "x"}}, "feed", "21"));
  EXPECT_EQ(first_error(), "");
  expect_told("INSERT OR REPLACE INTO feed_cursors SELECT * FROM kept", "one of both is older than the other");
}
TEST_F(RottenLog, ACursorOfYesterdayAlone) {
  shell("CREATE TABLE kept AS SELECT * FROM feed_cursors");
  ASSERT_TRUE(open().value()->append({}, "feed", "21"));
  EXPECT_EQ(first_error(), "");
  expect_told("INSERT OR REPLACE INTO feed_cursors SELECT * FROM kept", "are not those that the last transaction left");
}
TEST_F(RottenLog, ASummaryOfYesterday) {
  shell("CREATE TABLE kept AS SELECT * FROM summary");
  ASSERT_TRUE(open().value()->append({}, "feed", "21"));
  expect_told("INSERT OR REPLACE INTO summary SELECT * FROM kept", "are not those that the last transaction left");
}
TEST_F(RottenLog, ASummaryThatNoLongerCounts) {
  shell("CREATE TABLE kept AS SELECT * FROM summary");
  ASSERT_TRUE(open().value()->append({}, "feed", "21"));
  ASSERT_TRUE(open().value()->append(std::vector<Record>{{.value = "x"}}, "feed", "22"));
  shell("INSERT OR REPLACE INTO summary SELECT * FROM kept");
  EXPECT_EQ(first_error(), "");
}
TEST_F(RottenLog, TheLastSummary) {
  expect_told("UPDATE positions SET summary = replace(summary, ' 1 ', ' 2 ') WHERE summary IS NOT NULL",
              "the summary in the row \"analyze, alpaca_trends\" of table positions is not what was written");
}

TEST_F(RottenLog, WhatIsMissingIsToldWhereTheOwnerKnowsOfIt) {
  const auto log = open();
  ASSERT_TRUE(log);
  shell("DELETE FROM alpaca_trends_rows WHERE offset > 17");
  const auto batch = (*log)->poll(Topic::Bars, 18, 10);
  ASSERT_FALSE(batch);
  EXPECT_NE(batch.error().message().find("table alpaca_trends has no offset 18, and ended at 20"), std::string::npos)
      << batch.error().message();
}

TEST_F(RottenLog, IsCounted) {
  const auto whole = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->covered, 21U);
  EXPECT_EQ(whole->not_covered, 0U);
  EXPECT_TRUE(whole->damaged.empty());
  shell("UPDATE alpaca_trends_rows SET value = 'x' WHERE offset IN (3, 4, 19)");
  const auto rotten = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(rotten);
  EXPECT_EQ(rotten->covered, 18U);
  ASSERT_EQ(rotten->damaged.size(), 3U);
  EXPECT_EQ(rotten->damaged[2].offset, 19);
  EXPECT_EQ(rotten->damaged[2].topic, Topic::Bars);
}

// Many records, which share rows.
struct RottenSharedRows : RottenLog {
  RottenSharedRows() {
    std::vector<Record> bars;
    for (int i = 0; i < 500; ++i)
      bars.push_back({.key = "A", .value = "{\"close\":" + std::to_string(1'000 + i) + "}"});
    EXPECT_TRUE(open().value()->append(bars, "feed", "520"));
  }
};

TEST_F(RottenSharedRows, AreWholeBefore) {
  EXPECT_EQ(first_error(), "");
  const auto whole = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->covered, 521U);
}

TEST_F(RottenSharedRows, AreToldWithTheOffsetsOfAll) {
  const char* const changes[] = {"value = replace(value, '1007', '1008')",
                                 "key = replace(key, 'A', 'B')",
                                 "ingested_at = 5",
                                 "records = records - 1",
                                 "records = NULL",
                                 "offset = offset + 1",
                                 "value = value || char(10)"};
  for (const char* const change : changes) {
    fs::copy(path(), path() + ".kept", fs::copy_options::overwrite_existing);
    expect_told(std::string("UPDATE alpaca_trends_rows SET ") + change + " WHERE value LIKE '%1007%'",
                "of alpaca_trends is not what was written");
    for (const char* const end : {"-wal", "-shm"}) fs::remove(path() + end);
    fs::rename(path() + ".kept", path());
  }
  expect_told("UPDATE alpaca_trends_rows SET value = replace(value, '1007', '1008') WHERE value LIKE '%1007%'",
              "the record at offset 20 of alpaca_trends is not what was written: the checksum of the records 20 to ");
}

TEST_F(RottenSharedRows, AreCountedByTheirRecords) {
  shell("UPDATE alpaca_trends_rows SET value = replace(value, '1007', '1008') WHERE value LIKE '%1007%'");
  const auto rotten = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(rotten);
  ASSERT_GT(rotten->damaged.size(), 8U);
  EXPECT_EQ(rotten->damaged[7].offset, 27);
  EXPECT_EQ(rotten->covered + rotten->damaged.size(), 521U);
}

TEST_F(RottenSharedRows, AHole) {
  expect_told("DELETE FROM alpaca_trends_rows WHERE value LIKE '%1007%'", "table alpaca_trends has no offset 20");
}

std::string dump_of_version(int version) {
  const std::string command =
      "gzip -dc '" TIDEMARK_SOURCE_DIR "/test/stages/upgrade/log-v" + std::to_string(version) + ".sql.gz'";
  std::string sql;
  FILE* const dump = ::popen(command.c_str(), "r");
  if (dump != nullptr)
    for (int c = std::fgetc(dump); c != EOF; c = std::fgetc(dump)) sql += static_cast<char>(c);
  EXPECT_TRUE(dump != nullptr && ::pclose(dump) == 0) << command;
  return sql;
}

// A log that an older version wrote (test/stages/upgrade).
class LogOfVersion : public RottenLog {
 protected:
  explicit LogOfVersion(int version) {
    for (const char* const name : {"/log.db", "/log.db-wal", "/log.db-shm"}) fs::remove(folder_ + name);
    shell(dump_of_version(version));
  }
};

struct OldLog : LogOfVersion {
  OldLog() : LogOfVersion(4) {}
};
struct LogOfVersion5 : LogOfVersion {
  LogOfVersion5() : LogOfVersion(5) {}
};
struct LogOfVersion6 : LogOfVersion {
  LogOfVersion6() : LogOfVersion(6) {}
};

TEST_F(OldLog, HasRowsThatAreNotCoveredAndNewOnesThatAre) {
  Position end = 0;
  {
    const auto log = open();
    ASSERT_TRUE(log) << log.error().message();
    end = (*log)->end(Topic::Bars).value();
    EXPECT_EQ(end, 55);
    EXPECT_EQ((*log)->restore("analyze").value().position(Topic::Bars), 55);
    ASSERT_TRUE((*log)->append(std::vector<Record>{{.value = "new"}}, "feed", "21"));
    EXPECT_EQ((*log)->poll(Topic::Bars, 0, 100).value().size(), 56U);
  }
  EXPECT_EQ(first_error(), "");
  const auto coverage = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(coverage);
  EXPECT_GT(coverage->not_covered, 55U);
  EXPECT_EQ(coverage->covered, 1U);
  expect_told("UPDATE alpaca_trends_rows SET crc32c = NULL WHERE offset = 55",
              "offset 55 of alpaca_trends is not what was written: it has no checksum");
}

TEST_F(OldLog, IsNotReadBeforeItIsUpgraded) {
  const auto look = open(true);
  ASSERT_FALSE(look);
  EXPECT_NE(look.error().message().find("has version 4 of the tables: `tidemark run` upgrades it"), std::string::npos);
}

// Its checksums stay what they were, so that what is damaged is not taken for whole.
TEST_F(LogOfVersion5, KeepsItsChecksums) {
  EXPECT_EQ(first_error(), "");
  const auto coverage = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->not_covered, 0U);
  EXPECT_GT(coverage->covered, 55U);
  ASSERT_TRUE(open().value()->append(std::vector<Record>{{.value = "new"}}, "feed", "21"));
  EXPECT_EQ(first_error(), "");
}

// Its rows are those of one record each, and many more may follow in shared ones.
TEST_F(LogOfVersion6, GoesOnWithSharedRows) {
  ASSERT_TRUE(open());
  EXPECT_EQ(first_error(), "");
  const std::vector<Record> many(500, Record{.key = "A", .value = "new"});
  ASSERT_TRUE(open().value()->append(many, "feed", "21"));
  EXPECT_EQ(first_error(), "");
  const auto coverage = check_rows(path(), [](std::uint64_t) { return true; });
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->not_covered, 0U);
  EXPECT_GT(coverage->covered, 600U);
  EXPECT_EQ(open().value()->poll(Topic::Bars, 40, 1'000).value().size(), 508U);
}

TEST_F(LogOfVersion6, IsRefusedAndLeftAloneWhereItIsDamaged) {
  for (const char* const damage :
       {"UPDATE positions SET crc32c = crc32c + 1", "DELETE FROM alpaca_trends WHERE offset > 40",
        "UPDATE positions SET summary = replace(summary, ' ', '  ')"}) {
    fs::copy(path(), path() + ".kept", fs::copy_options::overwrite_existing);
    shell(damage);
    for (int start = 0; start < 2; ++start) EXPECT_FALSE(open()) << damage;
    shell("SELECT crc32c FROM alpaca_trends LIMIT 1");  // still the tables of version 6
    for (const char* const end : {"-wal", "-shm"}) fs::remove(path() + end);
    fs::rename(path() + ".kept", path());
  }
}

TEST_F(LogOfVersion5, IsRefusedAndLeftAloneWhereItIsDamaged) {
  const std::pair<const char*, const char*> damages[] = {
      {"UPDATE summary SET known = known - 1", "the row \"1\" of table summary is not what was written"},
      {"UPDATE positions SET crc32c = crc32c + 1", "are not those that the last transaction left"},
      {"DELETE FROM alpaca_trends WHERE offset > 50", "one of both is older than the other"},
      {"DELETE FROM summary", "its table summary has no row"}};
  for (const auto& [damage, what] : damages) {
    fs::copy(path(), path() + ".kept", fs::copy_options::overwrite_existing);
    shell(damage);
    for (int start = 0; start < 2; ++start) {
      const auto refused = open();
      ASSERT_FALSE(refused) << damage;
      EXPECT_NE(refused.error().message().find(what), std::string::npos) << refused.error().message();
    }
    shell("SELECT known FROM summary");  // a column that version 5 alone has
    for (const char* const end : {"-wal", "-shm"}) fs::remove(path() + end);
    fs::rename(path() + ".kept", path());
  }
  EXPECT_EQ(first_error(), "");
}

}  // namespace
}  // namespace tidemark
