#include "app/cluster/partition_tasks.h"

#include <chrono>
#include <utility>

#include "app/live/left_out_journal.h"
#include "core/time/time.h"
#include "run/interfaces/notifier.h"
#include "run/roles/analyze_role.h"
#include "run/roles/store_role.h"

namespace tidemark {
namespace {

// The cost of a transaction does not depend on its size, so a long queue is processed in large transactions.
constexpr std::size_t most_records = 16'384;

class AnalyzeTask final : public PartitionTask {
 public:
  AnalyzeTask(std::unique_ptr<TransactionalLog> log, const RunOptions& options, Journal& journal, LiveSink* live)
      : interval_(options.kafka.delivery == Delivery::ExactlyOnce ? options.kafka.commit_interval : Duration(0)),
        log_(std::move(log)),
        role_({.windows = options.windows, .most_records = most_records, .updates_are_records = true}, *log_, nobody_,
              live),
        left_out_(journal, {.of_rejected = LeftOutJournal::dead_letters_of_kafka}) {}

  Result<void> open() { return role_.open(); }
  bool is_in_doubt() override { return log_->is_in_doubt(); }

  Result<std::size_t> work() override {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_commit_) return 0;
    auto judged = role_.do_work();
    left_out_.note(role_.take_left_out(), now);
    if (judged && *judged > 0 && *judged < most_records) next_commit_ = now + interval_;
    return judged;
  }
  Result<void> end() override {
    left_out_.finish();
    return {};
  }

 private:
  Duration interval_;
  NullNotifier nobody_;
  std::unique_ptr<TransactionalLog> log_;
  AnalyzeRole role_;
  LeftOutJournal left_out_;
  std::chrono::steady_clock::time_point next_commit_;
};

class StoreTask final : public PartitionTask {
 public:
  StoreTask(std::unique_ptr<TransactionalLog> log, std::int32_t partition, Store& store, const Clock& clock,
            const RunOptions& options, StoreReport& report)
      : log_(std::move(log)),
        partition_(partition),
        store_(store),
        role_(*log_, store, clock, {.longest_wait = options.store_every}),
        report_(report) {}

  // By then, the former owner of the partition has been fenced.
  Result<void> open() {
    if (auto opened = role_.open(); !opened) return opened;
    const Position begin = partition_ * positions_of_a_partition;
    return store_.take_over(begin, begin + positions_of_a_partition);
  }
  Result<std::size_t> work() override {
    auto done = role_.do_work();
    report_.note(role_.take_counts());
    return done;
  }
  bool is_in_doubt() override { return log_->is_in_doubt(); }

  // Publishes final rows before the end.
  Result<void> end() override {
    for (;;) {
      const auto published = role_.flush();
      report_.note(role_.take_counts());
      if (!published) return std::unexpected(published.error());
      if (*published == 0) return {};
    }
  }

 private:
  std::unique_ptr<TransactionalLog> log_;
  std::int32_t partition_;
  Store& store_;
  StoreRole role_;
  StoreReport& report_;
};

template <typename Task>
Result<std::unique_ptr<PartitionTask>> opened(std::unique_ptr<Task> task) {
  if (auto done = task->open(); !done) return std::unexpected(done.error());
  return task;
}

}  // namespace

Result<std::unique_ptr<PartitionTask>> open_analyze_task(const KafkaLogOptions& where, const RunOptions& options,
                                                         Journal& journal, LiveSink* live) {
  auto log = open_kafka_log(where);
  if (!log) return std::unexpected(log.error());
  return opened(std::make_unique<AnalyzeTask>(std::move(*log), options, journal, live));
}

Result<std::unique_ptr<PartitionTask>> open_store_task(const KafkaLogOptions& where, const RunOptions& options,
                                                       Store& store, const Clock& clock, StoreReport& report) {
  auto log = open_kafka_log(where);
  if (!log) return std::unexpected(log.error());
  return opened(std::make_unique<StoreTask>(std::move(*log), where.partition, store, clock, options, report));
}

}  // namespace tidemark
