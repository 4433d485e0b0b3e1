// Which minutes are due, and the cursor that stands at any record within one.
#include "io/input/simulator_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "core/check.h"
#include "core/wire/encode.h"
#include "io/input/pace.h"
#include "run/interfaces/cursor_text.h"
#include "run/interfaces/feed_board.h"

namespace tidemark {
namespace {

using std::chrono::minutes;

// A place in the simulated market, as the log keeps it.
struct Cursor {
  std::size_t brought = 0;  // records of the minute that are durable already
  EventTime live_from;      // end of the history that was laid down at once
  std::string_view minute;  // the simulator before the minute
};

constexpr std::string_view simulator_cursor = "simulator1";

std::string write_cursor(const Cursor& cursor) {
  return fmt::format("{} {} {} {}", simulator_cursor, cursor.brought, nanos_since_epoch(cursor.live_from),
                     cursor.minute);
}

std::optional<Cursor> parse_cursor(std::string_view text) {
  CursorText words(text);
  words.expect(simulator_cursor);
  Cursor cursor;
  cursor.brought = words.number<std::size_t>();
  cursor.live_from = event_time_from_nanos(words.number<std::int64_t>());
  cursor.minute = words.rest();
  return words.is_good() ? std::optional(cursor) : std::nullopt;
}

class SimulatorFeed final : public Feed, private FeedSymbols {
 public:
  SimulatorFeed(SimulatorFeedOptions options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        wanted_(std::move(options_.symbols)),
        simulator_({.seed = options_.seed, .symbols = wanted_}),
        pace_(options_.speed, is_real_time() ? Lag::CatchUp : Lag::Forget),
        board_({.name = "simulator", .speed = options_.speed}) {
    CHECK(!options_.speed || *options_.speed > 0);
  }

  std::string_view name() const override { return "simulator"; }

  Result<void> open(std::optional<std::string_view> cursor) override {
    const EventTime now = clock_.now();
    if (cursor) {
      if (!restore(*cursor))
        return std::unexpected(Error::setup(
            "the simulator does not understand where it stopped; another version wrote this data directory"));
    } else {
      live_from_ = floor_to(now, minutes(1));
      simulator_ = Simulator({.seed = options_.seed, .symbols = wanted(), .start = live_from_ - options_.history});
    }
    begin_pace(now);
    tell();
    return {};
  }

  Result<std::optional<FeedBatch>> poll(std::size_t limit) override {
    const EventTime now = clock_.now();
    FeedBatch batch;
    while (batch.records.size() < limit && (!minute_.empty() || begin_minute(now))) {
      const std::size_t count = std::min(limit - batch.records.size(), minute_.size() - brought_);
      for (std::size_t taken = 0; taken < count; ++taken) {
        Record& record = batch.records.emplace_back(std::move(minute_[brought_++]));
        record.ingested_at = now;
      }
      if (brought_ == minute_.size()) end_minute();
    }
    if (batch.records.empty()) return std::nullopt;
    batch.cursor = cursor();
    return batch;
  }

  FeedStatus status() const override { return board_.read(); }

  FeedSymbols* symbols() override { return this; }

 private:
  void bring(const std::vector<std::string>& symbols) override {
    std::vector<SimulatedSymbol> wanted;
    wanted.reserve(symbols.size());
    for (const std::string& symbol : symbols) wanted.push_back(simulated_symbol(symbol));
    {
      const std::lock_guard lock(wanted_mutex_);
      wanted_ = std::move(wanted);
    }
    tell();
  }

  std::vector<SimulatedSymbol> wanted() const {
    const std::lock_guard lock(wanted_mutex_);
    return wanted_;
  }

  void tell() { board_.write(FeedState::Live, fmt::format("{} symbols", wanted().size())); }

  bool is_real_time() const { return options_.speed == 1.0; }

  // In real time market and wall are the same clock, unless the market is ahead from a faster run.
  void begin_pace(EventTime now) {
    const EventTime minute = simulator_.next_minute();
    if (is_real_time() && minute <= now)
      pace_.begin(minute, minute);
    else
      pace_.begin(std::max(minute, live_from_), now);
  }

  bool restore(std::string_view text) {
    const std::optional<Cursor> at = parse_cursor(text);
    if (!at || !simulator_.restore(at->minute) || at->brought > simulator_.symbol_count()) return false;
    live_from_ = at->live_from;
    if (at->brought == 0) return true;
    make_minute();  // of the symbols of that time; other symbols begin with the next one
    brought_ = at->brought;
    return true;
  }

  bool begin_minute(EventTime now) {
    if (!pace_.is_due(simulator_.next_minute() + minutes(1), now)) return false;
    simulator_.set_symbols(wanted());
    make_minute();
    return true;
  }

  void make_minute() {
    before_minute_ = simulator_.state();
    minute_.clear();
    for (const Bar& bar : simulator_.round()) {
      Record& record = minute_.emplace_back();
      record.key = bar.symbol;
      append_bar(bar, record.value);
    }
    minute_.push_back({.kind = RecordKind::Heartbeat, .time = simulator_.next_minute()});
  }

  void end_minute() {
    minute_.clear();
    brought_ = 0;
  }

  std::string cursor() const {
    if (minute_.empty()) return write_cursor({.brought = 0, .live_from = live_from_, .minute = simulator_.state()});
    return write_cursor({.brought = brought_, .live_from = live_from_, .minute = before_minute_});
  }

  SimulatorFeedOptions options_;
  const Clock& clock_;
  mutable std::mutex wanted_mutex_;
  std::vector<SimulatedSymbol> wanted_;  // of the next minute; what is chosen at run time comes on another thread
  Simulator simulator_;
  Pace pace_;
  EventTime live_from_{};
  std::vector<Record> minute_;  // being brought; empty between minutes
  std::size_t brought_ = 0;     // of minute_
  std::string before_minute_;   // the simulator before minute_
  FeedBoard board_;
};

}  // namespace

std::unique_ptr<Feed> make_simulator_feed(SimulatorFeedOptions options, const Clock& clock) {
  return std::make_unique<SimulatorFeed>(std::move(options), clock);
}

}  // namespace tidemark
