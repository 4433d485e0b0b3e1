#include "run/live_feed/feed_clock.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <utility>

#include "core/time/duration_text.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr Duration ask_again = 30s;              // while clocks disagree
constexpr Duration ask_the_silent_again = 5min;  // a server that says no Date

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// "+10800.0 s"
std::string ahead_text(Duration by) { return fmt::format("{:+.1f} s", seconds(by)); }

}  // namespace

FeedClock::FeedClock(std::string feed, const Clock& wall, const Clock& steady, Journal& journal, FeedCounts& counts)
    : feed_(std::move(feed)), wall_(wall), steady_(steady), journal_(journal), counts_(counts) {}

EventTime FeedClock::look() {
  instant_ = steady_.now();
  wall_now_ = wall_.now();
  agreed_.look(instant_, wall_now_);
  tell_events();
  counts_.clock_ahead_seconds = agreed_.wall_ahead() ? seconds(*agreed_.wall_ahead()) : 0;
  return instant_;
}

bool FeedClock::bar_ended(EventTime end, EventTime instant) {
  if (own_) return own_->catch_up(end, instant);
  agreed_.bar_ended(end, instant);
  tell_events();
  return false;
}

void FeedClock::server_said(const std::optional<ServerDate>& date) {
  if (!date || date->answered == heard_at_) return;
  heard_at_ = date->answered;
  agreed_.server_said(date->date, date->asked, date->answered);
}

bool FeedClock::needs_server(EventTime instant) const {
  if (!agreed_.needs_server()) return false;
  if (!asked_at_) return true;
  return instant >= *asked_at_ + (heard_at_ && *heard_at_ >= *asked_at_ ? ask_again : ask_the_silent_again);
}

std::string FeedClock::trouble_text() const {
  const auto ahead = agreed_.wall_ahead();
  if (!ahead || agreed_.wall_is_believed()) return "";
  return fmt::format("; the wall clock is {} off and not believed", ahead_text(*ahead));
}

void FeedClock::tell_events() {
  for (const ClockEvent& event : agreed_.take_events()) {
    has_moved_forward_ |= event.kind == ClockEvent::Kind::Believed && event.by > Duration(0);
    tell(event);
  }
}

void FeedClock::tell(const ClockEvent& event) {
  const std::string by = ahead_text(event.by);
  const std::string believed = format_timestamp(agreed_.at(instant_)), wall = format_timestamp(wall_now_);
  switch (event.kind) {
    case ClockEvent::Kind::WallJumped:
      ++counts_.clock_jumps;
      return journal_.warning("clock.jumped",
                              {{"feed", feed_},
                               {"wall", wall},
                               {"believed", believed},
                               {"ahead", by},
                               {"why", "nothing else shows what the wall clock shows, so time goes on without it"},
                               {"cure", "docs/operations.md, \"The clock was wrong\""}});
    case ClockEvent::Kind::WallReturned:
      return journal_.info("clock.returned", {{"feed", feed_}, {"wall", wall}, {"believed", believed}});
    case ClockEvent::Kind::Believed:
      return journal_.warning(
          "clock.believed",
          {{"feed", feed_}, {"believed", believed}, {"moved", by}, {"because", std::string(event.because)}});
    case ClockEvent::Kind::ServerDisagrees:
      return journal_.warning("clock.server_disagrees", {{"feed", feed_}, {"believed", believed}, {"ahead", by}});
    case ClockEvent::Kind::ServerAbsurd:
      return journal_.warning("clock.server_absurd",
                              {{"feed", feed_}, {"why", "the server's Date is of no year that can be"}});
  }
}

}  // namespace tidemark
