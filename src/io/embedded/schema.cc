// The SQL of log.db. SQLite keeps the text of a CREATE with its comments, so `.schema` explains itself.
#include "io/embedded/schema.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/market/trend_columns.h"
#include "io/embedded/covering.h"
#include "io/embedded/record_rows.h"
#include "io/embedded/row_checksum.h"
#include "io/embedded/schema_text.h"
#include "io/embedded/summary.h"
#include "io/embedded/summary_check.h"
#include "run/interfaces/log.h"

namespace tidemark {
namespace {

constexpr std::string_view topic_table = R"(
CREATE TABLE {name} (
  -- {what} The view {topic} shows each record by itself.
  offset      INTEGER PRIMARY KEY,  -- in the order of arrival, without a hole; the oldest are trimmed away
  kind        TEXT    NOT NULL,     -- data; heartbeat: the feed is complete up to `time`; end: a bounded input has ended;
                                    -- limit: how many seconds a bar may lie ahead of its append from here on, 0: any
  key         ANY,                  -- the symbol, where it is known
  value       ANY,                  -- the record: TEXT, or BLOB where it is no UTF-8; NULL in heartbeats and ends; a limit's seconds
  time        INTEGER,              -- of a heartbeat, ns since 1970 UTC
  ingested_at INTEGER NOT NULL,     -- wall time of the append, ns since 1970 UTC
  bytes_in_all INTEGER,             -- of a record too long to be one, whose beginning is `value`
  crc32c      INTEGER,              -- of all the others and the topic's name; NULL in rows that versions before 5 wrote
  records     INTEGER               -- how many records share the row: `key` and `value` have a line for each, and `offset` is of
                                    -- the first; NULL: the row is one record
) STRICT;
)";

struct TopicTable {
  Topic topic;
  std::string_view what;
};

constexpr TopicTable topic_tables[] = {
    {Topic::Bars, "What the feeds brought, byte for byte."},
    {Topic::Trends, "Final trends, once for each window that closed."},
    {Topic::JudgedBars,
     "Accepted, corrected and late bars, with verdict and position in alpaca_trends: the lake is made of them."},
    {Topic::LateBars, "Bars that came after all their windows had closed, as they came."},
    {Topic::DeadLetters, "Records that are no bars, with the reason."},
};

// The lines of a text as an array of JSON, for json_each: none holds a control character.
std::string lines_of(std::string_view column) {
  return fmt::format(R"('["' || replace(replace(replace({}, '\', '\\'), '"', '\"'), char(10), '","') || '"]')", column);
}

// The records of a topic, each in a row of its own. A condition on row_offset is as fast as one on the table.
std::string records_view(Topic topic) {
  return fmt::format(R"(
CREATE VIEW {topic} AS
SELECT held.offset + line.key AS offset, held.kind AS kind,
       CASE WHEN held.records IS NULL THEN held.key
            ELSE nullif(json_extract({keys}, '$[' || line.key || ']'), '') END AS key,
       CASE WHEN held.records IS NULL THEN held.value ELSE line.value END AS value,
       held.time AS time, held.ingested_at AS ingested_at, held.bytes_in_all AS bytes_in_all, held.offset AS row_offset
FROM {table} AS held, json_each(CASE WHEN held.records IS NULL THEN '[0]' ELSE {values} END) AS line
WHERE held.offset + line.key >= (SELECT begins_at FROM topics WHERE topic = '{topic}');
)",
                     fmt::arg("topic", to_string(topic)), fmt::arg("table", table_of(topic)),
                     fmt::arg("keys", lines_of("held.key")), fmt::arg("values", lines_of("held.value")));
}

constexpr std::string_view topics_table = R"(
CREATE TABLE topics (
  -- From which offset each topic is kept. One without records goes on from there.
  topic        TEXT PRIMARY KEY NOT NULL,
  begins_at    INTEGER NOT NULL,
  covered_from INTEGER NOT NULL,  -- records from this offset on have a crc32c
  crc32c       INTEGER
) STRICT, WITHOUT ROWID;
)";

constexpr std::string_view summary_table = R"(
CREATE TABLE summary (
  -- Of transactions that wrote no record. The latest summary counts, here or in a row of positions or feed_cursors: a page
  -- that is older than the rest does not fit to it.
  number  INTEGER PRIMARY KEY CHECK (number = 1),
  summary TEXT NOT NULL  -- how many transactions; the offsets behind the last records of alpaca_trends, alpaca_trend_results,
                         -- tidemark_bars, alpaca_late_bars, alpaca_dead_letters; the crc32c of all rows of positions, state,
                         -- feed_cursors, topics, added up; the crc32c of these numbers
) STRICT;
)";

