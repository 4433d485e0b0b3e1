#include "run/live_feed/live_feed.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/check.h"
#include "core/time/timestamp.h"
#include "run/interfaces/feed_board.h"
#include "run/live_feed/clock_inquiry.h"
#include "run/live_feed/feed_clock.h"
#include "run/live_feed/feed_news.h"
#include "run/live_feed/feed_progress.h"
#include "run/live_feed/feed_text.h"
#include "run/live_feed/feed_times.h"
#include "run/live_feed/gap_fill.h"
#include "run/live_feed/heard_minutes.h"
#include "run/live_feed/held_bars.h"
#include "run/live_feed/history_questions.h"
#include "run/live_feed/stream_connection.h"
#include "run/live_feed/wanted_symbols.h"

namespace tidemark {
namespace {

using feed_times::floor_minute;
using feed_times::minute;

class LiveFeed final : public Feed {
 public:
  LiveFeed(LiveSource source, const LiveFeedOptions& options, std::unique_ptr<BarStream> stream,
           std::unique_ptr<HistorySlices> history, const FeedClocks& clocks, Journal& journal,
           std::unique_ptr<FeedMeter> meter)
      : source_(std::move(source)),
        name_(live_feed_name(source_)),
        meter_(std::move(meter)),
        clock_(name_, clocks.wall, clocks.steady, journal, counts_),
        news_(source_.name, name_, journal, counts_),
        symbols_(options.symbols),
        connection_({.source = source_.name,
                     .retry_delay = options.retry_delay,
                     .max_retries = options.max_retries,
                     .jitter_seed = options.jitter_seed},
                    std::move(stream), news_),
        questions_(
            std::move(history), news_,
            source_.has_history ? HistoryQuestions::Refusal::BelievedLate : HistoryQuestions::Refusal::BelievedAtOnce,
            options.retry_delay, options.jitter_seed),
        inquiry_(clock_, questions_.history(), news_, source_.has_own_clock, options.retry_delay, options.jitter_seed),
        progress_(source_.name, source_.lag),
        gap_(source_, name_, progress_, news_, journal),
        board_({.name = source_.name, .speed = 1.0}) {}

  std::string_view name() const override { return name_; }

  Result<void> open(std::optional<std::string_view> cursor) override {
    if (cursor) {
      const auto place = FeedPlace::read(*cursor, source_.name);
      if (!place)
        return std::unexpected(Error::setup(
            fmt::format("the feed {} does not understand where it stopped; another version wrote this data directory",
                        source_.name)));
      progress_.begin(*place);
    }
    inquiry_.begin();
    board_.write(FeedState::Connecting, "");
    return {};
  }

  Result<std::optional<FeedBatch>> poll(std::size_t limit) override {
    look();
    meter_->show(counts_);
    if (auto batch = progress_.outgoing().take(limit)) return batch;
    if (fatal_) return std::unexpected(*fatal_);
    return std::nullopt;
  }

  FeedStatus status() const override {
    FeedStatus status = board_.read();
    status.speed = speed_;
    return status;
  }

  FeedSymbols* symbols() override { return &symbols_; }

 private:
  void look() {
    clock_.server_said(questions_.history().account().date);
    const EventTime instant = clock_.look();
    news_.at(instant);
    if (!fatal_) take_history(instant);
    if (fatal_ || !knows_time(instant)) return;
    hear(instant);
    // A bar comes when its minute is over: then it is over here, too.
    const auto newest = heard_.newest();
    if (newest && clock_.follows_own() && clock_.bar_ended(*newest + minute, instant))
      heard_.came_at(clock_.market(instant));
    if (clock_.take_moved_forward() && connection_.is_subscribed() && !clock_.follows_own()) gap_.extend(now(instant));
    if (!fatal_) go_on(instant);
    tell(instant);
  }

  GapFill::Now now(EventTime instant) const {
    return {.market = clock_.market(instant), .latest = clock_.latest(clock_.instant())};
  }

  bool knows_time(EventTime instant) {
    const auto known = inquiry_.learn(instant, connection_.has_worked());
    if (!known) fatal_ = known.error();
    if (!known || !*known) {
      if (known && !inquiry_.why_not().empty()) board_.write(FeedState::Down, inquiry_.why_not());
      return false;
    }
    speed_ = clock_.speed();
    return true;
  }

  // ── what the stream says ──

