#include "io/embedded/log_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/stream/watermark.h"
#include "io/embedded/record_rows.h"
#include "io/embedded/row_checksum.h"
#include "io/embedded/schema.h"

namespace tidemark {
namespace {

std::optional<Topic> parse_topic(std::string_view name) {
  for (const Topic topic : all_topics)
    if (to_string(topic) == name) return topic;
  return std::nullopt;
}

void add(const Batch::View& record, Batch& batch) {
  batch.add(record.position, record.kind, record.key, record.value, record.time, record.ingested_at,
            record.bytes_in_all);
}

}  // namespace

Result<void> LogReader::open(const std::string& path, const ConnectionOptions& options) {
  path_ = path;
  Result<Connection> connection = Connection::open(path, options);
  if (!connection) return std::unexpected(connection.error());
  connection_ = std::move(*connection);

  Preparing prepare(*connection_);
  for (const Topic topic : all_topics) {
    // From the row on that holds the first record that is asked for, and not trimmed. The last column is where the topic
    // begins.
    prepare.into(
        select_,
        fmt::format(
            "SELECT offset, kind, key, value, time, ingested_at, bytes_in_all, crc32c, records, "
            "(SELECT begins_at FROM topics WHERE topic = '{1}') FROM {0} WHERE offset >= coalesce((SELECT "
            "max(offset) FROM {0} WHERE offset <= max(?1, (SELECT begins_at FROM topics WHERE topic = '{1}'))), ?1) "
            "ORDER BY offset LIMIT ?2",
            table_of(topic), to_string(topic)));
    prepare.into(extent_, fmt::format("SELECT begins_at, ({}), covered_from, crc32c FROM topics WHERE topic = '{}'",
                                      end_of_topic(topic), to_string(topic)));
  }
  // The + keeps SQLite from its indexes, which no checksum covers: a row that they do not find would be none.
  prepare.into(cursor_, "SELECT cursor, crc32c FROM feed_cursors WHERE +feed = ?");
  prepare.into(positions_, "SELECT topic, position, needed, crc32c FROM positions WHERE +reader = ?");
  prepare.into(state_, "SELECT state, crc32c FROM state WHERE +reader = ?");
  prepare.into(pages_,
               "SELECT (page_count - freelist_count) * page_size "
               "FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  if (auto prepared = prepare.outcome(); !prepared) return prepared;
  if (auto prepared = summary_.prepare(*connection_, path); !prepared) return prepared;
  const std::lock_guard guard(mutex_);
  return in_transaction([&]() -> Result<void> {
    for (const Topic topic : all_topics)
      if (auto extent = find_extent(topic); !extent) return std::unexpected(extent.error());
    if (auto fits = summary_.compare(); !fits) return std::unexpected(fits.error());
    return {};
  });
}

void LogReader::keep_wal_at_close() {
  const std::lock_guard guard(mutex_);
  connection_->keep_wal_at_close();
}

Result<LogReader::Extent> LogReader::extent(Topic topic) {
  const std::lock_guard guard(mutex_);
  return find_extent(topic);
}

Result<LogReader::Extent> LogReader::find_extent(Topic topic) {
  Statement& statement = extent_[index_of(topic)];
  const Resetting resetting(statement);
  Result<bool> row = statement.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::unexpected(damaged(topic, "no begin"));
  const Extent extent{.begin = statement.integer(0), .end = statement.integer(1)};
  const Position covered_from = statement.integer(2);
  if (statement.integer(3) != checksum_of_begin(to_string(topic), extent.begin, covered_from))
    return std::unexpected(damaged_row("topics", to_string(topic)));
  covered_from_[index_of(topic)] = covered_from;
  return extent;
}

Result<bool> LogReader::was_trimmed(Topic topic, Position before) {
  const auto extent = find_extent(topic);
  if (!extent) return std::unexpected(extent.error());
  return extent->begin >= before;
}

LogReader::Row LogReader::read_row(Topic topic, const Statement& statement, Position covered_from) {
  Row row;
  Batch::View& record = row.held.record;
  record.position = statement.integer(0);
  const std::optional<RecordKind> kind = parse_record_kind(statement.bytes(1));
  record = {.position = record.position,
            .kind = kind.value_or(RecordKind::Data),
            .key = statement.bytes(2),
            .value = statement.bytes(3),
            .time = event_time_from_nanos(statement.integer(4)),
            .ingested_at = event_time_from_nanos(statement.integer(5)),
            .bytes_in_all = static_cast<std::size_t>(statement.integer(6))};
  row.held.is_shared = !statement.is_null(8);
  if (row.held.is_shared) row.held.records = statement.integer(8);
  if (!kind) {
    row.fault = Fault::Kind;
    return row;
  }
  if (statement.integer(7) != checksum_of(topic, row.held)) {
    row.is_covered = !statement.is_null(7);
    if (row.is_covered)
      row.fault = Fault::Checksum;
    else if (record.position >= covered_from)
      row.fault = Fault::NoChecksum;
  }
  if (row.fault == Fault::None && *kind == RecordKind::Limit && !parse_limit(record.value)) row.fault = Fault::Limit;
  if (row.fault == Fault::None && *kind == RecordKind::LowerWatermark && !can_lower_to(record.time))
    row.fault = Fault::LowerWatermark;
  return row;
}

std::string LogReader::text_of(const Row& row, const Statement& statement) {
  switch (row.fault) {
    case Fault::Kind:
      return fmt::format("it has the kind \"{}\"", statement.bytes(1));
    case Fault::Checksum:
      if (has_its_lines(row.held) && row.held.is_shared)
        return fmt::format("the checksum of the records {} to {} is that of others", row.held.record.position,
                           row.held.end() - 1);
      return "its checksum is that of another";
    case Fault::NoChecksum:
      return "it has no checksum";
    case Fault::Limit:
      return fmt::format("it has the limit \"{}\"", row.held.record.value);
    case Fault::LowerWatermark:
      return fmt::format("it lowers the watermark to {} ns", nanos_since_epoch(row.held.record.time));
    case Fault::None:
      break;
  }
  return {};
}

void LogReader::begin_select(Topic topic, Position from, std::size_t limit) {
  Statement& statement = select_[index_of(topic)];
  statement.bind(1, from);
  // The first row may end before `from`.
  statement.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 30) + 1));
}

