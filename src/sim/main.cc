// tidemark_sim: runs worlds by their seeds, on some processes, and says what broke and how to see it again.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world.h"

namespace tidemark::sim {
namespace {

constexpr std::string_view usage =
    R"(Runs simulated worlds: the real roles, log and lake over a hostile disk, clock and feed.

    tidemark_sim [--seeds N] [--from S]   N worlds (default 200) from seed S (default 1) on
    tidemark_sim --seed S                 this one world; says whether it failed, and how
      --verbose                           tells its steps
      --lines N --faults N --kills N      fewer of them: how a failing world is made small
    --rot N                               the disk rots: at most N bits fall over, and N reads give something else; a world
                                          may end with an error that says so, but nothing wrong may be shown
    --disk renames, --disk copies         the lake's disk has no exchange of folders, as HDFS has none; and no rename either,
                                          as an object store has none
    --jobs N                              processes at once (default: one)
    --list FILE                           the seeds in the first column of this file
    --stop-at-first                       one broken promise is enough

Exit code 0: all promises kept; 1: one was broken; 2: wrong usage.
)";

struct Arguments {
  std::int64_t seeds = 200, from = 1, jobs = 1;
  std::optional<std::int64_t> seed;
  std::string list;
  bool verbose = false;
  int most_failures = 3;  // more would say the same
  WorldLimits limits;
};

[[noreturn]] void refuse(const std::string& sentence) {
  fmt::print(stderr, "sim: {}\n\n{}", sentence, usage);
  std::exit(2);
}

std::int64_t number(std::string_view name, const char* text) {
  std::int64_t value = 0;
  const char* const end = text + std::strlen(text);
  const auto [rest, error] = std::from_chars(text, end, value);
  if (error != std::errc{} || rest != end || value < 0)
    refuse(fmt::format("{} takes a number, not \"{}\"", name, text));
  return value;
}

DiskKind disk_kind(std::string_view name) {
  if (name == "exchanges") return DiskKind::Exchanges;
  if (name == "renames") return DiskKind::Renames;
  if (name == "copies") return DiskKind::Copies;
  refuse(fmt::format("--disk is exchanges, renames or copies, not \"{}\"", name));
}

Arguments parse(int count, char** texts) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = texts[i];
    if (name == "--help" || name == "-h") {
      fmt::print("{}", usage);
      std::exit(0);
    }
    if (name == "--verbose") {
      arguments.verbose = true;
      continue;
    }
    if (name == "--stop-at-first") {
      arguments.most_failures = 1;
      continue;
    }
    if (i + 1 == count) refuse(fmt::format("{} is not known, or lacks its value", name));
    const char* const value = texts[++i];
    if (name == "--list")
      arguments.list = value;
    else if (name == "--seed")
      arguments.seed = number(name, value);
    else if (name == "--seeds")
      arguments.seeds = number(name, value);
    else if (name == "--from")
      arguments.from = number(name, value);
    else if (name == "--jobs")
      arguments.jobs = std::max<std::int64_t>(number(name, value), 1);
    else if (name == "--lines")
      arguments.limits.lines = number(name, value);
    else if (name == "--faults")
      arguments.limits.faults = number(name, value);
    else if (name == "--rot")
      arguments.limits.rot = number(name, value);
    else if (name == "--disk")
      arguments.limits.disk = disk_kind(value);
    else if (name == "--kills")
      arguments.limits.kills = number(name, value);
    else
      refuse(fmt::format("{} is not known", name));
  }
  return arguments;
}

// A broken promise of the product (CHECK) ends the program, and so does a world that takes a hundred times what others take: then
// this is the only way to say of which world.
std::int64_t running_seed = 0;
constexpr int most_seconds = 20;  // of work: how busy the machine is makes no difference

