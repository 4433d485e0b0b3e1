// What an agent reports: a retry, a recovery, a stop during retries, and giving up.
#include "app/process/agent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "app/process/tell.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

class AgentTest : public testing::Test, public Journal {
 protected:
  void write(Level, std::string_view event, std::initializer_list<Field>) override { tell(std::string(event)); }
  void tell(std::string what) {
    const std::lock_guard lock(mutex_);
    told_.push_back(std::move(what));
  }
  std::vector<std::string> told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  void wait_for(const std::string& what) {
    for (;; std::this_thread::sleep_for(1ms)) {
      const auto so_far = told();
      if (std::ranges::find(so_far, what) != so_far.end()) return;
    }
  }
  // Fails `failures` times, then does nothing.
  std::unique_ptr<Agent> agent(int failures, std::chrono::nanoseconds retry_delay,
                               std::optional<std::uint64_t> max_retries = {}) {
    auto made = std::make_unique<Agent>(
        AgentOptions{.name = "store", .idle = 1ms, .retry_delay = retry_delay, .max_retries = max_retries}, wake_,
        *this, metrics_,
        [failures]() mutable -> Result<std::size_t> {
          if (failures-- > 0) return std::unexpected(Error::retryable("the disk is full"));
          return 0;
        },
        AgentWatch{.retries = [this](const Error&) { tell("retries"); },
                   .recovered = [this] { tell(failing() == 0 ? "recovered, and fails no more" : "recovered"); },
                   .gave_up = [this](const Error&) { tell("gave up"); }});
    made->start();
    return made;
  }
  double failing() { return metrics_.gauge("tidemark_agent_failing", "", {{"agent", "store"}}).value(); }

  Metrics metrics_;
  WakeSignal wake_;

 private:
  std::mutex mutex_;
  std::vector<std::string> told_;
};

TEST_F(AgentTest, IsWellBeforeTheJournalSaysIt) {
  const auto one = agent(2, 1ms);
  wait_for("agent.recovered");
  one->stop();
  EXPECT_EQ(told(), (std::vector<std::string>{"retries", "agent.retry", "retries", "agent.retry",
                                              "recovered, and fails no more", "agent.recovered"}));
}

TEST_F(AgentTest, WhoIsStoppedWhileItTriesAgainFailsNoMore) {
  const auto one = agent(1'000'000, 1h);
  wait_for("agent.retry");
  EXPECT_EQ(failing(), 1);
  one->stop();
  EXPECT_EQ(told(), (std::vector<std::string>{"retries", "agent.retry", "recovered, and fails no more"}));
}

TEST_F(AgentTest, WhoGaveUpStaysSo) {
  const auto one = agent(1'000'000, 1ms, 1);
  wait_for("gave up");
  one->stop();
  EXPECT_EQ(told(), (std::vector<std::string>{"retries", "agent.retry", "agent.failed", "gave up"}));
  EXPECT_EQ(failing(), 1);
}

}  // namespace
}  // namespace tidemark