Result<Batch> LogReader::select(Topic topic, Position from, std::size_t limit, std::size_t most_bytes,
                                Position known_end) {
  Batch batch(from);
  const std::lock_guard guard(mutex_);
  Statement& statement = select_[index_of(topic)];
  const Resetting resetting(statement);
  begin_select(topic, from, limit);
  std::size_t bytes = 0;
  while (bytes < most_bytes && batch.size() < limit) {
    Result<bool> there = statement.step();
    if (!there) return std::unexpected(there.error());
    if (!*there) break;
    const Row row = read_row(topic, statement, covered_from_[index_of(topic)]);
    const Position first = std::max({from, statement.integer(9), row.held.record.position});
    if (row.fault != Fault::None) return std::unexpected(damaged_record(topic, first, text_of(row, statement)));
    if (first >= row.held.end()) continue;
    if (first != batch.next_position()) {
      const auto trimmed = batch.empty() ? was_trimmed(topic, first) : false;
      if (!trimmed) return std::unexpected(trimmed.error());
      if (!*trimmed)
        return std::unexpected(missing(topic, batch.next_position(), fmt::format("and has one at {}", first)));
    }
    for_each_record(row.held, first, [&](const Batch::View& record) {
      add(record, batch);
      bytes += record.value.size();
      return batch.size() < limit;
    });
  }
  if (bytes >= most_bytes || batch.size() == limit || batch.next_position() >= known_end) return batch;
  const auto trimmed = was_trimmed(topic, known_end);
  if (!trimmed) return std::unexpected(trimmed.error());
  if (!*trimmed)
    return std::unexpected(missing(topic, batch.next_position(), fmt::format("and ended at {}", known_end)));
  return batch;
}

