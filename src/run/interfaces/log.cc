// Names of topics and record kinds, and the batch that a poll fills.
#include "run/interfaces/log.h"

#include <algorithm>
#include <charconv>

#include "core/check.h"
#include "core/stream/watermark.h"

namespace tidemark {

std::string_view to_string(Topic topic) {
  switch (topic) {
    case Topic::Bars:
      return "alpaca_trends";
    case Topic::Trends:
      return "alpaca_trend_results";
    case Topic::JudgedBars:
      return "tidemark_bars";
    case Topic::LateBars:
      return "alpaca_late_bars";
    case Topic::DeadLetters:
      return "alpaca_dead_letters";
  }
  CHECK(!"a topic without a name");
}

std::string_view to_string(RecordKind kind) {
  switch (kind) {
    case RecordKind::Data:
      return "data";
    case RecordKind::Heartbeat:
      return "heartbeat";
    case RecordKind::End:
      return "end";
    case RecordKind::Limit:
      return "limit";
    case RecordKind::LowerWatermark:
      return "lower_watermark";
  }
  CHECK(!"a kind without a name");
}

std::optional<RecordKind> parse_record_kind(std::string_view name) {
  for (const RecordKind kind :
       {RecordKind::Data, RecordKind::Heartbeat, RecordKind::End, RecordKind::Limit, RecordKind::LowerWatermark})
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

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
