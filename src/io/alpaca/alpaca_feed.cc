#include "io/alpaca/alpaca_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/check.h"
#include "core/time/duration_text.h"
#include "core/time/exchange_calendar.h"
#include "core/time/timestamp.h"
#include "core/wire/decode.h"
#include "io/alpaca/clock_inquiry.h"
#include "io/alpaca/feed_clock.h"
#include "io/alpaca/feed_news.h"
#include "io/alpaca/feed_text.h"
#include "io/alpaca/held_bars.h"
#include "io/alpaca/market_clock.h"
#include "io/alpaca/outgoing.h"
#include "io/net/backoff.h"
#include "run/interfaces/feed_board.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

// All of these are of the market's clock. Instants called `wall` are of the steady clock, so no jump of the wall's shortens a wait.
constexpr Duration minute = minutes(1);
constexpr Duration known_after = 10s;         // its end, history has a minute
constexpr Duration burst = 1500ms;            // without a further bar: those of a minute are all here
constexpr Duration missed_after = 20s;        // its end, a minute of which no bar has come is asked for
constexpr Duration updates_from = 25s;        // its end, corrections of a minute may come …
constexpr Duration updates_until = 45s;       // … and have come
constexpr Duration delay_of_sip = 15min;      // of delayed_sip
constexpr Duration longest_unsettled = 5min;  // what is fetched again is still in an open window: else it would be late
constexpr Duration longest_held = 3min;       // live bars behind a gap; then they are fetched like the gap itself
constexpr Duration clock_error = 5s;          // so much the server's clock may be ahead of ours
constexpr Duration longest_gap = std::chrono::days(7);
constexpr Duration first_hours = 24h;  // of a market that never closes, to begin with

constexpr std::size_t bars_at_once = 200'000;  // of a gap; more symbols, shorter slices
constexpr int believed_after = 3;              // refusals in a row, what only the operator can mend
constexpr Duration worked_after =
    30s;  // of the steady clock: so long a connection was a good one, also at night when nothing comes

EventTime floor_minute(EventTime time) { return floor_to(time, minute); }

class LiveFeed final : public Feed, private FeedSymbols {
 public:
  LiveFeed(AlpacaFeedOptions options, std::unique_ptr<BarStream> stream, std::unique_ptr<HistorySlices> history,
           const FeedClocks& clocks, Journal& journal, Metrics& metrics)
      : options_(std::move(options)),
        name_(alpaca_feed_name(options_.feed)),
        clock_(name_, clocks.wall, clocks.steady, journal, metrics),
        journal_(journal),
        news_(name_, journal, metrics),
        stream_(std::move(stream)),
        history_(std::move(history)),
        inquiry_(clock_, *history_, news_, options_.has_own_clock, options_.retry_delay, options_.jitter_seed),
        wanted_(options_.symbols),
        connecting_(options_.retry_delay, options_.jitter_seed),
        asking_(options_.retry_delay, options_.jitter_seed),
        lag_(options_.feed == AlpacaFeed::DelayedSip ? delay_of_sip : 0s),
        board_({.name = "alpaca", .speed = 1.0}) {
    expect(wanted_);
  }

  std::string_view name() const override { return name_; }

  Result<void> open(std::optional<std::string_view> cursor) override {
    if (cursor) {
      place_ = FeedPlace::read(*cursor);
      if (!place_)
        return std::unexpected(Error::setup(
            "the feed alpaca does not understand where it stopped; another version wrote this data directory"));
      outgoing_.begin(*place_);
    }
    inquiry_.begin();
    board_.write(FeedState::Connecting, "");
    return {};
  }

  Result<std::optional<FeedBatch>> poll(std::size_t limit) override {
    clock_.server_said(history_->account().date);
    const EventTime wall = clock_.look();
    news_.at(wall);
    if (!fatal_) take_history(wall);
    if (!fatal_ && knows_time(wall)) {
      hear(wall, clock_.market(wall));
      // A bar comes when its minute is over: then it is over here, too.
      if (newest_ && clock_.follows_own() && clock_.bar_ended(*newest_ + minute, wall))
        newest_at_ = clock_.market(wall);
      const EventTime market = clock_.market(wall);
      if (clock_.take_moved_forward() && is_subscribed_ && !clock_.follows_own()) fill_on_to_now(market);
      if (!fatal_) go_on(wall, market);
      tell(wall, market);
    }
    if (auto batch = outgoing_.take(limit)) return batch;
    if (fatal_) return std::unexpected(*fatal_);
    return std::nullopt;
  }

