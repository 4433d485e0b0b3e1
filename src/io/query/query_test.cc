#include "io/query/query.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "io/disk/temporary_folder_test.h"
#include "io/query/duckdb_library.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

#if defined(__SANITIZE_THREAD__)
constexpr bool with_thread_sanitizer = true;
#elif defined(__has_feature)
constexpr bool with_thread_sanitizer = __has_feature(thread_sanitizer);
#else
constexpr bool with_thread_sanitizer = false;
#endif

class QueryTest : public ::testing::Test {
 public:
  QueryTest() {
    fs::create_directories(options.lake = folder / "lake");
    options.format = QueryFormat::Csv;
  }

 protected:
  void SetUp() override {
    if (with_thread_sanitizer) GTEST_SKIP() << "libduckdb.so is not built for it: it sees races in there that are none";
  }

  std::string ask(std::string_view sql) const {
    std::string text;
    const auto answered = run_query(options, sql, [&text](std::string_view piece) {
      text += piece;
      return true;
    });
    return answered ? text : "error: " + answered.error().message();
  }

  // Writes a file of the lake with DuckDB, independently of our writer.
  void write_file(const std::string& name, const std::string& sql) const {
    const auto library = duckdb::load_library({});
    ASSERT_TRUE(library.has_value()) << library.error().message();
    const fs::path path = fs::path(options.lake) / name;
    fs::create_directories(path.parent_path());
    duckdb::Database database = nullptr;
    duckdb::Connection connection = nullptr;
    ASSERT_EQ((*library)->open_ext(":memory:", &database, nullptr, nullptr), duckdb::State::Success);
    ASSERT_EQ((*library)->connect(database, &connection), duckdb::State::Success);
    duckdb::QueryResult result{};
    const fs::path plain = folder / "written";  // the path in the lake may need quotes
    const std::string copy = "COPY (" + sql + ") TO '" + plain.string() + "' (FORMAT parquet)";
    ASSERT_EQ((*library)->query(connection, copy.c_str(), &result), duckdb::State::Success)
        << (*library)->result_error(&result);
    (*library)->destroy_result(&result);
    (*library)->disconnect(&connection);
    (*library)->close(&database);
    fs::rename(plain, path);
  }
  void write_bars(const std::string& name, const std::string& rows) const {
    write_file("bars/" + name,
               "SELECT symbol, timestamp_ns::BIGINT AS timestamp_ns, verdict, position::BIGINT AS "
               "position FROM (VALUES " +
                   rows + ") AS bar(symbol, timestamp_ns, verdict, position)");
  }

  const TemporaryFolder own_;
  const fs::path folder = own_.path();
  LakeQueryOptions options;
};

TEST_F(QueryTest, AnEmptyLakeHasItsViewsAndTheirColumns) {
  EXPECT_EQ(ask("SHOW TABLES"), "name\nbars\nbars_all\nstock_trends\n");
  EXPECT_EQ(ask("SELECT count(*) AS n, sum(avg_close) AS s FROM stock_trends"), "n,s\n0,\n");
  EXPECT_EQ(ask("SELECT count(*) AS n, max(close) AS c FROM bars WHERE late AND dt > '2026-01-01'"), "n,c\n0,\n");
  EXPECT_EQ(ask("SELECT column_type FROM (DESCRIBE bars) WHERE column_name IN ('open', 'timestamp')"),
            "column_type\nTIMESTAMP\n\"DECIMAL(19,9)\"\n");
}

TEST_F(QueryTest, BarsHoldTheLatestOfEachIdentityAndBarsAllEverything) {
  write_bars("dt=2026-11-22/a.parquet",
             "('AAPL', 60, 'accepted', 1), ('TSLA', 60, 'accepted', 2), ('AAPL', 60, 'corrected', 3), "
             "('AAPL', 61, 'accepted', 4)");
  write_bars("dt=2026-11-22/b.parquet", "('AAPL', 60, 'late', 9), ('AAPL', 60, 'corrected', 5)");
  EXPECT_EQ(ask("SELECT symbol, timestamp_ns AS t, verdict FROM bars ORDER BY ALL"),
            "symbol,t,verdict\nAAPL,60,late\nAAPL,61,accepted\nTSLA,60,accepted\n");
  EXPECT_EQ(ask("SELECT count(*) AS n FROM bars_all"), "n\n6\n");
}

