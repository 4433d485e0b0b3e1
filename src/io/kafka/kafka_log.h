// The log over Kafka: one partition of each topic, a commit is one producer transaction.
//
//     append   bars and heartbeats, each into the partition of its key, + the feed's cursor in tidemark_state
//     commit   outputs into this partition + state in tidemark_state + the reader's positions as its group's offsets
//
// A position is partition · 10^15 + offset, so that it names one record of all partitions: the lake's files and the bars'
// rank are made of positions.
//
// The first restore() or commit() of a reader fences: whoever worked on this partition for the same reader is refused from
// then on, and what he left open is undone. The first cursor() or append() does the same for a feed. Who was refused in a
// commit has to open a new log; an append begins anew by itself, and fails for good when somebody else has brought
// the feed further meanwhile. docs/kafka.md says what stands where.
//
// The same holds for a log that is in doubt, of which a transactional request got no answer (transaction.h): a reader opens a new
// log, whose restore() tells how far the work has come; an append begins anew by itself.
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
  std::int32_t partition = 0;   // that is read and committed to
  std::int32_t partitions = 1;  // that there are: heartbeats and ends are appended to each
  // To look without fencing anybody: whatever writes is refused.
  bool read_only = false;
  // Outputs are written before, not with, what the reader knows and how far it has come, which follow every so often: they
  // can be read at once, and what came since is written again after a kill. Commits of a state are exact even so.
  std::optional<std::chrono::milliseconds> checkpoint_every;
};

class TransactionalLog : public Log {
 public:
  // Commits are refused from now on: open a new log. What was committed without an error is durable.
  virtual bool is_in_doubt() = 0;
};

// The topics must be there (ensure_topics). Does not wait for the brokers.
Result<std::unique_ptr<TransactionalLog>> open_kafka_log(const KafkaLogOptions& options);

// The consumer group whose offsets are a reader's positions.
std::string group_of(const KafkaCluster& cluster, std::string_view reader);

}  // namespace tidemark
