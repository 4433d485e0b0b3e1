#include "sim/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/world_end.h"

namespace tidemark::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_damage_reported = 3;  // in one world

}  // namespace

void TracedJournal::write(Level, std::string_view event, std::initializer_list<Field> fields) {
  std::string text(event);
  for (const Field& field : fields) text += fmt::format(" {}={}", field.name, field.value);
  take_(text);
}

Program::Program(std::uint64_t seed, const WorldLimits& limits, const Trace& trace)
    : random_(seed_of(seed, "steps")),
      trace_(trace),
      script_(write_script(seed_of(seed, "script"), static_cast<std::size_t>(limits.lines))),
      plan_(draw_plan(random_, limits)),
      computer_(seed_of(seed, "fate"), plan_.hostility, event_time_from_nanos(1'795'391'700'000'000'000)),
      vfs_(computer_),
      disk_(computer_, limits.disk),
      feed_(script_.lines, seed_of(seed, "feed"), computer_.clock),
      arrivals_(seed_of(seed, "redrive")),
      lake_(disk_, lake_folder),
      journal_([this](const std::string& line) { tell(line); }),
      rot_(seed_of(seed, "rot"), limits.rot, computer_) {
  if (rot_.is_possible()) count_.rotting = 1;
  computer_.storage.make(data_folder, true);
  computer_.storage.sync_names(computer_.storage.find("/"));
}

void Program::tell(const std::string& step) {
  if (trace_) trace_(fmt::format("{:6} {}", computer_.fate.deeds(), step));
}

void Program::run_under_fate() {
  for (int step = 0, last = 2'000; step < last; ++step) {
    if (rot_.is_possible())
      if (const std::string where = rot_.step(); !where.empty()) tell("a bit flips in " + where);
    if (!process_ && !start()) continue;
    act();
    if (feed_.brought() == feed_.lines().size()) last = std::min(last, step + 60);
  }
}

