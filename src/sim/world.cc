#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "io/embedded/embedded_log.h"
#include "io/lake/lake_compactor.h"
#include "io/lake/lake_of_log.h"
#include "io/lake/parquet_store.h"
#include "run/interfaces/notifier.h"
#include "run/roles/analyze_role.h"
#include "run/roles/compaction_role.h"
#include "run/roles/ingest_role.h"
#include "run/roles/retention_role.h"
#include "run/roles/store_role.h"
#include "sim/arrivals.h"
#include "sim/clock_world.h"
#include "sim/judgement.h"
#include "sim/naive_reading.h"
#include "sim/script.h"
#include "sim/script_feed.h"
#include "sim/sim_disk.h"
#include "sim/sqlite_vfs.h"

namespace tidemark::sim {
namespace {

using namespace std::chrono_literals;

constexpr const char* data_folder = "/data";
constexpr const char* lake_folder = "/data/lake";

struct Violation {
  std::string sentence;
};

// A rotten disk was told of, and the world ends with it.
struct Told {
  std::string sentence;
};

constexpr std::int64_t most_damage_told = 3;  // in one world

// Keeps what would only be told.
class Notes final : public Journal {
 public:
  explicit Notes(std::function<void(const std::string&)> take) : take_(std::move(take)) {}
  void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
    std::string text(event);
    for (const Field& field : fields) text += fmt::format(" {}={}", field.name, field.value);
    take_(text);
  }

