#include "app/cluster/partition_workers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "io/kafka/renewal_pace.h"
#include "io/kafka/transaction.h"
#include "io/observe/process.h"

namespace tidemark {
namespace {

constexpr auto longest_look = std::chrono::milliseconds(100);
constexpr auto refused_again_within = std::chrono::minutes(1);
constexpr int most_beginnings = 4;  // without progress between them
constexpr int most_ends = 3;

}  // namespace

class PartitionWorkers::Worker {
 public:
  Worker(const PartitionWorkers& owner, std::int32_t partition)
      : owner_(owner),
        partition_(partition),
        agent_(
            {.name = fmt::format("{}-{}", owner.options_.role, partition),
             .idle = owner.options_.idle,
             .retry_delay = owner.options_.retry_delay,
             .max_retries = owner.options_.max_retries},
            wake_, owner.journal_, owner.metrics_, [this] { return work(); }, owner.watch_) {
    agent_.start();
  }

  void stop() { agent_.stop(); }
  std::chrono::steady_clock::time_point last_turn() const { return agent_.last_turn(); }

  Result<void> end() {
    for (int tries = 0;; ++tries) {
      if (!task_) return {};
      auto ended = task_->end();
      if (ended || !task_->is_in_doubt() || tries == most_ends) return ended;
      task_.reset();
      auto opened = owner_.open_(partition_);
      if (!opened) return std::unexpected(opened.error());
      task_ = std::move(*opened);
    }
  }

 private:
  Result<std::size_t> work() {
    if (task_ && task_->is_in_doubt() && !renew("")) return 0;
    if (!task_) {
      auto opened = owner_.open_(partition_);
      if (!opened) return begin_anew(opened.error());
      task_ = std::move(*opened);
    }
    auto done = task_->work();
    if (!done && task_->is_in_doubt()) {
      renew("; " + done.error().message());
      return 0;
    }
    if (!done && !done.error().is_retryable()) return begin_anew(done.error());
    if (done && *done > 0) beginnings_ = 0;
    return done;
  }

  std::unexpected<Error> begin_anew(const Error& error) {
    task_.reset();
    if (error.is_retryable() || error.is_setup() || ++beginnings_ >= most_beginnings) return std::unexpected(error);
    return std::unexpected(Error::retryable(error.message()));
  }

  // Closes a task in doubt, so that the next turn opens another one. False if it is too early for that.
  bool renew(const std::string& after) {
    const auto now = std::chrono::steady_clock::now();
    if (now < renewals_.next()) return false;
    renewals_.renewed(now);
    task_.reset();
    owner_.journal_.warning("partition.renewed", {{"role", owner_.options_.role},
                                                  {"partition", std::to_string(partition_)},
                                                  {"reason", fmt::format("{}{}", in_doubt, after)}});
    renewals_total_.add(1);
    return true;
  }

  const PartitionWorkers& owner_;
  std::int32_t partition_;
  int beginnings_ = 0;
  RenewalPace renewals_;
  Counter& renewals_total_ = owner_.metrics_.counter(
      "tidemark_producer_renewals_total", "Producers that were replaced because a transactional request got no answer.",
      {{"role", owner_.options_.role}});
  std::unique_ptr<PartitionTask> task_;
  WakeSignal wake_;
  Agent agent_;
};

PartitionWorkers::PartitionWorkers(PartitionWorkersOptions options, Open open, Journal& journal, Metrics& metrics,
                                   AgentWatch watch)
    : options_(std::move(options)),
      open_(std::move(open)),
      journal_(journal),
      metrics_(metrics),
      watch_(std::move(watch)) {}

PartitionWorkers::~PartitionWorkers() { stop(); }

Result<void> PartitionWorkers::start() {
  if (auto joined = join(); !joined) return joined;
  thread_ = std::thread([this] {
    name_this_thread("membership");
    serve();
  });
  return {};
}

Result<void> PartitionWorkers::join() {
  auto membership = Membership::join(
      options_.membership, {.assigned =
                                [this](const Membership::Partitions& partitions) {
                                  for (const std::int32_t partition : partitions) take(partition);
                                },
                            .revoked =
                                [this](const Membership::Partitions& partitions) {
                                  for (const std::int32_t partition : partitions) give_back(partition);
                                },
                            .ownerless =
                                [this](const Membership::Partitions& partitions) {
                                  journal_.warning("group.ownerless",
                                                   {{"role", options_.role},
                                                    {"partitions", fmt::format("{}", fmt::join(partitions, ","))},
                                                    {"then", "share out anew"}});
                                }});
  if (!membership) return std::unexpected(membership.error());
  membership_ = std::move(*membership);
  return {};
}

void PartitionWorkers::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void PartitionWorkers::serve() {
  while (!stopping_) {
    note_turn();
    const auto done = membership_->poll(longest_look);
    if (!done && !joins_again(done.error())) break;
  }
  for (auto& [partition, worker] : workers_) worker->stop();
  if (stopping_)
    for (auto& [partition, worker] : workers_)
      if (const auto ended = worker->end(); !ended)
        journal_.warning(
            "partition.unended",
            {{"role", options_.role}, {"partition", std::to_string(partition)}, {"error", ended.error().message()}});
  forget_workers();
  membership_->leave();
}

std::chrono::steady_clock::time_point PartitionWorkers::last_turn() const {
  auto oldest = last_turn_.load();
  const std::lock_guard guard(workers_mutex_);
  for (const auto& [partition, worker] : workers_) oldest = std::min(oldest, worker->last_turn());
  return oldest;
}

void PartitionWorkers::forget_workers() {
  const std::lock_guard guard(workers_mutex_);
  workers_.clear();
}

// If brokers die between a member's request and their answer, they may know the member by another identity than it
// does, and then refuse it as if another member had its name. So after the first refusal it joins again. If another
// member really has the name, that one joins again, too, and after the second refusal this one ends.
bool PartitionWorkers::joins_again(const Error& why) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_second = last_refused_ && now - *last_refused_ < refused_again_within;
  last_refused_ = now;
  if (is_second) {
    watch_.gave_up(why);
    return false;
  }
  journal_.warning("group.refused", {{"role", options_.role}, {"error", why.message()}, {"then", "join anew"}});
  for (auto& [partition, worker] : workers_) {
    worker->stop();
    note_turn();
  }
  forget_workers();
  membership_->leave();
  if (const auto joined = join(); !joined) {
    watch_.gave_up(joined.error());
    return false;
  }
  return true;
}

void PartitionWorkers::take(std::int32_t partition) {
  if (partition >= options_.membership.partitions)
    return watch_.gave_up(Error::setup(fmt::format(
        "the topic {} has been given more partitions than the {} with which the work began: bars of a symbol would "
        "come to "
        "another partition than its windows stand in; docs/kafka.md, \"Another number of partitions\", says what to do",
        options_.membership.topic, options_.membership.partitions)));
  if (workers_.contains(partition)) return;
  journal_.info("partition.taken", {{"role", options_.role}, {"partition", std::to_string(partition)}});
  auto worker = std::make_unique<Worker>(*this, partition);
  const std::lock_guard guard(workers_mutex_);
  workers_[partition] = std::move(worker);
}

void PartitionWorkers::give_back(std::int32_t partition) {
  const auto held = workers_.find(partition);
  if (held == workers_.end()) return;
  held->second->stop();  // while it hangs, the watchdog still sees it
  {
    const std::lock_guard guard(workers_mutex_);
    workers_.erase(held);
  }
  note_turn();
  journal_.info("partition.given_back", {{"role", options_.role}, {"partition", std::to_string(partition)}});
}

}  // namespace tidemark
