#include "io/embedded/schema_text.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "io/embedded/record_rows.h"
#include "io/embedded/row_checksum.h"
#include "run/interfaces/log.h"

namespace tidemark {
namespace {

// Tables, indexes and views that somebody else added are none of ours, and none of them is named here.
std::vector<std::string> names_of_all() {
  std::vector<std::string> names = {"topics",   "summary", "positions", "state",        "feed_cursors", "meta",
                                    "arrivals", "bars",    "trends",    "dead_letters", "readers"};
  for (const Topic topic : all_topics) {
    names.emplace_back(table_of(topic));
    names.emplace_back(to_string(topic));
  }
  return names;
}

std::string key_of(std::string_view name) { return fmt::format("crc32c of {}", name); }

class SchemaText {
 public:
  Result<void> prepare(Connection& connection) {
    Preparing prepare(connection);
    prepare.into(text_, "SELECT type, tbl_name, sql FROM sqlite_schema WHERE name = ?");
    return prepare.outcome();
  }

  // Nothing where no table and no view has the name.
  Result<std::optional<std::string>> checksum_of(std::string_view name) {
    const Resetting resetting(*text_);
    text_->bind_text(1, name);
    const Result<bool> row = text_->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    RowChecksum checksum("sqlite_schema");
    checksum.add(name).add(text_->bytes(0)).add(text_->bytes(1)).add(text_->bytes(2));
    return std::to_string(checksum.value());
  }

 private:
  std::optional<Statement> text_;
};

}  // namespace

Result<void> cover_schema_text(Connection& connection) {
  SchemaText text;
  if (auto prepared = text.prepare(connection); !prepared) return prepared;
  auto put = connection.prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)");
  if (!put) return std::unexpected(put.error());
  for (const std::string& name : names_of_all()) {
    const auto checksum = text.checksum_of(name);
    if (!checksum) return std::unexpected(checksum.error());
    if (!*checksum) return std::unexpected(Error::permanent(fmt::format("the log has no {}", name)));
    const std::string key = key_of(name);
    put->bind_text(1, key);
    put->bind_text(2, **checksum);
    if (auto done = put->run(); !done) return done;
  }
  return {};
}

Result<void> check_schema_text(Connection& connection, const std::string& path) {
  SchemaText text;
  if (auto prepared = text.prepare(connection); !prepared) return prepared;
  auto written = connection.prepare("SELECT value FROM meta WHERE key = ?");
  if (!written) return std::unexpected(written.error());
  for (const std::string& name : names_of_all()) {
    const auto checksum = text.checksum_of(name);
    if (!checksum) return std::unexpected(checksum.error());
    const std::string key = key_of(name);
    const Resetting resetting(*written);
    written->bind_text(1, key);
    const Result<bool> row = written->step();
    if (!row) return std::unexpected(row.error());
    if (!*checksum) return std::unexpected(damaged_log(path, fmt::format("it has no table or view {}", name)));
    if (!*row) return std::unexpected(damaged_log(path, fmt::format("its table meta has no checksum of {}", name)));
    if (written->bytes(0) != **checksum)
      return std::unexpected(damaged_log(
          path, fmt::format("the text of its table or view {} is not what was written: its checksum is that of another",
                            name)));
  }
  return {};
}

}  // namespace tidemark
