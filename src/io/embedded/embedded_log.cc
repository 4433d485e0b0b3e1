// The embedded log: a writing connection, a reading one, and the end of each topic in between.
#include "io/embedded/embedded_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

#include "core/check.h"
#include "io/embedded/directory_lock.h"
#include "io/embedded/schema.h"
#include "io/embedded/sqlite.h"

namespace tidemark {
namespace {

constexpr std::size_t poll_bytes = 8 * 1024 * 1024;
constexpr Position most_trimmed = 500;  // in one step, while which nobody else can write

constexpr std::array all_topics = {Topic::Bars, Topic::Trends, Topic::JudgedBars, Topic::LateBars, Topic::DeadLetters};
static_assert(all_topics.size() == topic_count);

constexpr std::size_t index_of(Topic topic) { return static_cast<std::size_t>(topic); }

std::optional<Topic> parse_topic(std::string_view name) {
  for (const Topic topic : all_topics)
    if (to_string(topic) == name) return topic;
  return std::nullopt;
}

std::optional<RecordKind> parse_kind(std::string_view name) {
  for (const RecordKind kind : {RecordKind::Data, RecordKind::Heartbeat, RecordKind::End})
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

// A connection with what is prepared on it, and the mutex that both need. The statements go first.
struct Writer {
  std::mutex mutex;
  std::optional<Connection> connection;
  std::vector<Statement> insert, remove;  // one for each topic
  std::optional<Statement> begin, commit, put_cursor, put_position, put_needed, put_state, get_needed, put_begin;
};

struct Reader {
  std::mutex mutex;
  std::optional<Connection> connection;
  std::vector<Statement> select;  // one for each topic
  std::optional<Statement> get_cursor, get_positions, get_state, get_pages;
};

// Prepares statements until the first that fails; that error is kept.
class Preparing {
 public:
  explicit Preparing(Connection& connection) : connection_(connection) {}

  void into(std::optional<Statement>& place, std::string_view sql) {
    if (auto statement = prepare(sql)) place = std::move(*statement);
  }
  void into(std::vector<Statement>& places, std::string_view sql) {
    if (auto statement = prepare(sql)) places.push_back(std::move(*statement));
  }
  Result<void> outcome() const { return outcome_; }

 private:
  std::optional<Statement> prepare(std::string_view sql) {
    if (!outcome_) return std::nullopt;
    Result<Statement> statement = connection_.prepare(sql);
    if (statement) return std::move(*statement);
    outcome_ = std::unexpected(statement.error());
    return std::nullopt;
  }

  Connection& connection_;
  Result<void> outcome_;
};

class EmbeddedLog final : public Log {
 public:
  EmbeddedLog(DirectoryLock lock, std::string path, Journal* journal)
      : lock_(std::move(lock)), path_(std::move(path)), journal_(journal) {}

  Result<void> open() {
    if (auto opened = open_writer(); !opened) return opened;
    if (auto opened = open_reader(); !opened) return opened;
    return find_ends();
  }

  Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) override {
    return in_transaction([&]() -> Result<void> {
      for (const Record& record : records)
        if (auto inserted = insert(Topic::Bars, record); !inserted) return inserted;
      writer_.put_cursor->bind(1, feed);
      writer_.put_cursor->bind(2, cursor);
      return writer_.put_cursor->run();
    });
  }

  Result<void> commit(const Commit& commit) override {
    return in_transaction([&]() -> Result<void> {
      for (const Output& output : commit.outputs)
        if (auto inserted = insert(output.topic, output.record); !inserted) return inserted;
      if (auto put = put_positions(*writer_.put_position, commit.reader, commit.positions); !put) return put;
      if (auto put = put_positions(*writer_.put_needed, commit.reader, commit.needed); !put || !commit.state)
        return put;
      writer_.put_state->bind(1, commit.reader);
      writer_.put_state->bind(2, *commit.state);
      return writer_.put_state->run();
    });
  }

  Result<std::optional<std::string>> cursor(std::string_view feed) override {
    const std::lock_guard guard(reader_.mutex);
    return ask_for_bytes(*reader_.get_cursor, feed);
  }

  Result<Batch> poll(Topic topic, Position from, std::size_t limit) override {
    return select(topic, from, limit, poll_bytes);
  }

  Result<Batch> tail(Topic topic, std::size_t limit) override {
    const Position end = end_of(topic);
    const auto count = std::min(limit, static_cast<std::size_t>(end - begin_of(topic)));
    return select(topic, end - static_cast<Position>(count), count, std::numeric_limits<std::size_t>::max());
  }

  Result<Position> begin(Topic topic) override { return begin_of(topic); }
  Result<Position> end(Topic topic) override { return end_of(topic); }

  Result<ReaderState> restore(std::string_view reader) override {
    const std::lock_guard guard(reader_.mutex);
    // One read transaction: positions and state are of the same commit.
    if (auto begun = reader_.connection->execute("BEGIN"); !begun) return std::unexpected(begun.error());
    Result<ReaderState> state = restore_in_transaction(reader);
    if (auto ended = reader_.connection->execute("COMMIT"); !ended) return std::unexpected(ended.error());
    return state;
  }

  Result<Position> trim(Topic topic, Position before) override {
    if (before <= begin_of(topic)) return begin_of(topic);
    const Result<void> trimmed = in_transaction([&]() -> Result<void> {
      Position& first = first_[index_of(topic)];
      Result<Position> stop = trim_stop(topic, std::min({before, end_of(topic), first + most_trimmed}));
      if (!stop) return std::unexpected(stop.error());
      if (*stop <= first) return {};
      first = *stop;
      return remove(topic, first);
    });
    if (!trimmed) return std::unexpected(trimmed.error());
    return begin_of(topic);
  }

  Result<std::uint64_t> bytes() override {
    const std::lock_guard guard(reader_.mutex);
    Statement& pages = *reader_.get_pages;
    const Resetting resetting(pages);
    Result<bool> row = pages.step();
    if (!row) return std::unexpected(row.error());
    return static_cast<std::uint64_t>(pages.integer(0));
  }

 private:
  Result<void> open_writer() {
    Result<Connection> connection = Connection::open(path_);
    if (!connection) return std::unexpected(connection.error());
    writer_.connection = std::move(*connection);
    Result<SchemaOpened> opened = open_schema(*writer_.connection, path_);
    if (!opened) return std::unexpected(opened.error());
    if (*opened == SchemaOpened::Upgraded && journal_ != nullptr)
      journal_->info("log.upgraded", {{"file", path_}, {"version", std::to_string(log_schema_version)}});

    Preparing prepare(*writer_.connection);
    for (const Topic topic : all_topics)
      prepare.into(writer_.insert, fmt::format("INSERT INTO {} VALUES (?, ?, ?, ?, ?, ?, ?)", to_string(topic)));
    for (const Topic topic : all_topics)
      prepare.into(writer_.remove, fmt::format("DELETE FROM {} WHERE offset < ?", to_string(topic)));
    prepare.into(writer_.begin, "BEGIN IMMEDIATE");
    prepare.into(writer_.commit, "COMMIT");
    prepare.into(writer_.put_cursor, "INSERT OR REPLACE INTO feed_cursors VALUES (?, ?)");
    prepare.into(writer_.put_position,
                 "INSERT INTO positions (reader, topic, position) VALUES (?, ?, ?) "
                 "ON CONFLICT DO UPDATE SET position = excluded.position");
    prepare.into(writer_.put_needed,
                 "INSERT INTO positions (reader, topic, position, needed) VALUES (?, ?, 0, ?) "
                 "ON CONFLICT DO UPDATE SET needed = excluded.needed");
    prepare.into(writer_.get_needed,
                 "SELECT min(min(position, coalesce(needed, position))) FROM positions WHERE topic = ?");
    prepare.into(writer_.put_begin, "UPDATE topics SET begins_at = ? WHERE topic = ?");
    prepare.into(writer_.put_state, "INSERT OR REPLACE INTO state VALUES (?, ?)");
    return prepare.outcome();
  }

  Result<void> open_reader() {
    Result<Connection> connection = Connection::open(path_);
    if (!connection) return std::unexpected(connection.error());
    reader_.connection = std::move(*connection);

    Preparing prepare(*reader_.connection);
    for (const Topic topic : all_topics)
      prepare.into(reader_.select,
                   fmt::format("SELECT offset, kind, key, value, time, ingested_at, bytes_in_all FROM {} "
                               "WHERE offset >= ? ORDER BY offset LIMIT ?",
                               to_string(topic)));
    prepare.into(reader_.get_cursor, "SELECT cursor FROM feed_cursors WHERE feed = ?");
    prepare.into(reader_.get_positions, "SELECT topic, position, needed FROM positions WHERE reader = ?");
    prepare.into(reader_.get_state, "SELECT state FROM state WHERE reader = ?");
    prepare.into(reader_.get_pages,
                 "SELECT (page_count - freelist_count) * page_size "
                 "FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
    return prepare.outcome();
  }

  Result<void> find_ends() {
    for (const Topic topic : all_topics) {
      Result<Statement> statement = reader_.connection->prepare(
          fmt::format("SELECT begins_at, max(begins_at, coalesce((SELECT max(offset) + 1 FROM {0}), 0)) "
                      "FROM topics WHERE topic = '{0}'",
                      to_string(topic)));
      if (!statement) return std::unexpected(statement.error());
      Result<bool> row = statement->step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return std::unexpected(damaged(topic, "no begin"));
      first_[index_of(topic)] = statement->integer(0);
      next_[index_of(topic)] = statement->integer(1);
    }
    publish_ends();
    return {};
  }

  // Runs `write` between BEGIN and COMMIT; whatever fails leaves the log as it was.
  template <typename Write>
  Result<void> in_transaction(Write write) {
    const std::lock_guard guard(writer_.mutex);
    if (auto begun = writer_.begin->run(); !begun) return begun;
    Result<void> outcome = write();
    if (outcome) outcome = writer_.commit->run();
    if (!outcome) {
      if (writer_.connection->in_transaction()) (void)writer_.connection->execute("ROLLBACK");
      for (const Topic topic : all_topics) {
        first_[index_of(topic)] = begin_of(topic);
        next_[index_of(topic)] = end_of(topic);
      }
      return outcome;
    }
    publish_ends();
    return {};
  }

  Result<void> insert(Topic topic, const Record& record) {
    Statement& statement = writer_.insert[index_of(topic)];
    const bool has_value = record.kind == RecordKind::Data;
    statement.bind(1, next_[index_of(topic)]);
    statement.bind(2, to_string(record.kind));
    record.key.empty() ? statement.bind_null(3) : statement.bind(3, record.key);
    has_value ? statement.bind(4, record.value) : statement.bind_null(4);
    record.kind == RecordKind::Heartbeat ? statement.bind(5, nanos_since_epoch(record.time)) : statement.bind_null(5);
    statement.bind(6, nanos_since_epoch(record.ingested_at));
    record.bytes_in_all > 0 ? statement.bind(7, static_cast<std::int64_t>(record.bytes_in_all))
                            : statement.bind_null(7);
    ++next_[index_of(topic)];
    return statement.run();
  }

  static Result<void> put_positions(Statement& put, std::string_view reader,
                                    const std::vector<std::pair<Topic, Position>>& positions) {
    for (const auto& [topic, position] : positions) {
      put.bind(1, reader);
      put.bind(2, to_string(topic));
      put.bind(3, position);
      if (auto done = put.run(); !done) return done;
    }
    return {};
  }

  // Where a trim has to stop for the sake of the readers.
  Result<Position> trim_stop(Topic topic, Position before) {
    Statement& needed = *writer_.get_needed;
    const Resetting resetting(needed);
    needed.bind(1, to_string(topic));
    Result<bool> row = needed.step();
    if (!row) return std::unexpected(row.error());
    return needed.is_null(0) ? before : std::min(before, needed.integer(0));
  }

  Result<void> remove(Topic topic, Position before) {
    writer_.remove[index_of(topic)].bind(1, before);
    if (auto removed = writer_.remove[index_of(topic)].run(); !removed) return removed;
    writer_.put_begin->bind(1, before);
    writer_.put_begin->bind(2, to_string(topic));
    return writer_.put_begin->run();
  }

  Result<Batch> select(Topic topic, Position from, std::size_t limit, std::size_t most_bytes) {
    Batch batch;
    if (limit == 0 || from >= end_of(topic)) return batch;  // the common answer costs no SQL
    const std::lock_guard guard(reader_.mutex);
    Statement& statement = reader_.select[index_of(topic)];
    const Resetting resetting(statement);
    statement.bind(1, from);
    statement.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 30)));
    for (std::size_t bytes = 0; bytes < most_bytes;) {
      Result<bool> row = statement.step();
      if (!row) return std::unexpected(row.error());
      if (!*row) break;
      const std::optional<RecordKind> kind = parse_kind(statement.bytes(1));
      if (!kind) return std::unexpected(damaged(topic, fmt::format("the kind \"{}\"", statement.bytes(1))));
      const std::string_view value = statement.bytes(3);
      batch.add(statement.integer(0), *kind, statement.bytes(2), value, event_time_from_nanos(statement.integer(4)),
                event_time_from_nanos(statement.integer(5)), static_cast<std::size_t>(statement.integer(6)));
      bytes += value.size();
    }
    return batch;
  }