void Program::act() {
  computer_.clock.advance(1ms * random_.between(0, 4'000));
  const std::int64_t what = random_.between(0, 39);
  if (what < 10) return act_at_times(what);
  run_pipeline();
}

// What happens to a program, or is done by it, now and then.
void Program::act_at_times(std::int64_t what) {
  switch (what) {
    case 0:
      return jump_clock();
    case 1:
      ++count_.mutes;
      return feed_.fall_mute(random_.between(1, 8));
    case 2:
      ++count_.busy;
      computer_.log_is_busy_until = computer_.clock.now() + 1ms * random_.between(1, 12'000);
      return tell("somebody else writes to the log");
    case 3:
      if (random_.between(0, 2) == 0) return plan_.hostility.kill > 0 ? kill("between two deeds") : stop();
      return;
    case 4:
      if (random_.between(0, 2) == 0) return stop();
      return;
    case 5:
    case 6:
      if (plan_.trims) count_.trimmed += work("retention", [this] { return process_->retain->do_work(); });
      return;
    case 7:
    case 8:
      if (plan_.compacts) count_.compacted += work("compaction", [this] { return process_->compact->do_work(); });
      return;
    default:
      if (plan_.redrives && !script_.lines.empty())
        count_.redriven += work(
            "redrive", [this] { return arrivals_.redrive(*process_->log, feed_.lines(), computer_.clock, wake_); });
      return;
  }
}

void Program::run_pipeline() {
  switch (random_.between(0, 4)) {
    case 0:
    case 1:
      work("ingest", [this] { return process_->ingest->do_work(); });
      if (!process_ || is_pending_) return;
      acknowledged_.cursor = std::max(acknowledged_.cursor, feed_.brought());
      return arrivals_.brought(feed_.lines(), feed_.brought());
    case 2:
    case 3:
      work("analyze", [this] { return process_->analyze->do_work(); });
      if (process_ && !is_pending_) acknowledged_.judged = process_->analyze->position();
      return;
    default:
      work("store", [this] { return process_->keep->do_work(); });
      return;
  }
}

void Program::jump_clock() {
  ++count_.clock_jumps;
  if (random_.between(0, 20) == 0) computer_.clock.advance(48h);
  const Duration by = 1s * random_.between(-7'200, 7'200);
  computer_.clock.advance(by);
  tell(fmt::format("the clock jumps by {} s", by / 1s));
}

// One step of a role. An error is handled as the program handles it: a later retry, or the end of this process.
template <typename Work>
std::int64_t Program::work(const char* role, Work do_work) {
  const Result<std::size_t> done = do_work();
  is_pending_ = !done;
  if (done) {
    if (*done > 0) tell(fmt::format("{}: {}", role, *done));
    return static_cast<std::int64_t>(*done);
  }
  bear(role, done.error());
  return 0;
}

void Program::bear(const std::string& role, const Error& error) {
  if (computer_.fate.is_dead()) return kill(role);
  ++count_.errors;
  tell(fmt::format("{}: {}", role, error.message()));
  expect_no_damage(error);
  if (!error.is_retryable()) stop();
}

void Program::expect_no_damage(const Error& error) {
  if (is_unknown_cursor(error)) throw Violation{error.message()};
  if (rot_.has_struck()) {
    if (!error.is_retryable() && ++count_.damage_told == most_damage_reported) throw DamageReported{error.message()};
    return;
  }
  for (const char* word : {"damaged", "malformed", "has lost", "no file that the lake made", "is older than"})
    if (error.message().find(word) != std::string::npos) throw Violation{error.message()};
  if (!computer_.fate.has_struck() && count_.busy == 0) throw Violation{"an error in a kind world: " + error.message()};
}

bool Program::start() {
  ++count_.starts;
  computer_.log_is_busy_until = {};  // the person's shell went down with the process whose memory it shared
  process_ = std::make_unique<Process>();
  const Result<void> opened = open(*process_);
  if (opened) {
    tell("started");
    has_started_ = true;
    return true;
  }
  if (computer_.fate.is_dead()) {
    kill("while starting");
    return false;
  }
  ++count_.errors;
  tell("start: " + opened.error().message());
  expect_no_damage(opened.error());
  process_.reset();
  return false;
}

Result<void> Program::open(Process& process) {
  const Host host{.vfs = vfs_.name(),
                  .disk = disk_,
                  .lake = lake_,
                  .feed = feed_,
                  .clock = computer_.clock,
                  .journal = journal_,
                  .wake = wake_};
  if (auto begun = process.begin(host, script_.windows, plan_); !begun) return begun;
  if (auto opened = process.ingest->open(); !opened) return opened;
  expect_what_was_acknowledged();
  arrivals_.brought(feed_.lines(), feed_.brought());
  if (auto settled = arrivals_.settle(*process.log); !settled) return settled;
  if (auto opened = process.analyze->open(); !opened) return opened;
  if (rot_.has_struck()) acknowledged_.judged = std::min(acknowledged_.judged, process.analyze->position());
  if (process.analyze->position() < acknowledged_.judged)
    throw Violation{fmt::format("lost after it was promised: analyze stands at {}, and stood at {}",
                                process.analyze->position(), acknowledged_.judged)};
  return process.keep->open();
}

// A rotted WAL gives back an older commit, and the newer one again where a read was wrong and not the disk. The feed has
// opened at the log's cursor, so its branch says which lines the log holds now.
void Program::expect_what_was_acknowledged() {
  const auto held = feed_.handed_out(feed_.branches() - 1);
  if (rot_.has_struck() && !arrivals_.are_kept_in(held)) {
    ++count_.went_back;
    tell(fmt::format("the log has gone back: it holds {} lines, and held {}", held.size(), arrivals_.lines().size()));
    acknowledged_.cursor = held.size();
    return arrivals_.take_from(held);
  }
  if (held.size() < acknowledged_.cursor)
    throw Violation{fmt::format("lost after it was promised: the feed's cursor is {}, and was {}", held.size(),
                                acknowledged_.cursor)};
}

void Program::stop() {
  ++count_.clean_stops;
  tell("stopped");
  process_.reset();
  if (computer_.fate.is_dead()) after_death();
}

void Program::kill(const std::string& when) {
  computer_.fate.die();
  tell("killed: " + when);
  process_.reset();
  after_death();
}

void Program::after_death() {
  ++count_.kills;
  // Before the log was ever there, SQLite itself may leave a file that it cannot read (docs/reliability.md).
  if (has_started_ && random_.between(0, 1) == 0) {
    ++count_.power_cuts;
    tell("the power is cut");
    computer_.storage.cut_power(random_);
  }
  computer_.fate.revive();
}

void Program::cut_power() {
  ++count_.power_cuts;
  tell("the power is cut at the end");
  computer_.storage.cut_power(random_);
}

template <typename Work>
void Program::work_until_idle(const char* role, Work do_work) {
  for (int i = 0; i < 5'000; ++i) {
    const Result<std::size_t> done = do_work();
    if (!done && rot_.has_struck()) throw DamageReported{fmt::format("{}: {}", role, done.error().message())};
    if (!done) throw Violation{fmt::format("{} in a kind world: {}", role, done.error().message())};
    if (*done == 0) return;
    tell(fmt::format("{}: {} at the end", role, *done));
  }
  throw Violation{fmt::format("{} never comes to rest", role)};
}

void Program::drain() {
  computer_.fate.relent();
  computer_.log_is_busy_until = {};
  feed_.fall_mute(0);
  for (int i = 0; i < 20 && !process_; ++i) start();
  if (!process_ && rot_.has_struck()) throw DamageReported{"it does not start any more"};
  if (!process_) throw Violation{"it does not start any more"};
  work_until_idle("ingest", [this]() -> Result<std::size_t> {
    const auto done = process_->ingest->do_work();
    return done && *done == 0 && feed_.brought() < feed_.lines().size() ? 1 : done;
  });
  arrivals_.brought(feed_.lines(), feed_.brought());
  work_until_idle("analyze", [this] { return process_->analyze->do_work(); });
  work_until_idle("store", [this] { return process_->keep->flush(); });
  if (plan_.compacts) work_until_idle("compaction", [this] { return process_->compact->do_work(); });
  if (plan_.trims) work_until_idle("retention", [this] { return process_->retain->do_work(); });
}

void Program::end() {
  computer_.fate.die();
  process_.reset();
  computer_.fate.revive();
  computer_.fate.relent();
}

WorldCount Program::finish() {
  computer_.fate.die();
  process_.reset();
  count_.flips = rot_.flips();
  count_.deeds = computer_.fate.deeds();
  count_.faults = computer_.fate.faults();
  count_.cuts = computer_.storage.cuts();
  count_.fills = static_cast<std::int64_t>(feed_.fills());
  return count_;
}

}  // namespace tidemark::sim
