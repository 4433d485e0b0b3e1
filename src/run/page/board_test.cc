// What the board keeps, what it drops, and what it sends.
#include "run/page/board.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr EventTime wall = event_time_from_nanos(0) + std::chrono::hours(500'000);  // 2027
const FeedStatus feed{"simulator", FeedState::Live, "", 60.0};

EventTime at(const char* text) { return *parse_timestamp(text); }

struct Row {
  const char* symbol;
  const char* start;
  TrendStatus status = TrendStatus::Final;
  std::int64_t revision = 1;
};

Trend trend(const Row& row) {
  Trend trend;
  trend.symbol = row.symbol;
  trend.window = {at(row.start), at(row.start) + minutes(5)};
  trend.status = row.status;
  trend.revision = row.revision;
  return trend;
}

LiveBatch batch(std::initializer_list<Row> rows) {
  LiveBatch made;
  for (const Row& row : rows) made.trends.push_back(trend(row));
  return made;
}

std::string json(std::initializer_list<Row> rows) {
  std::string out;
  for (const Row& row : rows) {
    if (!out.empty()) out += ',';
    append_trend(trend(row), out);
  }
  return out;
}

Board empty_board(std::size_t windows = 240, std::size_t rows = 1'000) {
  return Board({.epoch = "e", .windows_per_symbol = windows, .rows_in_all = rows, .rows_in_snapshot = 1'000},
               RunStatus("1.2.3", wall));
}

// Everything sent about a batch, one message after another.
std::string apply(Board& board, const LiveBatch& batch) {
  std::string messages;
  board.apply(batch, wall, [&](std::string_view message) { messages += message; });
  return messages;
}

std::string snapshot(const Board& board, const SnapshotRequest& wanted) {
  std::string whole;
  board.snapshot(wanted, feed, wall, [&](std::string_view message) { whole += message; });
  return whole;
}

std::string all_rows(const Board& board) { return board.trends({}); }

constexpr auto update = TrendStatus::Update;
constexpr auto final_ = TrendStatus::Final;

// It holds an iterator into its own rows.
static_assert(!std::is_copy_constructible_v<Board> && !std::is_move_constructible_v<Board>);

TEST(Board, CountsOneSequenceForWhatChanged) {
  Board board = empty_board();
  const Row first{"A", "2026-11-22 10:00:00", update, 1};
  EXPECT_EQ(apply(board, batch({first})), R"({"type":"trends","sequence":1,"trends":[)" + json({first}) + "]}");
  EXPECT_EQ(apply(board, batch({first})), "");  // nothing new: nothing is sent
  EXPECT_EQ(board.sequence(), 1);
  const Row second{"A", "2026-11-22 10:00:00", update, 2};
  const Row other{"B", "2026-11-22 10:00:00", final_, 5};
  EXPECT_EQ(apply(board, batch({second, other, first})),
            R"({"type":"trends","sequence":2,"trends":[)" + json({second, other}) + "]}");
}

TEST(Board, TellsMuchInSeveralMessages) {
  Board board({.epoch = "e", .rows_in_message = 2}, RunStatus("1", wall));
  const Row a{"A", "2026-11-22 10:00:00"}, b{"B", "2026-11-22 10:00:00"}, c{"C", "2026-11-22 10:00:00"};
  const auto message = [](int sequence, std::initializer_list<Row> rows) {
    return R"({"type":"trends","sequence":)" + std::to_string(sequence) + R"(,"trends":[)" + json(rows) + "]}";
  };
  EXPECT_EQ(apply(board, batch({a, b})), message(1, {a, b}));
  EXPECT_EQ(apply(board, batch({b, c, a})), message(2, {c}));
  const Row d{"D", "2026-11-22 10:00:00"}, e{"E", "2026-11-22 10:00:00"}, f{"F", "2026-11-22 10:00:00"};
  EXPECT_EQ(apply(board, batch({d, a, f, b, e})), message(3, {d, f}) + message(4, {e}));
  EXPECT_EQ(board.sequence(), 4);
}

struct ReplaceCase {
  const char* what;
  TrendStatus held_status;
  std::int64_t held_revision;
  TrendStatus status;
  std::int64_t revision;
  bool replaces;
};

TEST(Board, ReplacesARowByWhatIsNewerOnly) {
  const ReplaceCase cases[] = {
      {"a later update", update, 1, update, 2, true},
      {"the same update", update, 2, update, 2, false},
      {"an update that was overtaken", update, 2, update, 1, false},
      {"the final of the same revision", update, 2, final_, 2, true},
      {"an update after the final", final_, 2, update, 3, false},
      {"a final that was restated", final_, 2, final_, 3, true},
      {"the same final", final_, 2, final_, 2, false},
  };
  for (const ReplaceCase& c : cases) {
    Board board = empty_board();
    const Row held{"A", "2026-11-22 10:00:00", c.held_status, c.held_revision};
    const Row row{"A", "2026-11-22 10:00:00", c.status, c.revision};
    apply(board, batch({held}));
    apply(board, batch({row}));
    EXPECT_EQ(all_rows(board), R"({"trends":[)" + json({c.replaces ? row : held}) + "]}") << c.what;
    EXPECT_EQ(board.row_count(), 1u) << c.what;
  }
}

TEST(Board, KeepsWindowsInTheOrderOfTimeHoweverTheyCome) {
  Board board = empty_board();
  const Row a{"A", "2026-11-22 10:00:00"}, b{"A", "2026-11-22 10:01:00"}, c{"A", "2026-11-22 10:02:00"};
  apply(board, batch({c, a, b}));
  EXPECT_EQ(all_rows(board), R"({"trends":[)" + json({a, b, c}) + "]}");
}

TEST(Board, LetsTheOldestWindowGo) {
  Board board = empty_board(2);
  const Row a{"A", "2026-11-22 10:00:00"}, b{"A", "2026-11-22 10:01:00"}, c{"A", "2026-11-22 10:02:00"};
  apply(board, batch({a, b, c}));
  EXPECT_EQ(all_rows(board), R"({"trends":[)" + json({b, c}) + "]}");
  EXPECT_EQ(apply(board, batch({a})), "");  // older than all that are kept
  EXPECT_EQ(board.row_count(), 2u);
}

TEST(Board, SharesItsRowsAmongItsSymbols) {
  Board board = empty_board(240, 6);  // 6 rows: one symbol 6, two 3 each, three 2 each
  for (const char* symbol : {"A", "B", "C"}) {
    for (int minute = 0; minute < 8; ++minute) {
      const std::string start = "2026-11-22 10:0" + std::to_string(minute) + ":00";
      apply(board, batch({{symbol, start.c_str()}}));
      EXPECT_LE(board.row_count(), 6u);
    }
  }
  EXPECT_EQ(all_rows(board), R"({"trends":[)" +
                                 json({{"A", "2026-11-22 10:06:00"},
                                       {"A", "2026-11-22 10:07:00"},
                                       {"B", "2026-11-22 10:06:00"},
                                       {"B", "2026-11-22 10:07:00"},
                                       {"C", "2026-11-22 10:06:00"},
                                       {"C", "2026-11-22 10:07:00"}}) +
                                 "]}");
}

TEST(Board, TellsBarsBesideTheRowsAndInTheSnapshot) {
  Board board({.epoch = "e", .rows_in_message = 1}, RunStatus("1", wall));
  const Row a1{"A", "2026-11-22 10:00:00"};
  LiveBatch told = batch({a1});
  const LiveBarValues values{
      .time = at("2026-11-22 10:00:00"), .open = {1}, .high = {1}, .low = {1}, .close = {1}, .volume = {}};
  told.bars = {{"A", values}, {"B", values}};
  const std::string rest = R"(,"2026-11-22T10:00:00Z",0.000000001,0.000000001,0.000000001,0.000000001,0])";
  EXPECT_EQ(apply(board, told), R"({"type":"trends","sequence":1,"trends":[)" + json({a1}) + R"(],"bars":[["A")" +
                                    rest + R"(]}{"type":"trends","sequence":2,"trends":[],"bars":[["B")" + rest + "]}");
  EXPECT_EQ(apply(board, told), "") << "nothing is new about them";
  EXPECT_NE(snapshot(board, {.history = 1}).find(R"("bars":[["A")" + rest + R"(,["B")" + rest + R"(],"status":)"),
            std::string::npos);
  Board unheard = empty_board();
  unheard.apply_silently(told, wall);
  EXPECT_EQ(unheard.bars().bar_count(), 2u);
  EXPECT_EQ(unheard.sequence(), 1);
}

TEST(Board, ShowsHistoryOfTheAskedAndTheNewestOfTheOthers) {
  Board board = empty_board();
  const Row a1{"A", "2026-11-22 10:00:00"}, a2{"A", "2026-11-22 10:01:00"}, a3{"A", "2026-11-22 10:02:00", update};
  const Row b0{"B", "2026-11-22 09:59:00"}, b1{"B", "2026-11-22 10:00:00"}, b2{"B", "2026-11-22 10:01:00", update};
  apply(board, batch({b0, b1, a1, a2, a3, b2}));
  const auto picture = [](const std::string& rows) {
    return R"({"type":"snapshot","epoch":"e","sequence":1,"symbols":["A","B"],"trends":[)" + rows + R"(],"status":)";
  };
  EXPECT_TRUE(snapshot(board, {}).starts_with(picture(json({a1, a2, a3, b0, b1, b2}))));
  // No window of B is filled, so the one that will be first stands for it, and those after it come, too.
  EXPECT_TRUE(snapshot(board, {.symbols = {"A"}, .history = 2}).starts_with(picture(json({a2, a3, b0, b1, b2}))));
  EXPECT_TRUE(snapshot(board, {.symbols = {"A", "ZZZ"}, .history = 0}).starts_with(picture(json({a3, b0, b1, b2}))));
}

TEST(Board, ShortensASnapshotOfVeryManyRows) {
  Board board({.epoch = "e", .rows_in_snapshot = 4}, RunStatus("1", wall));
  const Row a2{"A", "2026-11-22 10:01:00"}, a3{"A", "2026-11-22 10:02:00"};
  const Row b2{"B", "2026-11-22 10:01:00"}, b3{"B", "2026-11-22 10:02:00"};
  apply(board, batch({{"A", "2026-11-22 10:00:00"}, a2, a3, {"B", "2026-11-22 10:00:00"}, b2, b3}));
  EXPECT_NE(snapshot(board, {}).find('[' + json({a2, a3, b2, b3}) + ']'), std::string::npos);
}

TEST(Board, TellsASnapshotInPartsThatTogetherAreTheWhole) {
  const Row a1{"A", "2026-11-22 10:00:00"}, a2{"A", "2026-11-22 10:01:00"}, b1{"B", "2026-11-22 10:00:00"};
  const LiveBarValues values{
      .time = at("2026-11-22 10:00:00"), .open = {1}, .high = {1}, .low = {1}, .close = {1}, .volume = {}};
  LiveBatch told = batch({a1, a2, b1});
  told.bars = {{"A", values}, {"B", values}, {"C", values}};
  const auto bar = [](const std::string& symbol) {
    return "[\"" + symbol + R"(","2026-11-22T10:00:00Z",0.000000001,0.000000001,0.000000001,0.000000001,0])";
  };
  const std::string head = R"({"type":"snapshot","epoch":"e","sequence":1,"symbols":["A","B"],"trends":[)";
  const auto parts = [&](std::size_t most) {
    Board board({.epoch = "e", .rows_in_message = most}, RunStatus("1", wall));
    board.apply_silently(told, wall);
    std::vector<std::string> messages;
    board.snapshot({.in_parts = true}, feed, wall, [&](std::string_view message) { messages.emplace_back(message); });
    const std::string end = R"(,"status":)" + board.status(feed, wall) + '}';
    EXPECT_TRUE(messages.back().ends_with(end)) << "the last says that it is the last";
    messages.back().resize(messages.back().size() - end.size());
    return messages;
  };
  using Messages = std::vector<std::string>;
  EXPECT_EQ(parts(2), (Messages{head + json({a1, a2}) + "]}",
                                R"({"type":"part","trends":[)" + json({b1}) + R"(],"bars":[)" + bar("A") + "]}",
                                R"({"type":"part","bars":[)" + bar("B") + ',' + bar("C") + ']'}));
  EXPECT_EQ(parts(3), (Messages{head + json({a1, a2, b1}) + "]}",
                                R"({"type":"part","bars":[)" + bar("A") + ',' + bar("B") + ',' + bar("C") + ']'}));
  const std::string whole =
      head + json({a1, a2, b1}) + R"(],"bars":[)" + bar("A") + ',' + bar("B") + ',' + bar("C") + ']';
  EXPECT_EQ(parts(6), Messages{whole});
  EXPECT_EQ(parts(100), Messages{whole});
}

