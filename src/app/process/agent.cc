#include "app/process/agent.h"

#include <algorithm>
#include <random>

#include "io/observe/process.h"

namespace tidemark {
namespace {

constexpr std::chrono::nanoseconds longest_delay = std::chrono::minutes(1);

// The delay doubles with each retry up to the cap. Up to half of it is subtracted at random, so that many agents do not
// retry at once.
std::chrono::nanoseconds backoff(std::chrono::nanoseconds first, std::uint64_t retries) {
  auto delay = std::max<std::chrono::nanoseconds>(first, std::chrono::milliseconds(10));
  for (std::uint64_t i = 0; i < retries && delay < longest_delay; ++i) delay *= 2;
  delay = std::min(delay, std::max(first, longest_delay));
  std::random_device random;
  return delay - delay / 2 * (random() % 1'000) / 1'000;
}

std::string seconds_text(std::chrono::nanoseconds delay) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(delay).count()) + "ms";
}

}  // namespace

Agent::Agent(AgentOptions options, WakeSignal& wake, Journal& journal, Metrics& metrics, Work work, AgentWatch watch)
    : options_(std::move(options)),
      wake_(wake),
      journal_(journal),
      work_(std::move(work)),
      watch_(std::move(watch)),
      retries_total_(metrics.counter("tidemark_agent_retries_total", "Retries after an outside failure.",
                                     {{"agent", options_.name}})),
      failing_(metrics.gauge("tidemark_agent_failing", "1 while an agent retries, or has given up.",
                             {{"agent", options_.name}})) {}

void Agent::start() {
  thread_ = std::thread([this] {
    name_this_thread(options_.name);
    run();
  });
}

void Agent::stop() {
  stopping_ = true;
  wake_.notify();
  if (thread_.joinable()) thread_.join();
}

void Agent::run() {
  while (!stopping_) {
    last_turn_ = std::chrono::steady_clock::now();
    const auto done = work_();
    if (!done) {
      if (!retry_after(done.error())) return watch_.gave_up(done.error());
      continue;
    }
    failing_.set(0);
    if (retries_ > 0) {
      watch_.recovered();
      journal_.info("agent.recovered", {{"agent", options_.name}, {"retries", std::to_string(retries_)}});
    }
    retries_ = 0;
    if (*done == 0 && !stopping_) wake_.wait(options_.idle);
  }
  if (retries_ == 0) return;
  failing_.set(0);  // a stopped agent does not retry
  watch_.recovered();
}

bool Agent::retry_after(const Error& error) {
  failing_.set(1);
  if (!error.is_retryable() || (options_.max_retries && retries_ >= *options_.max_retries)) {
    journal_.error("agent.failed", {{"agent", options_.name}, {"error", error.message()}});
    return false;
  }
  const auto delay = backoff(options_.retry_delay, retries_++);
  retries_total_.add(1);
  watch_.retries(error);
  journal_.warning("agent.retry", {{"agent", options_.name}, {"error", error.message()}, {"in", seconds_text(delay)}});
  const auto until = std::chrono::steady_clock::now() + delay;
  while (!stopping_ && std::chrono::steady_clock::now() < until) {
    last_turn_ = std::chrono::steady_clock::now();
    wake_.wait(std::min<std::chrono::nanoseconds>(until - std::chrono::steady_clock::now(), std::chrono::seconds(1)));
  }
  return true;
}

}  // namespace tidemark
