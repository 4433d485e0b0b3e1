// The program in a world: one process after the other on the same computer, as its fate will have it.
//
//     feed ─▶ ingest ─▶ log ─▶ analyze ─▶ log ─▶ store ─▶ lake     all on one thread, in an order drawn from the seed
//                  SQLite over SqliteVfs      Parquet over SimDisk
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/simulator/random.h"
#include "io/lake/lake.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/notifier.h"
#include "sim/arrivals.h"
#include "sim/computer.h"
#include "sim/disk_rot.h"
#include "sim/process.h"
#include "sim/script.h"
#include "sim/script_feed.h"
#include "sim/sim_disk.h"
#include "sim/sqlite_vfs.h"
#include "sim/world.h"
#include "sim/world_plan.h"

namespace tidemark::sim {

// Passes on what the program writes to its journal.
class TracedJournal final : public Journal {
 public:
  explicit TracedJournal(std::function<void(const std::string&)> take) : take_(std::move(take)) {}
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override;

 private:
  std::function<void(const std::string&)> take_;
};

// Throws Violation, and on a disk that rots DamageReported (sim/world_end.h).
class Program {
 public:
  Program(std::uint64_t seed, const WorldLimits& limits, const Trace& trace);

  // Until all lines have been brought, and a while longer; or patience ends, and drain() does the rest.
  void run_under_fate();
  // In a kind world: until no role has anything to do.
  void drain();
  void stop();  // a clean end, as Ctrl-C brings it
  void cut_power();
  // Nothing runs any more, and the disk can be read undisturbed.
  void end();
  // Nothing is written any more.
  WorldCount finish();

  const Script& script() const { return script_; }
  const ScriptFeed& feed() const { return feed_; }
  const Arrivals& arrivals() const { return arrivals_; }
  const Lake& lake() const { return lake_; }
  const Storage& storage() const { return computer_.storage; }
  const DiskRot& rot() const { return rot_; }
  Process& process() { return *process_; }
  std::string vfs() const { return vfs_.name(); }
  WorldCount& count() { return count_; }
  void tell(const std::string& step);

 private:
  void act();
  void act_at_times(std::int64_t what);
  void run_pipeline();
  void jump_clock();
  template <typename Work>
  std::int64_t work(const char* role, Work do_work);
  template <typename Work>
  void work_until_idle(const char* role, Work do_work);
  void bear(const std::string& role, const Error& error);
  void expect_no_damage(const Error& error);
  bool start();
  Result<void> open(Process& process);
  void expect_what_was_acknowledged();
  void kill(const std::string& when);
  void after_death();

  Random random_;
  const Trace& trace_;
  Script script_;
  WorldPlan plan_;
  Computer computer_;
  SqliteVfs vfs_;
  SimDisk disk_;
  ScriptFeed feed_;
  Arrivals arrivals_;
  Lake lake_;
  NullNotifier wake_;
  TracedJournal journal_;
  DiskRot rot_;
  std::unique_ptr<Process> process_;
  struct {
    std::size_t cursor = 0;
    Position judged = 0;
  } acknowledged_;
  bool is_pending_ = false, has_started_ = false;
  WorldCount count_;
};

}  // namespace tidemark::sim
