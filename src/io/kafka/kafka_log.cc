#include "io/kafka/kafka_log.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/check.h"
#include "io/kafka/group_positions.h"
#include "io/kafka/message.h"
#include "io/kafka/partition_reader.h"
#include "io/kafka/placement.h"
#include "io/kafka/renewal_pace.h"
#include "io/kafka/state_topic.h"
#include "io/kafka/topic_names.h"
#include "io/kafka/transaction.h"

namespace tidemark {
namespace {

constexpr std::size_t most_polled_bytes = 8'000'000;
constexpr auto longest_settling = std::chrono::seconds(60);
constexpr auto between_looks = std::chrono::milliseconds(5);
constexpr int most_looks = 200;  // attempts to read positions and state of the same commit

// FNV-1a, because the name of a feed may have any bytes, but people read transactional ids.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

class KafkaLog final : public TransactionalLog {
 public:
  KafkaLog(KafkaLogOptions options, std::unique_ptr<PartitionReader> reader)
      : options_(std::move(options)), state_topic_(state_topic_name(options_.cluster)), reader_(std::move(reader)) {}

  // Commits positions whose records are written but not yet committed.
  ~KafkaLog() override {
    for (auto& [reader, checkpoint] : checkpoints_)
      if (const auto producer = readers_.find(reader); producer != readers_.end() && !checkpoint.waiting.empty())
        (void)producer->second->commit([](rd_kafka_t*) { return 0; }, checkpoint.group,
                                       positions_in_group(checkpoint.waiting));
  }
  KafkaLog(const KafkaLog&) = delete;
  KafkaLog& operator=(const KafkaLog&) = delete;

  Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) override {
    const std::lock_guard guard(mutex_);
    const std::string name(feed);
    discard_if_in_doubt(name);
    auto producer = feed_producer(feed);
    if (!producer) return std::unexpected(producer.error());
    if (const auto doubt = doubts_.find(name); doubt != doubts_.end()) {
      const auto stands = read_cursor(feed);
      if (!stands) return std::unexpected(stands.error());
      const bool is_in = *stands == cursor;
      if (!is_in && *stands != doubt->second)
        return std::unexpected(Error::permanent(
            fmt::format("another process brings the feed {} into this cluster: end one of them", name)));
      doubts_.erase(doubt);
      if (is_in) {
        cursors_[name] = std::string(cursor);
        return {};
      }
    }
    auto done = append_with(**producer, records, {.key = feed_key(feed), .value = std::string(cursor)});
    if (done) {
      cursors_[name] = std::string(cursor);
    } else if (!done.error().is_retryable()) {
      // Either the transaction timed out or another process has fenced this one. The cursor will tell which, and
      // whether the records were committed.
      discard(name);
      return std::unexpected(Error::retryable(done.error().message()));
    }
    return done;
  }

  Result<std::optional<std::string>> cursor(std::string_view feed) override {
    const std::lock_guard guard(mutex_);
    if (!options_.read_only)
      if (auto fenced = feed_producer(feed); !fenced) return std::unexpected(fenced.error());
    auto stands = read_cursor(feed);
    if (stands && *stands) cursors_[std::string(feed)] = **stands;
    return stands;
  }

  Result<Batch> poll(Topic topic, Position from, std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    auto records = reader_->poll(names_[topic], options_.partition, from - base_, limit, most_polled_bytes);
    if (records) records->move_by(base_);
    return records;
  }

  Result<Batch> tail(Topic topic, std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    const auto extent = reader_->extent(names_[topic], options_.partition);
    if (!extent) return std::unexpected(extent.error());
    // Transaction markers take offsets between the records, so it may have to start earlier.
    for (std::size_t back = limit;; back *= 2) {
      const Position from = std::max(extent->begin, extent->end - static_cast<Position>(back));
      auto records = read(topic, from, extent->end);
      if (!records) return std::unexpected(records.error());
      if (records->size() < limit && from > extent->begin) continue;
      Batch last(from);
      for (std::size_t i = records->size() - std::min(limit, records->size()); i < records->size(); ++i) {
        const auto record = (*records)[i];
        last.add(record.position, record.kind, record.key, record.value, record.time, record.ingested_at,
                 record.bytes_in_all);
      }
      last.pass(extent->end);
      last.move_by(base_);
      return last;
    }
  }