  FeedStatus status() const override {
    FeedStatus status = board_.read();
    const std::lock_guard guard(mutex_);
    status.speed = speed_;
    return status;
  }

  FeedSymbols* symbols() override { return this; }

 private:
  void bring(const std::vector<std::string>& symbols) override {
    const std::lock_guard guard(mutex_);
    changed_ = symbols;
  }

  bool knows_time(EventTime wall) {
    const auto known = inquiry_.learn(wall, has_worked_);
    if (!known) fatal_ = known.error();
    if (!known || !*known) {
      if (known && !inquiry_.why_not().empty()) board_.write(FeedState::Down, inquiry_.why_not());
      return false;
    }
    const std::lock_guard guard(mutex_);
    speed_ = clock_.speed();
    return true;
  }

  // ── what the stream says ──

  void hear(EventTime wall, EventTime market) {
    for (StreamEvent& event : stream_->take()) {
      switch (event.kind) {
        case StreamEvent::Kind::Subscribed:
          subscribed(std::move(event.symbols), wall, market);
          break;
        case StreamEvent::Kind::Bars:
          take_bars(std::move(event.bars), market);
          break;
        case StreamEvent::Kind::Garbage:
          put_garbage(std::move(event.text));
          break;
        case StreamEvent::Kind::Notice:
          notice_ = event.fault.sentence;
          news_.warn("alpaca.notice", "said", notice_);
          break;
        case StreamEvent::Kind::Lost:
          lost(event.fault, wall);
          break;
      }
    }
    std::optional<std::vector<std::string>> changed;
    {
      const std::lock_guard guard(mutex_);
      changed = std::exchange(changed_, std::nullopt);
    }
    if (!changed) return;
    // Bars of those that go are still on their way until the server says that it knows.
    std::vector<std::string> expected = *changed;
    expected.insert(expected.end(), wanted_.begin(), wanted_.end());
    expect(std::move(expected));
    wanted_ = std::move(*changed);
    if (is_begun_) stream_->subscribe(wanted_);
  }

  void expect(std::vector<std::string> symbols) {
    std::ranges::sort(symbols);
    expected_ = std::move(symbols);
  }

  void subscribed(std::vector<std::string> symbols, EventTime wall, EventTime market) {
    has_worked_ = true;
    refusals_of_stream_ = 0;
    expect(wanted_);
    std::ranges::sort(symbols);
    std::string missing;
    for (const std::string& symbol : wanted_)
      if (!std::ranges::binary_search(symbols, symbol)) missing += (missing.empty() ? "" : ", ") + symbol;
    if (!missing.empty()) news_.warn("alpaca.not_subscribed", "symbols", missing);
    if (is_subscribed_) return;
    is_subscribed_ = true;
    subscribed_at_wall_ = wall;
    notice_.clear();
    newest_.reset();
    begin_fill(market);
  }

  void take_bars(std::vector<StreamBar> bars, EventTime market) {
    for (StreamBar& bar : bars) {
      if (!is_expected(bar.bar)) {
        news_.refused_bar(bar.bar.record.key);
        continue;
      }
      take_bar(std::move(bar), market);
      connecting_.reset();
      heard_at_ = market;
    }
  }

  // What is no bar and says no symbol is for the dead letters.
  bool is_expected(const FetchedBar& bar) const {
    return std::ranges::binary_search(expected_, bar.record.key) || (!bar.is_bar && bar.record.key.empty());
  }

  void take_bar(StreamBar bar, EventTime market) {
    const EventTime at = floor_minute(bar.bar.time);
    if (!bar.is_update && bar.bar.is_bar && !clock_.follows_own()) {
      clock_.bar_ended(at + minute + lag_, clock_.instant());
      market = clock_.market(clock_.instant());  // if that has shown a gap, this bar waits behind it
    }
    // A bar from the future is for the machine to judge, and proves nothing.
    if (!bar.is_update && at <= clock_.latest(clock_.instant()) && (!newest_ || at >= *newest_)) {
      newest_ = at;
      newest_at_ = market;
    }
    if (!is_held_back(market)) return held_.put(std::move(bar), outgoing_);
    if (!held_.add(std::move(bar))) news_.warn("alpaca.held_back_too_long", "bars", std::to_string(HeldBars::most));
  }

