#include "io/lake/stored_rows.h"

#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/time/timestamp.h"
#include "io/parquet/column_values.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

// Symbol, time, and the other key: the end of a window in nanoseconds, the position of a bar.
using Identity = std::tuple<std::string, std::int64_t, std::int64_t>;
using IdentityView = std::tuple<std::string_view, std::int64_t, std::int64_t>;

IdentityView identity_in_lake(const Trend& trend) {
  return {trend.symbol, nanos_since_epoch(trend.window.start), nanos_since_epoch(trend.window.end)};
}
IdentityView identity_in_lake(const JudgedBar& bar) {
  return {bar.symbol, nanos_since_epoch(bar.values.time), bar.position};
}
std::int64_t rank_of(const Trend& trend) { return trend.revision; }
std::int64_t rank_of(const JudgedBar&) { return 0; }

// The rows that are looked for, and what was found: the highest revision of each.
class Wanted {
 public:
  void add(const IdentityView& identity) {
    const auto& [symbol, time, other] = identity;
    times_.insert(time);
    found_.try_emplace(Identity{symbol, time, other}, never);
  }
  bool has_time(std::int64_t time) const { return times_.contains(time); }
  void see(std::string_view symbol, std::int64_t time, std::int64_t other, std::int64_t rank) {
    const auto found = found_.find(IdentityView{symbol, time, other});
    if (found != found_.end()) found->second = std::max(found->second, rank);
  }
  bool has(const IdentityView& identity, std::int64_t rank) const { return found_.find(identity)->second >= rank; }

 private:
  static constexpr std::int64_t never = INT64_MIN;
  std::set<std::int64_t> times_;
  std::map<Identity, std::int64_t, std::less<>> found_;
};

template <typename Value>
const Value& there(const Value* value) {
  if (!value) throw std::runtime_error("a row of it is not whole");
  return *value;
}

// Window times are texts, and mostly the one of the row before.
class WindowTimes {
 public:
  std::int64_t of(std::string_view text) {
    if (text != last_) {
      const auto time = parse_window_time(text);
      if (!time) throw std::runtime_error("a window of it is no time");
      last_ = text;
      nanos_ = nanos_since_epoch(*time);
    }
    return nanos_;
  }

 private:
  std::string last_;
  std::int64_t nanos_ = 0;
};

void look_at_group(parquet::ParquetFileReader& file, int group, LakeTable table, Wanted& wanted) {
  struct Row {
    std::string symbol;
    std::int64_t time = 0, other = 0, rank = 0;
    bool may_be_wanted = false;
  };
  const bool is_bars = table == LakeTable::Bars;
  std::vector<Row> rows(static_cast<std::size_t>(file.metadata()->RowGroup(group)->num_rows()));
  const auto column = [&](const char* name) {
    const int index = column_index(*file.metadata(), name);
    if (index < 0) throw std::runtime_error(std::string("it has no column ") + name);
    return index;
  };
  WindowTimes starts, ends;
  const auto set_time = [&](std::size_t row, std::int64_t time) {
    rows[row].time = time;
    rows[row].may_be_wanted = wanted.has_time(time);
  };
  if (is_bars)
    read_column<std::int64_t>(file, group, column("timestamp_ns"),
                              [&](std::size_t row, const std::int64_t* value) { set_time(row, there(value)); });
  else
    read_column<std::string_view>(
        file, group, column("window_start"),
        [&](std::size_t row, const std::string_view* value) { set_time(row, starts.of(there(value))); });
  if (std::ranges::none_of(rows, &Row::may_be_wanted)) return;
  read_column<std::string_view>(file, group, column("symbol"), [&](std::size_t row, const std::string_view* value) {
    if (rows[row].may_be_wanted) rows[row].symbol = there(value);
  });
  if (is_bars)
    read_column<std::int64_t>(file, group, column("position"),
                              [&](std::size_t row, const std::int64_t* value) { rows[row].other = there(value); });
  else
    read_column<std::string_view>(
        file, group, column("window_end"),
        [&](std::size_t row, const std::string_view* value) { rows[row].other = ends.of(there(value)); });
  if (!is_bars)
    read_column<std::int64_t>(file, group, column("revision"),
                              [&](std::size_t row, const std::int64_t* value) { rows[row].rank = there(value); });
  for (const Row& row : rows)
    if (row.may_be_wanted) wanted.see(row.symbol, row.time, row.other, row.rank);
}

template <typename Row>
Result<std::vector<bool>> find_in(const Lake& lake, LakeTable table, const std::vector<Row>& rows) {
  Wanted wanted;
  std::set<LakeDay> days;
  for (const Row& row : rows) {
    wanted.add(identity_in_lake(row));
    days.insert(std::chrono::floor<std::chrono::days>(event_time_from_nanos(std::get<1>(identity_in_lake(row)))));
  }
  for (const LakeDay day : days) {
    const auto files = lake.files(table, day);
    if (!files) return std::unexpected(files.error());
    for (const LakeFile& file : *files) {
      if (file.imported > 0) continue;  // an imported bar has a position of its own, and is none of the log's
      auto read = read_parquet(lake.disk(), lake.path_of(table, day, file.name), nullptr,
                               [&](parquet::ParquetFileReader& reader) {
                                 for (int group = 0; group < reader.metadata()->num_row_groups(); ++group)
                                   look_at_group(reader, group, table, wanted);
                               });
      if (!read) return std::unexpected(read.error());
    }
  }
  std::vector<bool> found;
  for (const Row& row : rows) found.push_back(wanted.has(identity_in_lake(row), rank_of(row)));
  return found;
}

}  // namespace

Result<StoredRows> find_stored(const Lake& lake, const Publication& rows) {
  // A day whose exchange a killed process had decided hides rows until it is finished.
  if (auto finished = lake.finish_left_behind(); !finished) return std::unexpected(finished.error());
  const auto publishing = lake.lock_publishing();
  if (!publishing) return std::unexpected(publishing.error());
  auto trends = find_in(lake, LakeTable::Trends, rows.trends);
  if (!trends) return std::unexpected(trends.error());
  auto bars = find_in(lake, LakeTable::Bars, rows.bars);
  if (!bars) return std::unexpected(bars.error());
  return StoredRows{std::move(*trends), std::move(*bars)};
}

}  // namespace tidemark
