#include "io/query/answer.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using Row = std::vector<Cell>;

struct Written {
  std::string text;
  QuerySink sink = [this](std::string_view piece) {
    text += piece;
    return true;
  };
};

std::vector<AnswerColumn> quote_columns() {
  return {{"symbol", CellKind::Text}, {"close", CellKind::Decimal}, {"bars", CellKind::Number}};
}

std::string table(const std::vector<Row>& rows, Extent extent = Extent::Whole, std::size_t width = 0) {
  Written written;
  const auto answer = begin_table(quote_columns(), width, written.sink);
  for (const Row& row : rows) {
    if (!answer->row(row)) break;
  }
  answer->end(extent);
  return written.text;
}

TEST(TableAnswer, PutsNumbersToTheRightAndLeavesIdleZerosOut) {
  EXPECT_EQ(table({{"AAPL", "175.300000000", "5"}, {"BRK.A", "650000.125000000", std::nullopt}}),
            "┌────────┬────────────┬──────┐\n"
            "│ symbol │      close │ bars │\n"
            "├────────┼────────────┼──────┤\n"
            "│ AAPL   │    175.300 │    5 │\n"
            "│ BRK.A  │ 650000.125 │ NULL │\n"
            "└────────┴────────────┴──────┘\n"
            "2 rows\n");
}

TEST(TableAnswer, DropsThePointOfWholeNumbers) {
  EXPECT_EQ(table({{"A", "10.00", "1"}}),
            "┌────────┬───────┬──────┐\n"
            "│ symbol │ close │ bars │\n"
            "├────────┼───────┼──────┤\n"
            "│ A      │    10 │    1 │\n"
            "└────────┴───────┴──────┘\n"
            "1 row\n");
}

TEST(TableAnswer, HasAHeadWithoutRows) {
  EXPECT_EQ(table({}),
            "┌────────┬───────┬──────┐\n"
            "│ symbol │ close │ bars │\n"
            "├────────┼───────┼──────┤\n"
            "└────────┴───────┴──────┘\n"
            "0 rows\n");
}

TEST(TableAnswer, SaysThatThereIsMore) {
  const Row row{"A", "1", "1"};
  EXPECT_TRUE(table({row, row}, Extent::Cut).ends_with("the first 2 rows; there are more: --format csv gives all\n"));
  EXPECT_TRUE(table({row, row}).ends_with("2 rows\n"));
}

TEST(TableAnswer, StandsUprightWhereTheTerminalIsTooNarrow) {
  // "│ symbol │ close │ bars │" is 25 wide.
  EXPECT_TRUE(table({{"A", "1.5", "1"}}, Extent::Whole, 25).starts_with("┌"));
  EXPECT_EQ(table({{"A", "1.5", "1"}}, Extent::Whole, 24),
            "── 1 ───────────────────\n"
            "symbol  A\n"
            "close   1.5\n"
            "bars    1\n"
            "1 row\n");
  EXPECT_TRUE(table({{"A", "1.5", "1"}}, Extent::Whole, 3).starts_with("── 1 \nsymbol  A\n")) << "hardly a terminal";
}

TEST(TableAnswer, LeavesColumnsOutOfALongerAnswerAndSaysHowToSeeThem) {
  const Row row{"A", "1.5", "1"};
  // "│ symbol │ close │ … │" is 22 wide.
  EXPECT_EQ(table({row, row, row, row}, Extent::Whole, 24),
            "┌────────┬───────┬───┐\n"
            "│ symbol │ close │ … │\n"
            "├────────┼───────┼───┤\n"
            "│ A      │   1.5 │ … │\n"
            "│ A      │   1.5 │ … │\n"
            "│ A      │   1.5 │ … │\n"
            "│ A      │   1.5 │ … │\n"
            "└────────┴───────┴───┘\n"
            "4 rows\n"
            "2 of 3 columns fit: --wide shows all, --format csv gives all\n");
  EXPECT_TRUE(table({row, row, row, row}, Extent::Whole, 21).starts_with("┌────────┬───┐\n"));
  EXPECT_TRUE(table({row, row, row, row}, Extent::Whole, 13).starts_with("── 1 ──")) << "not even one column";
  EXPECT_TRUE(table({row, row, row, row}, Extent::Whole, 25).ends_with("┘\n4 rows\n"));
}