TEST_F(QueryTest, AnImportedBarReplacesWhatWasThereAndYieldsToWhatComes) {
  write_file("bars/dt=2026-11-22/bars-000000000000-000000000003.parquet",
             "SELECT symbol, timestamp_ns::BIGINT AS timestamp_ns, 'accepted' AS verdict, position::BIGINT AS position "
             "FROM (VALUES ('AAPL', 60, 0), ('AAPL', 61, 1), ('AAPL', 62, 9)) AS bar(symbol, timestamp_ns, position)");
  write_file("bars/dt=2026-11-22/import-000001-000000.parquet",
             "SELECT 'AAPL' AS symbol, timestamp_ns::BIGINT AS timestamp_ns, 'accepted' AS verdict, 5::BIGINT AS "
             "position, imported::BIGINT AS imported FROM (VALUES (61, 1), (62, 1), (63, 1), (63, 2)) AS "
             "bar(timestamp_ns, imported)");
  EXPECT_EQ(ask("SELECT timestamp_ns AS t, position AS p, imported AS i FROM bars ORDER BY ALL"),
            "t,p,i\n60,0,\n61,5,1\n62,9,\n63,5,2\n");
}

TEST_F(QueryTest, SeesNothingThatIsHidden) {
  write_bars("dt=2026-11-22/a.parquet", "('AAPL', 60, 'accepted', 1)");
  std::ofstream(fs::path(options.lake) / "bars/dt=2026-11-22/.b.parquet.writing") << "half a file";
  EXPECT_EQ(ask("SELECT dt, symbol FROM bars"), "dt,symbol\n2026-11-22,AAPL\n");
}

TEST_F(QueryTest, ALakeMayStandAnywhere) {
  options.lake = (folder / "it's [my] *lake*?").string();
  fs::create_directories(options.lake);
  write_bars("dt=2026-11-22/a.parquet", "('AAPL', 60, 'accepted', 1)");
  EXPECT_EQ(ask("SELECT symbol FROM bars"), "symbol\nAAPL\n");
}

