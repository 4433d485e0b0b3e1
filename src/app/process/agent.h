// Agent: a role on a thread of its own (ARCHITECTURE.md, threads).
//
//     work ─▶ something done ─▶ work again at once
//        ├──▶ nothing to do  ─▶ wait for the wake-up, or look again after `idle`
//        ├──▶ retryable error ─▶ wait (doubled each time, with jitter), then the same again
//        └──▶ any other error ─▶ give up, and say so
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
  std::chrono::nanoseconds idle{};           // longest time it sleeps when nobody rings
  std::chrono::nanoseconds retry_delay{};    // first wait after a retryable error
  std::optional<std::uint64_t> max_retries;  // none = for ever
};

// Called on the agent's thread.
struct AgentWatch {
  std::function<void(const Error&)> retries = [](const Error&) {};  // after each failure that may pass
  std::function<void()> recovered = [] {};    // once, after the last of them, or when it is stopped
  std::function<void(const Error&)> gave_up;  // once, with the error that ended it
};

class Agent {
 public:
  using Work = std::function<Result<std::size_t>()>;  // how much was done

  Agent(AgentOptions options, WakeSignal& bell, Journal& journal, Metrics& metrics, Work work, AgentWatch watch);
  ~Agent() { stop(); }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  void start();
  // Lets the step at hand end, and joins. A second call does nothing.
  void stop();
  // When it last began something: one that hangs does not come back to that. From any thread.
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