  Result<Position> begin(Topic topic) override {
    const std::lock_guard guard(mutex_);
    const auto begin = reader_->begin(names_[topic], options_.partition);
    return begin ? Result<Position>(base_ + *begin) : begin;
  }
  Result<Position> end(Topic topic) override {
    const std::lock_guard guard(mutex_);
    const auto end = reader_->end(names_[topic], options_.partition);
    return end ? Result<Position>(base_ + *end) : end;
  }
  bool is_dense() const override { return false; }

  Result<ReaderState> restore(std::string_view reader) override {
    const std::lock_guard guard(mutex_);
    const std::string name(reader);
    if (!options_.read_only)
      if (auto fenced = reader_producer(name); !fenced) return std::unexpected(fenced.error());
    if (auto settled = settle(options_.partition); !settled) return std::unexpected(settled.error());
    auto before = groups_.committed(name);
    for (int look = 0; before && look < most_looks; ++look) {
      const auto table = StateTable::read(*reader_, state_topic_, options_.partition);
      if (!table) return std::unexpected(table.error());
      auto after = groups_.committed(name);
      if (!after) return std::unexpected(after.error());
      if (*after != *before) {
        before = std::move(after);
        continue;
      }
      auto state = table->state(name);
      if (!state) return std::unexpected(state.error());
      needed_[name] = table->needed(name);
      groups_.advance(*after, name, table->positions(name, group_of(options_.cluster, name)));
      stands_[name] = *after;
      return ReaderState{std::move(*after), needed_[name], std::move(*state)};
    }
    if (!before) return std::unexpected(before.error());
    return std::unexpected(Error::retryable(fmt::format("Kafka: the state of {} changes all the time", name)));
  }

  Result<void> commit(const Commit& commit) override {
    const std::lock_guard guard(mutex_);
    auto producer = reader_producer(commit.reader);
    if (!producer) return std::unexpected(producer.error());
    const Positions needed = merged(needed_[commit.reader], commit.needed);
    Checkpoint& checkpoint = checkpoints_[commit.reader];
    const Positions since = merged(checkpoint.waiting, commit.positions);  // the last checkpoint
    const Positions stands = merged(stands_[commit.reader], since);
    const std::string group = group_of(options_.cluster, commit.reader);
    std::vector<Record> state;
    if (commit.state) state = state_records(commit.reader, *commit.state, {});
    if (!commit.needed.empty()) state.push_back(needed_record(commit.reader, needed, {}));
    if (commit.run_status) state.push_back({.key = vitals_key(commit.reader), .value = *commit.run_status});
    const std::vector<GroupPosition> positions = positions_in_group(since);
    const auto put_outputs = [&](rd_kafka_t* handle) {
      for (const Output& output : commit.outputs)
        if (const int code = placement_.put(handle, output)) return code;
      return 0;
    };
    const auto put_state = [&](rd_kafka_t* handle) {
      for (const Record& record : state)
        if (const int code = produce(handle, {state_topic_.c_str(), options_.partition}, record)) return code;
      return 0;
    };
    const auto put_state_and_positions = [&](rd_kafka_t* handle) {
      if (const int code = put_state(handle)) return code;
      if (since.empty()) return 0;
      return produce(handle, {state_topic_.c_str(), options_.partition},
                     positions_record(commit.reader, group, stands, {}));
    };
    const auto is_durable = [&] {
      needed_[commit.reader] = needed;
      stands_[commit.reader] = stands;
    };
    if (options_.checkpoint_every) {
      if (auto written = write(put_outputs); !written) return written;
      checkpoint.waiting = since;
      checkpoint.group = group;
      const auto now = std::chrono::steady_clock::now();
      if (!commit.state && now - checkpoint.last < *options_.checkpoint_every)
        return write([&](rd_kafka_t* handle) { return put_state(handle); });
      if (auto done = (*producer)->commit(put_state_and_positions, group, positions); !done) return done;
      checkpoint.last = now;
      checkpoint.waiting.clear();
      is_durable();
      return {};
    }
    auto done = (*producer)->commit(
        [&](rd_kafka_t* handle) {
          const int code = put_outputs(handle);
          return code != 0 ? code : put_state_and_positions(handle);
        },
        group, positions);
    if (done) is_durable();
    return done;
  }