  // What was no message lands in the dead letters, however long it was.
  void put_garbage(std::string text) {
    Record record;
    if (text.size() > max_record_bytes) {
      record.bytes_in_all = text.size();
      text.resize(max_record_bytes + 1);
    }
    record.value = std::move(text);
    outgoing_.add(std::move(record));
  }

  void lost(const StreamFault& fault, EventTime wall) {
    const bool has_lasted = is_subscribed_ && wall - subscribed_at_wall_ >= worked_after;
    is_begun_ = is_subscribed_ = false;
    held_.clear();
    fill_.reset();
    if (fault.cure == StreamCure::GiveUp && (!has_worked_ || ++refusals_of_stream_ == believed_after)) {
      fatal_ = Error::setup("alpaca: " + fault.sentence);
      return;
    }
    const bool was_heard = std::exchange(heard_at_, std::nullopt).has_value();
    const bool was_good = (was_heard || has_lasted) && fault.cure != StreamCure::GiveUp;
    if (has_lasted) connecting_.reset();
    // Of a connection that has worked, the next one most often does, too: every second of a gap counts.
    const Duration wait =
        was_good ? connecting_.jittered(std::min<Duration>(1s, options_.retry_delay)) : connecting_.next();
    if (options_.max_retries && connecting_.count() > *options_.max_retries) {
      fatal_ = Error::permanent(fmt::format("alpaca: gave up after {} tries without a bar (max-retries): {}",
                                            *options_.max_retries, fault.sentence));
      return;
    }
    why_down_ = fault.sentence;
    connect_at_ = wall + wait;
    inquiry_.begin();
    news_.lost(fault.sentence, wait);
  }

  // ── the gap ──

  struct Fill {
    EventTime begun, next, to;  // of what is to be fetched; `next` is where the next slice begins
    EventTime ask_at;           // by the market's clock
    std::size_t bars = 0;
  };

  struct Question {
    EventTime from, to, at;  // at: when it was asked
    bool is_check = false;   // whether the stream has kept something from us
  };

  // Bars of minutes that end before now may have been missed; those of later ones come over the stream. The server's clock says what
  // is now: it may have subscribed us behind a minute's end that is still to come by ours.
  void begin_fill(EventTime market) {
    tell_if_ahead(market);
    const EventTime to = floor_minute(clock_.latest(clock_.instant()) + clock_error - lag_);
    if (!place_) {
      const EventTime from = first_minute(floor_minute(market - lag_));
      place_ = {.complete = from, .settled = from};
      outgoing_.begin(*place_);
    }
    settle(place_->complete - longest_unsettled);
    if (place_->settled < to - longest_gap) give_up_the_old(to);
    // History has a minute a moment behind its end; where its corrections are about to come, they are waited for.
    const Duration since = market - lag_ - to;
    const Duration wait = since < known_after ? known_after : since >= updates_from ? updates_until : 0s;
    fill_ = {.begun = place_->settled, .next = place_->settled, .to = to, .ask_at = to + lag_ + wait};
    if (fill_->next < to && news_.may_tell("alpaca.filling"))
      journal_.info("alpaca.filling",
                    {{"feed", name_}, {"from", format_timestamp(fill_->next)}, {"to", format_timestamp(to)}});
  }

  // Heartbeats were given up to a time that has not come, by a clock that was wrong: bars come late until then.
  void tell_if_ahead(EventTime market) {
    is_ahead_ = place_ && place_->complete > market - lag_ + longest_held;
    if (is_ahead_ && news_.may_tell("watermark.ahead"))
      journal_.error("watermark.ahead", {{"feed", name_},
                                         {"heartbeats_until", format_timestamp(place_->complete)},
                                         {"market", format_timestamp(market)},
                                         {"why", "bars before it are late, so they are in no trend"},
                                         {"cure", "tidemark watermark --lower-to newest-bar, while nothing runs"}});
  }

