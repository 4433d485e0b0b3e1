// The embedded log: a writing connection, a reading one, and the end of each topic in between.
#include "io/embedded/embedded_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <limits>
#include <mutex>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "io/disk/directory_lock.h"
#include "io/embedded/fair_mutex.h"
#include "io/embedded/log_reader.h"
#include "io/embedded/read_only_log.h"
#include "io/embedded/schema.h"
#include "io/embedded/sqlite.h"

namespace tidemark {
namespace {

// A step of a trim, during which nobody else can write, ends after so many records or pages: 8 ms of common records, as
// long as others hold it under load, or trimming would never catch up with them; 20 ms of the longest.
constexpr Position most_trimmed = 10'000, trimmed_at_once = 100;
constexpr std::int64_t most_pages_freed = 256;

constexpr int pages_between_checkpoints = 1'000;

// A connection with what is prepared on it, and the mutex that both need. The statements go first.
struct Writer {
  FairMutex mutex;
  std::optional<Connection> connection;
  std::vector<Statement> insert, remove;  // one for each topic
  std::optional<Statement> begin, commit, put_cursor, put_position, put_needed, put_state, get_needed, put_begin,
      get_free;
};

class EmbeddedLog final : public Log {
 public:
  EmbeddedLog(std::optional<DirectoryLock> lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}

