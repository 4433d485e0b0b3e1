// A record of the log as a message of Kafka, and back.
//
//     data        key, value                        a value that is too long to be a record says its length in a header
//     heartbeat   null value, header tidemark-heartbeat: ns since 1970
//     end         null value, header tidemark-end
//     limit       null value, header tidemark-max-ahead: seconds, 0 for none
//     watermark   null value, header tidemark-lower-watermark: ns since 1970, what it is lowered to
//
// The message's own timestamp (milliseconds) is when it was ingested. A null value without these headers is nothing:
// like a blank line, it is skipped.
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
  std::int32_t partition = -1;  // -1: the key decides, as Kafka's own clients do (murmur2)
};

// Hands it to the producer, which sends it when it likes. Waits while its queue is full. Returns librdkafka's code, 0 = good.
int produce(rd_kafka_s* producer, const Destination& to, const Record& record, const MessageHeaders& more = {});

// Adds what the message says to the batch.
void add_message(const rd_kafka_message_s& message, Batch& batch);

}  // namespace tidemark