  Result<ReaderState> restore_in_transaction(std::string_view reader) {
    ReaderState state;
    Statement& positions = *reader_.get_positions;
    const Resetting resetting(positions);
    positions.bind(1, reader);
    for (;;) {
      Result<bool> row = positions.step();
      if (!row) return std::unexpected(row.error());
      if (!*row) break;
      const std::optional<Topic> topic = parse_topic(positions.bytes(0));
      if (!topic)
        return std::unexpected(Error::permanent(
            fmt::format("{} is damaged: reader {} has a position in an unknown topic", path_, reader)));
      state.positions.emplace_back(*topic, positions.integer(1));
      if (!positions.is_null(2)) state.needed.emplace_back(*topic, positions.integer(2));
    }
    std::ranges::sort(state.positions);
    std::ranges::sort(state.needed);
    Result<std::optional<std::string>> bytes = ask_for_bytes(*reader_.get_state, reader);
    if (!bytes) return std::unexpected(bytes.error());
    state.state = std::move(*bytes);
    return state;
  }

  static Result<std::optional<std::string>> ask_for_bytes(Statement& statement, std::string_view key) {
    const Resetting resetting(statement);
    statement.bind(1, key);
    Result<bool> row = statement.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return std::string(statement.bytes(0));
  }

  Error damaged(Topic topic, std::string_view what) const {
    return Error::permanent(fmt::format("{} is damaged: table {} has {}", path_, to_string(topic), what));
  }