Result<Batch> LogReader::look(Topic topic, Position from, std::size_t limit, RowCoverage& coverage) {
  Batch batch(from);
  const std::lock_guard guard(mutex_);
  Statement& statement = select_[index_of(topic)];
  const Resetting resetting(statement);
  begin_select(topic, from, limit);
  std::size_t records = 0;
  for (std::size_t bytes = 0; bytes < most_polled_bytes && records < limit;) {
    Result<bool> there = statement.step();
    if (!there) return std::unexpected(there.error());
    if (!*there) break;
    const Row row = read_row(topic, statement, covered_from_[index_of(topic)]);
    bytes += row.held.record.value.size();
    if (row.fault != Fault::None) {
      const Position end = has_its_lines(row.held) ? row.held.end() : row.held.record.position + 1;
      const std::string what = text_of(row, statement);
      for (Position offset = std::max({from, statement.integer(9), row.held.record.position}); offset < end;
           ++offset, ++records)
        coverage.damaged.push_back({topic, offset, what});
      batch.pass(std::max(batch.next_position(), end));
      continue;
    }
    for_each_record(row.held, std::max(from, statement.integer(9)), [&](const Batch::View& record) {
      ++(row.is_covered ? coverage.covered : coverage.not_covered);
      ++records;
      add(record, batch);
      return true;
    });
  }
  return batch;
}

std::array<Position, topic_count> LogReader::covered_from() {
  const std::lock_guard guard(mutex_);
  return covered_from_;
}

// Several questions about one moment.
template <typename Read>
auto LogReader::in_transaction(Read read) -> decltype(read()) {
  if (auto begun = connection_->execute("BEGIN"); !begun) return std::unexpected(begun.error());
  auto found = read();
  if (auto ended = connection_->execute("COMMIT"); !ended) return std::unexpected(ended.error());
  return found;
}

Result<std::optional<std::string>> LogReader::cursor(std::string_view feed) {
  const std::lock_guard guard(mutex_);
  return in_transaction([&]() -> Result<std::optional<std::string>> {
    if (auto fits = summary_.compare(); !fits) return std::unexpected(fits.error());
    return find_checked(*cursor_, "feed_cursors", feed);
  });
}

// The bytes of a row of `feed_cursors` or `state`.
Result<std::optional<std::string>> LogReader::find_checked(Statement& statement, std::string_view table,
                                                           std::string_view key) {
  const Resetting resetting(statement);
  statement.bind(1, key);
  Result<bool> row = statement.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  const std::string_view bytes = statement.bytes(0);
  if (statement.integer(1) != RowChecksum(table).add(key).add(bytes).value())
    return std::unexpected(damaged_row(table, key));
  return std::string(bytes);
}

Result<ReaderState> LogReader::restore(std::string_view reader) {
  const std::lock_guard guard(mutex_);
  return in_transaction([&] { return restore_in_transaction(reader); });
}

Result<ReaderState> LogReader::restore_in_transaction(std::string_view reader) {
  if (auto fits = summary_.compare(); !fits) return std::unexpected(fits.error());
  ReaderState state;
  const Resetting resetting(*positions_);
  positions_->bind(1, reader);
  for (;;) {
    Result<bool> row = positions_->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const std::string_view name = positions_->bytes(0);
    const Position position = positions_->integer(1);
    const auto needed = positions_->is_null(2) ? std::nullopt : std::optional(positions_->integer(2));
    if (positions_->integer(3) != checksum_of_position(reader, name, position, needed))
      return std::unexpected(damaged_row("positions", fmt::format("{}, {}", reader, name)));
    const std::optional<Topic> topic = parse_topic(name);
    if (!topic)
      return std::unexpected(damaged_log(path_, fmt::format("reader {} has a position in an unknown topic", reader)));
    state.positions.emplace_back(*topic, position);
    if (needed) state.needed.emplace_back(*topic, *needed);
  }
  std::ranges::sort(state.positions);
  std::ranges::sort(state.needed);
  auto bytes = find_checked(*state_, "state", reader);
  if (!bytes) return std::unexpected(bytes.error());
  state.state = std::move(*bytes);
  return state;
}