 private:
  std::function<void(const std::string&)> take_;
};

Hostility draw_hostility(Random& random, const WorldLimits& limits) {
  const auto sometimes = [&](std::int64_t one_in) { return random.between(0, 2) == 0 ? one_in : 0; };
  Hostility hostility;
  if (random.between(0, 9) != 0) hostility.kill = random.between(20, 600);
  hostility.slow = sometimes(random.between(20, 200));
  hostility.full = sometimes(random.between(50, 400));
  hostility.broken = sometimes(random.between(50, 400));
  hostility.failed_sync = sometimes(random.between(10, 100));
  hostility.deeds_while_full = random.between(1, 60);
  hostility.most_faults = std::min<std::int64_t>(random.between(0, 30), limits.faults);
  hostility.most_kills = std::min<std::int64_t>(random.between(1, 12), limits.kills);
  return hostility;
}

std::int64_t out_of_order(const std::vector<Line>& lines) {
  std::int64_t count = 0;
  EventTime largest = EventTime::min();
  for (const Line& line : lines) {
    if (line.meaning != Line::Meaning::Bar) continue;
    if (line.bar.time < largest) ++count;
    largest = std::max(largest, line.bar.time);
  }
  return count;
}

// What lives until the process ends.
struct Process {
  std::unique_ptr<Log> log;
  std::unique_ptr<Store> store;
  std::optional<IngestRole> ingest;
  std::optional<AnalyzeRole> analyze;
  std::optional<StoreRole> keep;
  std::optional<RetentionRole> retain;
  std::unique_ptr<Compactor> compactor;
  std::optional<CompactionRole> compact;
};

class World {
 public:
  World(std::uint64_t seed, const WorldLimits& limits, const Trace& trace)
      : random_(seed_of(seed, "steps")),
        trace_(trace),
        script_(write_script(seed_of(seed, "script"), static_cast<std::size_t>(limits.lines))),
        hostility_(draw_hostility(random_, limits)),
        computer_(seed_of(seed, "fate"), hostility_, event_time_from_nanos(1'795'391'700'000'000'000)),
        vfs_(computer_),
        disk_(computer_),
        feed_(script_.lines, seed_of(seed, "feed"), computer_.clock),
        arrivals_(seed_of(seed, "redrive")),
        lake_(disk_, lake_folder),
        journal_([this](const std::string& note) { tell(note); }) {
    trims_ = random_.between(0, 2) == 0;
    redrives_ = random_.between(0, 2) == 0;
    compacts_ = random_.between(0, 1) == 0;
    if (limits.rot > 0) begin_to_rot(seed_of(seed, "rot"), limits.rot);
    if (random_.between(0, 1) == 0) retention_options_.keep = 1s * random_.between(1, 600);
    if (random_.between(0, 1) == 0) retention_options_.keep_rejects = 1s * random_.between(1, 600);
    if (random_.between(0, 1) == 0) retention_options_.most_bytes = random_.between(100'000, 1'000'000);
    compaction_options_ = {.after = -1h * random_.between(0, 30), .every = 1s, .least_files = 2};
    store_options_.most_rows = static_cast<std::size_t>(random_.between(1, 4) == 1 ? random_.between(3, 40) : 25'000);
    store_options_.longest_wait = 1s * random_.between(5, 120);
    computer_.storage.make(data_folder, true);
    computer_.storage.sync_names(computer_.storage.find("/"));
  }

  WorldOutcome run() {
    WorldOutcome outcome;
    try {
      live();
      computer_.fate.relent();
      computer_.log_is_busy_until = {};
      feed_.fall_mute(0);
      drain();
      stop();
      cut_power();
      drain();
      judge();
      if (rots_) judge_what_is_shown();
    } catch (const Violation& violation) {
      outcome.violation = violation.sentence;
    } catch (const Told& told) {
      outcome.violation = judge_after_damage(told.sentence);
    }
    computer_.fate.die();  // what is still open must not write any more
    process_.reset();
    count_.deeds = computer_.fate.deeds();
    count_.faults = computer_.fate.faults();
    count_.cuts = computer_.storage.cuts();
    count_.fills = static_cast<std::int64_t>(feed_.fills());
    outcome.count = count_;
    return outcome;
  }

 private:
  void tell(const std::string& step) {
    if (trace_) trace_(fmt::format("{:6} {}", computer_.fate.deeds(), step));
  }

  // Redriven records would have to be followed through a log that goes back; lines of the feed come again.
  void begin_to_rot(std::uint64_t seed, std::int64_t most) {
    Random random(seed);
    rots_ = true;
    redrives_ = false;
    flips_left_ = std::min(random.between(0, 5), most);
    steps_between_flips_ = random.between(5, 200);
    const std::int64_t one_in = random.between(0, 2) == 0 ? 0 : random.between(20, 500);
    computer_.fate.rot(one_in, std::min(random.between(1, 12), most));
    computer_.storage.remember();
    count_.rotting = 1;
  }

  void rot() {
    Random& random = computer_.fate.rot_random();
    if (flips_left_ == 0 || random.between(0, steps_between_flips_ - 1) != 0) return;
    const std::string where = computer_.storage.flip_a_bit(random);
    if (where.empty()) return;
    --flips_left_;
    ++count_.flips;
    tell("a bit falls over in " + where);
  }

  bool has_rotted() const {
    const auto& faults = computer_.fate.faults();
    return count_.flips > 0 || faults[static_cast<std::size_t>(Fault::MisdirectedRead)] > 0 ||
           faults[static_cast<std::size_t>(Fault::StaleRead)] > 0;
  }

  // Until all is brought and a while longer; or the patience ends, and the rest is drained on a kind world.
  void live() {
    for (int step = 0, last = 2'000; step < last; ++step) {
      if (rots_) rot();
      if (!process_ && !start()) continue;
      act();
      if (feed_.brought() == feed_.lines().size()) last = std::min(last, step + 60);
    }
  }

  void act() {
    computer_.clock.advance(1ms * random_.between(0, 4'000));
    switch (random_.between(0, 39)) {
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
        if (random_.between(0, 2) == 0) return hostility_.kill > 0 ? kill("between two deeds") : stop();
        return;
      case 4:
        if (random_.between(0, 2) == 0) return stop();
        return;
      case 5:
      case 6:
        if (trims_) count_.trimmed += work("retention", [this] { return process_->retain->do_work(); });
        return;
      case 7:
      case 8:
        if (compacts_) count_.compacted += work("compaction", [this] { return process_->compact->do_work(); });
        return;
      case 9:
        if (redrives_ && !script_.lines.empty())
          count_.redriven += work(
              "redrive", [this] { return arrivals_.redrive(*process_->log, feed_.lines(), computer_.clock, wake_); });
        return;
      default:
        break;
    }
    switch (random_.between(0, 4)) {
      case 0:
      case 1: {
        work("ingest", [this] { return process_->ingest->do_work(); });
        // What ingest says is durable may never be asked for again.
        if (process_ && !is_pending_) acknowledged_.cursor = std::max(acknowledged_.cursor, feed_.brought());
        if (process_ && !is_pending_) arrivals_.brought(feed_.lines(), feed_.brought());
        return;
      }
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

  void jump_clock() {
    ++count_.clock_jumps;
    if (random_.between(0, 20) == 0) computer_.clock.advance(48h);
    const Duration by = 1s * random_.between(-7'200, 7'200);
    computer_.clock.advance(by);
    tell(fmt::format("the clock jumps by {} s", by / 1s));
  }

  // One step of a role; its error is borne as the program does: retried, or the end of this process.
  template <typename Work>
  std::int64_t work(const char* role, Work do_work) {
    const Result<std::size_t> done = do_work();
    is_pending_ = !done;
    if (done) {
      if (*done > 0) tell(fmt::format("{}: {}", role, *done));
      return static_cast<std::int64_t>(*done);
    }
    bear(role, done.error());
    return 0;
  }

  void bear(const std::string& who, const Error& error) {
    if (computer_.fate.is_dead()) return kill(who);
    ++count_.errors;
    tell(fmt::format("{}: {}", who, error.message()));
    expect_no_damage(error);
    if (!error.is_retryable()) stop();
  }

  void expect_no_damage(const Error& error) {
    if (has_rotted()) {
      if (!error.is_retryable() && ++count_.damage_told == most_damage_told) throw Told{error.message()};
      return;
    }
    for (const char* word : {"damaged", "malformed", "has lost", "no file that the lake made"})
      if (error.message().find(word) != std::string::npos) throw Violation{error.message()};
    if (!computer_.fate.has_struck() && count_.busy == 0)
      throw Violation{"an error in a kind world: " + error.message()};
  }

  bool start() {
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

  Result<void> open(Process& process) {
    auto log = open_embedded_log({.directory = data_folder, .vfs = vfs_.name()});
    if (!log) return std::unexpected(log.error());
    process.log = std::move(*log);
    if (rots_)  // else the log is never older than the lake
      if (auto fits = check_lake_is_of_log(lake_, *process.log, data_folder); !fits) return fits;
    auto store = open_parquet_store({.directory = lake_folder, .compression = PageCompression::None}, disk_);
    if (!store) return std::unexpected(store.error());
    process.store = std::move(*store);
    process.ingest.emplace(feed_, *process.log, computer_.clock, wake_);
    process.analyze.emplace(AnalyzeOptions{.windows = script_.windows}, *process.log, wake_, nullptr);
    process.keep.emplace(*process.log, *process.store, computer_.clock, store_options_);
    process.retain.emplace(*process.log, computer_.clock, journal_, retention_options_);
    process.compactor = make_lake_compactor(lake_);
    process.compact.emplace(*process.log, *process.compactor, computer_.clock, journal_, compaction_options_);
    if (auto opened = process.ingest->open(); !opened) return opened;
    if (has_rotted() && feed_.brought() < std::max(acknowledged_.cursor, arrivals_.lines().size())) go_back();
    if (went_back_to_)
      if (auto followed = follow(*process.log); !followed) return followed;
    if (feed_.brought() < acknowledged_.cursor)
      throw Violation{fmt::format("lost after it was promised: the feed's cursor is {}, and was {}", feed_.brought(),
                                  acknowledged_.cursor)};
    arrivals_.brought(feed_.lines(), feed_.brought());
    if (auto settled = arrivals_.settle(*process.log); !settled) return settled;
    if (auto opened = process.analyze->open(); !opened) return opened;
    if (has_rotted()) acknowledged_.judged = std::min(acknowledged_.judged, process.analyze->position());
    if (process.analyze->position() < acknowledged_.judged)
      throw Violation{fmt::format("lost after it was promised: analyze stands at {}, and stood at {}",
                                  process.analyze->position(), acknowledged_.judged)};
    return process.keep->open();
  }

  // A WAL that has rotted gives back what stands before. The feed brings the rest once more.
  void go_back() {
    ++count_.went_back;
    tell(fmt::format("the log has gone back to {} of {} lines", feed_.brought(), arrivals_.lines().size()));
    acknowledged_.cursor = feed_.brought();
    went_back_to_ = std::min(went_back_to_.value_or(feed_.brought()), feed_.brought());
  }

  // A log that has gone back may have the rest again at the next start, where a read was wrong and not the disk.
  Result<void> follow(Log& log) {
    const auto followed = arrivals_.follow(log, feed_.lines(), *went_back_to_);
    if (!followed && followed.error().message().starts_with("shown as")) throw Violation{followed.error().message()};
    if (!followed) return std::unexpected(followed.error());
    is_followed_ = is_followed_ && *followed;
    return {};
  }

  // A clean end, as Ctrl-C brings it.
  void stop() {
    ++count_.clean_stops;
    tell("stopped");
    process_.reset();
    if (computer_.fate.is_dead()) after_death();
  }

  void kill(const std::string& when) {
    computer_.fate.die();
    tell("killed: " + when);
    process_.reset();
    after_death();
  }

  void after_death() {
    ++count_.kills;
    // Before the log was ever there, SQLite itself may leave a file that it cannot read (docs/reliability.md).
    if (has_started_ && random_.between(0, 1) == 0) {
      ++count_.power_cuts;
      tell("the power is cut");
      computer_.storage.cut_power(random_);
    }
    computer_.fate.revive();
  }

  void cut_power() {
    ++count_.power_cuts;
    tell("the power is cut at the end");
    computer_.storage.cut_power(random_);
  }

  // On a kind world now.
  void drain() {
    for (int i = 0; i < 20 && !process_; ++i) start();
    if (!process_ && has_rotted()) throw Told{"it does not start any more"};
    if (!process_) throw Violation{"it does not start any more"};
    const auto until_idle = [&](const char* role, auto do_work) {
      for (int i = 0; i < 5'000; ++i) {
        const Result<std::size_t> done = do_work();
        if (!done && has_rotted()) throw Told{fmt::format("{}: {}", role, done.error().message())};
        if (!done) throw Violation{fmt::format("{} in a kind world: {}", role, done.error().message())};
        if (*done == 0) return;
        tell(fmt::format("{}: {} at the end", role, *done));
      }
      throw Violation{fmt::format("{} never comes to rest", role)};
    };
    until_idle("ingest", [this]() -> Result<std::size_t> {
      const auto done = process_->ingest->do_work();
      return done && *done == 0 && feed_.brought() < feed_.lines().size() ? 1 : done;
    });
    arrivals_.brought(feed_.lines(), feed_.brought());
    until_idle("analyze", [this] { return process_->analyze->do_work(); });
    until_idle("store", [this] { return process_->keep->flush(); });
    if (compacts_) until_idle("compaction", [this] { return process_->compact->do_work(); });
    if (trims_) until_idle("retention", [this] { return process_->retain->do_work(); });
  }

  void judge() {
    if (!is_followed_) throw Told{"the log has gone back, and was trimmed"};
    NaiveReading naive(script_.windows);
    for (const Line& line : arrivals_.lines()) naive.read(line);
    const Expected expected = naive.finish();
    count_.lines = static_cast<std::int64_t>(arrivals_.lines().size());
    count_.finals = static_cast<std::int64_t>(expected.trends.size());
    count_.bars = static_cast<std::int64_t>(expected.judged_bars.size());
    count_.duplicates = expected.account.duplicate;
    count_.corrected = expected.account.corrected;
    count_.disordered = out_of_order(arrivals_.lines());
    count_.late = expected.account.late;
    count_.rejected = expected.account.rejected;
    const Result<void> found = compare(expected, arrivals_.lines(), *process_->log, process_->analyze->machine(),
                                       computer_.storage, lake_folder);
    if (!found && has_rotted() && (tells_damage(found.error()) || !is_whole(lake_)))
      throw Told{found.error().message()};
    if (!found) throw Violation{found.error().message()};
  }

  static bool tells_damage(const Error& error) {
    return error.message().find("damaged") != std::string::npos ||
           error.message().find("cannot be read: ") != std::string::npos;
  }

  // The world has ended with an error that says so. Returns what is wrong in what can still be read; empty: nothing.
  std::string judge_after_damage(const std::string& told) {
    ++count_.ended_by_damage;
    tell("ended by damage: " + told);
    computer_.fate.die();
    process_.reset();
    computer_.fate.revive();
    computer_.fate.relent();
    try {
      judge_what_is_shown();
    } catch (const Violation& violation) {
      return violation.sentence + "\n  after it had ended with: " + told;
    }
    return {};
  }

  // Each record that the log gives, and each row of a file that verify finds whole, is right.
  void judge_what_is_shown() {
    auto log = open_embedded_log({.directory = data_folder, .read_only = true, .vfs = vfs_.name()});
    if (log && went_back_to_)
      if (auto followed = follow(**log); !followed) return;
    if (!is_followed_) return;
    NaiveReading naive(script_.windows);
    std::vector<Line> lines = arrivals_.lines();
    for (std::size_t i = lines.size(); i < feed_.lines().size(); ++i) lines.push_back(feed_.lines()[i]);
    for (const Line& line : lines) naive.read(line);
    const Result<void> found = compare_shown(naive.finish(), lines, log ? log->get() : nullptr, lake_);
    if (!found) throw Violation{found.error().message()};
  }

  Random random_;
  const Trace& trace_;
  Script script_;
  Hostility hostility_;
  Computer computer_;
  SqliteVfs vfs_;
  SimDisk disk_;
  ScriptFeed feed_;
  Arrivals arrivals_;
  Lake lake_;
  NullNotifier wake_;
  Notes journal_;
  StoreRoleOptions store_options_;
  RetentionOptions retention_options_;
  CompactionRoleOptions compaction_options_;
  std::unique_ptr<Process> process_;
  struct {
    std::size_t cursor = 0;
    Position judged = 0;
  } acknowledged_;
  std::int64_t flips_left_ = 0, steps_between_flips_ = 1;
  bool rots_ = false, is_followed_ = true;
  std::optional<std::size_t> went_back_to_;  // lines, at the farthest
  bool trims_ = false, compacts_ = false, redrives_ = false, is_pending_ = false, has_started_ = false;
  WorldCount count_;
};

}  // namespace

WorldOutcome run_world(std::uint64_t seed, const WorldLimits& limits, const Trace& trace) {
  WorldOutcome outcome = World(seed, limits, trace).run();
  if (!outcome.violation.empty()) return outcome;
  const WorldOutcome clocks = run_clock_world(seed, trace);
  outcome.violation = clocks.violation;
  outcome.count.wall_lies += clocks.count.wall_lies;
  outcome.count.clock_bars += clocks.count.clock_bars;
  return outcome;
}

}  // namespace tidemark::sim
