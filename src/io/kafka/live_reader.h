// LiveReader: reads the topics for the page: trends and judged bars of all partitions, and the status of their workers.
//
// Commits nothing, so any number of readers see the same records. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/market/trend.h"
#include "core/result.h"
#include "io/kafka/cluster.h"
#include "io/kafka/partition_reader.h"
#include "run/interfaces/live.h"

namespace tidemark {

class LiveReader {
 public:
  static Result<std::unique_ptr<LiveReader>> open(const KafkaCluster& cluster, std::int32_t partitions);

  // Returns about the last `rows` trends and as many bars, of all partitions together; poll() continues behind them.
  // Call it once, first.
  Result<LiveBatch> begin(std::size_t rows);
  // Returns new rows of all partitions in one batch: the accounts are added up, and the watermark is the lowest one.
  // None if nothing is new. Never waits.
  Result<std::optional<LiveBatch>> poll();
  // Sends a request to the brokers. An error if they do not answer.
  Result<void> look();

 private:
  struct Partition {
    Position trends = 0, bars = 0, run_status = 0;
    std::optional<LiveBatch> state;  // the last status of its worker
  };
  LiveReader(KafkaCluster cluster, std::unique_ptr<PartitionReader> reader, std::size_t partitions);
  Result<bool> read(std::int32_t number, Partition& partition, LiveBatch& batch);
  Result<Batch> next(const std::string& topic, std::int32_t number, Position& position);
  void add_up(LiveBatch& batch) const;

  KafkaCluster cluster_;
  std::string trends_topic_, bars_topic_, state_topic_;
  std::unique_ptr<PartitionReader> reader_;
  std::vector<Partition> partitions_;
};

}  // namespace tidemark
