#include "io/kafka/message.h"

#include <librdkafka/rdkafka.h>

#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

#include "core/stream/watermark.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;

constexpr int queue_wait_ms = 50;

using Headers = std::unique_ptr<rd_kafka_headers_t, void (*)(rd_kafka_headers_t*)>;

void add(Headers& headers, const char* name, std::string_view value) {
  if (!headers) headers.reset(rd_kafka_headers_new(1));
  rd_kafka_header_add(headers.get(), name, -1, value.data(), static_cast<ssize_t>(value.size()));
}

std::optional<std::string_view> find(const rd_kafka_headers_t* headers, const char* name) {
  const void* value = nullptr;
  std::size_t size = 0;
  if (headers == nullptr || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  return std::string_view(static_cast<const char*>(value), value == nullptr ? 0 : size);
}

std::int64_t number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Headers headers_of(const Record& record, const MessageHeaders& more) {
  Headers headers(nullptr, rd_kafka_headers_destroy);
  if (record.kind == RecordKind::Heartbeat)
    add(headers, heartbeat_header, std::to_string(nanos_since_epoch(record.time)));
  if (record.kind == RecordKind::End) add(headers, end_header, "");
  if (record.kind == RecordKind::Limit) add(headers, limit_header, record.value);
  if (record.kind == RecordKind::LowerWatermark)
    add(headers, lower_watermark_header, std::to_string(nanos_since_epoch(record.time)));
  if (record.bytes_in_all > 0) add(headers, bytes_header, std::to_string(record.bytes_in_all));
  for (const auto& [name, value] : more) add(headers, name.c_str(), value);
  return headers;
}

}  // namespace

int produce(rd_kafka_t* producer, const Destination& to, const Record& record, const MessageHeaders& more) {
  Headers headers = headers_of(record, more);
  const bool has_value = record.kind == RecordKind::Data;
  const auto timestamp = std::chrono::floor<milliseconds>(record.ingested_at).time_since_epoch().count();
  for (;;) {
    // librdkafka takes ownership of the headers, so each attempt has its own copy.
    rd_kafka_headers_t* const copy = headers ? rd_kafka_headers_copy(headers.get()) : nullptr;
    const rd_kafka_resp_err_t outcome = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(to.topic), RD_KAFKA_V_PARTITION(to.partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(record.key.empty() ? nullptr : const_cast<char*>(record.key.data()), record.key.size()),
        RD_KAFKA_V_VALUE(has_value ? const_cast<char*>(record.value.data()) : nullptr,
                         has_value ? record.value.size() : 0),
        RD_KAFKA_V_TIMESTAMP(timestamp > 0 ? timestamp : 0), RD_KAFKA_V_HEADERS(copy), RD_KAFKA_V_END);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR && copy != nullptr) rd_kafka_headers_destroy(copy);
    if (outcome != RD_KAFKA_RESP_ERR__QUEUE_FULL) return outcome;
    rd_kafka_poll(producer, queue_wait_ms);
  }
}

void add_message(const rd_kafka_message_t& message, Batch& batch) {
  const std::string_view key(static_cast<const char*>(message.key), message.key == nullptr ? 0 : message.key_len);
  const std::string_view value(static_cast<const char*>(message.payload), message.payload == nullptr ? 0 : message.len);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) headers = nullptr;
  rd_kafka_timestamp_type_t type{};
  const std::int64_t at = rd_kafka_message_timestamp(&message, &type);
  const EventTime ingested_at = EventTime(milliseconds(at > 0 ? at : 0));
  if (message.payload == nullptr) {
    if (const auto time = find(headers, heartbeat_header))
      return batch.add(message.offset, RecordKind::Heartbeat, key, {}, event_time_from_nanos(number(*time)),
                       ingested_at);
    if (find(headers, end_header)) return batch.add(message.offset, RecordKind::End, key, {}, {}, ingested_at);
    if (const auto seconds = find(headers, limit_header); seconds && parse_limit(*seconds))
      return batch.add(message.offset, RecordKind::Limit, key, *seconds, {}, ingested_at);
    if (const auto text = find(headers, lower_watermark_header))
      if (const EventTime to = event_time_from_nanos(number(*text)); can_lower_to(to))
        return batch.add(message.offset, RecordKind::LowerWatermark, key, {}, to, ingested_at);
  }
  const auto bytes = find(headers, bytes_header);
  batch.add(message.offset, RecordKind::Data, key, value, {}, ingested_at,
            bytes ? static_cast<std::size_t>(number(*bytes)) : 0);
}

}  // namespace tidemark
