// Placement: to which partition a record goes, and with which headers.
//
//     a bar                      the partition of its key; one without a key goes to partition 0, where it is rejected
//     a heartbeat, an end, …     every partition
//     an output of a reader      the reader's own partition; a dead letter with the headers that Kafka Connect's tools read
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "io/kafka/message.h"
#include "io/kafka/topic_names.h"
#include "run/interfaces/log.h"

namespace tidemark {

class Placement {
 public:
  // `base` is the position of the partition's offset 0. The names outlive this.
  Placement(const TopicNames& names, std::string application, std::int32_t partition, std::int32_t partitions,
            Position base)
      : names_(names),
        application_(std::move(application)),
        partition_(partition),
        partitions_(partitions),
        base_(base) {}

  // Each hands its records to the producer, and returns librdkafka's code, 0 = good.
  int append(rd_kafka_s* producer, std::span<const Record> records) const;
  int put(rd_kafka_s* producer, const Output& output) const;

 private:
  MessageHeaders dead_letter_headers(std::string_view json) const;

  const TopicNames& names_;
  std::string application_;
  std::int32_t partition_, partitions_;
  Position base_;
};

}  // namespace tidemark