constexpr std::string_view other_tables = R"(
CREATE TABLE positions (
  -- How far each reader has read: committed together with what it made of it.
  reader   TEXT    NOT NULL,  -- analyze, store
  topic    TEXT    NOT NULL,
  position INTEGER NOT NULL,  -- offset of the next record to read
  needed   INTEGER,           -- from where it must be able to read again, if that is before
  crc32c   INTEGER,
  summary  TEXT,              -- of the transaction that wrote it last, together with records: see table summary
  PRIMARY KEY (reader, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE state (
  -- What each reader knows at its positions; the format is the reader's own.
  reader TEXT PRIMARY KEY NOT NULL,
  state  ANY  NOT NULL,
  crc32c INTEGER
) STRICT;

CREATE TABLE feed_cursors (
  -- How far each feed has brought its input: committed together with the records.
  feed   ANY PRIMARY KEY NOT NULL,  -- its name; a replay's names its files
  cursor ANY  NOT NULL,
  crc32c INTEGER,
  summary TEXT  -- of the transaction that wrote it last, together with records: see table summary
) STRICT;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)";

constexpr std::string_view arrivals_view = R"(
CREATE VIEW arrivals AS  -- alpaca_trends with readable times
SELECT offset, kind, key AS symbol, value,
       strftime('%Y-%m-%d %H:%M:%S', time / 1000000000, 'unixepoch') AS time,
       strftime('%Y-%m-%d %H:%M:%S', ingested_at / 1000000000, 'unixepoch') AS ingested_at
FROM alpaca_trends;
)";

constexpr std::string_view bars_view = R"(
CREATE VIEW bars AS  -- every bar that counted or was late, with what was decided about it
SELECT offset, key AS symbol, value ->> 'timestamp' AS timestamp,
       value ->> 'open' AS open, value ->> 'high' AS high, value ->> 'low' AS low, value ->> 'close' AS close,
       value ->> 'volume' AS volume, nullif(value ->> 'vwap', 0) AS vwap, value ->> 'pct_change' AS pct_change,
       value ->> 'direction' AS direction, value ->> 'feed' AS feed,
       value ->> 'verdict' AS verdict, value ->> 'position' AS position,
       strftime('%Y-%m-%d %H:%M:%S', ingested_at / 1000000000, 'unixepoch') AS ingested_at
FROM tidemark_bars WHERE kind = 'data';
)";

// Final trends, a column for each key.
std::string trends_view() {
  std::string columns;
  for_each_trend_column([&](auto column) {
    columns +=
        column.name == "symbol" ? std::string(", key AS symbol") : fmt::format(", value ->> '{0}' AS {0}", column.name);
  });
  return fmt::format("CREATE VIEW trends AS SELECT offset{} FROM alpaca_trend_results WHERE kind = 'data';\n", columns);
}

constexpr std::string_view other_views = R"(
CREATE VIEW dead_letters AS  -- why a record was no bar; `position` is its offset in alpaca_trends
SELECT offset, value ->> 'reason' AS reason, value ->> 'field' AS field, value ->> 'source' AS source,
       value ->> 'position' AS position, value ->> 'record' AS record, value ->> 'record_base64' AS record_base64
FROM alpaca_dead_letters WHERE kind = 'data';
)";

std::string readers_view() {
  std::string ends;
  for (const TopicTable& table : topic_tables)
    ends += fmt::format("{} SELECT '{}' AS topic, ({}) AS next", ends.empty() ? "" : " UNION ALL",
                        to_string(table.topic), end_of_topic(table.topic));
  return fmt::format(
      R"(
CREATE VIEW readers AS  -- how far each reader is behind, and from where on the log is kept for it
SELECT reader, topic, position, next - position AS behind, min(position, coalesce(needed, position)) AS needs
FROM positions JOIN ({} ) USING (topic);
)",
      ends);
}

std::string all_views() {
  std::string sql;
  for (const Topic topic : all_topics) sql += records_view(topic);
  sql += arrivals_view;
  sql += bars_view;
  sql += trends_view();
  sql += other_views;
  sql += readers_view();
  return sql;
}

