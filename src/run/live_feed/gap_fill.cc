#include "run/live_feed/gap_fill.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/time/timestamp.h"
#include "run/live_feed/feed_text.h"
#include "run/live_feed/feed_times.h"

namespace tidemark {

using feed_times::floor_minute;

GapFill::GapFill(const LiveSource& source, std::string feed, FeedProgress& progress, FeedNews& news, Journal& journal)
    : source_(source), feed_(std::move(feed)), progress_(progress), news_(news), journal_(journal) {}

// Bars of minutes that end before now may have been missed; those of later ones come over the stream. The server's clock says what
// is now: it may have subscribed us behind a minute's end that is still to come by ours.
void GapFill::begin(Now now) {
  const EventTime market = now.market - source_.lag;
  tell_if_ahead(market);
  const EventTime to = floor_minute(now.latest + feed_times::clock_error - source_.lag);
  if (!progress_.has_begun()) begin_feed(market);
  progress_.settle(progress_.complete() - feed_times::longest_unsettled);
  if (progress_.settled() < to - feed_times::longest_gap) give_up_the_old(to);
  // History has a minute a moment behind its end; where its corrections are about to come, they are waited for.
  const Duration since = market - to;
  const Duration wait = since < feed_times::known_after     ? feed_times::known_after
                        : since >= feed_times::updates_from ? feed_times::updates_until
                                                            : Duration(0);
  const EventTime from = progress_.settled();
  gap_ = {.begun = from, .next = from, .to = to, .ask_at = to + source_.lag + wait, .stands_since = now.market};
  const std::string event = news_.event("filling");
  if (from < to && news_.may_tell(event))
    journal_.info(event, {{"feed", feed_}, {"from", format_timestamp(from)}, {"to", format_timestamp(to)}});
}

void GapFill::begin_feed(EventTime market) {
  const EventTime from = source_.calendar->first_minute(floor_minute(market));
  progress_.begin({.complete = from, .settled = from});
}

// Heartbeats were given up to a time that has not come, by a clock that was wrong: bars come late until then.
void GapFill::tell_if_ahead(EventTime market) {
  is_ahead_ = progress_.has_begun() && progress_.complete() > market + feed_times::longest_held;
  if (is_ahead_ && news_.may_tell("watermark.ahead"))
    journal_.error("watermark.ahead", {{"feed", feed_},
                                       {"heartbeats_until", format_timestamp(progress_.complete())},
                                       {"market", format_timestamp(market + source_.lag)},
                                       {"why", "bars before it are late, so they are in no trend"},
                                       {"cure", "tidemark watermark --lower-to newest-bar, while nothing runs"}});
}

// After a long absence the last day is fetched, and the journal says how the rest is brought.
void GapFill::give_up_the_old(EventTime to) {
  const EventTime settled = progress_.settled();
  const EventTime from = std::max(settled, source_.calendar->first_minute(to));
  journal_.warning(news_.event("gap_too_long"),
                   {{"feed", feed_},
                    {"from", format_timestamp(settled)},
                    {"to", format_timestamp(from)},
                    {"cure", source_.backfill.empty() ? std::string("tidemark import brings files of bars")
                                                      : fmt::format("{} --from {} --to {}", source_.backfill,
                                                                    format_date(settled), format_date(from))}});
  progress_.skip_to(from);
}

void GapFill::go_on(Now now) {
  const Gap before = *gap_;
  begin(now);
  gap_->begun = std::max(before.begun, progress_.settled());
  gap_->next = std::max(before.to, progress_.settled());
  gap_->bars = before.bars;
  gap_->stands_since = before.stands_since;
}

void GapFill::extend(Now now) {
  if (!gap_) return begin(now);
  const EventTime next = gap_->next;
  go_on(now);
  gap_->next = std::max(next, progress_.settled());
  gap_->stands_since = now.market;
}

void GapFill::finish() {
  if (gap_->begun < gap_->to) {
    last_ = fmt::format("{} ({} bars)", span_text(gap_->begun, gap_->to), gap_->bars);
    ++filled_;
    const std::string event = news_.event("filled");
    if (news_.may_tell(event))
      journal_.info(event, {{"feed", feed_},
                            {"from", format_timestamp(gap_->begun)},
                            {"to", format_timestamp(gap_->to)},
                            {"bars", std::to_string(gap_->bars)}});
  }
  gap_.reset();
}

void GapFill::bring(const HistoryQuestion& question, std::vector<FetchedBar> bars, HeldBars& held) {
  if (gap_ && question.from <= gap_->next) {
    gap_->bars += bars.size();
    // Corrections may have come between a question that was asked before the connection stood, and the connection.
    const bool is_older = question.at < gap_->stands_since;
    const EventTime until = is_older ? std::min(question.to, progress_.settled_by(question.at)) : question.to;
    gap_->next = std::max(gap_->next, until);
  }
  append(question, std::move(bars), held);
}

// Merged bars of a slice, each minute behind a heartbeat that it is safe to give now: all before it is here.
void GapFill::append(const HistoryQuestion& question, std::vector<FetchedBar> bars, HeldBars& held) {
  // Only what is fetched from the last settled minute on leaves none out.
  const EventTime settled =
      question.from <= progress_.settled() ? progress_.settled_by(question.at) : progress_.settled();
  const auto reach = [&](EventTime time) {
    if (time > progress_.complete()) progress_.complete_to(time, settled);
  };
  // What was given up while the question was under way would be late.
  std::erase_if(bars, [&](const FetchedBar& bar) { return bar.time < progress_.settled(); });
  held.merge(bars, question.to);
  for (FetchedBar& bar : bars) {
    if (bar.time < question.to) reach(floor_minute(bar.time));
    progress_.outgoing().add(std::move(bar.record));
  }
  reach(question.to);
  progress_.settle(std::min(question.to, settled));
}

void GapFill::refused(const HistoryQuestion& question, const Error& error) {
  const std::string event = news_.event("gap_not_filled");
  if (news_.may_tell(event))
    journal_.error(event, {{"feed", feed_},
                           {"from", format_timestamp(question.from)},
                           {"to", format_timestamp(gap_ ? gap_->to : question.to)},
                           {"error", error.message()}});
  ++refused_;
  if (gap_) gap_->next = gap_->to;
}

std::optional<std::string> GapFill::filling_text() const {
  if (!gap_ || gap_->begun >= gap_->to) return std::nullopt;
  return fmt::format("missed {}, {} bars of it are here", span_text(gap_->begun, gap_->to), gap_->bars);
}

std::string GapFill::past_text() const {
  return filled_ > 0 ? fmt::format(", gaps filled: {}, the last {}", filled_, last_) : std::string();
}

std::string GapFill::refused_text() const {
  return refused_ > 0 ? fmt::format(", gaps not filled: {} (see the journal)", refused_) : std::string();
}

std::string GapFill::ahead_text(EventTime market) const {
  if (!is_ahead_ || progress_.complete() <= market - source_.lag) return "";
  return fmt::format("; heartbeats were given until {}: bars before it are late (tidemark watermark)",
                     format_timestamp(progress_.complete()));
}

}  // namespace tidemark
