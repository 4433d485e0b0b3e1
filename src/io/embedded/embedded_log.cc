// The embedded log: a writing connection, a reading one, and the end of each topic in between.
#include "io/embedded/embedded_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <limits>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include "core/check.h"
#include "io/disk/directory_lock.h"
#include "io/embedded/fair_mutex.h"
#include "io/embedded/log_file_watch.h"
#include "io/embedded/log_reader.h"
#include "io/embedded/read_only_log.h"
#include "io/embedded/record_rows.h"
#include "io/embedded/row_checksum.h"
#include "io/embedded/schema.h"
#include "io/embedded/sqlite.h"
#include "io/embedded/summary.h"

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
  std::vector<Statement> remove;  // one for each topic
  std::optional<Statement> begin, commit, put_cursor, put_position, put_state, put_begin, get_free, put_summary;
};

// Where a reader stands in a topic, as its row has it.
struct Place {
  Position position = 0;
  std::optional<Position> needed;
};
using Places = std::map<std::pair<std::string, Topic>, Place>;

class EmbeddedLog final : public Log {
 public:
  EmbeddedLog(std::optional<DirectoryLock> lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}
  EmbeddedLog(const EmbeddedLog&) = delete;
  EmbeddedLog& operator=(const EmbeddedLog&) = delete;

  // What the WAL holds belongs into the file that was there before.
  ~EmbeddedLog() override {
    if (!writer_.connection || file_.compare()) return;
    writer_.connection->keep_wal_at_close();
    reader_.keep_wal_at_close();
  }

