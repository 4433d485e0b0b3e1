#include "io/kafka/placement.h"

#include <fmt/format.h>

#include "core/wire/reject.h"

namespace tidemark {

int Placement::append(rd_kafka_s* producer, std::span<const Record> records) const {
  for (const Record& record : records) {
    if (record.kind == RecordKind::Data) {
      const std::int32_t partition = record.key.empty() ? 0 : -1;
      if (const int code = produce(producer, {names_[Topic::Bars].c_str(), partition}, record)) return code;
      continue;
    }
    for (std::int32_t partition = 0; partition < partitions_; ++partition)
      if (const int code = produce(producer, {names_[Topic::Bars].c_str(), partition}, record)) return code;
  }
  return 0;
}

int Placement::put(rd_kafka_s* producer, const Output& output) const {
  const Destination to{names_[output.topic].c_str(), partition_};
  if (output.topic != Topic::DeadLetters) return produce(producer, to, output.record);
  return produce(producer, to, output.record, dead_letter_headers(output.record.value));
}

MessageHeaders Placement::dead_letter_headers(std::string_view json) const {
  const auto dead_letter = decode_dead_letter(json);
  if (!dead_letter) return {};
  return {{"__connect.errors.topic", names_[Topic::Bars]},
          {"__connect.errors.partition", std::to_string(partition_)},
          {"__connect.errors.offset", std::to_string(dead_letter->position - base_)},
          {"__connect.errors.connector.name", application_},
          {"__connect.errors.stage", "VALUE_CONVERTER"},
          {"__connect.errors.exception.message",
           dead_letter->field.empty() ? std::string(to_string(dead_letter->reason))
                                      : fmt::format("{}: {}", to_string(dead_letter->reason), dead_letter->field)}};
}

}  // namespace tidemark
