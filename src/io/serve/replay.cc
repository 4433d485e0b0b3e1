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

constexpr std::size_t most_waiting = 512 * 1'024;  // bytes for the slowest client, above which the drive waits
constexpr std::chrono::milliseconds retry_after{10};
constexpr std::chrono::milliseconds between_announcements{50};
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
      board_(std::in_place, board_options(), new_status()),
      hub_(plan_.hub, *board_, clock, journal, metrics_, [this] { return feed(); }),
      api_(
          *board_, clock, metrics_, [this] { return feed(); }, [] { return std::nullopt; }, nullptr),
      touched_(clock.now()),
      drive_(std::move(plan_.open), plan_.start, *this) {
  state_.speed = plan_.start.speed;
}

Replay::~Replay() {
  drive_.cancel();
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

void Replay::receive(LiveBatch batch, As as) {
  {
    const std::lock_guard lock(mutex_);
    is_taken_ = false;
  }
  on_server([batch = std::move(batch), as](Replay& self) {
    if (as == As::Live)
      self.hub_.deliver(batch);
    else
      self.board_->apply_silently(batch, self.clock_.now());
    self.wait_for_clients();
  });
  wait_until_taken();
}

void Replay::reset() {
  // Emplaced in the same optional, because the hub and the API refer to it.
  on_server([](Replay& self) { self.board_.emplace(board_options(), self.new_status()); });
}

void Replay::end_seek() {
  on_server([](Replay& self) { self.hub_.end_history(); });
}

void Replay::update_state(ReplayState state) {
  on_server([state = std::move(state)](Replay& self) mutable { self.show(std::move(state)); });
}

// Once no one holds this object, the drive may still call until its thread was joined.
template <typename What>
void Replay::on_server(What what) {
  if (auto self = weak_from_this().lock())
    asio::post(io_, [self = std::move(self), what = std::move(what)]() mutable { what(*self); });
}

// One announcement per minute of the market would be too many at full speed.
void Replay::show(ReplayState state) {
  const bool is_other = state.phase != state_.phase || state.speed != state_.speed;
  state_ = std::move(state);
  if (is_other) return announce();
  if (std::exchange(announcement_due_, true)) return;
  auto timer = std::make_shared<asio::steady_timer>(io_, between_announcements);
  timer->async_wait([self = shared_from_this(), timer](error_code) { self->announce(); });
}

void Replay::announce() {
  announcement_due_ = false;
  hub_.announce(fmt::format(R"({{"type":"replay","replay":{}}})", describe()));
}

void Replay::wait_for_clients() {
  if (hub_.waiting_bytes() < most_waiting || drive_.is_cancelled()) return taken();
  auto timer = std::make_shared<asio::steady_timer>(io_, retry_after);
  timer->async_wait([self = shared_from_this(), timer](error_code) { self->wait_for_clients(); });
}

void Replay::taken() {
  const std::lock_guard lock(mutex_);
  is_taken_ = true;
  turn_.notify_all();
}

void Replay::wait_until_taken() {
  std::unique_lock lock(mutex_);
  // Cancelled: the server may have no thread left to take it.
  while (!is_taken_ && !drive_.is_cancelled()) turn_.wait_for(lock, std::chrono::milliseconds(100));
}

}  // namespace tidemark
