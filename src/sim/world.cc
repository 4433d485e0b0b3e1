#include "sim/world.h"

#include <algorithm>

#include "io/embedded/embedded_log.h"
#include "sim/clock_world.h"
#include "sim/judgement.h"
#include "sim/naive_reading.h"
#include "sim/program.h"
#include "sim/shown_judgement.h"
#include "sim/world_end.h"

namespace tidemark::sim {
namespace {

std::int64_t out_of_order(std::span<const Line> lines) {
  std::int64_t count = 0;
  EventTime largest = EventTime::min();
  for (const Line& line : lines) {
    if (line.meaning != Line::Meaning::Bar) continue;
    if (line.bar.time < largest) ++count;
    largest = std::max(largest, line.bar.time);
  }
  return count;
}

bool reports_damage(const Error& error) {
  return error.message().find("damaged") != std::string::npos ||
         error.message().find("cannot be read: ") != std::string::npos;
}

void count_expected(const Expected& expected, std::span<const Line> lines, WorldCount& count) {
  count.lines = static_cast<std::int64_t>(lines.size());
  count.finals = static_cast<std::int64_t>(expected.trends.size());
  count.bars = static_cast<std::int64_t>(expected.judged_bars.size());
  count.duplicates = expected.account.duplicate;
  count.corrected = expected.account.corrected;
  count.disordered = out_of_order(lines);
  count.late = expected.account.late;
  count.rejected = expected.account.rejected;
}

class World {
 public:
  World(std::uint64_t seed, const WorldLimits& limits, const Trace& trace) : program_(seed, limits, trace) {}

  WorldOutcome run() {
    WorldOutcome outcome;
    try {
      program_.run_under_fate();
      program_.drain();
      program_.stop();
      program_.cut_power();
      program_.drain();
      judge();
      if (program_.rot().is_possible()) judge_what_is_shown();
    } catch (const Violation& violation) {
      outcome.violation = violation.sentence;
    } catch (const DamageReported& reported) {
      outcome.violation = judge_after_damage(reported.sentence);
    }
    outcome.count = program_.finish();
    return outcome;
  }

 private:
  void judge() {
    const std::vector<Line>& lines = program_.arrivals().lines();
    NaiveReading naive(program_.script().windows);
    for (const Line& line : lines) naive.read(line);
    const Expected expected = naive.finish();
    count_expected(expected, lines, program_.count());
    Process& process = program_.process();
    const Result<void> found =
        compare(expected, lines, *process.log, process.analyze->machine(), program_.storage(), lake_folder);
    if (!found && program_.rot().has_struck() && (reports_damage(found.error()) || !is_whole(program_.lake())))
      throw DamageReported{found.error().message()};
    if (!found) throw Violation{found.error().message()};
  }

  // Returns what is wrong in what can still be read; empty: nothing.
  std::string judge_after_damage(const std::string& reported) {
    ++program_.count().ended_by_damage;
    program_.tell("ended by damage: " + reported);
    program_.end();
    try {
      judge_what_is_shown();
    } catch (const Violation& violation) {
      return violation.sentence + "\n  after it had ended with: " + reported;
    }
    return {};
  }

  void judge_what_is_shown() {
    const auto log = open_embedded_log({.directory = data_folder, .read_only = true, .vfs = program_.vfs()});
    const Result<void> found =
        judge_shown(program_.feed(), program_.script().windows, log ? log->get() : nullptr, program_.lake());
    if (!found) throw Violation{found.error().message()};
  }

  Program program_;
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
