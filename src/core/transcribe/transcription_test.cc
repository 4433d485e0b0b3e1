// Foreign formats become records by clauses 7.6 to 7.8 of the contract, however the bytes arrive.
#include "core/transcribe/transcription.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tidemark {
namespace {

struct Got {
  std::string text, original;
  std::int64_t position = 0;
  friend bool operator==(const Got&, const Got&) = default;
};
std::ostream& operator<<(std::ostream& out, const Got& got) {
  return out << got.position << ": " << got.text << " of " << got.original;
}

struct Outcome {
  std::optional<FileKind> kind;
  std::vector<Got> records;
  std::map<std::string, std::int64_t, std::less<>> skipped;
};

// Feeds the content in pieces of `piece` bytes. A file that is not in a foreign format has a kind and no records.
Outcome transcribe(const std::string& content, std::size_t piece,
                   const TranscribeOptions& options = {.format = BarFormat::Auto}) {
  Outcome outcome;
  std::size_t at = 0;
  for (; !outcome.kind; at = std::min(at + piece, content.size()))
    outcome.kind = detect(std::string_view(content).substr(0, at), at == content.size(), options);
  if (outcome.kind->format == BarFormat::JsonLines) return outcome;
  Transcription transcription(*outcome.kind, options, "the file");
  TranscribedRecord record;
  for (std::size_t begin = 0;; begin += piece) {
    const bool is_end = begin >= content.size();
    if (!is_end) transcription.give(std::string_view(content).substr(begin, piece));
    if (is_end) transcription.give_end();
    while (transcription.next(record).value())
      outcome.records.push_back({std::string(record.text), std::string(record.original), record.position});
    if (is_end) break;
  }
  outcome.skipped = transcription.transcriber().skipped();
  return outcome;
}

// The same for every size of pieces.
Outcome transcribed(const std::string& content, const TranscribeOptions& options = {.format = BarFormat::Auto}) {
  Outcome whole = transcribe(content, content.size() + 1, options);
  for (const std::size_t piece : {1U, 2U, 3U, 17U, 64U}) {
    const Outcome in_pieces = transcribe(content, piece, options);
    EXPECT_EQ(in_pieces.records, whole.records) << "in pieces of " << piece;
    EXPECT_EQ(in_pieces.skipped, whole.skipped) << "in pieces of " << piece;
  }
  return whole;
}

const std::string contract_bar =
    R"({"symbol":"A","timestamp":"2024-01-02T14:30:00Z","open":1,"high":1,"low":1,"close":1,"volume":1})";

TEST(Transcription, AFileOfTheContractsOwnBarsIsLeftAlone) {
  for (const std::string& content :
       {contract_bar + "\n", std::string(R"({"heartbeat":"2024-01-02T14:30:00Z"})") + "\n" + R"({"T":"b"})",
        std::string(), std::string("\n\n"), std::string("symbol,timestamp\nA,1\n"), std::string("{\n"),
        std::string("[1,2]\n"), std::string(R"({"symbol":"A","open":"1"})"), std::string(R"([{"symbol":"A"}])"),
        std::string("\xff\xfe{\0", 4)})
    EXPECT_EQ(transcribed(content).kind->format, BarFormat::JsonLines) << content;
}

TEST(Transcription, OnlyTheFirstRecordIsAsked) {
  const Outcome own_first = transcribed(contract_bar + "\n" + R"({"T":"b","S":"A"})");
  EXPECT_EQ(own_first.kind->format, BarFormat::JsonLines);
  const Outcome own_later = transcribed("\n" + std::string(R"({"T":"b","S":"A"})") + "\n" + contract_bar + "\nx\n");
  EXPECT_EQ(own_later.records,
            (std::vector<Got>{
                {R"({"symbol":"A"})", R"({"T":"b","S":"A"})", 2}, {contract_bar, contract_bar, 3}, {"x", "x", 4}}));
}

TEST(Transcription, KeepsTheDigitsAndTheOrderOfAlpacasMembers) {
  const Outcome got = transcribed(
      R"([ {"T" : "b", "S":"BRK.B","o":1.10,"h":2e0,"l":1,"c":1.5,"v":7,"t":"2024-01-02T14:30:00Z","n":3,"vw":1.25} ])"
      "\r\n"
      R"({"T":"u","S":"A\"B","x":{"T":"b"},"c":[1, 2]})");
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(
      got.records[0].text,
      R"({"symbol":"BRK.B","open":1.10,"high":2e0,"low":1,"close":1.5,"volume":7,"timestamp":"2024-01-02T14:30:00Z","trade_count":3,"vwap":1.25})");
  EXPECT_EQ(got.records[1].text, R"({"symbol":"A\"B","close":[1, 2]})");
  EXPECT_EQ(got.records[1].position, 2);
}