  void hear(EventTime instant) {
    const EventTime market = clock_.market(instant);
    for (StreamEvent& event : connection_.take()) {
      switch (event.kind) {
        case StreamEvent::Kind::Subscribed:
          subscribed(std::move(event.symbols), instant);
          break;
        case StreamEvent::Kind::Bars:
          take_bars(std::move(event.bars), market);
          break;
        case StreamEvent::Kind::Garbage:
          progress_.outgoing().add_garbage(std::move(event.text));
          break;
        case StreamEvent::Kind::Notice:
          connection_.notice(event.fault.sentence);
          break;
        case StreamEvent::Kind::Lost:
          lost(event.fault, instant);
          break;
      }
    }
    if (symbols_.take_change()) connection_.subscribe(symbols_.list());
  }

  void subscribed(std::vector<std::string> symbols, EventTime instant) {
    const auto missing = symbols_.subscribed(std::move(symbols));
    if (!missing.empty()) news_.warn("not_subscribed", "symbols", fmt::format("{}", fmt::join(missing, ", ")));
    if (!connection_.subscribed(instant)) return;
    heard_.reset();
    gap_.begin(now(instant));
  }

  void take_bars(std::vector<StreamBar> bars, EventTime market) {
    for (StreamBar& bar : bars) {
      if (!symbols_.is_expected(bar.bar)) {
        news_.refused_bar(bar.bar.record.key);
        continue;
      }
      take_bar(std::move(bar), market);
      connection_.heard(market);
    }
  }

  void take_bar(StreamBar bar, EventTime market) {
    const EventTime at = floor_minute(bar.bar.time);
    if (!bar.is_update && bar.bar.is_bar && !clock_.follows_own()) {
      clock_.bar_ended(at + minute + source_.lag, clock_.instant());
      market = clock_.market(clock_.instant());  // if that has shown a gap, this bar waits behind it
    }
    // A bar from the future is for the machine to judge, and proves nothing.
    if (!bar.is_update && at <= clock_.latest(clock_.instant())) heard_.hear(at, market);
    if (!is_held_back(market)) return held_.put(std::move(bar), progress_.outgoing());
    if (!held_.add(std::move(bar))) news_.warn("held_back_too_long", "bars", std::to_string(HeldBars::most));
  }

  void lost(const StreamFault& fault, EventTime instant) {
    held_.clear();
    gap_.drop();
    if (auto goes_on = connection_.lost(fault, instant); !goes_on)
      fatal_ = goes_on.error();
    else
      inquiry_.begin();
  }

  // ── what history says ──

  void take_history(EventTime instant) {
    auto answer = questions_.take(instant);
    if (!answer) return;
    const HistoryQuestion& question = answer->question;
    if (!answer->bars) {
      gap_.refused(question, answer->bars.error());
      if (question.is_check && !gap_.is_open()) held_.release(progress_.outgoing());
      return;
    }
    const bool was_mute =
        question.is_check && connection_.is_subscribed() && heard_.has_missed(*answer->bars, progress_.complete());
    gap_.bring(question, std::move(*answer->bars), held_);
    if (was_mute) {
      connection_.end();
      lost({.cure = StreamCure::Reconnect, .sentence = "the stream was open and silent while the market traded"},
           instant);
    } else if (question.is_check && !gap_.is_open()) {
      held_.release(progress_.outgoing());
    }
  }

  // ── what is complete ──

  // A minute is over and nobody knows yet whether it had bars.
  bool is_overdue(EventTime market) const {
    return market >= progress_.complete() + minute + source_.lag + feed_times::missed_after;
  }

  bool is_held_back(EventTime market) const {
    return gap_.is_open() || questions_.is_asked() || clock_.has_moved_forward() ||
           (is_overdue(market) && !source_.calendar->is_closed(progress_.complete(), market - source_.lag));
  }

  void go_on(EventTime instant) {
    if (!connection_.keep_up(symbols_.list(), instant) || !connection_.is_subscribed()) return;
    const EventTime market = clock_.market(instant);
    if (gap_.is_open()) fill(instant, market);
    if (!gap_.is_open()) live(instant, market);
  }

  void fill(EventTime instant, EventTime market) {
    if (questions_.is_asked()) return;
    if (!gap_.is_fetched()) {
      if (gap_.is_due(market) && questions_.may_ask(instant)) questions_.ask(symbols_.list(), gap_.question(market));
      return;
    }
    if (progress_.complete() < gap_.end()) {  // what could not be filled
      complete_to(gap_.end());
      progress_.settle(gap_.end());
    }
    // Bars that were held back for long would close windows of minutes that history may still be asked for.
    if (held_.take_dropped() || market - source_.lag - gap_.end() > feed_times::longest_held)
      return gap_.go_on(now(instant));
    gap_.finish();
    held_.release(progress_.outgoing());
  }

