#include "io/embedded/log_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/stream/watermark.h"

namespace tidemark {
namespace {

std::optional<Topic> parse_topic(std::string_view name) {
  for (const Topic topic : all_topics)
    if (to_string(topic) == name) return topic;
  return std::nullopt;
}

Result<std::optional<std::string>> ask_for_bytes(Statement& statement, std::string_view key) {
  const Resetting resetting(statement);
  statement.bind(1, key);
  Result<bool> row = statement.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return std::string(statement.bytes(0));
}

}  // namespace

Result<void> LogReader::open(const std::string& path, const ConnectionOptions& options) {
  path_ = path;
  Result<Connection> connection = Connection::open(path, options);
  if (!connection) return std::unexpected(connection.error());
  connection_ = std::move(*connection);

  Preparing prepare(*connection_);
  for (const Topic topic : all_topics) {
    prepare.into(select_, fmt::format("SELECT offset, kind, key, value, time, ingested_at, bytes_in_all FROM {} "
                                      "WHERE offset >= ? ORDER BY offset LIMIT ?",
                                      to_string(topic)));
    prepare.into(extent_,
                 fmt::format("SELECT begins_at, max(begins_at, coalesce((SELECT max(offset) + 1 FROM {0}), 0)) "
                             "FROM topics WHERE topic = '{0}'",
                             to_string(topic)));
  }
  prepare.into(cursor_, "SELECT cursor FROM feed_cursors WHERE feed = ?");
  prepare.into(positions_, "SELECT topic, position, needed FROM positions WHERE reader = ?");
  prepare.into(state_, "SELECT state FROM state WHERE reader = ?");
  prepare.into(pages_,
               "SELECT (page_count - freelist_count) * page_size "
               "FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
  return prepare.outcome();
}

Result<LogReader::Extent> LogReader::extent(Topic topic) {
  const std::lock_guard guard(mutex_);
  Statement& statement = extent_[index_of(topic)];
  const Resetting resetting(statement);
  Result<bool> row = statement.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::unexpected(damaged(topic, "no begin"));
  return Extent{.begin = statement.integer(0), .end = statement.integer(1)};
}

Result<Batch> LogReader::select(Topic topic, Position from, std::size_t limit, std::size_t most_bytes) {
  Batch batch(from);
  const std::lock_guard guard(mutex_);
  Statement& statement = select_[index_of(topic)];
  const Resetting resetting(statement);
  statement.bind(1, from);
  statement.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 30)));
  for (std::size_t bytes = 0; bytes < most_bytes;) {
    Result<bool> row = statement.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const std::optional<RecordKind> kind = parse_record_kind(statement.bytes(1));
    if (!kind) return std::unexpected(damaged(topic, fmt::format("the kind \"{}\"", statement.bytes(1))));
    const std::string_view value = statement.bytes(3);
    if (*kind == RecordKind::Limit && !parse_limit(value))
      return std::unexpected(damaged(topic, fmt::format("the limit \"{}\"", value)));
    if (*kind == RecordKind::LowerWatermark && !can_lower_to(event_time_from_nanos(statement.integer(4))))
      return std::unexpected(damaged(topic, fmt::format("a watermark lowered to {} ns", statement.integer(4))));
    batch.add(statement.integer(0), *kind, statement.bytes(2), value, event_time_from_nanos(statement.integer(4)),
              event_time_from_nanos(statement.integer(5)), static_cast<std::size_t>(statement.integer(6)));
    bytes += value.size();
  }
  return batch;
}

Result<std::optional<std::string>> LogReader::cursor(std::string_view feed) {
  const std::lock_guard guard(mutex_);
  return ask_for_bytes(*cursor_, feed);
}

Result<ReaderState> LogReader::restore(std::string_view reader) {
  const std::lock_guard guard(mutex_);
  // One read transaction: positions and state are of the same commit.
  if (auto begun = connection_->execute("BEGIN"); !begun) return std::unexpected(begun.error());
  Result<ReaderState> state = restore_in_transaction(reader);
  if (auto ended = connection_->execute("COMMIT"); !ended) return std::unexpected(ended.error());
  return state;
}

Result<ReaderState> LogReader::restore_in_transaction(std::string_view reader) {
  ReaderState state;
  const Resetting resetting(*positions_);
  positions_->bind(1, reader);
  for (;;) {
    Result<bool> row = positions_->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const std::optional<Topic> topic = parse_topic(positions_->bytes(0));
    if (!topic)
      return std::unexpected(damaged_log(path_, fmt::format("reader {} has a position in an unknown topic", reader)));
    state.positions.emplace_back(*topic, positions_->integer(1));
    if (!positions_->is_null(2)) state.needed.emplace_back(*topic, positions_->integer(2));
  }
  std::ranges::sort(state.positions);
  std::ranges::sort(state.needed);
  Result<std::optional<std::string>> bytes = ask_for_bytes(*state_, reader);
  if (!bytes) return std::unexpected(bytes.error());
  state.state = std::move(*bytes);
  return state;
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

}  // namespace tidemark
