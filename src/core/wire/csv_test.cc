#include "core/wire/csv.h"

#include <gtest/gtest.h>

#include "core/wire/csv_head.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

using Cells = std::vector<std::string_view>;

TEST(CsvSplitter, FindsTheCellsOfRfc4180) {
  CsvSplitter splitter;
  const auto cells = [&](std::string_view row, char separator = ',') {
    return splitter.split(row, separator) ? splitter.cells() : Cells{"?"};
  };
  EXPECT_EQ(cells("a,b,c"), (Cells{"a", "b", "c"}));
  EXPECT_EQ(cells("a,,"), (Cells{"a", "", ""}));
  EXPECT_EQ(cells(""), (Cells{""}));
  EXPECT_EQ(cells(" a , b\t"), (Cells{"a", "b"}));
  EXPECT_EQ(cells("\"a,b\",c"), (Cells{"a,b", "c"}));
  EXPECT_EQ(cells(" \" a\" ,c"), (Cells{" a", "c"}));
  EXPECT_EQ(cells(R"("say ""a""","""",c)"), (Cells{"say \"a\"", "\"", "c"}));
  EXPECT_EQ(cells("a\"b,c"), (Cells{"a\"b", "c"}));
  EXPECT_EQ(cells("a;b,c", ';'), (Cells{"a", "b,c"}));
  EXPECT_EQ(cells("a\t\tb", '\t'), (Cells{"a", "", "b"}));
  for (const auto* row : {"\"a", "\"a\"b,c", R"("a"")", "a,\""}) EXPECT_EQ(cells(row), Cells{"?"}) << row;
}

// The bar as it would be written, or the reason and the field.
std::string decoded(std::string_view header, std::string_view row, const CsvOptions& options = {}) {
  const auto head = read_csv_head(header, options);
  if (!head) return head.error().message();
  CsvReader reader;
  Decoded decoded;
  reader.decode(row, head->table, decoded);
  std::string text;
  if (const auto* const bar = std::get_if<Bar>(&decoded)) append_bar(*bar, text);
  if (const auto* const reject = std::get_if<Reject>(&decoded))
    text.append(to_string(reject->reason)).append(" ").append(reject->field);
  return text;
}

constexpr auto* short_bar = R"({"symbol":"AAPL","timestamp":"2026-01-05T14:30:00Z","open":10,"high":12.5,"low":9.75,)"
                            R"("close":11,"volume":1000,"vwap":null,"price_change":1,"pct_change":10,"direction":"up",)"
                            R"("trade_count":null,"feed":null})";

TEST(Csv, KnowsTheUsualNamesOfColumns) {
  for (const auto& [header, row] : {
           std::pair{"Symbol,Timestamp,Open,High,Low,Close,Volume", "AAPL,2026-01-05T14:30:00Z,10,12.5,9.75,11,1000"},
           std::pair{"ticker,volume,open,close,high,low,window_start,transactions",
                     "AAPL,1000,10,11,12.5,9.75,1767623400000000000,"},
           std::pair{"<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>",
                     "AAPL,5,20260105,143000,10,12.5,9.75,11,1000,0"},
           std::pair{"S;t;o;h;l;c;v", "AAPL;2026-01-05 14:30;10.0;1.25e1;9.7500;11;1000"},
           std::pair{"\xEF\xBB\xBF\"sym\"\tDatetime\tAdj Close\tClose\tHigh\tLow\tOpen\tVolume",
                     "AAPL\t2026-01-05 14:30:00+00:00\t7\t11\t12.5\t9.75\t10\t1000"},
       })
    EXPECT_EQ(decoded(header, row), short_bar) << header;
}