  EventTime first_minute(EventTime now) const {
    return never_closes() ? now - first_hours : std::min(now, last_trading_day(now).pre);
  }

  // Who was away for long gets the last day, and is told how the rest is brought.
  void give_up_the_old(EventTime to) {
    const EventTime from = std::max(place_->settled, first_minute(to));
    journal_.warning("alpaca.gap_too_long", {{"feed", name_},
                                             {"from", format_timestamp(place_->settled)},
                                             {"to", format_timestamp(from)},
                                             {"cure", fmt::format("tidemark backfill --from {} --to {}",
                                                                  format_date(place_->settled), format_date(from))}});
    place_->settled = from;
    if (place_->complete >= from) return;
    place_->complete = from;
    outgoing_.add_heartbeat(*place_);  // without it the first bars would be more than an hour ahead of the last one
  }

  bool never_closes() const { return options_.feed == AlpacaFeed::Crypto || options_.feed == AlpacaFeed::Test; }

  Duration slice() const {
    return minute * std::max<std::int64_t>(
                        30, static_cast<std::int64_t>(bars_at_once / std::max<std::size_t>(1, wanted_.size())));
  }

  void ask(EventTime from, EventTime to, EventTime market, bool is_check) {
    asked_ = {.from = from, .to = std::min(to, from + slice()), .at = market, .is_check = is_check};
    history_->ask(wanted_, asked_->from, asked_->to);
  }

  void take_history(EventTime wall) {
    if (!asked_) return;
    auto answer = history_->take();
    if (!answer) return;
    const Question question = *std::exchange(asked_, std::nullopt);
    if (!*answer) return history_failed(answer->error(), question, wall);
    asking_.reset();
    refusals_of_history_ = 0;
    news_.history_owes_nothing();
    const std::vector<FetchedBar>& bars = **answer;
    const bool was_mute = question.is_check && is_subscribed_ && std::ranges::any_of(bars, [&](const FetchedBar& bar) {
                            return bar.time >= place_->complete && (!newest_ || floor_minute(bar.time) > *newest_);
                          });
    if (fill_ && question.from <= fill_->next) {
      fill_->bars += bars.size();
      fill_->next = std::max(fill_->next, question.to);
    }
    emit(std::move(**answer), question);
    if (was_mute) {
      stream_->end();
      lost({.cure = StreamCure::Reconnect, .sentence = "the stream was open and silent while the market traded"}, wall);
    } else if (question.is_check && !fill_) {
      held_.release(outgoing_);
    }
  }

  void history_failed(const Error& error, const Question& question, EventTime wall) {
    news_.history_failed(error.message());
    if (error.is_retryable() || !is_believed_now()) {
      ask_at_wall_ = wall + asking_.next();
      news_.warn("alpaca.history_failed", "error", error.message());
      return;
    }
    if (news_.may_tell("alpaca.gap_not_filled"))
      journal_.error("alpaca.gap_not_filled", {{"feed", name_},
                                               {"from", format_timestamp(question.from)},
                                               {"to", format_timestamp(fill_ ? fill_->to : question.to)},
                                               {"error", error.message()}});
    ++not_filled_;
    if (fill_) fill_->next = fill_->to;
    asking_.next();
    ask_at_wall_ = wall + asking_.next();
    if (question.is_check && !fill_) held_.release(outgoing_);
  }

  // One more refusal. The test feed has no history, and nobody has to be asked for that.
  bool is_believed_now() {
    refusals_of_history_ = std::min(refusals_of_history_ + 1, believed_after);
    return refusals_of_history_ == believed_after || options_.feed == AlpacaFeed::Test;
  }

  // Merged bars of a slice, each minute behind a heartbeat that it is safe to give now: all before it is here.
  void emit(std::vector<FetchedBar> bars, const Question& question) {
    // Only what is fetched from the last settled minute on leaves none out.
    const EventTime settled = question.from <= place_->settled ? settled_by(question.at) : place_->settled;
    const auto reach = [&](EventTime time) {
      if (time <= place_->complete) return;
      place_->complete = time;
      settle(settled);
      outgoing_.add_heartbeat(*place_);
    };
    // What was given up while the question was under way would be late.
    std::erase_if(bars, [&](const FetchedBar& bar) { return bar.time < place_->settled; });
    held_.merge(bars, question.to);
    for (FetchedBar& bar : bars) {
      if (bar.time < question.to) reach(floor_minute(bar.time));
      outgoing_.add(std::move(bar.record));
    }
    reach(question.to);
    settle(std::min(question.to, settled));
  }

