#include "app/live/live_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/process/signals.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t rows_at_begin = 20'000;  // of the past, that the page begins with
constexpr auto idle_of_page = milliseconds(10);
constexpr auto between_broker_checks = seconds(2);
constexpr Duration quiet_after = std::chrono::minutes(2);

}  // namespace

Result<void> LivePage::open() { return open({.port = options_.port}); }

Result<void> LivePage::open_for_operations(std::uint16_t port) { return open({.port = port, .only_operations = true}); }

Result<void> LivePage::open(ServerOptions wanted) {
  board_.emplace(BoardOptions{.epoch = random_epoch()}, RunStatus(TIDEMARK_VERSION, clock_.now()));
  auto opened = server_.open(std::move(wanted),
                             {.board = *board_,
                              .clock = clock_,
                              .journal = journal_,
                              .metrics = metrics_,
                              .feed = [this] { return status(); },
                              .replays = {.past = &past_, .windows = options_.windows, .version = TIDEMARK_VERSION}});
  if (!opened) return opened;
  server().start();
  return {};
}

Result<void> LivePage::start(const KafkaCluster& cluster, std::int32_t partitions, AgentWatch watch) {
  auto reader = LiveReader::open(cluster, partitions);
  if (!reader) return std::unexpected(reader.error());
  reader_ = std::move(*reader);
  agent_ = std::make_unique<Agent>(
      AgentOptions{.name = "serve",
                   .idle = idle_of_page,
                   .retry_delay = std::min<std::chrono::nanoseconds>(options_.retry_delay, seconds(1)),
                   .max_retries = options_.max_retries},
      wake_, journal_, metrics_, [this] { return read(); }, std::move(watch));
  agent_->start();
  return {};
}

void LivePage::stop() {
  if (agent_) agent_->stop();
  if (server_.is_open()) server().stop();
}

Result<std::size_t> LivePage::read() {
  if (!has_begun_) {
    auto batch = reader_->begin(rows_at_begin);
    if (!batch) return std::unexpected(batch.error());
    server().committed(std::move(*batch));
    has_begun_ = true;
    return 1;
  }
  if (auto there = look_for_brokers(); !there) return std::unexpected(there.error());
  auto batch = reader_->poll();
  if (!batch) return std::unexpected(batch.error());
  if (!*batch) return 0;
  last_came_ = clock_.now().time_since_epoch().count();
  const std::size_t rows = (*batch)->trends.size() + (*batch)->bars.size();
  server().committed(std::move(**batch));
  return rows;
}

// If no rows arrive, either none are sent or the brokers cannot be reached.
Result<void> LivePage::look_for_brokers() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return {};
  next_look_ = now + between_broker_checks;
  return reader_->look();
}

FeedStatus LivePage::status() const {
  const EventTime::rep came = last_came_;
  FeedStatus status{.name = "kafka", .state = FeedState::Connecting, .detail = options_.kafka.brokers};
  if (came != 0)
    status.state = clock_.now() - EventTime(Duration(came)) < quiet_after ? FeedState::Live : FeedState::Idle;
  return status;
}

}  // namespace tidemark