TEST(Transcription, CountsWhatIsNoBarAndKeepsIntervalsApart) {
  const Outcome minutes = transcribed(R"([{"T":"success"},{"T":"q"},{"T":"b","S":"A"},{"T":"d","S":"A"},{"T":"q"}])");
  EXPECT_EQ(minutes.records.size(), 1U);
  EXPECT_EQ(minutes.skipped, (decltype(minutes.skipped){{"d", 1}, {"q", 2}, {"success", 1}}));
  EXPECT_EQ(transcribed(R"([{"T":"d","S":"A"},{"T":"b","S":"A"}])").records[0].original, R"({"T":"d","S":"A"})");
  const Outcome seconds = transcribed(R"([{"ev":"status"},{"ev":"A","sym":"A","s":1},{"ev":"AM","sym":"A","s":1}])");
  EXPECT_EQ(seconds.records.size(), 1U);
  EXPECT_EQ(seconds.skipped, (decltype(seconds.skipped){{"AM", 1}, {"status", 1}}));
}

TEST(Transcription, AnAnswerOverManyLinesHasTheLinesOfItsBars) {
  const Outcome got =
      transcribed("\n{\n \"bars\": {\n  \"A\": [\n   {\"c\":\n 1},\n   {\"c\": 2} ],\n  \"B\": [ {\"c\": 3}]\n }\n}\n");
  EXPECT_EQ(got.kind->framing, Framing::Texts);
  EXPECT_EQ(got.records, (std::vector<Got>{{R"({"symbol":"A","close":1})", "{\"c\":\n 1}", 5},
                                           {R"({"symbol":"A","close":2})", R"({"c": 2})", 7},
                                           {R"({"symbol":"B","close":3})", R"({"c": 3})", 8}}));
}

TEST(Transcription, AnAnswerForOneSymbolNamesItBeforeOrBehindItsBars) {
  for (const char* const text : {R"({"bars":[{"c":1}],"symbol":"A"})", R"({"symbol":"A","bars":[{"c":1}]})"})
    EXPECT_EQ(transcribed(text).records, (std::vector<Got>{{R"({"symbol":"A","close":1})", R"({"c":1})", 1}}));
  EXPECT_TRUE(transcribed(R"({"bars":{"A":[]}})"
                          "\n"
                          R"({"bars":null})")
                  .records.empty());
}

TEST(Transcription, PolygonsTimesAreMilliseconds) {
  const Outcome got =
      transcribed(R"({"ticker":"A","results":[{"t":1704205800000,"c":1},{"t":1704205800001},{"t":17e3},{"t":-1}]})"
                  "\n"
                  R"([{"ev":"XA","pair":"BTC-USD","s":1704205800000,"t":9,"a":7,"vw":2}])");
  ASSERT_EQ(got.records.size(), 5U);
  EXPECT_EQ(got.records[0].text, R"({"symbol":"A","timestamp":"2024-01-02T14:30:00Z","close":1})");
  EXPECT_EQ(got.records[1].text, R"({"symbol":"A","timestamp":"2024-01-02T14:30:00.001Z"})");
  EXPECT_EQ(got.records[2].text, R"({"symbol":"A","timestamp":17e3})") << "no whole number: its judge refuses it";
  EXPECT_EQ(got.records[3].text, R"({"symbol":"A","timestamp":-1})");
  EXPECT_EQ(got.records[4].text, R"({"symbol":"BTC-USD","timestamp":"2024-01-02T14:30:00Z","vwap":2})");
}

