#include "io/query/hive_reading.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

struct Case {
  std::string_view said, read;
};

class HiveReading : public ::testing::TestWithParam<Case> {};

TEST_P(HiveReading, SaysItInDuckDbsWords) { EXPECT_EQ(hive_reading(GetParam().said), GetParam().read); }

// Translations that keep the length keep the column that an error points to.
INSTANTIATE_TEST_SUITE_P(
    Words, HiveReading,
    ::testing::Values(
        Case{"SELECT * FROM default.stock_trends", "SELECT * FROM         stock_trends"},
        Case{"SELECT Default . bars.close FROM DEFAULT.bars", "SELECT           bars.close FROM         bars"},
        Case{"FROM `default`.`bars`", R"(FROM           "bars")"},
        Case{"SELECT `avg_close` AS `a ``b`", R"(SELECT "avg_close" AS "a `b")"},
        Case{"SELECT current_timestamp(), CURRENT_DATE ( )", "SELECT current_timestamp  , CURRENT_DATE    "},
        Case{"SELECT 7 DIV 2, a <=> b", "SELECT 7 //  2, a  IS NOT DISTINCT FROM  b"},
        Case{R"(WHERE s = "BULLISH" AND t<>"it's")", "WHERE s = 'BULLISH' AND t<>'it''s'"},
        Case{R"(WHERE s IN ("a", "b") AND f("c") LIKE "d%")", R"(WHERE s IN ('a', 'b') AND f("c") LIKE 'd%')"},
        Case{R"(SELECT concat_ws(",", a), date_format(t, "yyyy-MM"))",
             "SELECT concat_ws(',', a), date_format(t, 'yyyy-MM')"}));

INSTANTIATE_TEST_SUITE_P(
    Unchanged, HiveReading,
    ::testing::Values(Case{"", ""},
                      Case{"SELECT 'default.bars `a` \"b\" DIV' FROM bars",
                           "SELECT 'default.bars `a` \"b\" DIV' FROM bars"},
                      Case{"SELECT 'it''s default.x'", "SELECT 'it''s default.x'"},
                      Case{R"(SELECT E'it\'s default.x')", R"(SELECT E'it\'s default.x')"},
                      Case{"SELECT $$default.x$$, $a$`b`$a$", "SELECT $$default.x$$, $a$`b`$a$"},
                      Case{"-- default.x `\nSELECT /* default.x /* `a` */ `b` */ 1",
                           "-- default.x `\nSELECT /* default.x /* `a` */ `b` */ 1"},
                      // A mistyped name stays a name.
                      Case{R"(SELECT "avg_clsoe", t."a b", "a b".t)", R"(SELECT "avg_clsoe", t."a b", "a b".t)"},
                      Case{R"(SELECT close AS "the close" FROM bars ORDER BY "the close")",
                           R"(SELECT close AS "the close" FROM bars ORDER BY "the close")"},
                      Case{"SELECT bars.default.x, div, div.a", "SELECT bars.default.x, div, div.a"},
                      // Unterminated: DuckDB reports it.
                      Case{"SELECT 'default.x", "SELECT 'default.x"}, Case{"SELECT \"a", "SELECT \"a"},
                      Case{"/* default.x", "/* default.x"}));

}  // namespace
}  // namespace tidemark