  bool is_in_doubt() override {
    const std::lock_guard guard(mutex_);
    return std::ranges::any_of(readers_,
                               [](const auto& reader) { return reader.second && reader.second->is_in_doubt(); });
  }

  // The brokers trim the topics by their own retention.
  Result<Position> trim(Topic topic, Position) override { return begin(topic); }
  Result<std::uint64_t> bytes() override { return 0; }

 private:
  using Positions = GroupPositions::Positions;
  struct Checkpoint {
    std::chrono::steady_clock::time_point last;
    Positions waiting;  // of commits since the last checkpoint
    std::string group;
  };
  using Producers = std::map<std::string, std::unique_ptr<TransactionalProducer>, std::less<>>;

  static Positions merged(Positions positions, const Positions& newer) {
    for (const auto& [topic, position] : newer) {
      const auto at = std::ranges::find(positions, topic, &Positions::value_type::first);
      if (at == positions.end())
        positions.emplace_back(topic, position);
      else
        at->second = position;
    }
    std::ranges::sort(positions);
    return positions;
  }

  std::vector<GroupPosition> positions_in_group(const Positions& positions) const {
    std::vector<GroupPosition> in_group;
    for (const auto& [topic, position] : positions) {
      CHECK(position >= base_ && position - base_ < positions_of_a_partition);
      in_group.push_back({names_[topic], options_.partition, position - base_});
    }
    return in_group;
  }

  Result<TransactionalProducer*> producer_of(Producers& producers, std::string_view name, const std::string& id) {
    if (options_.read_only) return std::unexpected(Error::permanent("this log was opened to be read only"));
    auto& producer = producers[std::string(name)];
    if (!producer) {
      auto opened = TransactionalProducer::open(options_.cluster, id);
      if (!opened) return std::unexpected(opened.error());
      producer = std::move(*opened);
    }
    return producer.get();
  }
  // The next append opens another producer, and first reads the feed's cursor.
  void discard(const std::string& feed) {
    const auto before = cursors_.find(feed);
    doubts_[feed] = before == cursors_.end() ? std::nullopt : std::optional(before->second);
    feeds_.erase(feed);
  }
  void discard_if_in_doubt(const std::string& feed) {
    const auto producer = feeds_.find(feed);
    if (producer == feeds_.end() || !producer->second || !producer->second->is_in_doubt()) return;
    std::this_thread::sleep_until(feed_renewals_.next());
    feed_renewals_.renewed(std::chrono::steady_clock::now());
    if (options_.cluster.journal != nullptr)
      options_.cluster.journal->warning("kafka.producer_renewed", {{"feed", feed}, {"reason", std::string(in_doubt)}});
    discard(feed);
  }
  Result<TransactionalProducer*> feed_producer(std::string_view feed) {
    return producer_of(feeds_, feed, fmt::format("{}-ingest-{:016x}", options_.cluster.application, hash_of(feed)));
  }
  Result<TransactionalProducer*> reader_producer(const std::string& reader) {
    return producer_of(readers_, reader,
                       fmt::format("{}-{}-{}", options_.cluster.application, reader, options_.partition));
  }

  // Writes outside of transactions. Returns when the brokers have the messages.
  Result<void> write(const Fill& fill) {
    if (!plain_) {
      auto opened = PlainProducer::open(options_.cluster);
      if (!opened) return std::unexpected(opened.error());
      plain_ = std::move(*opened);
    }
    return plain_->write(fill);
  }