TEST_F(QueryTest, KeepsTheOrderAskedFor) {
  EXPECT_EQ(ask("SELECT count(*) FILTER (x <> y - 1) AS wrong FROM (SELECT x, lead(x) OVER () AS y "
                "FROM (SELECT range AS x FROM range(300000) ORDER BY x))"),
            "wrong\n0\n");
  std::string expected = "x\n";
  for (int i = 50'000; i-- > 0;) expected += std::to_string(i) + "\n";
  EXPECT_EQ(ask("SELECT range AS x FROM range(50000) ORDER BY hash(range) IS NULL, x DESC"), expected);
}

TEST_F(QueryTest, WritesEveryTypeExactly) {
  options.format = QueryFormat::Json;
  EXPECT_EQ(ask("SELECT 175.3::DECIMAL(19,9) AS d, 0.1::DOUBLE AS f, 'nan'::DOUBLE AS n, "
                "170141183460469231731687303715884105727 AS h, NULL AS x, [1, NULL] AS l, "
                "{'a': 'b'} AS s, TIMESTAMPTZ '2026-11-22 10:00:00+01' AS z, true AS t, "
                "'Ü\"' AS q, 1 AS q; -- a remark"),
            "{\"d\":175.300000000,\"f\":0.1,\"n\":null,"
            "\"h\":170141183460469231731687303715884105727,\"x\":null,\"l\":[1,null],"
            "\"s\":{\"a\":\"b\"},\"z\":\"2026-11-22 09:00:00+00\",\"t\":true,"
            "\"q\":\"Ü\\\"\",\"q\":1}\n");
}

TEST_F(QueryTest, WritesDoublesWithoutAnExponent) {
  // A coin at 0.00000812: the lake's trends are doubles, which DuckDB writes as 8.12e-06.
  write_file(
      "stock_trends/dt=2026-11-22/a.parquet",
      "SELECT 'SHIB/USD' AS symbol, 0.00000812::DOUBLE AS avg_close, 12345678901234567890::DOUBLE AS avg_volume");
  const std::string question = "SELECT avg_close, avg_volume, [avg_close] AS l FROM stock_trends";
  EXPECT_EQ(ask(question), "avg_close,avg_volume,l\n0.00000812,12345678901234567000.0,[0.00000812]\n");
  options.format = QueryFormat::Json;
  EXPECT_EQ(ask(question), "{\"avg_close\":0.00000812,\"avg_volume\":12345678901234567000.0,\"l\":[0.00000812]}\n");
  options.format = QueryFormat::Document;
  EXPECT_NE(ask(question).find(R"("rows":[[0.00000812,12345678901234567000.0,[0.00000812]]])"), std::string::npos);
  options.format = QueryFormat::Table;
  EXPECT_NE(ask(question).find("│ 0.00000812 │ 12345678901234567000.0 │ [0.00000812] │"), std::string::npos);
  options.format = QueryFormat::Csv;
  EXPECT_EQ(
      ask("SELECT 1e300::DOUBLE AS a, 1e-13::DOUBLE AS b, 8.12e-6::FLOAT AS c, '8.12e-06' AS d, ['8.12e-06'] AS e"),
      "a,b,c,d,e\n1e+300,1e-13,0.00000812,8.12e-06,[8.12e-06]\n");
}

TEST_F(QueryTest, ShowsWhereAQuestionIsWrong) {
  const std::string message = ask("SELECT symbol,\n  avg_clsoe FROM stock_trends");
  EXPECT_NE(message.find("avg_close"), std::string::npos) << message;  // the suggested name
  EXPECT_NE(message.find("LINE 2:   avg_clsoe FROM stock_trends\n          ^"), std::string::npos) << message;
  EXPECT_EQ(ask("SELECT CAST('abc' AS INT)").find("LINE"), std::string::npos);
}

TEST_F(QueryTest, ExplainsAPlan) {
  options.format = QueryFormat::Table;
  EXPECT_TRUE(ask("EXPLAIN SELECT count(*) FROM bars").starts_with("┌───"));
}

// Everything but queries is refused, and nothing but the lake can be read.
class QueryRefusal : public QueryTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(QueryRefusal, Refuses) {
  std::ofstream(folder / "outside.csv") << "a\n1\n";
  std::string sql = GetParam();
  for (auto at = sql.find('@'); at != std::string::npos; at = sql.find('@')) {
    sql.replace(at, 1, folder.string());
  }
  EXPECT_TRUE(ask(sql).starts_with("error: ")) << sql << "\n" << ask(sql);
  EXPECT_TRUE(fs::is_empty(options.lake)) << sql;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2) << sql;  // the lake and outside.csv
}

