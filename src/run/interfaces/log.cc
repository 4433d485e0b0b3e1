// Names of topics and record kinds, and the batch that a poll fills.
#include "run/interfaces/log.h"

#include <algorithm>
#include <charconv>

#include "core/check.h"
#include "core/enum_names.h"
#include "core/stream/watermark.h"

namespace tidemark {

namespace {

constexpr EnumNames<Topic, 5> topic_names{"alpaca_trends", "alpaca_trend_results", "tidemark_bars", "alpaca_late_bars",
                                          "alpaca_dead_letters"};
constexpr EnumNames<RecordKind, 5> kind_names{"data", "heartbeat", "end", "limit", "lower_watermark"};

}  // namespace

std::string_view to_string(Topic topic) { return topic_names[topic]; }

std::string_view to_string(RecordKind kind) { return kind_names[kind]; }

std::optional<RecordKind> parse_record_kind(std::string_view name) { return kind_names.find(name); }

std::optional<std::int64_t> parse_limit(std::string_view value) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc{} || end != value.data() + value.size() || seconds < 0) return std::nullopt;
  return seconds;
}

Record lower_watermark_record(EventTime to, EventTime now) {
  CHECK(can_lower_to(to));
  return {.kind = RecordKind::LowerWatermark, .time = to, .ingested_at = now};
}

Record limit_record(std::int64_t seconds, EventTime now) {
  CHECK(seconds >= 0);
  return {.kind = RecordKind::Limit, .value = std::to_string(seconds), .ingested_at = now};
}

void Batch::add(Position position, RecordKind kind, std::string_view key, std::string_view value, EventTime time,
                EventTime ingested_at, std::size_t bytes_in_all) {
  const std::size_t key_begin = bytes_.size();
  bytes_.append(key);
  const std::size_t value_begin = bytes_.size();
  bytes_.append(value);
  entries_.push_back({position, kind, key_begin, value_begin, bytes_.size(), time, ingested_at, bytes_in_all});
  next_ = position + 1;
}

Batch::View Batch::operator[](std::size_t index) const {
  CHECK(index < entries_.size());
  const Entry& entry = entries_[index];
  const std::string_view bytes = bytes_;
  return {.position = entry.position,
          .kind = entry.kind,
          .key = bytes.substr(entry.key_begin, entry.value_begin - entry.key_begin),
          .value = bytes.substr(entry.value_begin, entry.value_end - entry.value_begin),
          .time = entry.time,
          .ingested_at = entry.ingested_at,
          .bytes_in_all = entry.bytes_in_all};
}

void Batch::move_by(Position distance) {
  if (distance == 0) return;
  for (Entry& entry : entries_) entry.position += distance;
  next_ += distance;
}

Position ReaderState::position(Topic topic) const {
  for (const auto& [of, position] : positions)
    if (of == topic) return position;
  return 0;
}

Position ReaderState::needs(Topic topic) const {
  for (const auto& [of, position] : needed)
    if (of == topic) return std::min(position, this->position(topic));
  return position(topic);
}

}  // namespace tidemark
