// PartitionReader: reads a partition of any topic in order from any offset. Records of unfinished transactions are
// invisible.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "io/kafka/client.h"
#include "run/interfaces/log.h"

struct rd_kafka_topic_s;

namespace tidemark {

enum class Shows : std::uint8_t { Committed, Everything };  // which records of transactions are visible

class PartitionReader {
 public:
  // Belongs to no group and commits nothing.
  static Result<std::unique_ptr<PartitionReader>> open(const KafkaCluster& cluster, Shows shows = Shows::Committed);
  ~PartitionReader();
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  // Returns at most `limit` records from `from` on, and not much more than `most_bytes`. Waits for the broker only if
  // records are known to exist. Polls that continue at the last next_position() need no seek. An offset that the topic
  // no longer has is a permanent error.
  Result<Batch> poll(const std::string& topic, std::int32_t partition, Position from, std::size_t limit,
                     std::size_t most_bytes);

  struct Extent {
    Position begin = 0, end = 0;  // the end of finished transactions
  };
  // After a call of end(), polls wait for all records up to it.
  Result<Position> begin(const std::string& topic, std::int32_t partition);
  Result<Position> end(const std::string& topic, std::int32_t partition);
  Result<Extent> extent(const std::string& topic, std::int32_t partition);

 private:
  struct Reading;
  explicit PartitionReader(Client client);
  Result<Reading*> read_from(const std::string& topic, std::int32_t partition, Position from);

  Client client_;
  Result<Position> ask(const std::string& topic, std::int32_t partition, std::int64_t which);
  Reading& reading_of(const std::string& topic, std::int32_t partition);
  std::map<std::pair<std::string, std::int32_t>, std::unique_ptr<Reading>> readings_;  // of client_
};

}  // namespace tidemark