  Result<void> append_with(TransactionalProducer& producer, std::span<const Record> records, const Record& place) {
    const auto put_place = [&](rd_kafka_t* handle) { return produce(handle, {state_topic_.c_str(), 0}, place); };
    if (!options_.checkpoint_every)
      return producer.commit(
          [&](rd_kafka_t* handle) {
            const int code = placement_.append(handle, records);
            return code != 0 ? code : put_place(handle);
          },
          {}, {});
    if (auto written = write([&](rd_kafka_t* handle) { return placement_.append(handle, records); }); !written)
      return written;
    return producer.commit(put_place, {}, {});
  }

  Result<std::optional<std::string>> read_cursor(std::string_view feed) {
    if (auto settled = settle(0); !settled) return std::unexpected(settled.error());
    const auto table = StateTable::read(*reader_, state_topic_, 0);
    if (!table) return std::unexpected(table.error());
    return table->value(feed_key(feed));
  }

  // Other producers write to the same partition of the state topic, and committed records cannot be read behind an open
  // transaction. Waits until all present records can be read: live producers finish soon, and the brokers abort
  // transactions of dead ones.
  Result<void> settle(std::int32_t partition) {
    auto all = PartitionReader::open(options_.cluster, Shows::Everything);
    if (!all) return std::unexpected(all.error());
    const auto there = (*all)->end(state_topic_, partition);
    if (!there) return std::unexpected(there.error());
    for (const auto deadline = std::chrono::steady_clock::now() + longest_settling;;) {
      const auto shown = reader_->end(state_topic_, partition);
      if (!shown) return std::unexpected(shown.error());
      if (*shown >= *there) return {};
      if (std::chrono::steady_clock::now() > deadline)
        return std::unexpected(Error::retryable(
            fmt::format("Kafka: a transaction of another process is open in {}[{}] and hides the records behind it",
                        state_topic_, partition)));
      std::this_thread::sleep_for(between_looks);
    }
  }

  Result<Batch> read(Topic topic, Position from, Position to) {
    Batch all(from);
    while (from < to) {
      const auto batch = reader_->poll(names_[topic], options_.partition, from, 4'096, most_polled_bytes);
      if (!batch) return std::unexpected(batch.error());
      for (std::size_t i = 0; i < batch->size(); ++i) {
        const auto record = (*batch)[i];
        all.add(record.position, record.kind, record.key, record.value, record.time, record.ingested_at,
                record.bytes_in_all);
      }
      from = batch->next_position();
    }
    return all;
  }

  KafkaLogOptions options_;
  Position base_ = options_.partition * positions_of_a_partition;
  TopicNames names_{options_.cluster};
  Placement placement_{names_, options_.cluster.application, options_.partition, options_.partitions, base_};
  GroupPositions groups_{options_.cluster, names_, options_.partition, base_};
  std::string state_topic_;
  std::mutex mutex_;
  std::unique_ptr<PartitionReader> reader_;
  Producers feeds_, readers_;
  RenewalPace feed_renewals_{std::chrono::seconds(1)};  // nobody waits long to end
  std::map<std::string, std::string> cursors_;          // by feed, as last known to be durable
  std::map<std::string, std::optional<std::string>>
      doubts_;                                        // feeds of which the last append may be in: the cursor before
  std::unique_ptr<PlainProducer> plain_;              // where commits are not transactions
  std::map<std::string, Checkpoint> checkpoints_;     // by reader
  std::map<std::string, Positions> needed_, stands_;  // by reader, as last committed
};

}  // namespace

std::string group_of(const KafkaCluster& cluster, std::string_view reader) {
  return fmt::format("{}-{}", cluster.application, reader);
}

Result<std::unique_ptr<TransactionalLog>> open_kafka_log(const KafkaLogOptions& options) {
  auto reader = PartitionReader::open(options.cluster);
  if (!reader) return std::unexpected(reader.error());
  return std::make_unique<KafkaLog>(options, std::move(*reader));
}

}  // namespace tidemark