  Result<void> open(const EmbeddedLogOptions& options) {
    if (auto opened = open_writer(options); !opened) return opened;
    if (auto opened = reader_.open(path_, {.vfs = options.vfs}); !opened) return opened;
    if (auto read = read_known_rows(); !read) return read;
    if (options.vfs.empty())
      if (auto begun = file_.begin(path_); !begun) return begun;
    if (options.check_file != nullptr) *options.check_file = [this] { return file_.compare(); };
    return find_ends();
  }

  Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) override {
    return in_transaction([&]() -> Result<void> {
      for (const Record& record : records)
        if (auto added = rows_.add(Topic::Bars, record); !added) return added;
      if (auto flushed = rows_.flush(); !flushed) return flushed;
      const std::uint32_t checksum = checksum_of_cursor(feed, cursor);
      known_.put(row_of_cursor(feed), checksum);
      const std::string summary = records.empty() ? std::string() : summary_for_row();
      Statement& put = *writer_.put_cursor;
      put.bind(1, feed);
      put.bind(2, cursor);
      put.bind(3, std::int64_t{checksum});
      bind_summary(put, 4, summary);
      return put.run();
    });
  }

  Result<void> commit(const Commit& commit) override {
    const std::lock_guard turn(writer_.mutex);
    Places moved = moved_places(commit);
    auto done = transact([&]() -> Result<void> {
      for (const Output& output : commit.outputs)
        if (auto added = rows_.add(output.topic, output.record); !added) return added;
      if (auto flushed = rows_.flush(); !flushed) return flushed;
      if (commit.state)
        if (auto put = put_state(commit.reader, *commit.state); !put) return put;
      return put_places(moved, !commit.outputs.empty());
    });
    if (done)
      for (auto& [whose, place] : moved) places_[whose] = place;
    return done;
  }

  Result<std::optional<std::string>> cursor(std::string_view feed) override { return reader_.cursor(feed); }

  Result<Batch> poll(Topic topic, Position from, std::size_t limit) override {
    if (limit == 0 || from >= end_of(topic)) return Batch(from);  // the common answer costs no SQL
    return reader_.select(topic, from, limit, most_polled_bytes, end_of(topic));
  }

  Result<Batch> tail(Topic topic, std::size_t limit) override {
    const Position end = end_of(topic);
    const auto count = std::min(limit, static_cast<std::size_t>(end - begin_of(topic)));
    return reader_.select(topic, end - static_cast<Position>(count), count, std::numeric_limits<std::size_t>::max(),
                          end);
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
      return remove(topic, first, trim_stop(topic, std::min({before, end_of(topic), first + most_trimmed})));
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
    rows_.prepare(prepare);
    // A row goes with the last of its records; what views and readers show begins where the topic does.
    for (const Topic topic : all_topics)
      prepare.into(
          writer_.remove,
          fmt::format("DELETE FROM {} WHERE offset < ?1 AND offset + coalesce(records, 1) <= ?1", table_of(topic)));
    prepare.into(writer_.begin, "BEGIN IMMEDIATE");
    prepare.into(writer_.commit, "COMMIT");
    // In its place, which REPLACE would leave: so the index is no second page to write.
    prepare.into(writer_.put_cursor,
                 "INSERT INTO feed_cursors VALUES (?, ?, ?, ?) ON CONFLICT (feed) DO UPDATE SET "
                 "cursor = excluded.cursor, crc32c = excluded.crc32c, summary = excluded.summary");
    prepare.into(writer_.put_position, "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?, ?)");
    prepare.into(writer_.get_free, "PRAGMA freelist_count");
    prepare.into(writer_.put_begin, "UPDATE topics SET begins_at = ?, crc32c = ? WHERE topic = ?");
    prepare.into(writer_.put_state,
                 "INSERT INTO state VALUES (?, ?, ?) ON CONFLICT (reader) DO UPDATE SET state = excluded.state, "
                 "crc32c = excluded.crc32c");
    prepare.into(writer_.put_summary, "INSERT OR REPLACE INTO summary VALUES (1, ?)");
    return prepare.outcome();
  }

  // From here on this process alone changes them.
  Result<void> read_known_rows() {
    auto known = reader_.known_rows();
    if (!known) return std::unexpected(known.error());
    for (const auto& [row, checksum] : known->checksums) known_.put(row, checksum);
    known_.keep();
    for (const auto& each : known->positions) places_[{each.reader, each.topic}] = Place{each.position, each.needed};
    covered_from_ = known->covered_from;
    sequence_ = known->sequence;
    return {};
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
    is_summed_up_ = false;
    Result<void> outcome = write();
    if (outcome && !is_summed_up_) outcome = put_summary();
    if (outcome) outcome = writer_.commit->run();
    if (!outcome) {
      if (writer_.connection->in_transaction())
        std::ignore = writer_.connection->execute("ROLLBACK");  // what failed is told, not what it took with it
      for (const Topic topic : all_topics) {
        first_[index_of(topic)] = begin_of(topic);
        next_[index_of(topic)] = end_of(topic);
      }
      rows_.forget();
      known_.forget();
      return outcome;
    }
    known_.keep();
    ++sequence_;
    publish_ends();
    // A WAL begins anew after a checkpoint of all of it.
    if (pages_in_wal_ <= pages_before_) file_.another_has_made_a_checkpoint();
    pages_before_ = pages_in_wal_;
    if (pages_in_wal_ >= pages_between_checkpoints) {
      checkpoint_ = file_.checkpoint([this] { return writer_.connection->checkpoint(); });
      pages_before_ = 0;
    }
    return {};
  }

  // A checkpoint follows a commit that has succeeded whatever becomes of it, so the next write tells. One that can be
  // tried again is; after a failed fsync nobody knows what the disk holds.
  Result<void> earlier_checkpoint() {
    Result<void> outcome = checkpoint_;
    if (!outcome && outcome.error().is_retryable()) checkpoint_ = {};
    return outcome;
  }

  static std::string row_of_cursor(std::string_view feed) { return fmt::format("feed_cursors/{}", feed); }

  // Rows of `positions` as the commit leaves them.
  Places moved_places(const Commit& commit) const {
    Places moved;
    const auto row = [&](Topic topic) -> Place& {
      const auto [place, is_new] = moved.try_emplace({commit.reader, topic});
      if (const auto found = places_.find(place->first); is_new && found != places_.end())
        place->second = found->second;
      return place->second;
    };
    for (const auto& [topic, position] : commit.positions) row(topic).position = position;
    for (const auto& [topic, needed] : commit.needed) row(topic).needed = needed;
    return moved;
  }

  Result<void> put_places(const Places& moved, bool has_records) {
    std::vector<std::uint32_t> checksums;
    for (const auto& [whose, place] : moved) {
      const auto& [reader, topic] = whose;
      checksums.push_back(checksum_of_position(reader, to_string(topic), place.position, place.needed));
      known_.put(fmt::format("positions/{}/{}", reader, to_string(topic)), checksums.back());
    }
    for (std::size_t i = 0; const auto& [whose, place] : moved) {
      const std::string summary = has_records && i + 1 == moved.size() ? summary_for_row() : std::string();
      if (auto put = put_place(whose.first, whose.second, place, checksums[i++], summary); !put) return put;
    }
    return {};
  }

  Result<void> put_place(std::string_view reader, Topic topic, const Place& place, std::uint32_t checksum,
                         std::string_view summary) {
    Statement& put = *writer_.put_position;
    put.bind(1, reader);
    put.bind(2, to_string(topic));
    put.bind(3, place.position);
    place.needed ? put.bind(4, *place.needed) : put.bind_null(4);
    put.bind(5, std::int64_t{checksum});
    bind_summary(put, 6, summary);
    return put.run();
  }

  Result<void> put_state(std::string_view reader, std::string_view state) {
    const std::uint32_t checksum = checksum_of_state(reader, state);
    known_.put(fmt::format("state/{}", reader), checksum);
    writer_.put_state->bind(1, reader);
    writer_.put_state->bind(2, state);
    writer_.put_state->bind(3, std::int64_t{checksum});
    return writer_.put_state->run();
  }

  Summary summary() const { return {.sequence = sequence_ + 1, .ends = next_, .known = known_.sum()}; }

  // For the row that the transaction writes last, beside records.
  std::string summary_for_row() {
    is_summed_up_ = true;
    return to_text(summary());
  }

  static void bind_summary(Statement& put, int parameter, std::string_view summary) {
    summary.empty() ? put.bind_null(parameter) : put.bind(parameter, summary);
  }

  Result<void> put_summary() {
    const std::string text = to_text(summary());
    writer_.put_summary->bind(1, text);
    return writer_.put_summary->run();
  }

  // Where a trim has to stop for the sake of the readers.
  Position trim_stop(Topic topic, Position before) const {
    for (const auto& [whose, place] : places_)
      if (whose.second == topic) before = std::min({before, place.position, place.needed.value_or(place.position)});
    return before;
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
    const std::uint32_t checksum = checksum_of_begin(to_string(topic), first, covered_from_[index_of(topic)]);
    known_.put(fmt::format("topics/{}", to_string(topic)), checksum);
    writer_.put_begin->bind(1, first);
    writer_.put_begin->bind(2, std::int64_t{checksum});
    writer_.put_begin->bind(3, to_string(topic));
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
  int pages_in_wal_ = 0, pages_before_ = 0;  // after this commit, and after the one before
  Result<void> checkpoint_;                  // how the last one went
  Writer writer_;
  RecordRows rows_{next_};
  LogReader reader_;
  LogFileWatch file_;
  KnownRows known_;
  Places places_;
  std::int64_t sequence_ = 0;  // of the last transaction
  bool is_summed_up_ = false;  // the transaction that is being written has its summary in a row
  std::array<Position, topic_count> covered_from_{};
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
