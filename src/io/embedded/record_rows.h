// Rows of the topics' tables: a record each, or several records whose keys and values are lines of text.
//
// A row costs SQLite about as much as 300 bytes. Where many records are written at once, several of them share a row:
//
//     offset  kind  key          value                        records
//     0       data  AAPL⏎MSFT    {"symbol":…}⏎{"symbol":…}    2          offsets 0 and 1
//     2       data  not text     …                            NULL       offset 2 alone
//
// Data records share a row if they arrived at the same time and are lines: UTF-8 without control characters. So a shell
// shows what is in the table, and views take the rows apart (docs/log.md).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/embedded/sqlite.h"
#include "run/interfaces/log.h"

namespace tidemark {

// For loops; those who index by topic do it in this order.
constexpr std::size_t index_of(Topic topic) { return static_cast<std::size_t>(topic); }

// "alpaca_trends_rows": the table. The view that takes its rows apart has the topic's own name.
std::string table_of(Topic topic);

// UTF-8 without control characters.
bool is_line(std::string_view bytes);

// Writes records of all topics, each topic in the order of its records.
class RecordRows {
 public:
  // `next` is the offset of the next record of each topic, which a written row moves.
  explicit RecordRows(std::array<Position, topic_count>& next) : next_(next) {}

  void prepare(Preparing& prepare);
  // The record must live until flush() or forget(), which end a transaction.
  Result<void> add(Topic topic, const Record& record);
  Result<void> flush();
  void forget();

 private:
  struct Waiting {
    std::vector<const Record*> records;  // that may share a row
    std::size_t bytes = 0;               // of their keys and values, with line ends
  };
  Result<void> flush(Topic topic);
  Result<void> write(Topic topic, const Record& record);
  Result<void> write_shared(Topic topic, const Waiting& waiting);

  std::array<Position, topic_count>& next_;
  std::array<Waiting, topic_count> waiting_;
  std::vector<Statement> insert_;  // one for each topic
  std::string keys_, values_;      // of the row that is being written
};

// A row as it was read: `record` has its first offset, and the lines of all its records as key and value.
struct RecordRow {
  Batch::View record;
  Position records = 1;
  bool is_shared = false;

  Position end() const { return record.position + records; }
};

// Whether the row has as many lines as it says.
bool has_its_lines(const RecordRow& row);

// Passes the records from `from` on to `take`, which says whether to go on.
template <typename Take>
void for_each_record(const RecordRow& row, Position from, Take take) {
  if (!row.is_shared) {
    if (row.record.position >= from) take(row.record);
    return;
  }
  const auto next_line = [](std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    return line;
  };
  std::string_view keys = row.record.key, values = row.record.value;
  Batch::View record = row.record;
  for (; record.position < row.end(); ++record.position) {
    record.key = next_line(keys);
    record.value = next_line(values);
    if (record.position >= from && !take(record)) return;
  }
}

}  // namespace tidemark