TEST(Csv, TakesColumnsAndValuesThatAreSaid) {
  CsvOptions options;
  options.choices =
      parse_column_choices("symbol=@AAPL,timestamp=Day+At,open=first,close=Last,volume=@1000,feed=@sip").value();
  options.time.zone = TimeZone::parse("America/New_York").value();
  std::string with_feed = short_bar;
  with_feed.replace(with_feed.find("\"feed\":null"), 11, "\"feed\":\"sip\"");
  EXPECT_EQ(decoded("Day,At,first,high,low,last,feed", "2026-01-05,09:30,10,12.5,9.75,11,iex", options), with_feed);
  EXPECT_EQ(decoded("d,h,l", "", options), "there is no column Day; there are d, h, l");
  CsvOptions numbered{
      .choices = parse_column_choices("symbol=1,timestamp=2,open=3,high=4,low=5,close=6,volume=7").value(),
      .time = {},
      .numbers = {},
      .symbol = {},
      .has_header = false};
  const auto* row = "AAPL,2026-01-05,10,12.5,9.75,11,1000";
  EXPECT_TRUE(decoded(row, row, numbered).starts_with(R"({"symbol":"AAPL","timestamp":"2026-01-05T00:00:00Z")"));
}

TEST(Csv, SaysWhichColumnIsMissing) {
  const std::string said = decoded("Date,Open,High,Low,Close,Volume", "");
  EXPECT_EQ(said,
            "no column is recognized as symbol; there are Date, Open, High, Low, Close, Volume: use --columns "
            "symbol=COLUMN, symbol=@AAPL, or --symbol-from-name");
  for (const auto* choices :
       {"price=Close", "open", "open=", "open=a+b", "open=a,open=b", "heartbeat=a", "timestamp=a+b+c"})
    EXPECT_FALSE(parse_column_choices(choices).has_value()) << choices;
}

TEST(Csv, JudgesRowsLikeRecords) {
  constexpr auto* header = "symbol,timestamp,open,high,low,close,volume,vwap,trade_count,direction,feed";
  for (const auto& [row, reason] : {
           std::pair{"A,2026-01-05,1,1,1,1,1,,,,", "{"},
           std::pair{"A,2026-01-05,1,1,1,1,0,-3,5.0,up,\"\"", "{"},
           std::pair{"A,2026-01-05,1,1,1,1", "missing volume"},
           std::pair{",2026-01-05,1,1,1,1,1", "wrong_type symbol"},
           std::pair{"A B,2026-01-05,1,1,1,1,1", "bad_symbol symbol"},
           std::pair{"A,yesterday,1,1,1,1,1", "bad_timestamp timestamp"},
           std::pair{"A,2026-01-05,,1,1,1,1", "wrong_type open"},
           std::pair{"A,2026-01-05,0x1,1,1,1,1", "wrong_type open"},
           std::pair{"A,2026-01-05,01,1,1,1,1", "wrong_type open"},
           std::pair{"A,2026-01-05,0.0000000004,1,1,1,1", "not_positive open"},
           std::pair{"A,2026-01-05,1,1,1,NaN,1", "wrong_type close"},
           std::pair{"A,2026-01-05,1,1,1,1,1e18", "out_of_range volume"},
           std::pair{"A,2026-01-05,1,0.5,1,1,1", "high_below_low high"},
           std::pair{"A,2026-01-05,1,1,1,1,1,,1.5", "not_integer trade_count"},
           std::pair{"A,2026-01-05,1,1,1,1,1,,,sideways", "bad_direction direction"},
           std::pair{"A,2026-01-05,1,1,1,1,1,,,,\xff", "bad_feed feed"},
           std::pair{"A,2026-01-05,1,1,1,1,1,,,,a,b", "bad_row "},
           std::pair{"A,2026-01-05,1,1,1,1,1,,,,a,,,", "{"},
           std::pair{"A,2026-01-05,1,1,1,1,1,,,,a,,b,", "bad_row "},
           std::pair{"A,2026-01-05,.91,1,.9,1,1.5K,,,,", "{"},
           std::pair{"A,\"2026-01-05,1,1,1,1,1", "bad_row "},
       }) {
    const std::string said = decoded(header, row);
    EXPECT_EQ(said.substr(0, std::string_view(reason) == "{" ? 1 : said.npos), reason) << row;
  }
  EXPECT_EQ(decoded(header, "A," + std::string(65'536, '1')), "too_long ");
}

}  // namespace
}  // namespace tidemark
