// The log over Kafka: one partition of each topic. A commit is one producer transaction.
//
//     append   bars and heartbeats, each into the partition of its key, + the feed's cursor in tidemark_state
//     commit   outputs into this partition + state in tidemark_state + the reader's positions as its group's offsets
//
// A position is partition · 10^15 + offset, so that it is unique across partitions: the names of the lake's files and
// the rank of bars are made of positions.
//
// The first restore() or commit() of a reader fences the former owner of this partition for that reader: its later
// commits are refused, and its open transaction is aborted. The first cursor() or append() does the same for a feed.
// After a refused commit, the caller opens a new log. A refused append retries by itself, and fails for good if another
// process has advanced the feed meanwhile. docs/kafka.md describes the topics.
//
// The same holds for a log in doubt, which is one whose transactional request got no answer (transaction.h): a reader
// opens a new log, whose restore() returns the committed positions; an append retries by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/result.h"
#include "io/kafka/cluster.h"
#include "run/interfaces/log.h"

namespace tidemark {

inline constexpr Position positions_of_a_partition = 1'000'000'000'000'000;

struct KafkaLogOptions {
  KafkaCluster cluster;
  std::int32_t partition = 0;   // the partition that is read and committed to
  std::int32_t partitions = 1;  // the number of partitions; heartbeats and ends are appended to each
  // Reads without fencing anyone. All writes are refused.
  bool read_only = false;
  // At-least-once delivery: outputs are written at once, outside of transactions, and positions are committed at this
  // interval. After a kill, outputs since the last commit are written again. Commits with a state are exact
  // nevertheless.
  std::optional<std::chrono::milliseconds> checkpoint_every;
};

class TransactionalLog : public Log {
 public:
  // True once commits are refused and a new log has to be opened. Commits that returned without an error are durable.
  virtual bool is_in_doubt() = 0;
};

// The topics must exist (ensure_topics). Does not wait for the brokers.
Result<std::unique_ptr<TransactionalLog>> open_kafka_log(const KafkaLogOptions& options);

// The consumer group whose offsets are a reader's positions.
std::string group_of(const KafkaCluster& cluster, std::string_view reader);

}  // namespace tidemark