  // Minutes whose corrections have come, for who has heard everything until then.
  EventTime settled_by(EventTime market) const { return floor_minute(market - lag_ - updates_until); }
  void settle(EventTime time) { place_->settled = std::max(place_->settled, std::min(time, place_->complete)); }

  void fill_further(EventTime market) {
    const Fill before = *fill_;
    begin_fill(market);
    fill_->begun = std::max(before.begun, place_->settled);
    fill_->next = std::max(before.to, place_->settled);
    fill_->bars = before.bars;
  }

  // The connection stands since later than was believed: more minutes than were fetched may have been missed.
  void fill_on_to_now(EventTime market) {
    if (!fill_) return begin_fill(market);
    const EventTime next = fill_->next;
    fill_further(market);
    fill_->next = std::max(next, place_->settled);
  }

  void fill_on(EventTime wall, EventTime market) {
    if (asked_) return;
    if (fill_->next < fill_->to) {
      if (market >= fill_->ask_at && wall >= ask_at_wall_) ask(fill_->next, fill_->to, market, false);
      return;
    }
    if (place_->complete < fill_->to) {  // what could not be filled
      complete_to(fill_->to);
      settle(fill_->to);
    }
    // Bars that were held back for long would close windows of minutes that history may still be asked for.
    if (held_.take_dropped() || market - lag_ - fill_->to > longest_held) {
      return fill_further(market);
    }
    if (fill_->begun < fill_->to) {
      last_fill_ = fmt::format("{} ({} bars)", span_text(fill_->begun, fill_->to), fill_->bars);
      ++filled_;
      if (news_.may_tell("alpaca.filled"))
        journal_.info("alpaca.filled", {{"feed", name_},
                                        {"from", format_timestamp(fill_->begun)},
                                        {"to", format_timestamp(fill_->to)},
                                        {"bars", std::to_string(fill_->bars)}});
    }
    fill_.reset();
    held_.release(outgoing_);
  }

  // ── live ──

  // A minute is over and nobody knows yet whether it had bars.
  bool is_overdue(EventTime market) const { return market >= place_->complete + minute + lag_ + missed_after; }
  bool is_closed(EventTime from, EventTime to) const { return !never_closes() && !has_trading(from, to); }

  bool is_held_back(EventTime market) const {
    return fill_ || asked_ || clock_.has_moved_forward() ||
           (is_overdue(market) && !is_closed(place_->complete, market - lag_));
  }

  void go_on(EventTime wall, EventTime market) {
    if (!is_begun_) {
      if (wall < connect_at_) return;
      is_begun_ = true;
      stream_->begin(wanted_);
    } else if (is_subscribed_) {
      if (fill_) fill_on(wall, market);
      if (is_subscribed_ && !fill_) live(wall, market);
    }
  }

  void live(EventTime wall, EventTime market) {
    if (asked_) return;
    const EventTime over = floor_minute(market - lag_);
    EventTime to = place_->complete;
    if (newest_ && *newest_ <= to + minute) {
      to = std::max(to, *newest_);
      if (market >= newest_at_ + burst) to = std::max(to, *newest_ + minute);
    }
    to = std::min(to, over);
    if (to <= place_->complete && is_overdue(market)) {
      const EventTime known = floor_minute(market - lag_ - known_after);
      if (is_closed(place_->complete, known))
        to = known;
      else if (wall >= ask_at_wall_)
        return ask(check_from(known), known, market, true);
    }
    if (to <= place_->complete) return;
    news_.history_owes_nothing();  // if it was asked, the stream has answered in its place
    held_.release(outgoing_);
    complete_to(to);
  }

  // What closes windows comes behind the corrections of the minutes before it.
  EventTime check_from(EventTime known) {
    if (known <= place_->complete + minute) return place_->complete;
    settle(place_->complete - longest_unsettled);
    return place_->settled;
  }

