// The drive of a replay: a thread that brings a stored day to its audience as fast as the clock, the reader's wishes and
// the audience allow.
//
//     play, pause, step, speed, seek ──▶ wishes ──▶ thread: DayReplay ──▶ ReplayAudience
//                                                     ▲ waits until a batch is taken: who is slow slows the replay
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

inline constexpr double fastest_replay = 0;  // in place of a speed

struct ReplayStart {
  bool plays = true;
  double speed = 60;            // market seconds a second
  std::optional<EventTime> at;  // none: where the day begins
};

struct ReplayState {
  ReplayPhase phase = ReplayPhase::Opening;
  std::string error;                          // of a failed one
  std::optional<EventTime> begin, end, time;  // DayReplay; none while opening
  double speed = 0;                           // of its start, or as it was wished since
  std::size_t bars = 0;                       // of the day
};

// Called on the drive's thread.
class ReplayAudience {
 public:
  enum class As : std::uint8_t { News, Past };
  virtual ~ReplayAudience() = default;
  // Not longer than a few thousand rows. Returns once it is taken, or the replay is given up.
  virtual void hear(LiveBatch batch, As as) = 0;
  virtual void begin_anew() = 0;  // nothing of what was heard holds any more
  virtual void arrive() = 0;      // the past that was heard is all there
  virtual void look(ReplayState state) = 0;
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
  void give_up();                                // it ends soon; does not wait
  void stop();                                   // waits; by the owner
  bool has_ended() const { return has_ended_; }  // then the destructor does not wait
  bool is_given_up() const { return is_given_up_; }

 private:
  using Steady = std::chrono::steady_clock;

  void run();
  void fail(const Error& error);
  void note(const DayReplay& replay);
  Result<void> drive(DayReplay& replay);
  Steady::time_point due(const DayReplay& replay);
  bool wants_elsewhere();
  Result<void> step_once(DayReplay& replay);
  Result<void> go_to(DayReplay& replay, EventTime to);
  void tell(LiveBatch batch, ReplayAudience::As as);
  void look();

  Open open_;
  ReplayAudience& audience_;

  std::mutex mutex_;
  std::condition_variable changed_;
  ReplayState state_;
  bool wants_to_play_;
  std::size_t steps_ = 0;
  std::optional<EventTime> seek_;
  std::optional<Steady::time_point> anchor_;  // when the market's clock stood at anchor_time_
  EventTime anchor_time_{};
  std::atomic<bool> is_given_up_ = false, has_ended_ = false;
  std::thread thread_;
};

}  // namespace tidemark