  Position begin_of(Topic topic) const { return begins_[index_of(topic)].load(std::memory_order_acquire); }
  Position end_of(Topic topic) const { return ends_[index_of(topic)].load(std::memory_order_acquire); }

  void publish_ends() {
    for (const Topic topic : all_topics) {
      begins_[index_of(topic)].store(first_[index_of(topic)], std::memory_order_release);
      ends_[index_of(topic)].store(next_[index_of(topic)], std::memory_order_release);
    }
  }

  DirectoryLock lock_;
  std::string path_;
  Journal* journal_;
  Writer writer_;
  Reader reader_;
  std::array<Position, topic_count> first_{}, next_{};                // the writer's own, ahead within a transaction
  std::array<std::atomic<Position>, topic_count> begins_{}, ends_{};  // what is durable
};

}  // namespace

Result<std::unique_ptr<Log>> open_embedded_log(const EmbeddedLogOptions& options) {
  CHECK(!options.directory.empty());
  Result<DirectoryLock> lock = DirectoryLock::acquire(options.directory);
  if (!lock) return std::unexpected(lock.error());
  auto log = std::make_unique<EmbeddedLog>(std::move(*lock), options.directory + "/log.db", options.journal);
  if (auto opened = log->open(); !opened) return std::unexpected(opened.error());
  return log;
}

}  // namespace tidemark