Result<std::int64_t> ask_for_number(Connection& connection, std::string_view sql) {
  Result<Statement> statement = connection.prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  Result<bool> row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

std::string topics(Position begin) {
  std::string sql(topics_table);
  for (const TopicTable& table : topic_tables)
    sql += fmt::format("INSERT INTO topics VALUES ('{0}', {1}, {1}, NULL);", to_string(table.topic), begin);
  return sql;
}

std::unexpected<Error> rolled_back(Connection& connection, Error error) {
  if (connection.in_transaction()) (void)connection.execute("ROLLBACK");
  return std::unexpected(std::move(error));
}

// One transaction: a process that is killed in it leaves an empty file, which the next one fills.
Result<SchemaOpened> create(Connection& connection, Position begin) {
  std::string sql = "BEGIN IMMEDIATE;";
  for (const TopicTable& table : topic_tables)
    sql += fmt::format(fmt::runtime(topic_table), fmt::arg("name", table_of(table.topic)),
                       fmt::arg("topic", to_string(table.topic)), fmt::arg("what", table.what));
  sql += topics(begin);
  sql += summary_table;
  sql += other_tables;
  sql += all_views();
  sql += fmt::format("INSERT INTO meta VALUES ('schema_version', '{}');", log_schema_version);
  sql += "PRAGMA application_id = 0x54696465;";  // "Tide"
  Result<void> created = connection.execute(sql);
  if (created) created = cover_known_rows(connection);
  if (created) created = cover_schema_text(connection);
  if (created) created = connection.execute("COMMIT");
  if (!created) return rolled_back(connection, created.error());
  return SchemaOpened::Made;
}

// Version 2 trimmed nothing, so all topics begin at 0. What its analyze needed stood in its state only: the offset
// of the snapshot, a space, the snapshot.
std::string from_2_to_3() {
  std::string sql =
      "CREATE TABLE topics (topic TEXT PRIMARY KEY NOT NULL, begins_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";
  for (const TopicTable& table : topic_tables)
    sql += fmt::format("INSERT INTO topics VALUES ('{}', 0);", to_string(table.topic));
  sql += R"(
    ALTER TABLE positions ADD COLUMN needed INTEGER;
    UPDATE positions SET needed = (SELECT CAST(CAST(state AS TEXT) AS INTEGER) FROM state WHERE reader = 'analyze')
    WHERE reader = 'analyze' AND topic = 'alpaca_trends';)";
  return sql;
}

// Version 4 had no checksums. Its records stay as they are, not covered: nobody knows any more whether they are what was
// written. All else is covered from here on.
std::string from_4_to_5() {
  std::string sql;
  for (const char* const table : {"positions", "state", "feed_cursors"})
    sql += fmt::format("ALTER TABLE {} ADD COLUMN crc32c INTEGER;", table);
  sql +=
      "ALTER TABLE topics ADD COLUMN covered_from INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE topics ADD COLUMN crc32c INTEGER;";
  for (const TopicTable& table : topic_tables)
    sql += fmt::format("UPDATE topics SET covered_from = ({1}) WHERE topic = '{0}';", to_string(table.topic),
                       end_of_topic(table.topic));
  return sql;
}

// Version 5 had one place for the summary: a page for itself in every transaction.
std::string from_5_to_6() {
  std::string sql =
      "DROP TABLE IF EXISTS summary;"
      "ALTER TABLE positions ADD COLUMN summary TEXT;"
      "ALTER TABLE feed_cursors ADD COLUMN summary TEXT;";
  sql += summary_table;
  return sql;
}

// What the last transaction of version 5 said.
Result<Summary> summary_of_5(Connection& connection, const std::string& path) {
  Result<Statement> statement = connection.prepare("SELECT * FROM summary");
  if (!statement) return std::unexpected(statement.error());
  const Result<bool> row = statement->step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::unexpected(damaged_log(path, "its table summary has no row"));
  Summary summary;
  RowChecksum checksum("summary");
  int column = 1;
  for (Position& end : summary.ends) checksum.add(end = statement->integer(column++));
  checksum.add(summary.known = statement->integer(column++));
  if (statement->integer(column) == checksum.value()) return summary;
  return std::unexpected(
      damaged_log(path, "the row \"1\" of table summary is not what was written: its checksum is that of another"));
}

Result<void> compare_summary(Connection& connection, const std::string& path) {
  SummaryCheck check;
  if (auto prepared = check.prepare(connection, path); !prepared) return prepared;
  if (auto fits = check.compare(); !fits) return std::unexpected(fits.error());
  return {};
}

// A log that is damaged is refused as it is. Its rows keep their checksums, and the new summary says what the old one said.
Result<void> take_over_summary(Connection& connection, const std::string& path) {
  const auto summary = summary_of_5(connection, path);
  if (!summary) return std::unexpected(summary.error());
  if (auto done = connection.execute(from_5_to_6()); !done) return done;
  if (auto put = put_first_summary(connection, *summary); !put) return put;
  return compare_summary(connection, path);
}

// Version 6 had a row for each record, in tables with the topics' names. Those rows stay as they are.
std::string from_6_to_7(std::int64_t version) {
  std::string sql;
  for (const TopicTable& table : topic_tables) {
    sql += fmt::format("ALTER TABLE {} RENAME TO {};", to_string(table.topic), table_of(table.topic));
    if (version < 5) sql += fmt::format("ALTER TABLE {} ADD COLUMN crc32c INTEGER;", table_of(table.topic));
    sql += fmt::format("ALTER TABLE {} ADD COLUMN records INTEGER;", table_of(table.topic));
  }
  return sql;
}

