// PartitionWorkers: runs a role on the partitions that the group assigns to this process, each on its own thread.
//
//     group ─▶ assigned 2 ─▶ a worker opens the log of 2 (which fences), works … ─▶ revoked 2 ─▶ ends its step, closes
//
// A worker whose task fails for good restarts from durable state a few times, because it may have been declared dead,
// fenced, and assigned again. A worker whose task is in doubt restarts as often as needed, because that is no failure
// of its own, but at a limited rate.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/process/agent.h"
#include "core/result.h"
#include "io/kafka/membership.h"
#include "io/observe/metrics.h"
#include "run/interfaces/journal.h"

namespace tidemark {

// A role on one partition, opened.
class PartitionTask {
 public:
  virtual ~PartitionTask() = default;
  virtual Result<std::size_t> work() = 0;    // the amount of work done; 0 = nothing to do
  virtual Result<void> end() { return {}; }  // finishes what can still be done when the process ends
  // True if the task cannot continue, because a request got no answer and may still be received. The durable state is
  // correct, and a new task continues from it.
  virtual bool is_in_doubt() { return false; }
};

struct PartitionWorkersOptions {
  std::string role;  // "analyze"
  MembershipOptions membership;
  std::chrono::nanoseconds idle{};           // longest time between two polls
  std::chrono::nanoseconds retry_delay{};    // first wait after an outside failure
  std::optional<std::uint64_t> max_retries;  // none = no limit
};

class PartitionWorkers {
 public:
  using Open = std::function<Result<std::unique_ptr<PartitionTask>>(std::int32_t partition)>;

  // The watch is called on the threads of the workers and on the membership thread.
  PartitionWorkers(PartitionWorkersOptions options, Open open, Journal& journal, Metrics& metrics, AgentWatch watch);
  ~PartitionWorkers();
  PartitionWorkers(const PartitionWorkers&) = delete;
  PartitionWorkers& operator=(const PartitionWorkers&) = delete;

  // Joins the group. Call it once.
  Result<void> start();
  // Waits for the current steps, ends the tasks and leaves the group. A second call does nothing.
  void stop();
  // The last turn of the worker, or of the membership thread, whose last turn is the longest ago. From any thread.
  std::chrono::steady_clock::time_point last_turn() const;

 private:
  class Worker;
  Result<void> join();
  void serve();
  bool joins_again(const Error& why);
  void take(std::int32_t partition);
  void give_back(std::int32_t partition);
  void forget_workers();
  void note_turn() { last_turn_ = std::chrono::steady_clock::now(); }

  PartitionWorkersOptions options_;
  Open open_;
  Journal& journal_;
  Metrics& metrics_;
  AgentWatch watch_;
  std::unique_ptr<Membership> membership_;
  std::optional<std::chrono::steady_clock::time_point> last_refused_;
  mutable std::mutex workers_mutex_;                         // not held while a worker stops
  std::map<std::int32_t, std::unique_ptr<Worker>> workers_;  // changed by the membership thread only
  // Of the membership thread.
  std::atomic<std::chrono::steady_clock::time_point> last_turn_{std::chrono::steady_clock::now()};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace tidemark
