// Paces the replay, executes requests, and slices batches.
#include "io/serve/replay_drive.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/enum_names.h"
#include "io/observe/process.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_at_once = 2'000;                 // per slice: other clients are served in between
constexpr std::size_t bars_at_once = 20'000;                // per skip
constexpr int niceness = 10;                                // the live engine has priority
constexpr Duration quiet_market = std::chrono::minutes(5);  // a longer gap without bars …
constexpr std::chrono::milliseconds quiet_wait{1'000};      // … takes only this long

template <typename Item>
std::vector<Item> take(std::vector<Item>& from, std::size_t begin) {
  const std::size_t end = std::min(from.size(), begin + rows_at_once);
  if (begin >= end) return {};
  const auto at = from.begin() + static_cast<std::ptrdiff_t>(begin);
  return {std::make_move_iterator(at), std::make_move_iterator(at + static_cast<std::ptrdiff_t>(end - begin))};
}

}  // namespace

constexpr EnumNames<ReplayPhase, 5> phase_names{"opening", "playing", "paused", "ended", "failed"};

std::string_view to_string(ReplayPhase phase) { return phase_names[phase]; }

ReplayDrive::ReplayDrive(Open open, const ReplayStart& start, ReplayAudience& audience)
    : open_(std::move(open)), audience_(audience), wants_to_play_(start.plays), seek_(start.at) {
  state_.speed = start.speed;
}

ReplayDrive::~ReplayDrive() { stop(); }

void ReplayDrive::stop() {
  cancel();
  if (thread_.joinable()) thread_.join();
}

void ReplayDrive::start() {
  thread_ = std::thread([this] {
    name_this_thread("replay");
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), niceness);
    run();
    has_ended_ = true;
  });
}

void ReplayDrive::play(bool playing) {
  const std::lock_guard lock(mutex_);
  wants_to_play_ = playing;
  anchor_.reset();
  changed_.notify_all();
}

void ReplayDrive::set_speed(double speed) {
  const std::lock_guard lock(mutex_);
  state_.speed = speed;
  anchor_.reset();
  changed_.notify_all();
}

void ReplayDrive::step(std::size_t minutes) {
  const std::lock_guard lock(mutex_);
  wants_to_play_ = false;
  steps_ += minutes;
  changed_.notify_all();
}

void ReplayDrive::seek(EventTime to) {
  const std::lock_guard lock(mutex_);
  seek_ = to;
  steps_ = 0;
  anchor_.reset();
  changed_.notify_all();
}

void ReplayDrive::cancel() {
  const std::lock_guard lock(mutex_);
  is_cancelled_ = true;
  changed_.notify_all();
}

void ReplayDrive::run() {
  update_state();
  auto replay = open_();
  if (!replay) return fail(replay.error());
  {
    const std::lock_guard lock(mutex_);
    state_.begin = replay->begin();
    state_.end = replay->end();
    state_.bars = replay->size();
  }
  while (!is_cancelled_) {
    if (!has_new_seek()) {
      note(*replay);
      update_state();
    }
    if (const auto done = drive(*replay); !done) return fail(done.error());
  }
}

void ReplayDrive::fail(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    state_.phase = ReplayPhase::Failed;
    state_.error = error.message();
  }
  update_state();
}

void ReplayDrive::note(const DayReplay& replay) {
  const std::lock_guard lock(mutex_);
  state_.time = replay.time();
  state_.phase = !replay.next() ? ReplayPhase::Ended : wants_to_play_ ? ReplayPhase::Playing : ReplayPhase::Paused;
}

// Executes what is requested or due; if nothing is, waits.
Result<void> ReplayDrive::drive(DayReplay& replay) {
  std::unique_lock lock(mutex_);
  if (seek_) {
    const EventTime to = *std::exchange(seek_, std::nullopt);
    lock.unlock();
    return go_to(replay, to);
  }
  if (steps_ > 0) {
    --steps_;
    lock.unlock();
    return step_once(replay);
  }
  if (is_cancelled_) return {};
  if (!wants_to_play_ || !replay.next()) {
    changed_.wait(lock);
    return {};
  }
  const auto at = due(replay);
  if (at > Steady::now()) {
    changed_.wait_until(lock, at);
    return {};
  }
  lock.unlock();
  return step_once(replay);
}

// When the next minute is due. The caller holds the mutex.
ReplayDrive::Steady::time_point ReplayDrive::due(const DayReplay& replay) {
  const auto now = Steady::now();
  const EventTime next = *replay.next();
  if (state_.speed == fastest_replay) return now;
  if (!anchor_) {
    anchor_ = now;
    anchor_time_ = replay.time();
  }
  const auto wait_for = [&](EventTime time) {
    return *anchor_ + std::chrono::duration_cast<Steady::duration>((time - anchor_time_) / state_.speed);
  };
  const auto at = wait_for(next);
  if (next - replay.time() <= quiet_market || at - now <= quiet_wait) return at;
  anchor_time_ = next;
  anchor_ = now + quiet_wait;
  return *anchor_;
}

Result<void> ReplayDrive::step_once(DayReplay& replay) {
  auto batch = replay.step();
  if (!batch) return std::unexpected(batch.error());
  send(std::move(*batch), ReplayAudience::As::Live);
  return {};
}

Result<void> ReplayDrive::go_to(DayReplay& replay, EventTime to) {
  if (to < replay.time()) {
    if (auto begun = replay.rewind(); !begun) return begun;
    audience_.reset();
  }
  do {
    auto batch = replay.skip(to, bars_at_once);
    if (!batch) return std::unexpected(batch.error());
    send(std::move(*batch), ReplayAudience::As::Past);
    note(replay);
    update_state();
  } while (!is_cancelled_ && !has_new_seek() && replay.next() && *replay.next() <= to);
  send(replay.open_windows(), ReplayAudience::As::Past);
  audience_.end_seek();
  return {};
}

bool ReplayDrive::has_new_seek() {
  const std::lock_guard lock(mutex_);
  return seek_.has_value();
}

void ReplayDrive::send(LiveBatch batch, ReplayAudience::As as) {
  std::size_t at = 0;
  do {
    LiveBatch slice{.trends = take(batch.trends, at),
                    .account = batch.account,
                    .watermark = batch.watermark,
                    .event_time = batch.event_time,
                    .ingested_at = std::nullopt,
                    .bars = take(batch.bars, at)};
    audience_.receive(std::move(slice), as);
    at += rows_at_once;
  } while (!is_cancelled_ && at < std::max(batch.trends.size(), batch.bars.size()));
}

void ReplayDrive::update_state() {
  ReplayState state;
  {
    const std::lock_guard lock(mutex_);
    state = state_;
  }
  audience_.update_state(std::move(state));
}

}  // namespace tidemark
