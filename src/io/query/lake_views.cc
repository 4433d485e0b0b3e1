#include "io/query/lake_views.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "core/market/trend_columns.h"
#include "io/query/sql_literal.h"
#include "run/interfaces/log.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

struct Column {
  std::string_view name, type;
};

// As io/parquet writes them (docs/lake.md).
constexpr std::string_view sql_type(ColumnKind kind) {
  if (is_measure(kind)) return "DOUBLE";
  return kind == ColumnKind::Count ? "BIGINT" : "VARCHAR";
}
constexpr auto trend_columns = [] {
  std::array<Column, count_lake_columns_of_trends([](ColumnKind) { return true; }) + 1> columns{};
  auto* next = columns.begin();
  for_each_lake_column_of_trends([&](auto column) { *next++ = {column.name, sql_type(column.kind)}; });
  *next = {"dt", "DATE"};
  return columns;
}();
constexpr std::array bar_columns{
    Column{"symbol", "VARCHAR"},
    Column{"timestamp", "TIMESTAMP"},
    Column{"open", "DECIMAL(19,9)"},
    Column{"high", "DECIMAL(19,9)"},
    Column{"low", "DECIMAL(19,9)"},
    Column{"close", "DECIMAL(19,9)"},
    Column{"vwap", "DECIMAL(19,9)"},
    Column{"volume", "DECIMAL(27,9)"},
    Column{"price_change", "DECIMAL(38,9)"},
    Column{"pct_change", "DECIMAL(38,9)"},
    Column{"direction", "VARCHAR"},
    Column{"trade_count", "BIGINT"},
    Column{"feed", "VARCHAR"},
    Column{"verdict", "VARCHAR"},
    Column{"late", "BOOLEAN"},
    Column{"position", "BIGINT"},
    Column{"timestamp_ns", "BIGINT"},
    Column{"imported", "BIGINT"},
    Column{"dt", "DATE"},
};

// The latest version of each bar (contract 6.3). Live bars are accepted once; only a corrected or late one can replace
// another, and those are few, so this needs no sort and hardly any memory. On days with imports, any bar may be
// replaced.
constexpr const char* bars_view = R"(CREATE VIEW bars AS
WITH mixed AS (SELECT dt FROM bars_all GROUP BY dt
               HAVING min(coalesce(imported, 0)) < max(coalesce(imported, 0)))
FROM bars_all AS bar
ANTI JOIN (FROM bars_all WHERE verdict IN ('corrected', 'late') OR dt IN (FROM mixed) OR dt IN ({})) AS newer
ON newer.dt = bar.dt AND newer.symbol = bar.symbol AND newer.timestamp_ns = bar.timestamp_ns
   AND (newer."position" > bar."position"
        OR newer."position" = bar."position" AND coalesce(newer.imported, 0) > coalesce(bar.imported, 0)))";

// DuckDB's list of allowed folders compares names, not link targets. A link that stays in the lake is harmless.
Result<void> refuse_links_out_of(const fs::path& root) {
  std::vector<fs::path> folders{root};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
      std::error_code gone;  // the day may be exchanged meanwhile
      if (entry->is_directory(gone) && !entry->is_symlink(gone)) folders.push_back(entry->path());
      if (!entry->is_symlink(gone)) continue;
      fs::path target = fs::canonical(entry->path(), gone);
      if (gone) target = fs::weakly_canonical(folder / fs::read_symlink(entry->path(), gone), gone);  // not there yet
      if (gone || std::ranges::mismatch(root, target).in1 != root.end())
        return std::unexpected(Error::permanent(fmt::format(
            "{} is a symbolic link that leaves the lake; no query is answered while it exists: put the files "
            "themselves in its place, or mount them there",
            entry->path().string())));
    }
  }
  return {};
}

// A path as a glob pattern that matches only itself.
std::string as_pattern(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[')
      out += {'[', c, ']'};
    else
      out += c;
  }
  return out;
}

bool has_files(const fs::path& table) {
  std::error_code error;
  for (fs::directory_iterator day{table, error}, end; !error && day != end; day.increment(error)) {
    std::error_code no_folder;
    for (fs::directory_iterator file{day->path(), no_folder}; !no_folder && file != end; file.increment(no_folder)) {
      if (file->path().extension() == ".parquet") return true;
    }
  }
  return false;
}

