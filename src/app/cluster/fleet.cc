#include "app/cluster/fleet.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "app/cluster/kafka_setup.h"
#include "app/cluster/partition_tasks.h"
#include "app/cluster/partition_workers.h"
#include "app/data_dir/chosen_symbols.h"
#include "app/data_dir/data_watch.h"
#include "app/data_dir/lake_place.h"
#include "app/live/console.h"
#include "app/live/feeds.h"
#include "app/live/hive_registration.h"
#include "app/live/left_out_journal.h"
#include "app/live/live_page.h"
#include "app/process/agent.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/first_failure.h"
#include "app/process/signals.h"
#include "app/process/system_clock.h"
#include "app/process/systemd.h"
#include "app/process/watchdog.h"
#include "io/lake/parquet_store.h"
#include "io/observe/journal.h"
#include "run/interfaces/readers.h"
#include "run/roles/ingest_role.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto checkpoint_every = milliseconds(1'000);  // for at-least-once delivery
constexpr auto analyze_idle = milliseconds(5);
constexpr auto store_idle = milliseconds(500);

class Fleet {
 public:
  Fleet(Part part, const RunOptions& options)
      : part_(part),
        options_(options),
        journal_(open_journal({.level = options.log_level, .format = options.log_format})) {}
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  int main() {
    watch_stop_signals();
    ignore_broken_pipes();
    if (auto opened = open(); !opened) return stop_requested() ? exit_ok : refuse(opened.error());
    journal_->info("fleet.started", {{"part", std::string(to_string(part_))},
                                     {"brokers", cluster_.brokers},
                                     {"partitions", std::to_string(partitions_)},
                                     {"feed", std::string(has(Part::Ingest) ? options_.feed->name : none_feed.name)},
                                     {"delivery", std::string(to_string(options_.kafka.delivery))}});
    tell_systemd("READY=1");
    wait();
    return finish();
  }

 private:
  bool has(Part part) const { return part_ == Part::All || part_ == part; }

  Result<void> open() {
    auto cluster = kafka_cluster(options_.kafka, journal_.get());
    if (!cluster) return std::unexpected(cluster.error());
    cluster_ = std::move(*cluster);
    const auto& operations = options_.kafka.operations_port;
    if (has(Part::Serve) || operations) {
      page_.emplace(options_, clock_, *journal_, metrics_);
      if (auto opened = has(Part::Serve) ? page_->open() : page_->open_for_operations(*operations); !opened)
        return opened;
    }
    if (has(Part::Store)) {
      // Several processes may write to one lake, and one that was declared dead may continue for a moment.
      if (auto probed = place_.probe(); !probed) return probed;
      auto store = open_parquet_store({.directory = place_.folder(),
                                       .compression = options_.lake_codec,
                                       .syncs_at_once = place_.syncs_at_once(),
                                       .writer = random_epoch()},
                                      place_.disk());
      if (!store) return std::unexpected(store.error());
      store_ = std::move(*store);
      watch_.emplace(options_.data.string(), place_, *journal_, DataWatch::Log::InKafka);
      watched_store_.emplace(*store_, *watch_);
      stored_.emplace(*journal_, metrics_);
      if (options_.hive) open_registration();
    }
    const auto partitions = open_topics(cluster_, options_, *journal_, [this](const Error& error) {
      if (page_) page_->server().set_unready(error.message());
    });
    if (!partitions) return std::unexpected(partitions.error());
    partitions_ = *partitions;
    if (has(Part::Ingest) && options_.feed != &none_feed)
      if (auto opened = open_ingest(); !opened) return opened;
    if (has(Part::Analyze)) {
      if (options_.console)
        console_.emplace(ConsoleOptions{.format = *options_.console, .updates = options_.updates}, *journal_, nullptr);
      analyzing_ = partition_workers(analyze_reader, Topic::Bars, analyze_idle, [this](std::int32_t partition) {
        return open_analyze_task(log_options(partition), options_, *journal_, console_ ? &*console_ : nullptr);
      });
      if (auto joined = analyzing_->start(); !joined) return joined;
    }
    if (has(Part::Store)) {
      watch_->begin({.unready =
                         [this](const std::string& reason) {
                           if (page_) page_->server().set_failing("directory", reason);
                         },
                     .ready =
                         [this] {
                           if (page_) page_->server().set_working("directory");
                         }});
      storing_ = partition_workers(lake_reader, Topic::Trends, store_idle, [this](std::int32_t partition) {
        Store& store = registered_store_ ? static_cast<Store&>(*registered_store_) : *watched_store_;
        return open_store_task(log_options(partition), options_, store, clock_, *stored_);
      });
      if (auto joined = storing_->start(); !joined) return joined;
      if (registration_) registration_->start();
    }
    if (has(Part::Serve))
      if (auto started = page_->start(cluster_, partitions_, watch("serve")); !started) return started;
    if (page_) page_->server().set_ready();
    return {};
  }

