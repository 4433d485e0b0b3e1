// Log: the durable order of everything. Roles read topics from it and commit to it.
//
// Over Kafka it is one partition of each topic: a role has a log for each partition that it was given.
//
// Two promises carry the whole system (contract/semantics.md, exactly-once):
//   append   records and the feed's cursor become durable together, or not at all;
//   commit   outputs, state and the reader's position become durable together, or not at all.
// After either returns, kill -9 and a power cut change nothing. Implementations: io/embedded
// (SQLite) and io/kafka; run/interfaces/log_conformance_test.h holds both to the same behaviour.
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
  Bars,         // alpaca_trends: what the feeds brought, in the order of arrival
  Trends,       // alpaca_trend_results: final trends
  JudgedBars,   // tidemark_bars: accepted, corrected and late bars, for the lake
  LateBars,     // alpaca_late_bars: bars that came after all their windows had closed
  DeadLetters,  // alpaca_dead_letters: records that are no bars, with the reason
};
inline constexpr std::size_t topic_count = 5;
inline constexpr Topic all_topics[] = {Topic::Bars, Topic::Trends, Topic::JudgedBars, Topic::LateBars,
                                       Topic::DeadLetters};
std::string_view to_string(Topic topic);  // the name in Kafka, and of the table

// Offset of a record in its topic; as a reader's position, the offset of the next record to read.
using Position = std::int64_t;

// A log that is made anew where an older one is lost begins at a multiple of this, so that offsets say which log gave
// them. Growing past it is harmless.
inline constexpr Position offsets_of_a_log = 10'000'000'000;

enum class RecordKind : std::uint8_t {
  Data,       // value holds the bytes
  Heartbeat,  // no value; `time` says how far the feed is complete
  End,        // no value; a bounded input has ended: close every window
  Limit,      // `value` holds seconds as digits: how far a bar may lie ahead of its append from here on, 0 for no limit
  LowerWatermark,  // no value; `time` is what the watermark falls to, if it is above (contract/semantics.md §3.2)
};
inline constexpr std::size_t record_kind_count = 5;
std::string_view to_string(RecordKind kind);  // "data" …
std::optional<RecordKind> parse_record_kind(std::string_view name);

// The seconds of a limit (contract/semantics.md §3.11): a whole number, 0 or above; nothing for any other text.
std::optional<std::int64_t> parse_limit(std::string_view value);

struct Record {
  RecordKind kind = RecordKind::Data;
  std::string key;               // the symbol, where it is known
  std::string value;             // any bytes; JSON in the good case
  EventTime time{};              // of a heartbeat; what the watermark is lowered to
  EventTime ingested_at{};       // wall time at which it was appended
  std::size_t bytes_in_all = 0;  // of a record too long to be one, whose beginning is `value`; else 0
};

// What a poll returned: records in order, their bytes in one piece.
class Batch {
 public:
  // Of a poll from there on.
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
  // Where to poll on. Of an empty batch: where it was polled from, or beyond what is there but no record.
  Position next_position() const { return next_; }
  void pass(Position next) { next_ = next; }  // all before it was seen
  void move_by(Position distance);            // all its positions

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

// One atomic step of a reader: what it made, what it knows, and how far it has read.
struct Commit {
  std::string reader;                                 // its name (run/interfaces/readers.h)
  std::vector<std::pair<Topic, Position>> positions;  // only those that moved
  std::vector<Output> outputs;
  std::optional<std::string> state;  // replaces the reader's state; none leaves it
  // From where the reader must be able to read again, if that is before its position: the log is not trimmed beyond.
  // A topic that is not named keeps what was named before; never named, its position counts.
  std::vector<std::pair<Topic, Position>> needed;
  // How it is doing, for whoever watches from another process; a log of one process does not keep it.
  std::optional<std::string> run_status;
};

// What a reader finds when it starts.
struct ReaderState {
  std::vector<std::pair<Topic, Position>> positions;  // only those ever committed
  std::vector<std::pair<Topic, Position>> needed;     // only those ever named
  std::optional<std::string> state;
  Position position(Topic topic) const;  // 0 if never committed
  Position needs(Topic topic) const;     // from where it must be able to read again: 0 if never committed
};

// `to` is a time that can_lower_to() allows.
Record lower_watermark_record(EventTime to, EventTime now);

// The limit as a record. One is in force until the next.
Record limit_record(std::int64_t seconds, EventTime now);

class Log {
 public:
  virtual ~Log() = default;

  // Appends to Topic::Bars and stores the feed's cursor, in one atomic step. Empty records with a new
  // cursor are fine.
  virtual Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) = 0;
  // The cursor last stored for this feed.
  virtual Result<std::optional<std::string>> cursor(std::string_view feed) = 0;

  // At most `limit` records from `from` on (and not much more than 8 MB), beginning with the oldest still there; empty
  // when nothing is there yet. Never waits for what has not come.
  virtual Result<Batch> poll(Topic topic, Position from, std::size_t limit) = 0;
  // The last records of a topic, oldest first.
  virtual Result<Batch> tail(Topic topic, std::size_t limit) = 0;
  // Offset of the oldest record that is still there, and of the next one that will come; equal when there is none.
  // Both outlive the records: what was trimmed leaves its offsets used.
  virtual Result<Position> begin(Topic topic) = 0;
  virtual Result<Position> end(Topic topic) = 0;
  // Whether offsets are counted without a hole, so that a missing one is damage. In Kafka the marks of transactions
  // take offsets, too, and records that are gone are told by the poll.
  virtual bool is_dense() const { return true; }

  virtual Result<ReaderState> restore(std::string_view reader) = 0;
  virtual Result<void> commit(const Commit& commit) = 0;

  // Forgets the records before `before`, in steps that hold nobody up; what any reader that ever committed needs stays.
  // Returns the begin reached, which may be less: call again while it moves. A power cut may bring some back.
  virtual Result<Position> trim(Topic topic, Position before) = 0;
  // What it holds on its disk, room that is free again not counted.
  virtual Result<std::uint64_t> bytes() = 0;
};

}  // namespace tidemark
