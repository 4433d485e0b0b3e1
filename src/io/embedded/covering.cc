#include "io/embedded/covering.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "io/embedded/row_checksum.h"
#include "io/embedded/schema.h"

namespace tidemark {
namespace {

struct Row {
  std::vector<std::string> key;
  std::uint32_t checksum;
};

std::string text(const Statement& row, int column) { return std::string(row.bytes(column)); }

Row position_row(const Statement& row) {
  const auto needed = row.is_null(3) ? std::nullopt : std::optional(row.integer(3));
  return {{text(row, 0), text(row, 1)}, checksum_of_position(row.bytes(0), row.bytes(1), row.integer(2), needed)};
}
Row state_row(const Statement& row) { return {{text(row, 0)}, checksum_of_state(row.bytes(0), row.bytes(1))}; }
Row cursor_row(const Statement& row) { return {{text(row, 0)}, checksum_of_cursor(row.bytes(0), row.bytes(1))}; }
Row begin_row(const Statement& row) {
  return {{text(row, 0)}, checksum_of_begin(row.bytes(0), row.integer(1), row.integer(2))};
}

struct Table {
  const char *select, *update;
  Row (*row)(const Statement&);
};

constexpr Table tables[] = {
    {"SELECT reader, topic, position, needed FROM positions",
     "UPDATE positions SET crc32c = ? WHERE reader = ? AND topic = ?", position_row},
    {"SELECT reader, state FROM state", "UPDATE state SET crc32c = ? WHERE reader = ?", state_row},
    {"SELECT feed, cursor FROM feed_cursors", "UPDATE feed_cursors SET crc32c = ? WHERE feed = ?", cursor_row},
    {"SELECT topic, begins_at, covered_from FROM topics", "UPDATE topics SET crc32c = ? WHERE topic = ?", begin_row},
};

Result<std::vector<Row>> rows_of(Connection& connection, const Table& table) {
  auto statement = connection.prepare(table.select);
  if (!statement) return std::unexpected(statement.error());
  std::vector<Row> rows;
  for (;;) {
    const auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return rows;
    rows.push_back(table.row(*statement));
  }
}

// Returns the sum of their checksums.
Result<std::int64_t> cover(Connection& connection, const Table& table) {
  const auto rows = rows_of(connection, table);
  if (!rows) return std::unexpected(rows.error());
  auto put = connection.prepare(table.update);
  if (!put) return std::unexpected(put.error());
  std::int64_t sum = 0;
  for (const Row& row : *rows) {
    put->bind(1, static_cast<std::int64_t>(row.checksum));
    for (int parameter = 2; const std::string& part : row.key) put->bind(parameter++, part);
    if (auto done = put->run(); !done) return std::unexpected(done.error());
    sum += row.checksum;
  }
  return sum;
}

Result<Position> ask_for_end(Connection& connection, Topic topic) {
  auto statement = connection.prepare(end_of_topic(topic));
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

}  // namespace

Result<void> cover_known_rows(Connection& connection) {
  Summary summary;
  for (const Table& table : tables) {
    const auto sum = cover(connection, table);
    if (!sum) return std::unexpected(sum.error());
    summary.known += *sum;
  }
  for (const Topic topic : all_topics) {
    const auto end = ask_for_end(connection, topic);
    if (!end) return std::unexpected(end.error());
    summary.ends[static_cast<std::size_t>(topic)] = *end;
  }
  return put_first_summary(connection, summary);
}

Result<void> put_first_summary(Connection& connection, const Summary& summary) {
  return connection.execute(fmt::format("INSERT INTO summary VALUES (1, '{}')", to_text(summary)));
}

}  // namespace tidemark