// The logs that gave the offsets of a file, from its name "bars-<from>-<to>.parquet". Empty for files of imports.
std::optional<std::pair<Position, Position>> logs_of(std::string_view name) {
  Position from = 0, to = 0;
  constexpr std::string_view prefix = "bars-";
  if (!name.starts_with(prefix)) return std::nullopt;
  const char* const end = name.data() + name.size();
  const auto first = std::from_chars(name.data() + prefix.size(), end, from);
  if (first.ec != std::errc{} || first.ptr == end) return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, to);
  if (second.ec != std::errc{} || to <= from) return std::nullopt;
  return std::pair(from / offsets_of_a_log, (to - 1) / offsets_of_a_log);
}

// Days whose files come from several logs, as SQL literals; begins with NULL, so that it is never empty.
std::string days_of_several_logs(const fs::path& table) {
  std::string days = "NULL";
  std::error_code error;
  for (fs::directory_iterator day{table, error}, end; !error && day != end; day.increment(error)) {
    std::optional<Position> log;
    bool several = false;
    std::error_code no_folder;
    for (fs::directory_iterator file{day->path(), no_folder}; !no_folder && file != end; file.increment(no_folder)) {
      const auto logs = logs_of(file->path().filename().string());
      if (!logs) continue;
      several = several || logs->first != logs->second || (log && *log != logs->first);
      log = logs->first;
    }
    const std::string name = day->path().filename().string();
    if (several && name.starts_with("dt=")) days += fmt::format(", TRY_CAST({} AS DATE)", sql_literal(name.substr(3)));
  }
  return days;
}

std::string condition_of_days(const LakeQueryOptions& options) {
  const auto date = [](std::chrono::sys_days day) {
    const std::chrono::year_month_day parts(day);
    return fmt::format("DATE '{:04}-{:02}-{:02}'", static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                       static_cast<unsigned>(parts.day()));
  };
  std::string text;
  if (options.from) text += " WHERE dt >= " + date(*options.from);
  if (options.to) text += (text.empty() ? " WHERE dt <= " : " AND dt <= ") + date(*options.to);
  return text;
}

// Files of earlier versions have fewer columns, so an empty row type supplies the missing names.
std::string rows_of(const fs::path& table, std::span<const Column> columns, const std::string& condition) {
  std::string nothing;
  for (const Column& column : columns) {
    nothing += fmt::format("{}NULL::{} AS \"{}\"", nothing.empty() ? "" : ", ", column.type, column.name);
  }
  nothing = fmt::format("SELECT * FROM (SELECT {}) WHERE false", nothing);
  if (!has_files(table)) return nothing;
  const std::string files = as_pattern(table.string()) + "/dt=*/*.parquet";
  return fmt::format(
      "{} UNION ALL BY NAME "
      "FROM read_parquet({}, hive_partitioning = true, hive_types = {{'dt': DATE}}, union_by_name = true){}",
      nothing, sql_literal(files), condition);
}

}  // namespace

Result<std::vector<std::string>> lake_statements(const LakeQueryOptions& options) {
  const std::string& lake = options.lake;
  const std::string days = condition_of_days(options);
  std::error_code error;
  const fs::path root = fs::canonical(lake, error);
  if (error || !fs::is_directory(root, error)) {
    return std::unexpected(
        Error::setup(fmt::format("there is no lake at {}: `tidemark run` makes one, --data says where", lake)));
  }
  if (auto closed = refuse_links_out_of(root); !closed) return std::unexpected(closed.error());
  return std::vector<std::string>{
      "SET TimeZone = 'UTC'",
      "SET preserve_insertion_order = true",
      "CREATE VIEW stock_trends AS " + rows_of(root / "stock_trends", trend_columns, days),
      // Contract 1 counted a vwap of 0 as a price.
      "CREATE VIEW bars_all AS SELECT * REPLACE (nullif(vwap, 0) AS vwap) FROM (" +
          rows_of(root / "bars", bar_columns, days) + ")",
      fmt::format(bars_view, days_of_several_logs(root / "bars")),
      // Both forms, because DuckDB checks before it looks for files and again before it opens one.
      fmt::format("SET allowed_directories = [{}, {}]", sql_literal(root.string() + "/"),
                  sql_literal(as_pattern(root.string()) + "/")),
      "SET enable_external_access = false",
      "SET lock_configuration = true",
  };
}

}  // namespace tidemark