INSTANTIATE_TEST_SUITE_P(
    Statements, QueryRefusal,
    ::testing::Values(
        "COPY (SELECT 1) TO '@/lake/x.csv'", "COPY (SELECT 1) TO '@/x.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '@/lake/x.csv'", "explain /* */ analyze COPY (SELECT 1) TO '@/lake/x.csv'",
        "EXPORT DATABASE '@/lake/dump'", "ATTACH '@/x.db'", "CREATE TABLE t(a INT)", "DROP VIEW bars",
        "SET threads = 1", "RESET memory_limit", "INSTALL httpfs", "LOAD httpfs", "PRAGMA enable_profiling",
        "CALL pragma_version()", "FROM read_csv('@/outside.csv')", "FROM read_csv('@/lake/../outside.csv')",
        "FROM '@/outside.csv'", "FROM glob('@/*')", "FROM read_text('/etc/passwd')",
        "FROM query('COPY (SELECT 1) TO ''@/lake/x.csv''')", "SELECT 1; SELECT 2",
        // Functions that do more than read, in all spellings.
        "FROM enable_logging(storage := 'file', storage_path := '@/lake/logs')",
        "CALL enable_logging(storage := 'file', storage_path := '@/lake/logs')",
        "SELECT * FROM system.main.\"Enable_Logging\"('QueryLog')", "FROM U&\"\\0065nable_logging\"()",
        "FROM query('FROM enable_' || 'logging()')", "FROM query('FROM query(''FROM enable_'' || ''logging()'')')",
        "SELECT (SELECT count(*) FROM enable_logging())",
        "WITH x AS MATERIALIZED (FROM enable_logging()) SELECT 1 FROM x", "EXPLAIN ANALYZE FROM enable_logging()",
        "EXPLAIN ANALYZE FROM query('FROM enable_' || 'logging()')",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM enable_' || "
        "'logging()'))",
        "FROM disable_logging()", "FROM truncate_duckdb_logs()", "FROM checkpoint()", "FROM force_checkpoint()",
        "SELECT nvl(1, 2) FROM enable_logging()",
        // Statements of DuckDB that are no queries.
        "PRAGMA enable_logging", "CALL checkpoint()", "CHECKPOINT", "FORCE CHECKPOINT", "VACUUM",
        "IMPORT DATABASE '@/lake'", "PRAGMA enable_profiling='json'", "PRAGMA profiling_output='@/lake/p.json'",
        "SET profiling_output='@/lake/p.json'", "SET log_query_path='@/lake/l.txt'", "SET temp_directory='@/lake'",
        "SET secret_directory='@/lake'", "SET logging_storage='file'", "SET GLOBAL enable_logging=true",
        "CREATE SECRET s (TYPE s3)", "CREATE PERSISTENT SECRET s (TYPE s3)", "USE memory", "DETACH memory",
        "PREPARE p AS SELECT 1", "EXECUTE p", "CREATE MACRO m() AS 1", "CREATE TEMP TABLE t(a INT)",
        "UPDATE EXTENSIONS", "INSERT INTO bars_all SELECT 1", "DELETE FROM bars_all", "ALTER VIEW bars RENAME TO b",
        "COMMENT ON VIEW bars IS 'x'", "BEGIN", "FROM copy_database('a', 'b')", "FROM import_database('@/lake')",
        "FROM add_parquet_key('a', 'b')", "FROM arrow_scan(1, 2, 3)", "FROM sniff_csv('@/outside.csv')",
        "FROM read_blob('@/outside.csv')", "FROM read_json('@/outside.csv')", "FROM parquet_metadata('@/outside.csv')",
        "SELECT ?", "", ";", "-- nothing",
        // HiveQL allows no more.
        "FROM `@/outside.csv`", "SELECT nvl(a, 1) FROM '@/outside.csv'",
        "SELECT nvl(content, 1) FROM read_text('/etc/passwd')", "CREATE TABLE default.t(a INT)",
        "INSERT OVERWRITE TABLE default.bars SELECT 1", "SET hive.exec.parallel = true", "DROP TABLE default.bars"));

TEST_F(QueryTest, ALinkThatLeavesTheLakeIsRefusedByName) {
  write_bars("dt=2026-11-22/a.parquet", "('AAPL', 60, 'accepted', 1)");
  std::ofstream(folder / "outside.csv") << "secret\n1\n";
  fs::create_symlink("a.parquet", fs::path(options.lake) / "bars/dt=2026-11-22/b.link");
  EXPECT_EQ(ask("SELECT symbol FROM bars"), "symbol\nAAPL\n") << "it stays within";
  const fs::path file = fs::path(options.lake) / "bars/dt=2026-11-22/c.csv";
  fs::create_symlink(folder / "outside.csv", file);
  const std::string refused = ask("FROM read_csv('" + file.string() + "')");
  EXPECT_TRUE(refused.starts_with("error: ")) << refused;
  EXPECT_NE(refused.find(file.string() + " is a symbolic link that leaves the lake"), std::string::npos) << refused;
  fs::remove(file);
  fs::create_directories(folder / "other");
  fs::create_directory_symlink("../../other", fs::path(options.lake) / "bars/dt=2026-11-23");
  EXPECT_NE(ask("SELECT 1").find("dt=2026-11-23 is a symbolic link"), std::string::npos);
  fs::remove(fs::path(options.lake) / "bars/dt=2026-11-23");
  fs::create_symlink(folder / "not-there-yet", fs::path(options.lake) / ".later");
  EXPECT_NE(ask("SELECT 1").find(".later is a symbolic link"), std::string::npos);
}