  void open_registration() {
    registration_.emplace(options_, place_, clock_, *journal_, metrics_,
                          [this](const std::optional<std::string>& reason) {
                            if (page_) page_->server().set_lagging("hive", reason.value_or(""));
                          });
    registered_store_.emplace(*watched_store_, *registration_);
  }

  Result<void> open_ingest() {
    auto log = open_kafka_log(log_options(0));
    if (!log) return std::unexpected(log.error());
    ingest_log_ = std::move(*log);
    auto feed =
        make_feed(options_, set_up_symbols(options_), {.clock = clock_, .journal = *journal_, .metrics = metrics_});
    if (!feed) return std::unexpected(feed.error());
    feed_ = std::move(*feed);
    ingest_.emplace(*feed_, *ingest_log_, clock_, nobody_, options_.max_ahead);
    ingesting_ = std::make_unique<Agent>(
        AgentOptions{.name = "ingest",
                     .idle = milliseconds(2),
                     .retry_delay = retry_delay(),
                     .max_retries = options_.max_retries},
        wake_ingest_, *journal_, metrics_, [this] { return ingest(); }, watch("ingest"));
    ingesting_->start();
    return {};
  }

  Result<std::size_t> ingest() {
    if (!ingest_is_open_) {
      if (auto opened = ingest_->open(); !opened) return std::unexpected(opened.error());
      ingest_is_open_ = true;
    }
    is_all_kept_ = false;
    auto kept = ingest_->do_work();
    if (!has(Part::Analyze)) left_out_.note(ingest_->take_left_out(), std::chrono::steady_clock::now());
    is_all_kept_ = kept && *kept == 0;
    return kept;
  }

  KafkaLogOptions log_options(std::int32_t partition) const {
    KafkaLogOptions log{.cluster = cluster_, .partition = partition, .partitions = partitions_};
    if (options_.kafka.delivery == Delivery::AtLeastOnce) log.checkpoint_every = checkpoint_every;
    return log;
  }

  std::unique_ptr<PartitionWorkers> partition_workers(std::string_view role, Topic topic, std::chrono::nanoseconds idle,
                                                      PartitionWorkers::Open open) {
    return std::make_unique<PartitionWorkers>(
        PartitionWorkersOptions{
            .role = std::string(role),
            .membership = {.cluster = cluster_,
                           .group = group_of(cluster_, role),
                           .topic = topic_name(cluster_, topic),
                           .partitions = partitions_,
                           .other_topic = state_topic_name(cluster_),
                           .instance = options_.kafka.instance,
                           .session_timeout = std::chrono::ceil<milliseconds>(options_.kafka.session_timeout)},
            .idle = idle,
            .retry_delay = retry_delay(),
            .max_retries = options_.max_retries},
        std::move(open), *journal_, metrics_, watch(std::string(role)));
  }

  // The client library has already waited, so the delay here is short.
  std::chrono::nanoseconds retry_delay() const {
    return std::min<std::chrono::nanoseconds>(options_.retry_delay, seconds(1));
  }

