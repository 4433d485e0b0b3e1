#include "io/query/first_word.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

struct WordCase {
  const char* sql;
  bool is_question;
};

constexpr WordCase word_cases[]{
    {"SELECT 1", true},
    {"\n  select 1", true},
    {"from bars", true},
    {"(SELECT 1) UNION (SELECT 2)", true},
    {"-- latest\n/* by symbol */ WITH x AS (SELECT 1) FROM x", true},
    {"EXPLAIN SELECT 1", true},
    {"explain analyze select 1", true},
    {"SELECTED", false},
    {"SELECT_1", true},  // not an SQL word: DuckDB will report it
    {"", false},
    {"-- nothing", false},
    {"/* open", false},
    {"COPY x TO 'y'", false},
    {"EXPLAIN", false},
    {"EXPLAIN ANALYZE COPY x TO 'y'", false},
    {"EXPLAIN (ANALYZE) COPY x TO 'y'", false},
    {"EXPLAIN EXPLAIN SELECT 1", false},
    {"/* /* */ SELECT */ COPY x TO 'y'", false},
    {"--\rCOPY x TO 'y'\nSELECT 1", false},
    {"\xc2\xa0SELECT 1", false},
};

TEST(FirstWord, TellsQuestionsFromCommands) {
  for (const auto& [sql, expected] : word_cases) EXPECT_EQ(is_question(sql), expected) << sql;
}

}  // namespace
}  // namespace tidemark