TEST(TableAnswer, CountsCharactersNotBytes) {
  EXPECT_NE(table({{"é", "1", "1"}}).find("│ é      │"), std::string::npos);
}

// A symbol comes from the feed. It must not control the operator's terminal.
TEST(TableAnswer, DoesNotLetCellsSteerTheTerminal) {
  const std::string text = table({{"\x1b[31mred\n\x7f\xc2\x9b", "1", "1"}});
  EXPECT_NE(text.find("│ \\x1b[31mred\\n\\x7f\\x9b │"), std::string::npos) << text;
}

TEST(TableAnswer, FlowsOnAfterTheMeasuredRows) {
  Written written;
  const auto answer = begin_table(quote_columns(), 0, written.sink);
  for (int i = 0; i < 10'000; ++i) answer->row(Row{"A", "1.00", "1"});
  EXPECT_FALSE(written.text.empty());
  answer->row(Row{"A", "1.25", "1"});  // longer than the measured cells: still whole
  answer->end(Extent::Whole);
  EXPECT_NE(written.text.find("1.25"), std::string::npos);
  EXPECT_TRUE(written.text.ends_with("10001 rows\n"));
}

TEST(CsvAnswer, QuotesWhatNeedsItAndTellsNullFromEmpty) {
  Written written;
  const auto answer = begin_csv({{"a,b"}, {"c"}, {"d"}}, {}, written.sink);
  answer->row(Row{"say \"hi\"", "", std::nullopt});
  answer->row(Row{"two\nlines", "plain", "1.50"});
  answer->end(Extent::Whole);
  EXPECT_EQ(written.text,
            "\"a,b\",c,d\n"
            "\"say \"\"hi\"\"\",\"\",\n"
            "\"two\nlines\",plain,1.50\n");
}

TEST(JsonAnswer, KeepsDigitsAndMakesNullOfWhatJsonCannotSay) {
  Written written;
  const auto answer = begin_json({{"text", CellKind::Text},
                                  {"price", CellKind::Decimal},
                                  {"ratio", CellKind::Number},
                                  {"late", CellKind::Boolean},
                                  {"list", CellKind::Json}},
                                 written.sink);
  answer->row(Row{"a\"b", "175.300000000", "0.1", "true", "[1,2]"});
  answer->row(Row{std::nullopt, std::nullopt, "nan", std::nullopt, std::nullopt});
  answer->row(Row{"", "-1", "-inf", "false", "{}"});
  answer->end(Extent::Whole);
  EXPECT_EQ(written.text,
            "{\"text\":\"a\\\"b\",\"price\":175.300000000,\"ratio\":0.1,\"late\":true,\"list\":[1,2]}\n"
            "{\"text\":null,\"price\":null,\"ratio\":null,\"late\":null,\"list\":null}\n"
            "{\"text\":\"\",\"price\":-1,\"ratio\":null,\"late\":false,\"list\":{}}\n");
}

TEST(DocumentAnswer, IsOneObjectThatSaysWhetherItIsWhole) {
  Written written;
  const auto answer = begin_document({{"a\"b", CellKind::Text, "VARCHAR"}, {"p", CellKind::Decimal, "DECIMAL(3,2)"}},
                                     std::chrono::steady_clock::now(), written.sink);
  answer->row(Row{"x", "1.50"});
  answer->row(Row{std::nullopt, std::nullopt});
  answer->end(Extent::Cut);
  EXPECT_TRUE(
      written.text.starts_with(R"x({"columns":[{"name":"a\"b","type":"VARCHAR"},{"name":"p","type":"DECIMAL(3,2)"}],)x"
                               R"("rows":[["x",1.50],[null,null]],"row_count":2,"truncated":true,"elapsed_ms":)"))
      << written.text;
  EXPECT_TRUE(written.text.ends_with("}\n"));
}

TEST(Answer, StopsWhenTheReaderHasGone) {
  int pieces = 0;
  const QuerySink sink = [&pieces](std::string_view) { return ++pieces < 2; };
  const auto answer = begin_csv({{"a"}}, {}, sink);
  int rows = 0;
  while (rows < 1'000'000 && answer->row(Row{"0123456789"})) ++rows;
  EXPECT_LT(rows, 20'000);  // two pieces of 64 KB
  answer->end(Extent::Whole);
  EXPECT_EQ(pieces, 2);
}

}  // namespace
}  // namespace tidemark
