#include "io/serve/replay.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/serve/random_epoch.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t most_waiting = 512 * 1'024;  // bytes for the slowest client, before more is brought
constexpr std::chrono::milliseconds look_again{10};
constexpr std::chrono::milliseconds between_words{50};
constexpr Duration unwatched_for = std::chrono::minutes(1);

void append_time(std::string_view name, std::optional<EventTime> time, std::string& out) {
  fmt::format_to(std::back_inserter(out), R"(,"{}":)", name);
  if (time)
    fmt::format_to(std::back_inserter(out), R"("{}")", format_timestamp(*time));
  else
    out += "null";
}

BoardOptions board_options() {
  constexpr std::size_t half_of_the_live_one = 200'000;
  return {.epoch = random_epoch(), .rows_in_all = half_of_the_live_one, .bars = {.bars_in_all = half_of_the_live_one}};
}

}  // namespace

Replay::Replay(asio::io_context& io, Plan plan, const Clock& clock, Journal& journal)
    : io_(io),
      plan_(std::move(plan)),
      clock_(clock),
      board_(std::in_place, board_options(), new_vitals()),
      hub_(plan_.hub, *board_, clock, journal, metrics_, [this] { return feed(); }),
      api_(
          *board_, clock, metrics_, [this] { return feed(); }, [] { return std::nullopt; }, nullptr),
      touched_(clock.now()),
      drive_(std::move(plan_.open), plan_.start, *this) {
  state_.speed = plan_.start.speed;
}

Replay::~Replay() {
  drive_.give_up();
  taken();
}

std::string Replay::describe() const {
  std::string json = fmt::format(R"({{"id":"{}","day":"{}","phase":"{}")", plan_.id, format_date(EventTime{plan_.day}),
                                 to_string(state_.phase));
  if (!state_.error.empty()) {
    json += R"(,"error":)";
    append_json_string(state_.error, json);
  }
  append_time("begin", state_.begin, json);
  append_time("end", state_.end, json);
  append_time("time", state_.time, json);
  json += R"(,"speed":)";
  json += state_.speed == fastest_replay ? R"("max")" : fmt::format("{}", state_.speed);
  fmt::format_to(std::back_inserter(json), R"(,"bars":{}}})", state_.bars);
  return json;
}

FeedStatus Replay::feed() const {
  FeedStatus status{.name = "replay", .detail = format_date(EventTime{plan_.day})};
  switch (state_.phase) {
    case ReplayPhase::Opening:
      status.state = FeedState::Connecting;
      break;
    case ReplayPhase::Playing:
      status.state = FeedState::Live;
      break;
    case ReplayPhase::Paused:
      status.state = FeedState::Idle;
      break;
    case ReplayPhase::Ended:
      status.state = FeedState::Ended;
      break;
    case ReplayPhase::Failed:
      status.state = FeedState::Down;
      status.detail = state_.error;
      break;
  }
  return status;
}

bool Replay::beat() {
  hub_.beat();
  if (hub_.has_clients()) touch();
  return clock_.now() - touched_ < unwatched_for;
}

void Replay::touch() { touched_ = clock_.now(); }

void Replay::hear(LiveBatch batch, As as) {
  {
    const std::lock_guard lock(mutex_);
    is_taken_ = false;
  }
  on_server([batch = std::move(batch), as](Replay& self) {
    if (as == As::News)
      self.hub_.deliver(batch);
    else
      self.board_->apply_unheard(batch, self.clock_.now());
    self.let_them_catch_up();
  });
  wait_until_taken();
}

void Replay::begin_anew() {
  // In the place of the one before, to which hub and API point.
  on_server([](Replay& self) { self.board_.emplace(board_options(), self.new_vitals()); });
}

void Replay::arrive() {
  on_server([](Replay& self) { self.hub_.end_history(); });
}

void Replay::look(ReplayState state) {
  on_server([state = std::move(state)](Replay& self) mutable { self.show(std::move(state)); });
}

// The drive is the last to hear that nobody holds this any more: it may speak until it has been joined.
template <typename What>
void Replay::on_server(What what) {
  if (auto self = weak_from_this().lock())
    asio::post(io_, [self = std::move(self), what = std::move(what)]() mutable { what(*self); });
}

// A word for each minute is too many at full speed.
void Replay::show(ReplayState state) {
  const bool is_other = state.phase != state_.phase || state.speed != state_.speed;
  state_ = std::move(state);
  if (is_other) return speak();
  if (std::exchange(speaks_soon_, true)) return;
  auto timer = std::make_shared<asio::steady_timer>(io_, between_words);
  timer->async_wait([self = shared_from_this(), timer](error_code) { self->speak(); });
}

void Replay::speak() {
  speaks_soon_ = false;
  hub_.announce(fmt::format(R"({{"type":"replay","replay":{}}})", describe()));
}

void Replay::let_them_catch_up() {
  if (hub_.waiting_bytes() < most_waiting || drive_.is_given_up()) return taken();
  auto timer = std::make_shared<asio::steady_timer>(io_, look_again);
  timer->async_wait([self = shared_from_this(), timer](error_code) { self->let_them_catch_up(); });
}

void Replay::taken() {
  const std::lock_guard lock(mutex_);
  is_taken_ = true;
  turn_.notify_all();
}

void Replay::wait_until_taken() {
  std::unique_lock lock(mutex_);
  // Given up: the server may have no thread any more that would take it.
  while (!is_taken_ && !drive_.is_given_up()) turn_.wait_for(lock, std::chrono::milliseconds(100));
}

}  // namespace tidemark
