// What the page shows, read from the topics: the trends and judged bars of all partitions, and what their workers say of
// themselves.
//
// Commits nothing: any number of them see the same. Not for two threads at once.
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

  // About the last `rows` trends and as many bars, of all partitions together; poll() goes on behind them. Once, first.
  Result<LiveBatch> begin(std::size_t rows);
  // What has come since, of all partitions as one: accounts added up, the watermark is that of the slowest. Never waits;
  // nothing when nothing has come.
  Result<std::optional<LiveBatch>> poll();
  // Asks the brokers for something: an error when they do not answer.
  Result<void> look();

 private:
  struct Partition {
    Position trends = 0, bars = 0, run_status = 0;
    std::optional<LiveBatch> state;  // as its worker last said
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
