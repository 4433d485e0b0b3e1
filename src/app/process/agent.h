// Agent: a role on a thread of its own (ARCHITECTURE.md, threads).
//
//     work ─▶ something done ─▶ work again at once
//        ├──▶ nothing to do  ─▶ wait for the wake-up, at most for `idle`
//        ├──▶ retryable error ─▶ wait (doubled each time, with jitter), then retry
//        └──▶ any other error ─▶ give up and report it
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "app/process/wake_signal.h"
#include "core/result.h"
#include "io/observe/metrics.h"
#include "run/interfaces/journal.h"

namespace tidemark {

struct AgentOptions {
  std::string name;                          // "analyze"
  std::chrono::nanoseconds idle{};           // longest sleep without a wake-up
  std::chrono::nanoseconds retry_delay{};    // first wait after a retryable error
  std::optional<std::uint64_t> max_retries;  // none = no limit
};

// Called on the agent's thread.
struct AgentWatch {
  std::function<void(const Error&)> retries = [](const Error&) {};  // after each retryable failure
  std::function<void()> recovered = [] {};    // once, after the last of these failures, or when the agent is stopped
  std::function<void(const Error&)> gave_up;  // once, with the error that ended the agent
};

class Agent {
 public:
  using Work = std::function<Result<std::size_t>()>;  // how much was done

  Agent(AgentOptions options, WakeSignal& wake, Journal& journal, Metrics& metrics, Work work, AgentWatch watch);
  ~Agent() { stop(); }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  void start();
  // Waits for the current step to end, and joins. A second call does nothing.
  void stop();
  // When the last step began. It stands still while the agent hangs. From any thread.
  std::chrono::steady_clock::time_point last_turn() const { return last_turn_; }

 private:
  void run();
  bool retry_after(const Error& error);  // false: give up

  AgentOptions options_;
  WakeSignal& wake_;
  Journal& journal_;
  Work work_;
  AgentWatch watch_;
  std::atomic<bool> stopping_{false};
  std::uint64_t retries_ = 0;  // since the last success
  Counter& retries_total_;
  Gauge& failing_;
  std::atomic<std::chrono::steady_clock::time_point> last_turn_{std::chrono::steady_clock::now()};
  std::thread thread_;
};

}  // namespace tidemark