extern "C" void say_seed(int signal) {
  char text[96];
  const int size =
      std::snprintf(text, sizeof text, "\nsim: seed %lld %s (signal %d)\n", static_cast<long long>(running_seed),
                    signal == SIGPROF ? "comes to no end" : "ended the program", signal);
  (void)!::write(STDERR_FILENO, text, static_cast<std::size_t>(size));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::string limits_text(const WorldLimits& limits) {
  const WorldLimits all;
  std::string text;
  if (limits.lines != all.lines) text += fmt::format(" --lines {}", limits.lines);
  if (limits.faults != all.faults) text += fmt::format(" --faults {}", limits.faults);
  if (limits.kills != all.kills) text += fmt::format(" --kills {}", limits.kills);
  if (limits.rot != all.rot) text += fmt::format(" --rot {}", limits.rot);
  if (limits.disk == DiskKind::Renames) text += " --disk renames";
  if (limits.disk == DiskKind::Copies) text += " --disk copies";
  return text;
}

WorldOutcome run_in_time(std::int64_t seed, const WorldLimits& limits, const Trace& trace) {
  running_seed = seed;
  const itimerval patience{.it_interval = {}, .it_value = {.tv_sec = most_seconds, .tv_usec = 0}};
  ::setitimer(ITIMER_PROF, &patience, nullptr);
  return run_world(static_cast<std::uint64_t>(seed), limits, trace);
}

bool fails(std::int64_t seed, const WorldLimits& limits) {
  return !run_in_time(seed, limits, nullptr).violation.empty();
}

// Halves what can be left out while the world still fails.
WorldLimits make_small(std::int64_t seed, WorldLimits limits) {
  for (auto part : {&WorldLimits::lines, &WorldLimits::kills, &WorldLimits::faults, &WorldLimits::rot}) {
    std::int64_t low = part == &WorldLimits::rot ? 1 : 0, high = std::min<std::int64_t>(limits.*part, 512);
    for (int i = 0; i < 10 && low < high; ++i) {
      WorldLimits smaller = limits;
      smaller.*part = (low + high) / 2;
      if (fails(seed, smaller)) {
        limits = smaller;
        high = smaller.*part;
      } else {
        low = smaller.*part + 1;
      }
    }
  }
  return limits;
}

void report(std::int64_t seed, const WorldLimits& given, const std::string& violation) {
  const WorldLimits limits = make_small(seed, given);
  std::deque<std::string> steps;
  const WorldOutcome outcome = run_in_time(seed, limits, [&](const std::string& step) {
    steps.push_back(step);
    if (steps.size() > 25) steps.pop_front();
  });
  std::string text = fmt::format(
      "\nseed {} broke a promise: {}\n  made small: {}\n  the last steps (after so many deeds on the disk):\n", seed,
      violation, outcome.violation);
  for (const std::string& step : steps) text += "    " + step.substr(0, 200) + "\n";
  text += fmt::format("  again: ./dev sim --seed {}{} --verbose\n", seed, limits_text(limits));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

// Runs every `jobs`-th seed and writes what was counted to `out`; returns how many failed.
int work(const Arguments& arguments, const std::vector<std::int64_t>& seeds, std::int64_t job, int out) {
  int failed = 0;
  for (std::size_t i = static_cast<std::size_t>(job); i < seeds.size(); i += static_cast<std::size_t>(arguments.jobs)) {
    const WorldOutcome outcome = run_in_time(seeds[i], arguments.limits, nullptr);
    (void)!::write(out, &outcome.count, sizeof outcome.count);
    if (outcome.violation.empty()) continue;
    report(seeds[i], arguments.limits, outcome.violation);
    if (++failed == arguments.most_failures) break;
  }
  return failed;
}

// A line for each side of the world, its name first: `./dev campaign` makes a table of them.
void tell_count(const WorldCount& count, std::int64_t worlds, double seconds) {
  fmt::print("{} worlds in {:.1f} s: {:.0f} a second\n", worlds, seconds, static_cast<double>(worlds) / seconds);
  const auto tell = [](std::string_view name, const std::string& text) { fmt::print("  {:<9} {}\n", name, text); };
  tell("market",
       fmt::format("{} records: {} bars out of order, {} duplicates, {} corrected, {} late, {} rejected", count.lines,
                   count.disordered, count.duplicates, count.corrected, count.late, count.rejected));
  tell("feed", fmt::format("{} times mute, {} gaps filled", count.mutes, count.fills));
  tell("lives", fmt::format("{} starts, {} clean stops, {} kills, {} power cuts, {} errors borne", count.starts,
                            count.clean_stops, count.kills, count.power_cuts, count.errors));
  std::string faults;
  for (std::size_t i = 0; i < fault_count; ++i)
    faults += fmt::format(", {} {}", count.faults[i], to_string(static_cast<Fault>(i)));
  tell("disk", fmt::format("{} deeds{}", count.deeds, faults));
  const Storage::Cuts& cuts = count.cuts;
  tell("unsynced",
       fmt::format("{} writes kept by a power cut, {} torn, {} lost, {} kept before an earlier one; {} changes of "
                   "names kept, {} lost",
                   cuts.kept, cuts.torn, cuts.lost, cuts.reordered, cuts.names_kept, cuts.names_lost));
  if (count.rotting > 0)
    tell("rot",
         fmt::format("{} bits fell over, {} errors told of damage, {} worlds ended with one, {} logs went back to an "
                     "older commit and were filled again",
                     count.flips, count.damage_told, count.ended_by_damage, count.went_back));
  tell("clock", fmt::format("{} jumps", count.clock_jumps));
  tell("clocks",
       fmt::format("{} jumps of the wall clock under a live feed, {} bars of it", count.wall_lies, count.clock_bars));
  tell("log", fmt::format("{} times locked by somebody else, {} records trimmed, {} dead letters redriven", count.busy,
                          count.trimmed, count.redriven));
  tell("lake", fmt::format("{} steps of compaction", count.compacted));
  tell("compared",
       fmt::format("{} finals, {} bars, in log and lake, with the naive reading", count.finals, count.bars));
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  tell("memory", fmt::format("{} MB at most", used.ru_maxrss / 1'000));
}

std::vector<std::int64_t> listed_seeds(const std::string& path) {
  std::vector<std::int64_t> seeds;
  std::FILE* const file = std::fopen(path.c_str(), "r");
  if (file == nullptr) refuse(fmt::format("cannot read {}", path));
  char line[512];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    std::int64_t seed = 0;
    if (std::from_chars(line, line + std::strlen(line), seed).ec == std::errc{}) seeds.push_back(seed);
  }
  std::fclose(file);
  return seeds;
}

int campaign(const Arguments& arguments, const std::vector<std::int64_t>& seeds) {
  const auto started = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  int pipes[2];
  if (::pipe(pipes) != 0) return 1;
  std::vector<pid_t> children;
  for (std::int64_t job = 0; job < arguments.jobs; ++job) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipes[0]);
      ::_exit(work(arguments, seeds, job, pipes[1]) == 0 ? 0 : 1);
    }
    children.push_back(child);
  }
  ::close(pipes[1]);
  WorldCount total, one;
  std::int64_t worlds = 0;
  double told = 0;
  while (::read(pipes[0], &one, sizeof one) == static_cast<ssize_t>(sizeof one)) {
    total.add(one);
    ++worlds;
    if (::isatty(STDERR_FILENO) == 0 || seconds() - told < 0.5) continue;
    told = seconds();
    fmt::print(stderr, "\r{} of {} worlds, {:.0f} a second ", worlds, seeds.size(), static_cast<double>(worlds) / told);
  }
  if (told > 0) fmt::print(stderr, "\r\x1b[K");
  bool failed = false;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    failed = failed || status != 0;
  }
  tell_count(total, worlds, seconds());
  const bool rots = arguments.limits.rot > 0;
  fmt::print("{}\n", failed ? "a promise was broken" : rots ? "wrong shown as right 0" : "lost 0, doubled 0, wrong 0");
  return failed ? 1 : 0;
}