TEST_F(QueryTest, TheLakeItselfMayBeALink) {
  write_bars("dt=2026-11-22/a.parquet", "('AAPL', 60, 'accepted', 1)");
  fs::create_directory_symlink(options.lake, folder / "link");
  options.lake = (folder / "link").string();
  EXPECT_EQ(ask("SELECT symbol FROM bars"), "symbol\nAAPL\n");
}

TEST_F(QueryTest, CsvGuardsTextsThatASpreadsheetWouldCompute) {
  std::size_t guarded = 0;
  options.csv_texts.guarded = &guarded;
  EXPECT_EQ(ask("SELECT '=1+1' AS a, '-2.5' AS b, -2.5 AS c, (-2.5)::DOUBLE AS d, '@x,y' AS e, chr(9) AS f, NULL AS "
                "\"-g()\""),
            "a,b,c,d,e,f,'-g()\n'=1+1,-2.5,-2.5,-2.5,\"'@x,y\",'\t,\n");
  EXPECT_EQ(guarded, 4u);
  options.csv_texts.raw = true;
  EXPECT_EQ(ask("SELECT '=1+1' AS a, '-2.5' AS b"), "a,b\n=1+1,-2.5\n");
  EXPECT_EQ(guarded, 4u);
}

class HiveQuestion : public QueryTest {
 protected:
  // Two hours ago, the day before yesterday, and long ago.
  void write_trends() const {
    write_file(
        "stock_trends/dt=2026-11-22/a.parquet",
        "SELECT symbol, strftime(now()::TIMESTAMP - hours * INTERVAL 1 HOUR, '%Y-%m-%d %H:%M:%S') AS window_start, "
        "avg_close::DOUBLE AS avg_close, buy_pressure::DOUBLE AS buy_pressure, "
        "deviation::DOUBLE AS vwap_deviation_pct, signal AS trend_signal, bar_count::BIGINT AS bar_count FROM (VALUES "
        "('AAPL', 2, 100.5, 0.8, 0.25, 'BULLISH', 5), ('AAPL', 2, 101.5, 0.6, -0.75, 'BULLISH', 4), "
        "('AAPL', 72, 50, 0.9, 0.5, 'BULLISH', 3), ('TSLA', 2, 250, 1, NULL, 'BULLISH', 1), "
        "('TSLA', 2, 251, 0.2, 0.05, 'BEARISH', 2), ('TSLA', 9000, 1, 1, -2, 'BULLISH', 5)) "
        "AS row(symbol, hours, avg_close, buy_pressure, deviation, signal, bar_count)");
  }
};

TEST_F(HiveQuestion, TheLastDayIsCountedInDays) {
  write_trends();
  EXPECT_EQ(ask("SELECT symbol, COUNT(*) AS windows, ROUND(AVG(avg_close), 2) AS mean_price, "
                "ROUND(AVG(buy_pressure) * 100, 1) AS pressure FROM default.stock_trends "
                "WHERE trend_signal = 'BULLISH' AND window_start >= DATE_SUB(CURRENT_TIMESTAMP, 1) "
                "GROUP BY symbol ORDER BY windows DESC"),
            "symbol,windows,mean_price,pressure\nAAPL,2,101.0,70.0\nTSLA,1,250.0,100.0\n");
}

