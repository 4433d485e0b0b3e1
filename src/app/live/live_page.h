// LivePage: the page of a process over Kafka: the server, and an agent that reads the topics for it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/config/run_options.h"
#include "app/data_dir/lake_place.h"
#include "app/live/page_server.h"
#include "app/process/agent.h"
#include "core/time/time.h"
#include "io/kafka/live_reader.h"
#include "io/lake/lake_past.h"
#include "io/serve/server.h"
#include "run/interfaces/clock.h"
#include "run/page/board.h"

namespace tidemark {

class LivePage {
 public:
  LivePage(const RunOptions& options, const Clock& clock, Journal& journal, Metrics& metrics)
      : options_(options), clock_(clock), journal_(journal), metrics_(metrics) {}
  ~LivePage() { stop(); }
  LivePage(const LivePage&) = delete;
  LivePage& operator=(const LivePage&) = delete;

  // Binds the port and serves the page, or only /metrics, /healthz and /readyz. Call it before the brokers are
  // contacted, so that /readyz can report what is missing.
  Result<void> open();
  Result<void> open_for_operations(std::uint16_t port);
  // Starts to show what is in the topics and what arrives.
  Result<void> start(const KafkaCluster& cluster, std::int32_t partitions, AgentWatch watch);
  void stop();

  // When its reader last began a step; now, if it has none. From any thread.
  std::chrono::steady_clock::time_point last_turn() const {
    return agent_ ? agent_->last_turn() : std::chrono::steady_clock::now();
  }
  void look_at_tokens() { server_.look_at_tokens(); }  // often, from the main thread
  Server& server() { return server_.server(); }

 private:
  Result<void> open(ServerOptions server);
  Result<std::size_t> read();
  Result<void> look_for_brokers();
  FeedStatus status() const;

  const RunOptions& options_;
  const Clock& clock_;
  Journal& journal_;
  Metrics& metrics_;
  std::optional<Board> board_;
  LakePlace place_{options_};
  LakePast past_{place_.disk(), place_.folder()};
  PageServer server_{options_, clock_, journal_};
  std::unique_ptr<LiveReader> reader_;
  bool has_begun_ = false;
  std::atomic<EventTime::rep> last_came_{0};  // 0: nothing yet
  std::chrono::steady_clock::time_point next_look_;
  WakeSignal wake_;
  std::unique_ptr<Agent> agent_;
};

}  // namespace tidemark
