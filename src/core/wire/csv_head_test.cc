#include "core/wire/csv_head.h"

#include <gtest/gtest.h>

#include "core/wire/encode.h"

namespace tidemark {
namespace {

// Each row as `symbol time open close volume`, or why there is none; or why the head is refused.
std::string bars(const std::string& file, const CsvOptions& options = {}) {
  const auto head = read_csv_head(file, options);
  if (!head) return head.error().message();
  CsvReader reader;
  Decoded decoded;
  std::string text;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < file.size(); ++number) {
    const std::size_t end = std::min(file.find('\n', begin), file.size());
    const std::string row = file.substr(begin, end - begin);
    begin = end + 1;
    if (number < head->lines || row.empty()) continue;
    reader.decode(row, head->table, decoded);
    if (!text.empty()) text += '\n';
    if (const auto* const reject = std::get_if<Reject>(&decoded)) {
      text.append(to_string(reject->reason)).append(" ").append(reject->field);
      continue;
    }
    std::string json;
    append_bar(std::get<Bar>(decoded), json);
    for (const std::string_view key : {"\"symbol\":\"", "\"timestamp\":\"", "\"open\":", "\"close\":", "\"volume\":"}) {
      const std::size_t at = json.find(key) + key.size();
      text.append(text.empty() || text.ends_with('\n') ? "" : " ")
          .append(json.substr(at, json.find_first_of("\",", at) - at));
    }
  }
  return text;
}

CsvOptions of_symbol(std::string symbol) {
  CsvOptions options;
  options.symbol = std::move(symbol);
  return options;
}
CsvOptions with_columns(std::string_view columns) {
  CsvOptions options;
  options.choices = *parse_column_choices(columns);
  return options;
}

constexpr auto* one_bar = "A 2024-01-02T14:30:00Z 10 10.5 100";

TEST(CsvHead, IsFoundBehindLinesThatAreNone) {
  const std::string table = "symbol,timestamp,open,high,low,close,volume\nA,2024-01-02T14:30:00Z,10,11,9,10.5,100\n";
  for (const std::string before : {"", "https://www.example.invalid/data\n", "# made by a tool, 2024\n\n",
                                   "\xEF\xBB\xBF", "Title\nof,two,lines\n"})
    EXPECT_EQ(bars(before + table), one_bar) << before;
  EXPECT_EQ(*read_csv_head("Title\n" + table, {})->header_found_late, 2U);
  EXPECT_FALSE(read_csv_head(table, {})->header_found_late.has_value());
  CsvOptions options;
  options.skip_lines = 3;
  EXPECT_EQ(bars("open,high,low,close\n1,2,3,4\n\n" + table, options), one_bar);
  options.skip_lines = 30;
  EXPECT_EQ(bars(table, options), "nothing follows the lines that --skip-lines skips");
}

TEST(CsvHead, SaysWhichLineItTookForTheHeader) {
  EXPECT_EQ(bars("some title\nDay,A,B,C,D,V\n2024-01-02,1,1,1,1,1\n", of_symbol("A")),
            "no column is recognized as timestamp; there are some title: use --columns timestamp=COLUMN; the header is "
            "taken to be \"some title\": --skip-lines N skips lines before it, --no-header says that there is none");
}

TEST(CsvHead, TakesTheSeparatorThatExcelSays) {
  for (const std::string said : {"sep=;\n", "SEP=;\n", "\"sep=;\"\n"})
    EXPECT_EQ(bars(said + "symbol;timestamp;open;high;low;close;volume\nA;2024-01-02T14:30:00Z;10;11;9;10,5;100\n"),
              one_bar)
        << said;
}

TEST(CsvHead, KnowsYfinancesThreeLines) {
  const std::string rows = "2024-01-02 14:30:00+00:00,10.5,11,9,10,100\n";
  EXPECT_EQ(bars("Price,Close,High,Low,Open,Volume\nTicker,A,A,A,A,A\nDatetime,,,,,\n" + rows), one_bar);
  EXPECT_EQ(bars("Ticker,A,A,A,A,A\nPrice,Close,High,Low,Open,Volume\nDatetime,,,,,\n" + rows), one_bar);
  EXPECT_EQ(bars("Price,Close,High,Low,Open,Volume\nTicker,A,A,A,A,A\nDatetime,,,,,\n" + rows, of_symbol("B")),
            "B 2024-01-02T14:30:00Z 10 10.5 100");
  EXPECT_TRUE(
      bars("Price,Close,Close\nTicker,A,B\nDate,,\n" + rows).starts_with("it has several symbols side by side, A, B"));
}

TEST(CsvHead, JudgesNamesOfOneLetterByTheirValues) {
  EXPECT_EQ(bars("T,S,o,h,l,c,v,t\nb,A,10,11,9,10.5,100,2024-01-02T14:30:00Z\n"), one_bar);
  EXPECT_EQ(bars("S,T,O,H,L,C,V\nA,2024-01-02 14:30,10,11,9,10.5,100\n"), one_bar);
  EXPECT_EQ(bars("c,h,l,o,s,t,v\n10.5,11,9,10,ok,1704205800,100\n", of_symbol("A")), one_bar);
  EXPECT_TRUE(bars("c,h,l,o,s,t,v\n10.5,11,9,10,ok,1704205800,100\n").starts_with("no column is recognized as symbol"));
  EXPECT_TRUE(bars("c,h,l,o,s,S,t,v\n10.5,11,9,10,A,B,1704205800,100\n")
                  .starts_with("its columns s and S may both be symbol: choose one, for example --columns symbol=s"));
  EXPECT_EQ(bars("symbol,s,t,o,h,l,c,v\nA,ok,1704205800,10,11,9,10.5,100\n"), one_bar);
}

TEST(CsvHead, RefusesTwoColumnsForOneField) {
  EXPECT_EQ(bars("Date,Open,High,Low,Close,Volume,close\n2024-01-02,10,11,9,10.5,100,5\n", of_symbol("A")),
            "its columns Close and close may both be close: choose one, for example --columns close=Close");
  EXPECT_EQ(bars("Date,Open,High,Low,Close,Close,Volume\n2024-01-02,10,11,9,10.5,5,100\n", of_symbol("A")),
            "its columns Close and Close may both be close: choose one, for example --columns close=5");
  EXPECT_TRUE(bars("timestamp,date,open,high,low,close,volume\n", of_symbol("A"))
                  .starts_with("its columns timestamp and date may both be timestamp"));
  EXPECT_EQ(bars("symbol,Close,Date,Time,Open,High,Low,Volume,close\nA,10.5,2024-01-02,14:30,10,11,9,100,5\n",
                 with_columns("close=Close")),
            one_bar);
}

TEST(CsvHead, TakesColumnsByTheirNumber) {
  const std::string table = ",open,high,low,close,volume\n2024-01-02 14:30:00,10,11,9,10.5,100\n";
  auto options = with_columns("timestamp=1");
  options.symbol = "A";
  EXPECT_EQ(bars(table, options), one_bar);
  EXPECT_EQ(bars(table, of_symbol("A")), one_bar);  // a pandas index: all its values are times
  EXPECT_EQ(bars(",open,high,low,close,volume\n0,10,11,9,10.5,100\n", of_symbol("A")),
            "no column is recognized as timestamp; there are (1, without a name), open, high, low, close, volume: use "
            "--columns timestamp=COLUMN; give a column without a name by its number");
  options = with_columns("timestamp=7");
  options.symbol = "A";
  EXPECT_TRUE(bars(table, options).starts_with("there is no column 7; there are"));
}

TEST(CsvHead, JoinsDateAndMinute) {
  EXPECT_EQ(bars("date,minute,open,high,low,close,volume\n20240102,14:30,10,11,9,10.5,100\n", of_symbol("A")), one_bar);
  EXPECT_EQ(
      bars("Date,Time,Open,High,Low,Close,Volume\n01/02/2024,14:30,10,11,9,10.5,100\n01/13/2024,,10,11,9,10.5,1\n",
           of_symbol("A")),
      std::string(one_bar) + "\nwrong_type timestamp");
}

TEST(CsvHead, LearnsHowNumbersAreWritten) {
  EXPECT_EQ(bars("Date;Open;High;Low;Close;Volume\n2024-01-02;138,52;139,10;137,90;138,80;1.250.000\n", of_symbol("A")),
            "A 2024-01-02T00:00:00Z 138.52 138.8 1250000");
  EXPECT_EQ(
      bars("Date,Open,High,Low,Close,Vol.\n2024-01-02,\"16,610.30\",\"16,832.20\",\"16,581.40\",\"16,826.05\",1.5K\n",
           of_symbol("A")),
      "A 2024-01-02T00:00:00Z 16610.3 16826.05 1500");
  CsvOptions options = with_columns("symbol=@A,timestamp=1,open=2,high=3,low=4,close=5,volume=6");
  options.has_header = false;
  EXPECT_EQ(bars("2024-01-02 09:00:00;138,52;139,10;137,90;138,80;12500,0\n", options),
            "A 2024-01-02T09:00:00Z 138.52 138.8 12500");
  options = of_symbol("A");
  options.price_exponent = -9;
  EXPECT_EQ(bars("t,o,h,l,c,v\n1704205800000000000,10000000000,11000000000,9000000000,10500000000,100\n", options),
            one_bar);
  EXPECT_TRUE(bars("Date;Open;High;Low;Close;Volume\n2024-01-02;1,234;1,234;1,234;1,234;1\n", of_symbol("A"))
                  .starts_with("nothing tells whether the comma"));
}

TEST(CsvHead, SaysHowToDoWithoutAVolume) {
  EXPECT_EQ(
      bars("DATE,OPEN,HIGH,LOW,CLOSE\n2024-01-02,1,1,1,1\n", of_symbol("A")),
      "no column is recognized as volume; there are DATE, OPEN, HIGH, LOW, CLOSE: use --columns volume=COLUMN, or "
      "volume=@0 where nothing says it");
}

}  // namespace
}  // namespace tidemark
