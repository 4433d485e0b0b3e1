#include "io/kafka/kafka_log.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/check.h"
#include "core/wire/reject.h"
#include "io/kafka/message.h"
#include "io/kafka/partition_reader.h"
#include "io/kafka/renewal_pace.h"
#include "io/kafka/state_topic.h"
#include "io/kafka/transaction.h"

namespace tidemark {
namespace {

constexpr std::size_t most_polled_bytes = 8'000'000;
constexpr int committed_ms = 10'000;
constexpr auto longest_settling = std::chrono::seconds(60);
constexpr auto between_looks = std::chrono::milliseconds(5);
constexpr int most_looks = 200;  // until a reader's positions and state are seen to be of one commit

// FNV-1a: a feed's name may have any bytes, a transactional id is read by people.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

class KafkaLog final : public TransactionalLog {
 public:
  KafkaLog(KafkaLogOptions options, std::unique_ptr<PartitionReader> reader)
      : options_(std::move(options)), state_topic_(state_topic_name(options_.cluster)), reader_(std::move(reader)) {
    for (const Topic topic : all_topics) names_[index_of(topic)] = topic_name(options_.cluster, topic);
  }

  // What is written, but not said to be.
  ~KafkaLog() override {
    for (auto& [reader, checkpoint] : checkpoints_)
      if (const auto producer = readers_.find(reader); producer != readers_.end() && !checkpoint.waiting.empty())
        (void)producer->second->commit([](rd_kafka_t*) { return 0; }, checkpoint.group, checkpoint.waiting);
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
      // It was too slow for the brokers, or somebody else fences. Which of them, and whether this is in, the cursor tells.
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
    auto records = reader_->poll(name_of(topic), options_.partition, from - base_, limit, most_polled_bytes);
    if (records) records->move_by(base_);
    return records;
  }

  Result<Batch> tail(Topic topic, std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    const auto extent = reader_->extent(name_of(topic), options_.partition);
    if (!extent) return std::unexpected(extent.error());
    // Marks of transactions lie between the records, so it may have to begin earlier than one would think.
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
    const auto begin = reader_->begin(name_of(topic), options_.partition);
    return begin ? Result<Position>(base_ + *begin) : begin;
  }
  Result<Position> end(Topic topic) override {
    const std::lock_guard guard(mutex_);
    const auto end = reader_->end(name_of(topic), options_.partition);
    return end ? Result<Position>(base_ + *end) : end;
  }
  bool is_dense() const override { return false; }