TEST_F(HiveQuestion, AnExpressionThatIsNotSelectedOrdersTheRows) {
  write_trends();
  EXPECT_EQ(ask("SELECT symbol, ROUND(vwap_deviation_pct, 1) AS deviation FROM default.stock_trends "
                "WHERE ABS(vwap_deviation_pct) > 0.1 ORDER BY ABS(vwap_deviation_pct) DESC LIMIT 3"),
            "symbol,deviation\nTSLA,-2.0\nAAPL,-0.8\nAAPL,0.5\n");
}

TEST_F(HiveQuestion, NullIsTheSmallestOnlyWhereHiveIsSpoken) {
  write_trends();
  const std::string order = "stock_trends WHERE symbol = 'TSLA' ORDER BY vwap_deviation_pct";
  EXPECT_EQ(ask("SELECT vwap_deviation_pct AS d FROM default." + order), "d\n\n-2.0\n0.05\n");
  EXPECT_EQ(ask("SELECT vwap_deviation_pct AS d FROM default." + order + " DESC"), "d\n0.05\n-2.0\n\n");
  EXPECT_EQ(ask("SELECT vwap_deviation_pct AS d FROM " + order), "d\n-2.0\n0.05\n\n");
}

TEST_F(HiveQuestion, TheTableIsDescribed) {
  const std::string described = ask("DESCRIBE default.stock_trends;");
  EXPECT_NE(described.find("\nvwap_deviation_pct,DOUBLE,"), std::string::npos) << described;
}

TEST_F(HiveQuestion, BackticksAreNamesAndDoubleQuotesText) {
  write_trends();
  EXPECT_EQ(
      ask("SELECT `symbol`, count(*) AS `how many` FROM `default`.`stock_trends` WHERE trend_signal = \"BEARISH\" "
          "GROUP BY `symbol`"),
      "symbol,how many\nTSLA,1\n");
  // DuckDB's reading comes first: a name in double quotes is a column.
  EXPECT_EQ(ask("SELECT count(*) AS n FROM stock_trends WHERE \"symbol\" = \"trend_signal\""), "n\n0\n");
  EXPECT_TRUE(ask("SELECT \"avg_clsoe\" FROM default.stock_trends").starts_with("error: ")) << "a mistyped column";
}

TEST_F(HiveQuestion, WhatIsWrongIsSaidWithItsPlace) {
  const std::string message = ask("SELECT avg_clsoe\nFROM default.stock_trends WHERE symbl = 'A'");
  EXPECT_NE(message.find("LINE 2: FROM         stock_trends WHERE symbl"), std::string::npos) << message;
  EXPECT_NE(ask("SELECT nvl(avg_clsoe, 0) FROM stock_trends").find("nvl"), std::string::npos);
}