  void live(EventTime instant, EventTime market) {
    if (questions_.is_asked()) return;
    const EventTime complete = progress_.complete();
    EventTime to = std::min(heard_.over_until(complete, market), floor_minute(market - source_.lag));
    if (to <= complete && is_overdue(market)) {
      const EventTime known = floor_minute(market - source_.lag - feed_times::known_after);
      if (source_.calendar->is_closed(complete, known))
        to = known;
      else if (questions_.may_ask(instant))
        return questions_.ask(symbols_.list(),
                              {.from = check_from(known), .to = known, .at = market, .is_check = true});
    }
    if (to <= complete) return;
    news_.history_owes_nothing();  // if it was asked, the stream has answered in its place
    held_.release(progress_.outgoing());
    complete_to(to);
  }

  // What closes windows comes behind the corrections of the minutes before it.
  EventTime check_from(EventTime known) {
    if (known <= progress_.complete() + minute) return progress_.complete();
    progress_.settle(progress_.complete() - feed_times::longest_unsettled);
    return progress_.settled();
  }

  void complete_to(EventTime time) {
    const auto& heard_at = connection_.heard_at();
    progress_.complete_to(time, heard_at ? std::optional(progress_.settled_by(*heard_at)) : std::nullopt);
  }

  // ── for people ──

  void tell(EventTime instant) {
    if (instant < tell_at_ && !fatal_) return;
    tell_at_ = instant + std::chrono::milliseconds(100);
    news_.look_at(questions_.history().account());
    const std::string& why_down = connection_.why_down();
    if (fatal_) return board_.write(FeedState::Down, fatal_->message());
    if (!connection_.is_subscribed())
      return board_.write(why_down.empty() ? FeedState::Connecting : FeedState::Down, why_down);
    if (const auto filling = gap_.filling_text())
      return board_.write(FeedState::Filling, *filling + news_.trouble_text(questions_.is_asked()));
    const EventTime market = clock_.market(instant);
    std::string detail = detail_text(market);
    if (is_trading(market)) return board_.write(FeedState::Live, std::move(detail));
    const EventTime opening = source_.calendar->next_opening(market);
    board_.write(FeedState::Idle, fmt::format("{}; the exchange is closed until {} {} UTC", detail,
                                              format_date(opening), clock_text(opening)));
  }

  // By the calendar, or by a bar that has just come: a simulated market may trade at night.
  bool is_trading(EventTime market) const {
    const EventTime over = market - source_.lag;
    const auto& newest = heard_.newest();
    return !source_.calendar->is_closed_at(over) || (newest && *newest + feed_times::trading_for > over);
  }

  std::string detail_text(EventTime market) const {
    const std::string& notice = connection_.notice();
    return fmt::format("{} symbols of {}{}{}{}{}{}{}{}", symbols_.list().size(), source_.plan, gap_.past_text(),
                       gap_.ahead_text(market), gap_.refused_text(), notice.empty() ? "" : ", ", notice,
                       news_.trouble_text(questions_.is_asked()), clock_.trouble_text());
  }

  LiveSource source_;
  std::string name_;
  FeedCounts counts_;
  std::unique_ptr<FeedMeter> meter_;
  FeedClock clock_;
  FeedNews news_;
  WantedSymbols symbols_;
  StreamConnection connection_;
  HistoryQuestions questions_;
  ClockInquiry inquiry_;
  FeedProgress progress_;
  GapFill gap_;
  HeldBars held_;  // behind the gap
  HeardMinutes heard_;
  EventTime tell_at_{};
  std::atomic<double> speed_ = 1.0;  // seen by other threads, too
  std::optional<Error> fatal_;
  FeedBoard board_;
};

}  // namespace

std::string live_feed_name(const LiveSource& source) { return fmt::format("{}/{}", source.name, source.series); }

std::unique_ptr<Feed> make_live_feed(LiveSource source, LiveFeedOptions options, std::unique_ptr<BarStream> stream,
                                     std::unique_ptr<HistorySlices> history, const FeedClocks& clocks, Journal& journal,
                                     std::unique_ptr<FeedMeter> meter) {
  CHECK(!options.symbols.empty() && source.calendar != nullptr);
  return std::make_unique<LiveFeed>(std::move(source), options, std::move(stream), std::move(history), clocks, journal,
                                    std::move(meter));
}

}  // namespace tidemark