  void complete_to(EventTime time) {
    place_->complete = time;
    if (heard_at_) settle(settled_by(*heard_at_));
    outgoing_.add_heartbeat(*place_);
  }

  // ── for people ──

  void tell(EventTime wall, EventTime market) {
    if (wall < tell_at_ && !fatal_) return;
    tell_at_ = wall + 100ms;
    news_.look_at(history_->account());
    if (fatal_) return board_.write(FeedState::Down, fatal_->message());
    if (!is_subscribed_) {
      if (why_down_.empty() && notice_.empty()) return board_.write(FeedState::Connecting, "");
      return board_.write(FeedState::Down, !notice_.empty() ? notice_ : why_down_);
    }
    if (fill_ && fill_->begun < fill_->to)
      return board_.write(FeedState::Filling,
                          fmt::format("missed {}, {} bars of it are here{}", span_text(fill_->begun, fill_->to),
                                      fill_->bars, news_.trouble_text(asked_.has_value())));
    std::string detail = fmt::format("{} symbols of {}", wanted_.size(), plan_text(options_.feed));
    if (filled_ > 0) detail += fmt::format(", gaps filled: {}, the last {}", filled_, last_fill_);
    if (is_ahead_ && place_->complete > market - lag_)
      detail += fmt::format("; heartbeats were given until {}: bars before it are late (tidemark watermark)",
                            format_timestamp(place_->complete));
    if (not_filled_ > 0) detail += fmt::format(", gaps not filled: {} (see the journal)", not_filled_);
    if (!notice_.empty()) detail += ", " + notice_;
    detail += news_.trouble_text(asked_.has_value()) + clock_.trouble_text();
    if (!never_closes() && session_at(market - lag_) == Session::Closed) {
      const TradingDay next = next_trading_day(market);
      return board_.write(FeedState::Idle, fmt::format("{}; the exchange is closed until {} {} UTC", detail,
                                                       format_date(next.pre), clock_text(next.pre)));
    }
    board_.write(FeedState::Live, std::move(detail));
  }

  AlpacaFeedOptions options_;
  std::string name_;
  FeedClock clock_;
  Journal& journal_;
  FeedNews news_;
  std::unique_ptr<BarStream> stream_;
  std::unique_ptr<HistorySlices> history_;
  ClockInquiry inquiry_;
  std::vector<std::string> wanted_;
  std::vector<std::string> expected_;  // those, and some that have just been left, in order
  mutable std::mutex mutex_;           // of the two that other threads see
  std::optional<std::vector<std::string>> changed_;
  double speed_ = 1.0;

  Backoff connecting_, asking_;
  EventTime connect_at_{}, ask_at_wall_{}, tell_at_{}, subscribed_at_wall_{};
  Duration lag_;

  bool is_begun_ = false, is_subscribed_ = false;
  std::optional<EventTime> heard_at_;  // when bars came last over the connection that there is
  std::optional<EventTime> newest_;    // minute of which it has brought bars …
  EventTime newest_at_{};              // … and when the last of them came
  std::optional<FeedPlace> place_;
  std::optional<Fill> fill_;
  std::optional<Question> asked_;
  HeldBars held_;  // behind the gap
  Outgoing outgoing_;
  std::optional<Error> fatal_;

  bool has_worked_ = false;                               // a connection has been subscribed
  bool is_ahead_ = false;                                 // the place was ahead of the market when it was
  int refusals_of_stream_ = 0, refusals_of_history_ = 0;  // in a row

  std::string why_down_, notice_, last_fill_;
  std::uint64_t filled_ = 0, not_filled_ = 0;
  FeedBoard board_;
};

}  // namespace

std::unique_ptr<Feed> make_alpaca_feed(AlpacaFeedOptions options, std::unique_ptr<BarStream> stream,
                                       std::unique_ptr<HistorySlices> history, const FeedClocks& clocks,
                                       Journal& journal, Metrics& metrics) {
  CHECK(!options.symbols.empty());
  return std::make_unique<LiveFeed>(std::move(options), std::move(stream), std::move(history), clocks, journal,
                                    metrics);
}

std::string alpaca_feed_name(AlpacaFeed feed) { return fmt::format("alpaca/{}", series_of(feed)); }

}  // namespace tidemark