  AgentWatch watch(const std::string& name) {
    return {.retries =
                [this, name](const Error& error) {
                  if (page_) page_->server().set_failing(name, error.message());
                },
            .recovered =
                [this, name] {
                  if (page_) page_->server().set_working(name);
                },
            .gave_up = [this](const Error& error) { give_up(error); }};
  }

  void wait() {
    while (!stop_requested() && !failed()) {
      pollfd stop{stop_descriptor(), POLLIN, 0};
      ::poll(&stop, 1, 50);
      if (page_) page_->look_at_tokens();
      if (watch_)
        if (const auto trouble = watch_->look()) give_up(Error::permanent(trouble->sentence));
      watchdog_.look(oldest_turn());
      if (options_.exit_at_end && feed_ && feed_->status().state == FeedState::Ended && is_all_kept_) return;
    }
  }

  std::chrono::steady_clock::time_point oldest_turn() const {
    auto oldest = std::chrono::steady_clock::now();
    if (ingesting_) oldest = std::min(oldest, ingesting_->last_turn());
    for (const auto* workers : {&analyzing_, &storing_})
      if (*workers) oldest = std::min(oldest, (*workers)->last_turn());
    return page_ ? std::min(oldest, page_->last_turn()) : oldest;
  }

  int finish() {
    journal_->info("fleet.ending");
    tell_systemd("STOPPING=1");
    if (page_ && !failed()) page_->server().set_unready("ending");  // else with the reason, to the end
    Result<void> kept;
    if (ingesting_) {
      ingesting_->stop();
      if (!failed() && ingest_is_open_)
        if (const auto flushed = ingest_->flush(); !flushed) kept = std::unexpected(flushed.error());
      left_out_.finish();
      tell_if_ended(feed_->status(), *journal_);
    }
    if (analyzing_) analyzing_->stop();
    if (console_) console_->finish();
    if (storing_) storing_->stop();
    if (registration_) registration_->finish();
    if (page_) page_->stop();
    if (failed()) return refuse(failure_.error());
    if (!kept) return refuse(kept.error());
    journal_->info("fleet.ended");
    return exit_ok;
  }

  void give_up(const Error& error) {
    if (page_) page_->server().set_unready(error.message());
    failure_.note(std::string(to_string(part_)), error);
  }
  bool failed() const { return failure_.is_there(); }

  int refuse(const Error& error) const { return fail(to_string(part_), error); }

  Part part_;
  const RunOptions& options_;
  SystemClock clock_;
  std::unique_ptr<Journal> journal_;
  Metrics metrics_;
  KafkaCluster cluster_;
  std::int32_t partitions_ = 0;
  Watchdog watchdog_;

  FirstFailure failure_;

  LakePlace place_{options_};
  std::unique_ptr<Store> store_;
  std::optional<DataWatch> watch_;
  std::optional<WatchedStore> watched_store_;
  std::optional<StoreReport> stored_;
  std::optional<HiveRegistration> registration_;
  std::optional<RegisteredStore> registered_store_;
  std::optional<LivePage> page_;

  WakeSignal wake_ingest_, nobody_;
  std::unique_ptr<Log> ingest_log_;
  std::unique_ptr<Feed> feed_;
  std::optional<IngestRole> ingest_;
  bool ingest_is_open_ = false;
  std::atomic<bool> is_all_kept_ = false;  // all records of the feed are in the log
  LeftOutJournal left_out_{*journal_, {.of_rejected = LeftOutJournal::dead_letters_of_kafka}};  // if it does not judge
  std::unique_ptr<Agent> ingesting_;
  std::optional<Console> console_;  // outlives its callers
  std::unique_ptr<PartitionWorkers> analyzing_, storing_;
};

}  // namespace

// Exits without destructors: librdkafka may have threads that never end (io/kafka/client.cc), and these must not lose
// what they use.
int run_over_kafka(Part part, const RunOptions& options) {
  Fleet fleet(part, options);
  const int code = fleet.main();
  std::fflush(nullptr);
  std::_Exit(code);
}

}  // namespace tidemark