int one_world(const Arguments& arguments) {
  Trace trace;
  if (arguments.verbose) trace = [](const std::string& step) { fmt::print("{}\n", step); };
  const WorldOutcome outcome = run_in_time(*arguments.seed, arguments.limits, trace);
  if (outcome.violation.empty()) {
    fmt::print("seed {}: every promise was kept ({} lines, {} finals, {} starts)\n", running_seed, outcome.count.lines,
               outcome.count.finals, outcome.count.starts);
    return 0;
  }
  if (arguments.verbose)
    fmt::print("seed {} broke a promise: {}\n", running_seed, outcome.violation);
  else
    report(running_seed, arguments.limits, outcome.violation);
  return 1;
}

int run(int count, char** texts) {
  const Arguments arguments = parse(count, texts);
  for (const int signal : {SIGABRT, SIGSEGV, SIGPROF}) std::signal(signal, say_seed);
  if (arguments.seed) return one_world(arguments);
  std::vector<std::int64_t> seeds;
  if (!arguments.list.empty())
    seeds = listed_seeds(arguments.list);
  else
    for (std::int64_t i = 0; i < arguments.seeds; ++i) seeds.push_back(arguments.from + i);
  return campaign(arguments, seeds);
}

}  // namespace
}  // namespace tidemark::sim

int main(int count, char** texts) { return tidemark::sim::run(count, texts); }
