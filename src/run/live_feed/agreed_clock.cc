#include "run/live_feed/agreed_clock.h"

#include <algorithm>
#include <chrono>

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr EventTime earliest = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};
constexpr EventTime latest = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};
constexpr Duration server_is_fresh = 10min, bars_are_fresh = 5min;
constexpr Duration newest_bars = 2min;     // so long a bar of an earlier minute does not replace a later one
constexpr Duration slowest_answer = 20s;   // a slower one is too imprecise
constexpr Duration to_the_second = 500ms;  // a Date has no fraction: the middle is half a second later
constexpr Duration early_bar = 5s;         // a bar may seem to end this far ahead, if the clock is a little behind

bool is_a_time(EventTime time) { return time >= earliest && time < latest; }
Duration distance(Duration one, Duration other) { return one < other ? other - one : one - other; }

}  // namespace

void AgreedClock::look(EventTime steady, EventTime wall) {
  const Duration shows = wall - steady;
  if (!shown_ || distance(shows, *shown_) > tolerance) wall_since_ = steady;
  shown_ = shows;
  wall_.reset();
  if (is_a_time(wall)) wall_ = shows;
  decide(steady);
}

void AgreedClock::server_said(EventTime date, EventTime asked, EventTime answered) {
  if (!is_a_time(date)) {
    server_.reset();
    if (!std::exchange(reported_absurd_, true))
      events_.push_back({.kind = ClockEvent::Kind::ServerAbsurd, .because = {}});
    return;
  }
  reported_absurd_ = false;
  const Duration way = answered - asked;
  if (way < 0s || way > slowest_answer) return;
  server_ = {.offset = date + to_the_second - (asked + way / 2), .at = answered, .unsure = way / 2 + to_the_second};
  decide(answered);
}

void AgreedClock::bar_ended(EventTime end, EventTime steady) {
  if (!is_a_time(end)) return;
  const Heard heard{.offset = end - steady, .at = steady};
  if (bars_ && heard.offset < bars_->offset - bars_behind && steady - bars_->at < newest_bars) return;
  bars_ = heard;
  decide(steady);
}

EventTime AgreedClock::at(EventTime steady) const {
  const Duration believed = believed_.value_or(Duration(0));
  return steady + (wall_ && distance(*wall_, believed) <= tolerance ? *wall_ : believed);
}

bool AgreedClock::wall_is_believed() const { return wall_ && believed_ && distance(*wall_, *believed_) <= tolerance; }

std::optional<Duration> AgreedClock::wall_ahead() const {
  if (!shown_ || !believed_) return std::nullopt;
  return *shown_ - *believed_;
}

bool AgreedClock::server_agrees(Duration offset) const {
  return server_ && distance(server_->offset, offset) <= of_server + server_->unsure;
}

bool AgreedClock::bars_agree(Duration offset) const {
  return bars_ && bars_->offset <= offset + early_bar && bars_->offset >= offset - bars_behind;
}

void AgreedClock::decide(EventTime steady) {
  if (server_ && steady - server_->at > server_is_fresh) server_.reset();
  if (bars_ && steady - bars_->at > bars_are_fresh) bars_.reset();
  const auto choice = choose(steady);
  if (!choice) return;
  const auto before = std::exchange(believed_, choice->offset);
  is_confirmed_ |= choice->is_confirmed;
  report(before, *choice);
}

std::optional<AgreedClock::Choice> AgreedClock::choose(EventTime steady) const {
  if (wall_ && server_agrees(*wall_)) return Choice{*wall_, true, "the server's clock agrees with the wall clock"};
  if (wall_ && bars_agree(*wall_)) return Choice{*wall_, true, "bars agree with the wall clock"};
  if (believed_) return choose_again(steady, *believed_);
  if (wall_ && server_)
    return Choice{std::min(*wall_, server_->offset), false, "the earlier of two clocks that disagree"};
  if (wall_) return Choice{*wall_, false, ""};
  if (server_) return Choice{server_->offset, false, "the wall clock shows an impossible time"};
  return std::nullopt;
}

AgreedClock::Choice AgreedClock::choose_again(EventTime steady, Duration believed) const {
  if (server_agrees(believed) || bars_agree(believed)) return {believed, true, ""};
  if (server_ && bars_agree(server_->offset)) return {server_->offset, true, "bars agree with the server's clock"};
  if (!is_confirmed_ && server_)
    return {std::min(believed, server_->offset), false, "the earlier of two clocks that disagree"};
  const bool is_alone = wall_ && !server_ && !bars_ && steady - wall_since_ >= alone_after;
  if (is_alone && (*wall_ < believed || forward_ == Forward::AloneToo))
    return {*wall_, false, "the wall clock has shown it for ten minutes, and no other clock is known"};
  return {believed, false, ""};
}

void AgreedClock::report(std::optional<Duration> before, const Choice& choice) {
  const bool has_moved = before && distance(*before, choice.offset) > tolerance;
  if (has_moved)
    events_.push_back({.kind = ClockEvent::Kind::Believed, .by = choice.offset - *before, .because = choice.because});
  report_wall(has_moved);
  report_server();
}

void AgreedClock::report_wall(bool has_moved) {
  if (!shown_) return;
  if (wall_is_believed()) {
    if (std::exchange(reported_wall_, std::nullopt) && !has_moved)
      events_.push_back({.kind = ClockEvent::Kind::WallReturned, .because = {}});
    return;
  }
  if (reported_wall_ && distance(*reported_wall_, *shown_) <= tolerance) return;
  reported_wall_ = shown_;
  events_.push_back({.kind = ClockEvent::Kind::WallJumped, .by = *wall_ahead(), .because = {}});
}

void AgreedClock::report_server() {
  if (!server_) return;
  if (server_agrees(*believed_)) {
    reported_server_.reset();
    return;
  }
  if (reported_server_ && distance(*reported_server_, server_->offset) <= 2 * of_server + server_->unsure) return;
  reported_server_ = server_->offset;
  events_.push_back({.kind = ClockEvent::Kind::ServerDisagrees, .by = server_->offset - *believed_, .because = {}});
}

}  // namespace tidemark