TEST(Transcription, BinancesKlinesThatAreClosed) {
  const Outcome got = transcribed(
      R"({"e":"kline","E":1,"s":"BTCUSDT","k":{"t":1704205800000,"T":2,"s":"BTCUSDT","i":"1m","o":"1.0","c":"2","h":"3","l":"0.5","v":"7","n":4,"x":true}})"
      "\n"
      R"({"e":"kline","s":"BTCUSDT","k":{"t":1704205860000,"x":false}})"
      "\n"
      R"({"stream":"x","data":{"e":"kline","s":"ETHUSDT","k":{"t":1704205800000000,"o":"one","x":true}}})"
      "\n"
      R"({"stream":"x","data":{"e":"trade","s":"ETHUSDT"}})");
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(
      got.records[0].text,
      R"({"symbol":"BTCUSDT","timestamp":"2024-01-02T14:30:00Z","open":1.0,"close":2,"high":3,"low":0.5,"volume":7,"trade_count":4})");
  EXPECT_EQ(got.records[1].text, R"({"symbol":"ETHUSDT","timestamp":"2024-01-02T14:30:00Z","open":"one"})");
  EXPECT_EQ(got.skipped, (decltype(got.skipped){{"kline that is open", 1}, {"trade", 1}}));
}

TEST(Transcription, ListsAreReadWhereSomebodySaysWhoseTheyAre) {
  const std::string lists = R"([[1704205800000,"1",2,0.5,1.5,"7",0,"0",12,"0","0","0"],
    [1704205860000,1,2,0.5,1.5,7]])";
  EXPECT_EQ(transcribed(lists).kind->format, BarFormat::JsonLines);
  const TranscribeOptions options{.format = BarFormat::Auto, .symbol = "B\"C"};
  const Outcome got = transcribed(lists, options);
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(
      got.records[0].text,
      R"({"symbol":"B\"C","timestamp":"2024-01-02T14:30:00Z","open":1,"high":2,"low":0.5,"close":1.5,"volume":7,"trade_count":12})");
  EXPECT_EQ(
      got.records[1].text,
      R"({"symbol":"B\"C","timestamp":"2024-01-02T14:31:00Z","open":1,"high":2,"low":0.5,"close":1.5,"volume":7})");
  EXPECT_EQ(got.records[1].position, 2);
  EXPECT_EQ(transcribed("[1704205800000,1,2,0.5,1.5,7]\n[1704205860000,1,2,0.5,1.5,7]\n", options).records.size(), 2U)
      << "one a line";
}

TEST(Transcription, ThePlacesOfAListCanBeSaid) {
  // Coinbase's order: time in seconds, low, high, open, close, volume.
  const TranscribeOptions options{.format = BarFormat::Auto,
                                  .symbol = "BTC-USD",
                                  .symbol_from_name = false,
                                  .list_fields = {"timestamp", "low", "high", "open", "close", "volume"}};
  const Outcome got = transcribed("[[1704205800,1,4,2,3,7.5],[1704205800000000000,\"1\",4,2,3,7.5,9]]", options);
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(
      got.records[0].text,
      R"({"symbol":"BTC-USD","timestamp":"2024-01-02T14:30:00Z","low":1,"high":4,"open":2,"close":3,"volume":7.5})");
  EXPECT_EQ(got.records[1].text, got.records[0].text);
}