  Result<ReaderState> restore(std::string_view reader) override {
    const std::lock_guard guard(mutex_);
    const std::string name(reader);
    if (!options_.read_only)
      if (auto fenced = reader_producer(name); !fenced) return std::unexpected(fenced.error());
    if (auto settled = settle(options_.partition); !settled) return std::unexpected(settled.error());
    auto before = positions_of(name);
    for (int look = 0; before && look < most_looks; ++look) {
      const auto table = StateTable::read(*reader_, state_topic_, options_.partition);
      if (!table) return std::unexpected(table.error());
      auto after = positions_of(name);
      if (!after) return std::unexpected(after.error());
      if (*after != *before) {
        before = std::move(after);
        continue;
      }
      auto state = table->state(name);
      if (!state) return std::unexpected(state.error());
      needed_[name] = table->needed(name);
      advance(*after, name, table->positions(name, group_of(options_.cluster, name)));
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
    const Positions stands = merged(stands_[commit.reader], commit.positions);
    const std::string group = group_of(options_.cluster, commit.reader);
    std::vector<Record> state;
    if (commit.state) state = state_records(commit.reader, *commit.state, {});
    if (!commit.needed.empty()) state.push_back(needed_record(commit.reader, needed, {}));
    if (commit.run_status) state.push_back({.key = vitals_key(commit.reader), .value = *commit.run_status});
    std::vector<GroupPosition> positions;
    for (const auto& [topic, position] : commit.positions) {
      CHECK(position >= base_ && position - base_ < positions_of_a_partition);
      positions.push_back({name_of(topic), options_.partition, position - base_});
    }
    const auto put_outputs = [&](rd_kafka_t* handle) {
      for (const Output& output : commit.outputs)
        if (const int code = put(handle, output)) return code;
      return 0;
    };
    const auto put_state = [&](rd_kafka_t* handle) {
      for (const Record& record : state)
        if (const int code = produce(handle, {state_topic_.c_str(), options_.partition}, record)) return code;
      return 0;
    };
    const auto put_state_and_positions = [&](rd_kafka_t* handle) {
      if (const int code = put_state(handle)) return code;
      if (commit.positions.empty()) return 0;
      return produce(handle, {state_topic_.c_str(), options_.partition},
                     positions_record(commit.reader, group, stands, {}));
    };
    const auto is_durable = [&] {
      needed_[commit.reader] = needed;
      stands_[commit.reader] = stands;
    };
    if (options_.checkpoint_every) {
      if (auto written = write(put_outputs); !written) return written;
      auto& [last, waiting, waiting_of] = checkpoints_[commit.reader];
      waiting = std::move(positions);
      waiting_of = group;
      const auto now = std::chrono::steady_clock::now();
      if (!commit.state && now - last < *options_.checkpoint_every)
        return write([&](rd_kafka_t* handle) { return put_state(handle); });
      if (auto done = (*producer)->commit(put_state_and_positions, group, std::exchange(waiting, {})); !done)
        return done;
      last = now;
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

  // The brokers keep what the topics' retention says.
  Result<Position> trim(Topic topic, Position) override { return begin(topic); }
  Result<std::uint64_t> bytes() override { return 0; }

 private:
  using Positions = std::vector<std::pair<Topic, Position>>;
  struct Checkpoint {
    std::chrono::steady_clock::time_point last;
    std::vector<GroupPosition> waiting;
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

  // Where the reader's group stands behind what was committed with the state, its brokers have forgotten the rest.
  void advance(Positions& of_group, const std::string& reader, const Positions& with_state) const {
    for (const auto& [topic, position] : with_state) {
      const auto at = std::ranges::find(of_group, topic, &Positions::value_type::first);
      if (at != of_group.end() && at->second >= position) continue;
      if (options_.cluster.journal != nullptr)
        options_.cluster.journal->warning(
            "kafka.group_behind", {{"group", group_of(options_.cluster, reader)},
                                   {"topic", name_of(topic)},
                                   {"partition", std::to_string(options_.partition)},
                                   {"offset", at == of_group.end() ? "none" : std::to_string(at->second - base_)},
                                   {"goes_on_from", std::to_string(position - base_)}});
      if (at == of_group.end())
        of_group.emplace_back(topic, position);
      else
        at->second = position;
    }
  }

  static std::size_t index_of(Topic topic) { return static_cast<std::size_t>(topic); }
  const std::string& name_of(Topic topic) const { return names_[index_of(topic)]; }

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
  // The next append opens another one, and looks first how far the feed has come.
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

  // Returns when the brokers have it, of no transaction.
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
            const int code = append(handle, records);
            return code != 0 ? code : put_place(handle);
          },
          {}, {});
    if (auto written = write([&](rd_kafka_t* handle) { return append(handle, records); }); !written) return written;
    return producer.commit(put_place, {}, {});
  }

  Result<std::optional<std::string>> read_cursor(std::string_view feed) {
    if (auto settled = settle(0); !settled) return std::unexpected(settled.error());
    const auto table = StateTable::read(*reader_, state_topic_, 0);
    if (!table) return std::unexpected(table.error());
    return table->value(feed_key(feed));
  }

  // Others write to the same partition of the state, and what one has committed cannot be read while one of them has begun
  // earlier and not ended. Waits until all that is there by now can be: those who live end soon, the brokers end the dead.
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
            fmt::format("Kafka: somebody has a transaction open in {}[{}], and what was written since cannot be read",
                        state_topic_, partition)));
      std::this_thread::sleep_for(between_looks);
    }
  }

  // A record without a key that is no mark is known to nobody: it goes to one partition, where it is rejected.
  int append(rd_kafka_t* handle, std::span<const Record> records) const {
    for (const Record& record : records) {
      if (record.kind == RecordKind::Data) {
        const std::int32_t partition = record.key.empty() ? 0 : -1;
        if (const int code = produce(handle, {name_of(Topic::Bars).c_str(), partition}, record)) return code;
        continue;
      }
      for (std::int32_t partition = 0; partition < options_.partitions; ++partition)
        if (const int code = produce(handle, {name_of(Topic::Bars).c_str(), partition}, record)) return code;
    }
    return 0;
  }

  int put(rd_kafka_t* handle, const Output& output) const {
    const Destination to{name_of(output.topic).c_str(), options_.partition};
    if (output.topic != Topic::DeadLetters) return produce(handle, to, output.record);
    return produce(handle, to, output.record, letter_headers(output.record.value));
  }

  // Where Kafka Connect's tools look for what went wrong.
  MessageHeaders letter_headers(std::string_view json) const {
    const auto letter = decode_dead_letter(json);
    if (!letter) return {};
    return {{"__connect.errors.topic", name_of(Topic::Bars)},
            {"__connect.errors.partition", std::to_string(options_.partition)},
            {"__connect.errors.offset", std::to_string(letter->position - base_)},
            {"__connect.errors.connector.name", options_.cluster.application},
            {"__connect.errors.stage", "VALUE_CONVERTER"},
            {"__connect.errors.exception.message",
             letter->field.empty() ? std::string(to_string(letter->reason))
                                   : fmt::format("{}: {}", to_string(letter->reason), letter->field)}};
  }

  Result<Batch> read(Topic topic, Position from, Position to) {
    Batch all(from);
    while (from < to) {
      const auto batch = reader_->poll(name_of(topic), options_.partition, from, 4'096, most_polled_bytes);
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

  // What the reader's group has committed for this partition, by topic.
  Result<Positions> positions_of(const std::string& reader) {
    auto& client = groups_[reader];
    if (!client) {
      auto opened = Client::open(ClientKind::Consumer, options_.cluster,
                                 {{"group.id", group_of(options_.cluster, reader)}, {"enable.auto.commit", "false"}});
      if (!opened) return std::unexpected(opened.error());
      client.emplace(std::move(*opened));
    }
    const std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)> list(
        rd_kafka_topic_partition_list_new(topic_count), rd_kafka_topic_partition_list_destroy);
    for (const Topic topic : all_topics)
      rd_kafka_topic_partition_list_add(list.get(), name_of(topic).c_str(), options_.partition);
    if (const auto code = rd_kafka_committed(client->handle(), list.get(), committed_ms))
      return std::unexpected(client->failure("ask how far " + reader + " has come", code));
    Positions positions;
    for (const Topic topic : all_topics) {
      const auto* const found =
          rd_kafka_topic_partition_list_find(list.get(), name_of(topic).c_str(), options_.partition);
      if (found->offset >= 0) positions.emplace_back(topic, base_ + found->offset);
    }
    return positions;
  }

  KafkaLogOptions options_;
  Position base_ = options_.partition * positions_of_a_partition;
  std::array<std::string, topic_count> names_;
  std::string state_topic_;
  std::mutex mutex_;
  std::unique_ptr<PartitionReader> reader_;
  Producers feeds_, readers_;
  RenewalPace feed_renewals_{std::chrono::seconds(1)};  // nobody waits long to end
  std::map<std::string, std::string> cursors_;          // by feed, as last known to be durable
  std::map<std::string, std::optional<std::string>>
      doubts_;                                     // feeds of which the last append may be in: the cursor before
  std::unique_ptr<PlainProducer> plain_;           // where commits are not transactions
  std::map<std::string, Checkpoint> checkpoints_;  // by reader
  std::map<std::string, std::optional<Client>> groups_;
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
