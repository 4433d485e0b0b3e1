// Converts a record of the log to a message of Kafka, and back.
//
//     data        key, value                        if the value is too long for a record, a header has its length
//     heartbeat   null value, header tidemark-heartbeat: ns since 1970
//     end         null value, header tidemark-end
//     limit       null value, header tidemark-max-ahead: seconds, 0 for none
//     watermark   null value, header tidemark-lower-watermark: ns since 1970, the time it is lowered to
//
// The timestamp of the message (milliseconds) is the time of ingestion. A null value without these headers is skipped,
// like a blank line.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "run/interfaces/log.h"

struct rd_kafka_s;
struct rd_kafka_message_s;

namespace tidemark {

inline constexpr const char* heartbeat_header = "tidemark-heartbeat";
inline constexpr const char* end_header = "tidemark-end";
inline constexpr const char* limit_header = "tidemark-max-ahead";
inline constexpr const char* lower_watermark_header = "tidemark-lower-watermark";
inline constexpr const char* bytes_header = "tidemark-bytes";

using MessageHeaders = std::vector<std::pair<std::string, std::string>>;

struct Destination {
  const char* topic = nullptr;
  std::int32_t partition = -1;  // -1: chosen by the key, as in Kafka's own clients (murmur2)
};

// Queues a record in the producer, which sends it later. Waits while the queue is full. Returns librdkafka's code, 0 =
// success.
int produce(rd_kafka_s* producer, const Destination& to, const Record& record, const MessageHeaders& more = {});

// Decodes a message and adds the record to the batch.
void add_message(const rd_kafka_message_s& message, Batch& batch);

}  // namespace tidemark