  Result<void> open(const EmbeddedLogOptions& options) {
    if (auto opened = open_writer(options); !opened) return opened;
    if (auto opened = reader_.open(path_, {.vfs = options.vfs}); !opened) return opened;
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

  Result<std::optional<std::string>> cursor(std::string_view feed) override { return reader_.cursor(feed); }

  Result<Batch> poll(Topic topic, Position from, std::size_t limit) override {
    if (limit == 0 || from >= end_of(topic)) return Batch(from);  // the common answer costs no SQL
    return reader_.select(topic, from, limit, most_polled_bytes);
  }

  Result<Batch> tail(Topic topic, std::size_t limit) override {
    const Position end = end_of(topic);
    const auto count = std::min(limit, static_cast<std::size_t>(end - begin_of(topic)));
    return reader_.select(topic, end - static_cast<Position>(count), count, std::numeric_limits<std::size_t>::max());
  }

  Result<Position> begin(Topic topic) override { return begin_of(topic); }
  Result<Position> end(Topic topic) override { return end_of(topic); }

  Result<ReaderState> restore(std::string_view reader) override { return reader_.restore(reader); }
  Result<std::uint64_t> bytes() override { return reader_.bytes(); }

  Result<Position> trim(Topic topic, Position before) override {
    if (before <= begin_of(topic)) return begin_of(topic);
    const std::lock_guard turn(writer_.mutex);
    // What a power cut brings back is trimmed again, so this waits for no fsync; the next commit's is for both.
    if (auto set = writer_.connection->execute("PRAGMA synchronous = NORMAL"); !set)
      return std::unexpected(set.error());
    const Result<void> trimmed = transact([&]() -> Result<void> {
      Position& first = first_[index_of(topic)];
      Result<Position> stop = trim_stop(topic, std::min({before, end_of(topic), first + most_trimmed}));
      if (!stop) return std::unexpected(stop.error());
      return remove(topic, first, *stop);
    });
    if (auto set = writer_.connection->execute("PRAGMA synchronous = FULL"); !set) return std::unexpected(set.error());
    if (!trimmed) return std::unexpected(trimmed.error());
    return begin_of(topic);
  }

 private:
  Result<void> open_writer(const EmbeddedLogOptions& options) {
    const ConnectionOptions where{.vfs = options.vfs};
    if (auto durable = make_wal_durable(path_, where); !durable) return durable;
    Result<Connection> connection = Connection::open(path_, where);
    if (!connection) return std::unexpected(connection.error());
    writer_.connection = std::move(*connection);
    writer_.connection->take_over_checkpoints(pages_in_wal_);
    Result<SchemaOpened> opened = open_schema(*writer_.connection, path_, options.first_offset);
    if (!opened) return std::unexpected(opened.error());
    if (*opened == SchemaOpened::Upgraded && options.journal != nullptr)
      options.journal->info("log.upgraded", {{"file", path_}, {"version", std::to_string(log_schema_version)}});

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
    prepare.into(writer_.get_free, "PRAGMA freelist_count");
    prepare.into(writer_.put_begin, "UPDATE topics SET begins_at = ? WHERE topic = ?");
    prepare.into(writer_.put_state, "INSERT OR REPLACE INTO state VALUES (?, ?)");
    return prepare.outcome();
  }

  Result<void> find_ends() {
    for (const Topic topic : all_topics) {
      Result<LogReader::Extent> extent = reader_.extent(topic);
      if (!extent) return std::unexpected(extent.error());
      first_[index_of(topic)] = extent->begin;
      next_[index_of(topic)] = extent->end;
    }
    publish_ends();
    return {};
  }

  template <typename Write>
  Result<void> in_transaction(Write write) {
    const std::lock_guard turn(writer_.mutex);
    return transact(write);
  }

  // Runs `write` between BEGIN and COMMIT; whatever fails leaves the log as it was. The caller has the turn.
  template <typename Write>
  Result<void> transact(Write write) {
    if (auto done = earlier_checkpoint(); !done) return done;
    if (auto begun = writer_.begin->run(); !begun) return begun;
    Result<void> outcome = write();
    if (outcome) outcome = writer_.commit->run();
    if (!outcome) {
      if (writer_.connection->in_transaction())
        std::ignore = writer_.connection->execute("ROLLBACK");  // what failed is told, not what it took with it
      for (const Topic topic : all_topics) {
        first_[index_of(topic)] = begin_of(topic);
        next_[index_of(topic)] = end_of(topic);
      }
      return outcome;
    }
    publish_ends();
    if (pages_in_wal_ >= pages_between_checkpoints) checkpoint_ = writer_.connection->checkpoint();
    return {};
  }

  // A checkpoint follows a commit that has succeeded whatever becomes of it, so the next write tells. One that can be
  // tried again is; after a failed fsync nobody knows what the disk holds.
  Result<void> earlier_checkpoint() {
    Result<void> outcome = checkpoint_;
    if (!outcome && outcome.error().is_retryable()) checkpoint_ = {};
    return outcome;
  }

  Result<void> insert(Topic topic, const Record& record) {
    Statement& statement = writer_.insert[index_of(topic)];
    const bool has_value = record.kind == RecordKind::Data || record.kind == RecordKind::Limit;
    statement.bind(1, next_[index_of(topic)]);
    statement.bind(2, to_string(record.kind));
    record.key.empty() ? statement.bind_null(3) : statement.bind(3, record.key);
    has_value ? statement.bind(4, record.value) : statement.bind_null(4);
    const bool has_time = record.kind == RecordKind::Heartbeat || record.kind == RecordKind::LowerWatermark;
    has_time ? statement.bind(5, nanos_since_epoch(record.time)) : statement.bind_null(5);
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

  // Moves `first` on to `stop`, or as far as a step goes.
  Result<void> remove(Topic topic, Position& first, Position stop) {
    if (first >= stop) return {};
    Statement& remove = writer_.remove[index_of(topic)];
    const auto before = free_pages();
    if (!before) return std::unexpected(before.error());
    for (auto now = before; first < stop && *now < *before + most_pages_freed;) {
      first = std::min(first + trimmed_at_once, stop);
      remove.bind(1, first);
      if (auto removed = remove.run(); !removed) return removed;
      now = free_pages();
      if (!now) return std::unexpected(now.error());
    }
    writer_.put_begin->bind(1, first);
    writer_.put_begin->bind(2, to_string(topic));
    return writer_.put_begin->run();
  }

  Result<std::int64_t> free_pages() {
    const Resetting resetting(*writer_.get_free);
    Result<bool> row = writer_.get_free->step();
    if (!row) return std::unexpected(row.error());
    return writer_.get_free->integer(0);
  }

  Position begin_of(Topic topic) const { return begins_[index_of(topic)].load(std::memory_order_acquire); }
  Position end_of(Topic topic) const { return ends_[index_of(topic)].load(std::memory_order_acquire); }

  void publish_ends() {
    for (const Topic topic : all_topics) {
      begins_[index_of(topic)].store(first_[index_of(topic)], std::memory_order_release);
      ends_[index_of(topic)].store(next_[index_of(topic)], std::memory_order_release);
    }
  }

  std::optional<DirectoryLock> lock_;
  std::string path_;
  int pages_in_wal_ = 0;
  Result<void> checkpoint_;  // how the last one went
  Writer writer_;
  LogReader reader_;
  std::array<Position, topic_count> first_{}, next_{};                // the writer's own, ahead within a transaction
  std::array<std::atomic<Position>, topic_count> begins_{}, ends_{};  // what is durable
};

// SQLite throws away the -wal of a file that is not there, and with it what was committed last.
Result<void> check_wal_has_its_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code no_file, no_wal;
  const auto size = fs::file_size(path, no_file), wal_size = fs::file_size(path + "-wal", no_wal);
  if (no_wal || wal_size == 0 || (!no_file && size > 0)) return {};
  return std::unexpected(Error::setup(
      fmt::format("{0}-wal is there, but {0} is {1}: bring it back, or move the -wal away, too: a new log begins "
                  "behind what the lake holds",
                  path, no_file ? "missing" : "empty")));
}

}  // namespace

Result<bool> has_log(const std::string& directory) {
  const std::string path = directory + "/log.db";
  if (!std::filesystem::exists(path)) return false;
  Result<Connection> connection = Connection::open(path, {.read_only = true});
  if (!connection) return std::unexpected(connection.error());
  return has_tables(*connection);
}

Result<std::unique_ptr<Log>> open_embedded_log(const EmbeddedLogOptions& options) {
  CHECK(!options.directory.empty());
  const std::string path = options.directory + "/log.db";
  if (options.read_only) return open_read_only_log(path, {.vfs = options.vfs, .read_only = true});
  std::optional<DirectoryLock> lock;
  if (options.vfs.empty()) {
    Result<DirectoryLock> acquired = DirectoryLock::acquire(options.directory);
    if (!acquired) return std::unexpected(acquired.error());
    lock.emplace(std::move(*acquired));
    if (auto fine = check_wal_has_its_file(path); !fine) return std::unexpected(fine.error());
  }
  auto log = std::make_unique<EmbeddedLog>(std::move(lock), path);
  if (auto opened = log->open(options); !opened) return std::unexpected(opened.error());
  return log;
}

}  // namespace tidemark
