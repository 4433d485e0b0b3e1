// The drive of a replay: a thread that feeds a stored day to its audience, as fast as the speed, the user's requests
// and the audience allow.
//
//     play, pause, step, speed, seek ──▶ requests ──▶ thread: DayReplay ──▶ ReplayAudience
//                                                       ▲ waits until a batch is taken: slow clients slow the replay
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/result.h"
#include "run/page/day_replay.h"

namespace tidemark {

enum class ReplayPhase : std::uint8_t { Opening, Playing, Paused, Ended, Failed };
std::string_view to_string(ReplayPhase phase);  // "opening" …

inline constexpr double fastest_replay = 0;  // a special value for the speed

struct ReplayStart {
  bool plays = true;
  double speed = 60;            // market seconds per second
  std::optional<EventTime> at;  // empty: at the beginning of the day
};

struct ReplayState {
  ReplayPhase phase = ReplayPhase::Opening;
  std::string error;                          // if it failed
  std::optional<EventTime> begin, end, time;  // as in DayReplay; empty while opening
  double speed = 0;                           // of its start, or the last one requested
  std::size_t bars = 0;                       // of the day
};

// Called on the drive's thread.
class ReplayAudience {
 public:
  enum class As : std::uint8_t { Live, Past };
  virtual ~ReplayAudience() = default;
  // At most a few thousand rows. Returns once they are taken, or the replay is cancelled.
  virtual void receive(LiveBatch batch, As as) = 0;
  virtual void reset() = 0;     // everything received so far is void
  virtual void end_seek() = 0;  // all of the past has been received
  virtual void update_state(ReplayState state) = 0;
};

class ReplayDrive {
 public:
  using Open = std::function<Result<DayReplay>()>;

  ReplayDrive(Open open, const ReplayStart& start, ReplayAudience& audience);
  ~ReplayDrive();
  ReplayDrive(const ReplayDrive&) = delete;
  ReplayDrive& operator=(const ReplayDrive&) = delete;

  // From any thread.
  void start();
  void play(bool playing);
  void set_speed(double speed);
  void step(std::size_t minutes);  // and pauses
  void seek(EventTime to);
  void cancel();                                 // it ends soon; does not wait
  void stop();                                   // waits; called by the owner
  bool has_ended() const { return has_ended_; }  // the destructor then does not wait
  bool is_cancelled() const { return is_cancelled_; }

 private:
  using Steady = std::chrono::steady_clock;

  void run();
  void fail(const Error& error);
  void note(const DayReplay& replay);
  Result<void> drive(DayReplay& replay);
  Steady::time_point due(const DayReplay& replay);
  bool has_new_seek();
  Result<void> step_once(DayReplay& replay);
  Result<void> go_to(DayReplay& replay, EventTime to);
  void send(LiveBatch batch, ReplayAudience::As as);
  void update_state();

  Open open_;
  ReplayAudience& audience_;

  std::mutex mutex_;
  std::condition_variable changed_;
  ReplayState state_;
  bool wants_to_play_;
  std::size_t steps_ = 0;
  std::optional<EventTime> seek_;
  std::optional<Steady::time_point> anchor_;  // when the market's clock was at anchor_time_
  EventTime anchor_time_{};
  std::atomic<bool> is_cancelled_ = false, has_ended_ = false;
  std::thread thread_;
};

}  // namespace tidemark
