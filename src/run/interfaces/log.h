// Log: everything in its durable order. Roles read topics from it and commit to it.
//
// Over Kafka, a log is one partition of each topic: a role has one log for each partition assigned to it.
//
// Two promises carry the whole system (contract/semantics.md, exactly-once):
//   append   records and the feed's cursor become durable together, or not at all;
//   commit   outputs, state and the reader's position become durable together, or not at all.
// After either returns, kill -9 and a power cut change nothing. Implementations: io/embedded (SQLite) and io/kafka;
// run/interfaces/log_conformance_test.h tests the same behaviour of both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

enum class Topic : std::uint8_t {
  Bars,         // alpaca_trends: what the feeds read, in order of arrival
  Trends,       // alpaca_trend_results: final trends
  JudgedBars,   // tidemark_bars: accepted, corrected and late bars, for the lake
  LateBars,     // alpaca_late_bars: bars that arrived after all their windows had closed
  DeadLetters,  // alpaca_dead_letters: records that are no bars, with the reason
};
inline constexpr std::size_t topic_count = 5;
inline constexpr Topic all_topics[] = {Topic::Bars, Topic::Trends, Topic::JudgedBars, Topic::LateBars,
                                       Topic::DeadLetters};
std::string_view to_string(Topic topic);  // the name in Kafka, and of the table

// Offset of a record in its topic; as a reader's position, the offset of the next record to read.
using Position = std::int64_t;

// A new log that replaces a lost one begins at a multiple of this, so that offsets tell the logs apart. Growing past
// the stride is harmless.
inline constexpr Position offsets_of_a_log = 10'000'000'000;

enum class RecordKind : std::uint8_t {
  Data,       // value holds the bytes
  Heartbeat,  // no value; `time` says how far the feed is complete
  End,        // no value; a bounded input has ended: close every window
  Limit,      // `value` is a number of seconds: how far a bar may lie ahead of its append from here on; 0: no limit
  LowerWatermark,  // no value; `time` is where the watermark is lowered to, if above (contract/semantics.md §3.2)
};
inline constexpr std::size_t record_kind_count = 5;
std::string_view to_string(RecordKind kind);  // "data" …
std::optional<RecordKind> parse_record_kind(std::string_view name);

// The seconds of a limit (contract/semantics.md §3.11): a whole number, 0 or above; empty for any other text.
std::optional<std::int64_t> parse_limit(std::string_view value);

struct Record {
  RecordKind kind = RecordKind::Data;
  std::string key;               // the symbol, if it is known
  std::string value;             // any bytes; JSON if it is valid
  EventTime time{};              // of a heartbeat; the target of a lowered watermark
  EventTime ingested_at{};       // wall time at which it was appended
  std::size_t bytes_in_all = 0;  // of a record that is too long and cut off in `value`; else 0
};

// The result of a poll: records in order, with their bytes in one buffer.
class Batch {
 public:
  // An empty batch of a poll from `from`.
  explicit Batch(Position from = 0) : next_(from) {}
  struct View {
    Position position = 0;
    RecordKind kind = RecordKind::Data;
    std::string_view key, value;
    EventTime time{}, ingested_at{};
    std::size_t bytes_in_all = 0;
  };

  void add(Position position, RecordKind kind, std::string_view key, std::string_view value, EventTime time,
           EventTime ingested_at, std::size_t bytes_in_all = 0);
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  View operator[](std::size_t index) const;
  // Where to poll next. For an empty batch: where the poll began, or after entries that are no records.
  Position next_position() const { return next_; }
  void pass(Position next) { next_ = next; }  // everything before it was seen
  void move_by(Position distance);            // shifts all its positions

 private:
  struct Entry {
    Position position;
    RecordKind kind;
    std::size_t key_begin, value_begin, value_end;  // in bytes_
    EventTime time, ingested_at;
    std::size_t bytes_in_all;
  };
  std::string bytes_;
  std::vector<Entry> entries_;
  Position next_ = 0;
};

struct Output {
  Topic topic = Topic::Trends;
  Record record;
};

// One atomic step of a reader: its outputs, its state, and how far it has read.
struct Commit {
  std::string reader;                                 // its name (run/interfaces/readers.h)
  std::vector<std::pair<Topic, Position>> positions;  // only those that moved
  std::vector<Output> outputs;
  std::optional<std::string> state;  // replaces the reader's state; empty: keeps it
  // The position from which the reader must be able to read again, if it is before its read position: the log keeps
  // records from there on. A topic that is not listed keeps its last value. By default its read position counts.
  std::vector<std::pair<Topic, Position>> needed;
  // The reader's status for observers in other processes. A log of one process does not store it.
  std::optional<std::string> run_status;
};

// What a reader gets when it starts.
struct ReaderState {
  std::vector<std::pair<Topic, Position>> positions;  // only those ever committed
  std::vector<std::pair<Topic, Position>> needed;     // only those ever listed
  std::optional<std::string> state;
  Position position(Topic topic) const;  // 0 if never committed
  Position needs(Topic topic) const;     // the oldest position that it must be able to read again; 0 if never committed
};

// can_lower_to(`to`) must hold.
Record lower_watermark_record(EventTime to, EventTime now);

// The limit as a record. It is in force until the next one.
Record limit_record(std::int64_t seconds, EventTime now);

class Log {
 public:
  virtual ~Log() = default;

  // Appends to Topic::Bars and stores the feed's cursor, in one atomic step. `records` may be empty.
  virtual Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) = 0;
  // The cursor last stored for this feed.
  virtual Result<std::optional<std::string>> cursor(std::string_view feed) = 0;

  // At most `limit` records from `from` on (and not much more than 8 MB), starting with the oldest that still exists.
  // Empty if there are none yet. Never waits for records to arrive.
  virtual Result<Batch> poll(Topic topic, Position from, std::size_t limit) = 0;
  // The last records of a topic, oldest first.
  virtual Result<Batch> tail(Topic topic, std::size_t limit) = 0;
  // The offset of the oldest record that still exists, and of the next one to come; equal if there is none. Trimming
  // does not reuse offsets.
  virtual Result<Position> begin(Topic topic) = 0;
  virtual Result<Position> end(Topic topic) = 0;
  // Whether offsets have no gaps, so that a missing one is damage. In Kafka, transaction markers take offsets, too, and
  // poll reports records that are gone.
  virtual bool is_dense() const { return true; }

  virtual Result<ReaderState> restore(std::string_view reader) = 0;
  virtual Result<void> commit(const Commit& commit) = 0;

  // Removes the records before `before`, in steps that block no one for long. Records that a reader still needs stay.
  // Returns the new begin, which may be less: call it again while it moves. A power cut may bring some records back.
  virtual Result<Position> trim(Topic topic, Position before) = 0;
  // The bytes it occupies on its disk, without free space inside its files.
  virtual Result<std::uint64_t> bytes() = 0;
};

}  // namespace tidemark
