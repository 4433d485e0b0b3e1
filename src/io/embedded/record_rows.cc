#include "io/embedded/record_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "core/wire/json.h"
#include "io/embedded/row_checksum.h"

namespace tidemark {
namespace {

// Four rows fill a page of 16 kB. Fewer bytes than the least stay a row for each record: small commits have nothing to
// gain, and small rows leave less of a page empty.
constexpr std::size_t most_shared_bytes = 4'000, least_shared_bytes = 2'000;

bool may_share(const Record& record) {
  return record.kind == RecordKind::Data && record.bytes_in_all == 0 &&
         record.key.size() + record.value.size() < most_shared_bytes / 2 && is_line(record.key) &&
         is_line(record.value);
}

}  // namespace

std::string table_of(Topic topic) { return fmt::format("{}_rows", to_string(topic)); }

bool is_line(std::string_view bytes) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101, high = 0x8080'8080'8080'8080;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  std::uint64_t all = 0, controls = 0;
  const auto look = [&](std::uint64_t word) {
    all |= word;
    controls |= (word - ones * 0x20) & ~word;  // the high bit of a byte below 0x20
  };
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    look(word);
  }
  for (; at != end; ++at) look(ones * static_cast<unsigned char>(*at));
  return (controls & high) == 0 && ((all & high) == 0 || is_utf8(bytes));
}

bool has_its_lines(const RecordRow& row) {
  if (!row.is_shared) return true;
  return row.records > 1 && std::ranges::count(row.record.key, '\n') == row.records - 1 &&
         std::ranges::count(row.record.value, '\n') == row.records - 1;
}

void RecordRows::prepare(Preparing& prepare) {
  for (const Topic topic : all_topics)
    prepare.into(insert_, fmt::format("INSERT INTO {} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", table_of(topic)));
}

Result<void> RecordRows::add(Topic topic, const Record& record) {
  Waiting& waiting = waiting_[index_of(topic)];
  if (!may_share(record)) {
    if (auto done = flush(topic); !done) return done;
    return write(topic, record);
  }
  const std::size_t bytes = record.key.size() + record.value.size() + 2;
  if (!waiting.records.empty() &&
      (waiting.bytes + bytes > most_shared_bytes || waiting.records.front()->ingested_at != record.ingested_at))
    if (auto done = flush(topic); !done) return done;
  waiting.records.push_back(&record);
  waiting.bytes += bytes;
  return {};
}

Result<void> RecordRows::flush() {
  for (const Topic topic : all_topics)
    if (auto done = flush(topic); !done) return done;
  return {};
}

Result<void> RecordRows::flush(Topic topic) {
  Waiting& waiting = waiting_[index_of(topic)];
  Result<void> done;
  if (waiting.bytes >= least_shared_bytes && waiting.records.size() > 1)
    done = write_shared(topic, waiting);
  else
    for (const Record* const record : waiting.records)
      if (done) done = write(topic, *record);
  waiting.records.clear();
  waiting.bytes = 0;
  return done;
}

void RecordRows::forget() {
  for (Waiting& waiting : waiting_) {
    waiting.records.clear();
    waiting.bytes = 0;
  }
}

Result<void> RecordRows::write(Topic topic, const Record& record) {
  Statement& statement = insert_[index_of(topic)];
  const bool has_value = record.kind == RecordKind::Data || record.kind == RecordKind::Limit;
  const bool has_time = record.kind == RecordKind::Heartbeat || record.kind == RecordKind::LowerWatermark;
  const RecordRow row{.record = {.position = next_[index_of(topic)]++,
                                 .kind = record.kind,
                                 .key = record.key,
                                 .value = has_value ? std::string_view(record.value) : std::string_view(),
                                 .time = has_time ? record.time : EventTime{},
                                 .ingested_at = record.ingested_at,
                                 .bytes_in_all = record.bytes_in_all}};
  const Batch::View& view = row.record;
  statement.bind(1, view.position);
  statement.bind(2, to_string(view.kind));
  view.key.empty() ? statement.bind_null(3) : statement.bind(3, view.key);
  has_value ? statement.bind(4, view.value) : statement.bind_null(4);
  has_time ? statement.bind(5, nanos_since_epoch(view.time)) : statement.bind_null(5);
  statement.bind(6, nanos_since_epoch(view.ingested_at));
  view.bytes_in_all > 0 ? statement.bind(7, static_cast<std::int64_t>(view.bytes_in_all)) : statement.bind_null(7);
  statement.bind(8, std::int64_t{checksum_of(topic, row)});
  statement.bind_null(9);
  return statement.run();
}

Result<void> RecordRows::write_shared(Topic topic, const Waiting& waiting) {
  keys_.clear();
  values_.clear();
  for (const Record* const record : waiting.records) {
    if (record != waiting.records.front()) {
      keys_ += '\n';
      values_ += '\n';
    }
    keys_ += record->key;
    values_ += record->value;
  }
  Position& next = next_[index_of(topic)];
  const RecordRow row{.record = {.position = next,
                                 .kind = RecordKind::Data,
                                 .key = keys_,
                                 .value = values_,
                                 .ingested_at = waiting.records.front()->ingested_at},
                      .records = static_cast<Position>(waiting.records.size()),
                      .is_shared = true};
  next = row.end();
  Statement& statement = insert_[index_of(topic)];
  statement.bind(1, row.record.position);
  statement.bind_text(2, to_string(RecordKind::Data));
  statement.bind_text(3, keys_);
  statement.bind_text(4, values_);
  statement.bind_null(5);
  statement.bind(6, nanos_since_epoch(row.record.ingested_at));
  statement.bind_null(7);
  statement.bind(8, std::int64_t{checksum_of(topic, row)});
  statement.bind(9, row.records);
  return statement.run();
}

}  // namespace tidemark