TEST(Board, AnswersQuestionsAboutItsRows) {
  Board board = empty_board();
  const Row a1{"A", "2026-11-22 10:00:00"}, a2{"A", "2026-11-22 10:01:00", update};
  const Row b1{"B", "2026-11-22 10:00:00"}, b2{"B", "2026-11-22 10:01:00", update};
  apply(board, batch({a1, a2, b1, b2}));
  const auto rows = [](std::initializer_list<Row> list) { return R"({"trends":[)" + json(list) + "]}"; };
  EXPECT_EQ(board.trends({.symbol = "B"}), rows({b1, b2}));
  EXPECT_EQ(board.trends({.symbol = "C"}), rows({}));
  EXPECT_EQ(board.trends({.from = at("2026-11-22 10:01:00")}), rows({a2, b2}));
  EXPECT_EQ(board.trends({.to = at("2026-11-22 10:01:00")}), rows({a1, b1}));
  EXPECT_EQ(board.trends({.status = final_}), rows({a1, b1}));
  EXPECT_EQ(board.trends({.limit = 3}), rows({a1, a2, b2}));  // keeps the newest windows
  const auto forming = [](const char* symbol, const Row& row) {
    return std::string(R"({"symbol":")") + symbol + R"(","trend":)" + json({row}) + R"(,"forming":true})";
  };
  EXPECT_EQ(board.symbols(1), R"({"symbols":[)" + forming("A", a1) + "]}");
  EXPECT_EQ(board.symbols(2), R"({"symbols":[)" + forming("A", a1) + "," + forming("B", b1) + "]}");
}

// docs/api.md, One row for a symbol: the newest window that its bars have filled to the end.
TEST(Board, ShowsOneRowOfASymbol) {
  struct Case {
    const char* when;
    std::vector<Row> rows;  // windows of five minutes
    const char* bar;        // the newest
    const char* now;        // start of the window
    bool forming = false;
  };
  const std::vector<Case> cases{
      {.when = "bars every minute: the windows after it are only begun",
       .rows = {{"A", "2026-11-22 10:00:00"},
                {"A", "2026-11-22 10:01:00", update},
                {"A", "2026-11-22 10:02:00", update}},
       .bar = "2026-11-22 10:05:00",
       .now = "2026-11-22 10:01:00"},
      {.when = "in the evening all windows are final, and the same one stands",
       .rows = {{"A", "2026-11-22 20:55:00"}, {"A", "2026-11-22 20:56:00"}, {"A", "2026-11-22 20:59:00"}},
       .bar = "2026-11-22 20:59:00",
       .now = "2026-11-22 20:55:00"},
      {.when = "a lone bar after a pause fills the window that ends with it",
       .rows = {{"A", "2026-11-22 10:00:00"},
                {"A", "2026-11-22 15:56:00", update},
                {"A", "2026-11-22 15:57:00", update}},
       .bar = "2026-11-22 16:00:00",
       .now = "2026-11-22 15:56:00"},
      {.when = "no window is filled yet",
       .rows = {{"A", "2026-11-22 10:00:00", update}},
       .bar = "2026-11-22 10:02:00",
       .now = "2026-11-22 10:00:00",
       .forming = true}};
  for (const Case& one : cases) {
    Board board = empty_board();
    LiveBatch told;
    for (const Row& row : one.rows) told.trends.push_back(trend(row));
    told.bars.push_back({"A", {.time = at(one.bar)}});
    apply(board, told);
    const std::string row = board.symbols(1);
    EXPECT_NE(row.find(json({{"A", one.now, one.rows.front().status, 1}}).substr(0, 60)), row.npos) << one.when << row;
    EXPECT_NE(row.find(one.forming ? R"("forming":true)" : R"("forming":false)"), row.npos) << one.when << row;
  }
}

TEST(Board, RemembersWithoutTellingWhatItWasRestoredWith) {
  Board board = empty_board();
  LiveBatch past = batch({{"A", "2026-11-22 10:00:00"}});
  past.account = {.read = 7, .accepted = 7};
  board.restore(past);
  EXPECT_EQ(board.sequence(), 0);
  EXPECT_EQ(board.row_count(), 1u);
  EXPECT_EQ(board.run_status().account().read, 7);
}

}  // namespace
}  // namespace tidemark