// By hand; 2026-01-01 00:00:00 UTC is 1,767,225,600 s after 1970, 2026-03-02 14:05:09 is a Monday in week 10.
class HiveFunction : public QueryTest, public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(HiveFunction, HasHivesValue) {
  const auto& [expression, value] = GetParam();
  EXPECT_EQ(
      ask(std::string("SELECT ") + expression + " AS x FROM (VALUES ('2026-03-02 14:05:09', 'b', 1), " +
          "('2026-03-02 14:05:09', 'a', 2), ('2026-03-02 14:05:09', 'b', 4), ('2026-03-02 14:05:09', NULL, NULL)) "
          "AS t(moment, name, n) GROUP BY moment"),
      std::string("x\n") + value + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Functions, HiveFunction,
    ::testing::Values(
        std::pair("date_add(moment, 30)", "2026-04-01"), std::pair("date_add('2026-12-31', 1)", "2027-01-01"),
        std::pair("date_sub(moment, 2)", "2026-02-28"), std::pair("datediff(moment, '2026-02-27')", "3"),
        std::pair("datediff('2026-02-27 23:59:59', moment)", "-3"),
        std::pair("add_months('2026-01-31', 1)", "2026-02-28"), std::pair("to_date(moment)", "2026-03-02"),
        std::pair("moment >= date_sub('2026-03-03', 1)", "true"),
        std::pair("year(moment) * 10000 + month(moment) * 100 + day(moment)", "20260302"),
        std::pair("concat_ws(':', hour(moment), minute(moment), second(moment))", "14:5:9"),
        std::pair("weekofyear(moment)", "10"), std::pair("unix_timestamp('2026-01-01 00:00:00')", "1767225600"),
        std::pair("unix_timestamp() > 1767225600", "true"),
        std::pair("from_unixtime(1767225600)", "2026-01-01 00:00:00"),
        std::pair("from_unixtime(1767225600, 'dd.MM.yyyy')", "01.01.2026"),
        std::pair("date_format(moment, \"yyyy/MM/dd'T'hh:mm:ss\")", "2026/03/02T02:05:09"),
        std::pair("from_utc_timestamp(moment, 'America/New_York')", "2026-03-02 09:05:09"),
        std::pair("to_utc_timestamp(moment, 'America/New_York')", "2026-03-02 19:05:09"),
        std::pair("nvl(max(CASE WHEN n > 9 THEN n END), -1)", "-1"),
        std::pair("concat_ws('-', collect_set(name))", "a-b"), std::pair("size(collect_list(name))", "3"),
        std::pair("concat_ws('-', collect_set(CASE WHEN n > 9 THEN name END))", "\"\""),
        std::pair("percentile(n, 0.5)", "2.0"), std::pair("percentile_approx(n, 0.75, 100)", "3.0"),
        std::pair("pmod(-1, 3)", "2"), std::pair("locate('02', moment)", "2"),
        std::pair("sum(n) DIV 2 + size(collect_set(n))", "6")));

// Functions with DuckDB's name and arguments.
TEST_F(QueryTest, FunctionsOfDuckDbKeepTheirMeaning) {
  const std::string plain =
      "date_sub('month', DATE '2026-01-31', DATE '2026-03-02') AS a, "
      "datediff('day', DATE '2026-03-02', DATE '2026-03-05') AS b, concat_ws('-', 'x', 'y', 'z') AS c";
  EXPECT_EQ(ask("SELECT " + plain), "a,b,c\n1,3,x-y-z\n");
  EXPECT_EQ(ask("SELECT " + plain + ", nvl(NULL, 1) AS d"), "a,b,c,d\n1,3,x-y-z,1\n");
  EXPECT_EQ(ask("SELECT date_add(DATE '2026-01-31', INTERVAL 1 MONTH) AS a"), "a\n2026-02-28 00:00:00\n");
}

TEST_F(QueryTest, StopsAfterItsTime) {
  options.time_limit = std::chrono::milliseconds(100);
  const std::string message = ask("SELECT sum(a.range * b.range) FROM range(100000000) a, range(10000) b");
  EXPECT_TRUE(message.starts_with("error: the question was stopped after 0.1 s")) << message;
}

TEST_F(QueryTest, StopsAtItsMemory) {
  options.memory_bytes = 50'000'000;
  EXPECT_TRUE(ask("SELECT list(range) FROM range(100000000)")
                  .starts_with("error: the question needs more than its 50 MB of memory"));
}

TEST_F(QueryTest, StopsWhenTheReaderHasGone) {
  int pieces = 0;
  const auto answered =
      run_query(options, "FROM range(1000000000000)", [&pieces](std::string_view) { return ++pieces < 3; });
  EXPECT_TRUE(answered.has_value());
  EXPECT_EQ(pieces, 3);
}

TEST_F(QueryTest, SaysWhatIsMissingAndTheCure) {
  options.lake = (folder / "nowhere").string();
  auto answered = run_query(options, "SELECT 1", [](std::string_view) { return true; });
  ASSERT_FALSE(answered.has_value());
  EXPECT_TRUE(answered.error().is_setup());
  EXPECT_NE(answered.error().message().find(options.lake), std::string::npos);

  options.library = (folder / "libduckdb.so").string();
  answered = run_query(options, "SELECT 1", [](std::string_view) { return true; });
  ASSERT_FALSE(answered.has_value());
  EXPECT_TRUE(answered.error().is_setup());
  EXPECT_NE(answered.error().message().find("./dev build"), std::string::npos);
}

}  // namespace
}  // namespace tidemark
