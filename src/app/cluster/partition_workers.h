// PartitionWorkers: the work of a role on the partitions that are this process's own, each on a thread of its own.
//
//     group ─▶ assigned 2 ─▶ a worker opens the log of 2 (which fences), works … ─▶ revoked 2 ─▶ ends its step, closes
//
// A worker whose work has failed for good begins anew from what is durable, a few times: it may have been taken for dead,
// been fenced, and be right again. A worker whose task is in doubt begins anew, too, as often as needed: that is no failure of its
// own, and happens at a limited pace.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
  virtual Result<std::size_t> work() = 0;    // how much was done; 0 = nothing is due
  virtual Result<void> end() { return {}; }  // the process ends: what can still be done
  // It can do no more: a request got no answer, and may still be received. What is durable is right; another task goes on from it.
  virtual bool is_in_doubt() { return false; }
};

struct PartitionWorkersOptions {
  std::string role;  // "analyze"
  MembershipOptions membership;
  std::chrono::nanoseconds idle{};           // longest time between looks
  std::chrono::nanoseconds retry_delay{};    // first wait after an outside failure
  std::optional<std::uint64_t> max_retries;  // none = for ever
};

class PartitionWorkers {
 public:
  using Open = std::function<Result<std::unique_ptr<PartitionTask>>(std::int32_t partition)>;

  // The watch is told on the workers' threads, and on the workers' own.
  PartitionWorkers(PartitionWorkersOptions options, Open open, Journal& journal, Metrics& metrics, AgentWatch watch);
  ~PartitionWorkers();
  PartitionWorkers(const PartitionWorkers&) = delete;
  PartitionWorkers& operator=(const PartitionWorkers&) = delete;

  // Joins the group. Once.
  Result<void> start();
  // Ends each step at hand and each task, and leaves the group. A second call does nothing.
  void stop();

 private:
  class Worker;
  Result<void> join();
  void serve();
  bool joins_again(const Error& why);
  void take(std::int32_t partition);
  void give_back(std::int32_t partition);

  PartitionWorkersOptions options_;
  Open open_;
  Journal& journal_;
  Metrics& metrics_;
  AgentWatch watch_;
  std::unique_ptr<Membership> membership_;
  std::optional<std::chrono::steady_clock::time_point> last_refused_;
  std::map<std::int32_t, std::unique_ptr<Worker>> workers_;  // touched by the workers' thread only
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace tidemark
