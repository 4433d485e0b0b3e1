#include "io/query/hive_reading.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

struct HiveCase {
  std::string_view said, read;
};

class HiveReading : public ::testing::TestWithParam<HiveCase> {};

TEST_P(HiveReading, SaysItInDuckDbsWords) { EXPECT_EQ(hive_reading(GetParam().said), GetParam().read); }

// Translations that keep the length keep the column that an error points to.
INSTANTIATE_TEST_SUITE_P(
    Words, HiveReading,
    ::testing::Values(
        HiveCase{"SELECT * FROM default.stock_trends", "SELECT * FROM         stock_trends"},
        HiveCase{"SELECT Default . bars.close FROM DEFAULT.bars", "SELECT           bars.close FROM         bars"},
        HiveCase{"FROM `default`.`bars`", R"(FROM           "bars")"},
        HiveCase{"SELECT `avg_close` AS `a ``b`", R"(SELECT "avg_close" AS "a `b")"},
        HiveCase{"SELECT current_timestamp(), CURRENT_DATE ( )", "SELECT current_timestamp  , CURRENT_DATE    "},
        HiveCase{"SELECT 7 DIV 2, a <=> b", "SELECT 7 //  2, a  IS NOT DISTINCT FROM  b"},
        HiveCase{R"(WHERE s = "BULLISH" AND t<>"it's")", "WHERE s = 'BULLISH' AND t<>'it''s'"},
        HiveCase{R"(WHERE s IN ("a", "b") AND f("c") LIKE "d%")", R"(WHERE s IN ('a', 'b') AND f("c") LIKE 'd%')"},
        HiveCase{R"(SELECT concat_ws(",", a), date_format(t, "yyyy-MM"))",
                 "SELECT concat_ws(',', a), date_format(t, 'yyyy-MM')"}));

INSTANTIATE_TEST_SUITE_P(
    Unchanged, HiveReading,
    ::testing::Values(HiveCase{"", ""},
                      HiveCase{"SELECT 'default.bars `a` \"b\" DIV' FROM bars",
                               "SELECT 'default.bars `a` \"b\" DIV' FROM bars"},
                      HiveCase{"SELECT 'it''s default.x'", "SELECT 'it''s default.x'"},
                      HiveCase{R"(SELECT E'it\'s default.x')", R"(SELECT E'it\'s default.x')"},
                      HiveCase{"SELECT $$default.x$$, $a$`b`$a$", "SELECT $$default.x$$, $a$`b`$a$"},
                      HiveCase{"-- default.x `\nSELECT /* default.x /* `a` */ `b` */ 1",
                               "-- default.x `\nSELECT /* default.x /* `a` */ `b` */ 1"},
                      // A mistyped name stays a name.
                      HiveCase{R"(SELECT "avg_clsoe", t."a b", "a b".t)", R"(SELECT "avg_clsoe", t."a b", "a b".t)"},
                      HiveCase{R"(SELECT close AS "the close" FROM bars ORDER BY "the close")",
                               R"(SELECT close AS "the close" FROM bars ORDER BY "the close")"},
                      HiveCase{"SELECT bars.default.x, div, div.a", "SELECT bars.default.x, div, div.a"},
                      // Unterminated: DuckDB reports it.
                      HiveCase{"SELECT 'default.x", "SELECT 'default.x"}, HiveCase{"SELECT \"a", "SELECT \"a"},
                      HiveCase{"/* default.x", "/* default.x"}));

}  // namespace
}  // namespace tidemark