TEST(Transcription, WhatIsNoJsonIsARecordAsItCame) {
  const Outcome lines = transcribed(R"({"T":"b","S":"A"})"
                                    "\n"
                                    R"([{"T":"b","S":"A"}, )"
                                    "\n"
                                    R"({"T":"b"} {})"
                                    "\n"
                                    "NaN\n"
                                    R"({"T":"b","S":"B"})");
  ASSERT_EQ(lines.records.size(), 5U);
  EXPECT_EQ(lines.records[1].text, R"([{"T":"b","S":"A"}, )");
  EXPECT_EQ(lines.records[2].original, R"({"T":"b"} {})");
  EXPECT_EQ(lines.records[3].text, "NaN");
  EXPECT_EQ(lines.records[4].text, R"({"symbol":"B"})");
  const Outcome cut = transcribed("{\"bars\":{\n\"A\":[{\"c\":1},\n{\"c\"");
  EXPECT_EQ(cut.records,
            (std::vector<Got>{{R"({"bars":{ "A":[{"c":1}, {"c")", "{\"bars\":{\n\"A\":[{\"c\":1},\n{\"c\"", 1}}));
}

TEST(Transcription, ABarOfMoreThanARecordIsCut) {
  const std::string bar = R"({"T":"b","S":"A","x":")" + std::string(70'000, 'x') + R"("})";
  const Outcome got = transcribe(R"({"T":"b","S":"A"})"
                                 "\n" +
                                     bar,
                                 100'000);
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(got.records[1].text, bar.substr(0, 65'537)) << "one byte more than a record may have";
  EXPECT_EQ(got.records[1].original.size(), bar.size());
}

// The frames that Alpaca sends when MessagePack was requested: maps, with times as extension -1.
std::string text(const std::string& value) { return static_cast<char>(0xa0 + value.size()) + value; }
const std::string message = "\x85" + text("T") + text("b") + text("S") + text("AAPL") + text("o") +
                            std::string("\xcb\x40\x67\x23\x33\x33\x33\x33\x33", 9) + text("v") +
                            std::string("\xcd\x03\xe8", 3) + text("t") + std::string("\xd6\xff\x65\x94\x1d\xe8", 6);

TEST(Transcription, ReadsFramesOfMessagePack) {
  const std::string control = "\x91\x82" + text("T") + text("success") + text("msg") + text("connected");
  const std::string other = "\x83" + text("T") + text("b") + text("S") + text("M") + text("c") + "\xff";
  const Outcome got = transcribed(control + "\x92" + message + other + message);
  EXPECT_EQ(got.kind->framing, Framing::MessagePack);
  const std::string first = R"({"symbol":"AAPL","open":185.1,"volume":1000,"timestamp":"2024-01-02T14:30:00Z"})";
  EXPECT_EQ(got.records,
            (std::vector<Got>{{first, message, 2}, {R"({"symbol":"M","close":-1})", other, 2}, {first, message, 3}}));
  EXPECT_EQ(got.skipped, (decltype(got.skipped){{"success", 1}}));
}

TEST(Transcription, AFramesHeaderMayComeInPieces) {
  const std::string other = "\x81" + text("T") + text("b");
  const Outcome got = transcribed(message + std::string("\xdc\x00\x02", 3) + message + other +
                                  std::string("\xdd\0\0\0\1", 5) + message);
  ASSERT_EQ(got.records.size(), 4U);
  EXPECT_EQ(got.records[2], (Got{"{}", other, 2}));
  EXPECT_EQ(got.records[3].position, 3);
}

TEST(Transcription, MessagePackThatBreaksOffIsARecordAsItCame) {
  const std::string cut = message.substr(0, 30);
  const Outcome got = transcribed(message + "\x91" + cut);
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(got.records[1].original, cut);
  EXPECT_EQ(got.records[1].text, cut);
  EXPECT_EQ(transcribed(message + "\xc1 never used").records.size(), 2U);
}

TEST(Transcription, TheNameOfAFileIsASymbol) {
  EXPECT_EQ(symbol_of_file_name("a/b.c/BTCUSDT.json.gz"), "BTCUSDT");
  EXPECT_EQ(symbol_of_file_name("BRK.B.jsonl.zst"), "BRK.B");
  EXPECT_EQ(symbol_of_file_name("x"), "x");
}

}  // namespace
}  // namespace tidemark