// The views are made anew, whatever their text says. Until version 6 the topics' names were those of tables.
std::string without_views(std::int64_t version) {
  std::string sql;
  for (const char* const view : {"arrivals", "bars", "trends", "dead_letters", "readers"})
    sql += fmt::format("DROP VIEW IF EXISTS {};", view);
  if (version >= 7)
    for (const Topic topic : all_topics) sql += fmt::format("DROP VIEW IF EXISTS {};", to_string(topic));
  return sql;
}

// From a version without checksums. Version 3 only read otherwise: it knew no limits, and took a vwap of 0 for a price.
Result<void> cover(Connection& connection, std::int64_t version) {
  std::string sql;
  if (version < 3) sql += from_2_to_3();
  sql += from_4_to_5();
  sql += from_5_to_6();
  if (auto done = connection.execute(sql); !done) return done;
  return cover_known_rows(connection);
}

Result<SchemaOpened> upgrade(Connection& connection, const std::string& path, std::int64_t version) {
  Result<void> done = connection.execute("BEGIN IMMEDIATE;" + without_views(version));
  if (done && version < 7) done = connection.execute(from_6_to_7(version));
  if (done && version < 5) done = cover(connection, version);
  if (done && version == 5) done = take_over_summary(connection, path);
  if (done && version >= 6) done = compare_summary(connection, path);
  if (done) done = connection.execute(all_views());
  if (done) done = cover_schema_text(connection);
  if (done)
    done = connection.execute(
        fmt::format("UPDATE meta SET value = '{}' WHERE key = 'schema_version'; COMMIT", log_schema_version));
  if (!done) return rolled_back(connection, done.error());
  return SchemaOpened::Upgraded;
}

// The version of the tables, 0 where there are none. Looks only: what is not ours stays as it is.
Result<std::int64_t> find_version(Connection& connection, const std::string& path) {
  Result<std::int64_t> tables = ask_for_number(connection, "SELECT count(*) FROM sqlite_schema");
  if (!tables || *tables == 0) return tables;
  Result<std::int64_t> versions = ask_for_number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'");
  if (!versions) return versions;
  if (*versions == 0)
    return std::unexpected(Error::setup(
        fmt::format("{} is a database, but not a log of Tidemark; give another directory with --data", path)));
  Result<std::int64_t> version =
      ask_for_number(connection, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema_version'");
  if (!version || (*version >= oldest_schema_version && *version <= log_schema_version)) return version;
  return std::unexpected(Error::setup(
      fmt::format("{} has version {} of the tables, this program writes version {}; use the program that wrote "
                  "it, or give another directory with --data",
                  path, *version, log_schema_version)));
}

}  // namespace

Result<SchemaOpened> open_schema(Connection& connection, const std::string& path,
                                 const std::function<Result<Position>()>& first_offset) {
  Result<std::int64_t> version = find_version(connection, path);
  if (!version) return std::unexpected(version.error());
  Result<Position> begin = 0;
  if (*version == 0 && first_offset) begin = first_offset();
  if (!begin) return std::unexpected(begin.error());
  // FULL: a commit is in the file before it returns. The limit keeps a WAL that once grew from staying large.
  // Pages of 16 kB, in a file that is new: a replay takes 6 % less CPU than with 4, a commit of five bars no longer.
  if (auto set = connection.execute("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                    "PRAGMA journal_size_limit = 67108864;");
      !set)
    return std::unexpected(set.error());
  if (*version == 0) return create(connection, *begin);
  if (*version < log_schema_version) return upgrade(connection, path, *version);
  if (auto whole = check_schema_text(connection, path); !whole) return std::unexpected(whole.error());
  return SchemaOpened::Found;
}

std::string end_of_topic(Topic topic) {
  return fmt::format(
      "SELECT max(begins_at, coalesce((SELECT offset + coalesce(records, 1) FROM {} ORDER BY offset DESC LIMIT 1), 0)) "
      "FROM topics WHERE topic = '{}'",
      table_of(topic), to_string(topic));
}

Result<bool> has_tables(Connection& connection) {
  const Result<std::int64_t> tables = ask_for_number(connection, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return std::unexpected(tables.error());
  return *tables > 0;
}

Result<void> check_schema(Connection& connection, const std::string& path) {
  Result<std::int64_t> version = find_version(connection, path);
  if (!version) return std::unexpected(version.error());
  if (*version == log_schema_version) return check_schema_text(connection, path);
  return std::unexpected(Error::setup(
      *version == 0 ? fmt::format("there is no log in {} yet: `tidemark run` makes one", path)
                    : fmt::format("{} has version {} of the tables: `tidemark run` upgrades it", path, *version)));
}

}  // namespace tidemark