Result<KnownRowsRead> LogReader::known_rows() {
  const std::lock_guard guard(mutex_);
  return in_transaction([&] { return read_known_rows(); });
}

// Each of the positions is compared with its checksum; of the other rows the checksums themselves with the summary.
Result<KnownRowsRead> LogReader::read_known_rows() {
  const auto summary = summary_.compare();
  if (!summary) return std::unexpected(summary.error());
  KnownRowsRead known{.covered_from = covered_from_, .sequence = summary->sequence};
  const auto each_row = [&](const char* question, auto take) -> Result<void> {
    auto statement = connection_->prepare(question);
    if (!statement) return std::unexpected(statement.error());
    for (;;) {
      const auto row = statement->step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return {};
      if (Result<void> taken = take(*statement); !taken) return taken;
    }
  };
  Result<void> read = each_row(
      "SELECT reader, topic, position, needed, crc32c FROM positions", [&](const Statement& row) -> Result<void> {
        const std::string reader(row.bytes(0)), name(row.bytes(1));
        const auto needed = row.is_null(3) ? std::nullopt : std::optional(row.integer(3));
        const std::uint32_t checksum = checksum_of_position(reader, name, row.integer(2), needed);
        const std::optional<Topic> topic = parse_topic(name);
        if (!topic || row.integer(4) != checksum)
          return std::unexpected(damaged_row("positions", fmt::format("{}, {}", reader, name)));
        known.positions.push_back({reader, *topic, row.integer(2), needed});
        known.checksums.emplace_back(fmt::format("positions/{}/{}", reader, name), checksum);
        return {};
      });
  for (const auto& [table, question] : {std::pair("state", "SELECT reader, crc32c FROM state"),
                                        std::pair("feed_cursors", "SELECT feed, crc32c FROM feed_cursors"),
                                        std::pair("topics", "SELECT topic, crc32c FROM topics")})
    if (read)
      read = each_row(question, [&](const Statement& row) -> Result<void> {
        known.checksums.emplace_back(fmt::format("{}/{}", table, row.bytes(0)),
                                     static_cast<std::uint32_t>(row.integer(1)));
        return {};
      });
  if (!read) return std::unexpected(read.error());
  return known;
}

Result<std::uint64_t> LogReader::bytes() {
  const std::lock_guard guard(mutex_);
  const Resetting resetting(*pages_);
  Result<bool> row = pages_->step();
  if (!row) return std::unexpected(row.error());
  return static_cast<std::uint64_t>(pages_->integer(0));
}

Error LogReader::damaged(Topic topic, std::string_view what) const {
  return damaged_log(path_, fmt::format("table {} has {}", to_string(topic), what));
}

Error LogReader::damaged_record(Topic topic, Position offset, std::string_view what) const {
  return damaged_log(
      path_, fmt::format("the record at offset {} of {} is not what was written: {}", offset, to_string(topic), what));
}

Error LogReader::missing(Topic topic, Position from, std::string_view where) const {
  return damaged_log(path_, fmt::format("table {} has no offset {}, {}", to_string(topic), from, where));
}

Error LogReader::damaged_row(std::string_view table, std::string_view name) const {
  return damaged_log(
      path_,
      fmt::format("the row \"{}\" of table {} is not what was written: its checksum is that of another", name, table));
}

}  // namespace tidemark
