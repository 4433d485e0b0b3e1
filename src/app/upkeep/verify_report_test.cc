#include "app/upkeep/verify_report.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr LakeDay day = 2026y / 1 / 5;

struct CureCase {
  const char* when;
  LakeTable table;
  const char* file;
  Position log_begins;
  const char* cure;       // a part of it
  bool whole_once_moved;  // and nothing is missed any more
};

constexpr CureCase cure_cases[] = {
    {"the log holds all of its rows", LakeTable::Bars, "bars-000000000100-000000000200.parquet", 0,
     "`tidemark verify --repair` publishes its rows again from the log", true},
    {"the log begins with its first row", LakeTable::Bars, "bars-000000000100-000000000200.parquet", 100,
     "`tidemark verify --repair` publishes its rows again from the log", true},
    {"the log has forgotten some", LakeTable::Bars, "bars-000000000100-000000000200.parquet", 150,
     "but for those before offset 150, which the log has forgotten: bring lake/bars/dt=2026-01-05/bars-000000000100-",
     false},
    {"the log has forgotten all", LakeTable::Bars, "bars-000000000100-000000000200.parquet", 200,
     "the log does not hold its rows any more: bring lake/bars/dt=2026-01-05/", false},
    {"trends that the log has forgotten", LakeTable::Trends, "trends-000000000100-000000000200.parquet", 300,
     "`tidemark recompute --day 2026-01-05` makes the trends of the day from its bars", false},
    {"trends that the log never said", LakeTable::Trends, "trends-000000000000-000000000000.parquet", 0,
     "`tidemark recompute --day 2026-01-05` makes the trends of the day from its bars", false},
    {"bars of an import", LakeTable::Bars, "import-000003-000000.parquet", 0, "by repeating import 3", false},
};

VerifyReport report_of(const CureCase& c) {
  VerifyReport report;
  report.log.emplace();
  report.published.emplace();
  report.log_begins = {c.log_begins, c.log_begins};
  report.lake.files.push_back({c.table, day, *parse_lake_file(c.table, c.file), "it is cut"});
  return report;
}

TEST(VerifyReport, EachDamagedFileHasItsCure) {
  for (const CureCase& c : cure_cases) {
    VerifyReport report = report_of(c);
    EXPECT_FALSE(report.is_whole()) << c.when;
    EXPECT_NE(for_eyes(report).find(c.cure), std::string::npos) << c.when << "\n" << for_eyes(report);
    EXPECT_NE(for_eyes(report).find("`tidemark verify --set-aside` moves it away"), std::string::npos) << c.when;
    report.set_aside = "data/set-aside/now";
    EXPECT_EQ(report.is_whole(), c.whole_once_moved) << c.when;
    EXPECT_NE(for_eyes(report).find("it lies in data/set-aside/now now"), std::string::npos) << for_eyes(report);
    report.published->lost.push_back({c.table, day, 100, 200, 100});
    EXPECT_FALSE(report.is_whole()) << c.when;
  }
}

TEST(VerifyReport, WhatIsElsewhereIsNotMissed) {
  VerifyReport report = report_of(cure_cases[3]);
  report.lake.files.front().rows = DamagedFile::Rows::Elsewhere;
  EXPECT_FALSE(report.is_whole());
  report.set_aside = "data/set-aside/now";
  EXPECT_TRUE(report.is_whole());
}

TEST(VerifyReport, NothingWrongIsSaidInOneLine) {
  VerifyReport report;
  EXPECT_TRUE(report.is_whole());
  EXPECT_NE(for_eyes(report).find("\nEverything is whole.\n"), std::string::npos);
  EXPECT_EQ(as_json(report).substr(0, 26), R"({"whole":true,"log":null,")");
  report.lake.notes.push_back("said, and no damage");
  EXPECT_TRUE(report.is_whole());
  report.log.emplace();
  report.log->damages.push_back({"log.db", "a hole", "restore it"});
  EXPECT_FALSE(report.is_whole());
  EXPECT_NE(for_eyes(report).find("1 thing is wrong."), std::string::npos);
}

TEST(VerifyReport, RowsOfAnotherContractAreNoDamage) {
  VerifyReport report;
  EXPECT_EQ(for_eyes(report).find("contract"), std::string::npos);
  report.lake.of(LakeTable::Trends).other_contract = 17;
  report.lake.of(LakeTable::Bars).other_contract = 18;  // bars are read by any
  EXPECT_TRUE(report.is_whole());
  EXPECT_NE(for_eyes(report).find("17 trends are in files of another contract"), std::string::npos) << for_eyes(report);
  EXPECT_NE(as_json(report).find(R"("stock_trends":{"days":0,"files":0,"rows":0,"bytes":0,"other_contract":17})"),
            std::string::npos)
      << as_json(report);
}

}  // namespace
}  // namespace tidemark
