#include "run/roles/repeated_rows.h"

#include <map>
#include <string_view>
#include <tuple>

#include "core/check.h"

namespace tidemark {
namespace {

// The rows of one identity: the number that decides between them. A repeated one has no higher number.
using TrendIdentity = std::tuple<std::string_view, EventTime, EventTime>;
using BarIdentity = std::tuple<std::string_view, EventTime, Position>;
TrendIdentity identity(const Trend& trend) { return {trend.symbol, trend.window.start, trend.window.end}; }
BarIdentity identity(const JudgedBar& bar) { return {bar.symbol, bar.values.time, bar.position}; }
std::int64_t number(const Trend& trend) { return trend.revision; }
std::int64_t number(const JudgedBar&) { return 0; }

// Which rows do not lie behind all before them. `last` is taken on; where it is unknown, these are all rows.
template <typename Row>
std::vector<bool> may_be_repeated(const std::vector<Row>& rows, LastRows& last, bool is_known) {
  std::vector<bool> may(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) may[i] = !last.take(rows[i]) || !is_known;
  return may;
}

template <typename Row>
std::vector<Row> those(const std::vector<Row>& rows, const std::vector<bool>& chosen) {
  std::vector<Row> found;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (chosen[i]) found.push_back(rows[i]);
  return found;
}

// `is_stored` answers for the rows of `may`. Rows of this publication come after one another like those of the store.
template <typename Row>
std::vector<bool> repeated(const std::vector<Row>& rows, const std::vector<bool>& may,
                           const std::vector<bool>& is_stored) {
  std::map<decltype(identity(rows[0])), std::int64_t> seen;
  std::vector<bool> found(rows.size());
  std::size_t asked = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto before = seen.find(identity(rows[i]));
    const bool was_seen = before != seen.end() && before->second >= number(rows[i]);
    found[i] = (may[i] && is_stored[asked++]) || was_seen;
    if (!found[i]) seen[identity(rows[i])] = number(rows[i]);
  }
  CHECK(asked == is_stored.size());
  return found;
}

template <typename Row>
void leave_out(std::vector<Row>& rows, std::vector<Position>& at, const std::vector<bool>& repeated,
               std::vector<Position>& left_out) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (repeated[i]) {
      left_out.push_back(at[i]);
      continue;
    }
    if (kept != i) {
      rows[kept] = std::move(rows[i]);
      at[kept] = at[i];
    }
    ++kept;
  }
  rows.resize(kept);
  at.resize(kept);
}

bool has_any(const std::vector<bool>& chosen) {
  for (const bool is : chosen)
    if (is) return true;
  return false;
}

}  // namespace

Result<void> leave_out_repeated(const Store& store, RowsOfLog& rows, StoreIntent& intent) {
  Publication& all = rows.publication;
  const bool is_known = intent.through.has_value();
  LastRows last = intent.through.value_or(LastRows{});
  const auto may_trends = may_be_repeated(all.trends, last, is_known);
  const auto may_bars = may_be_repeated(all.bars, last, is_known);
  if (has_any(may_trends) || has_any(may_bars)) {
    const auto stored = store.find({.trends = those(all.trends, may_trends), .bars = those(all.bars, may_bars)});
    if (!stored) return std::unexpected(stored.error());
    const auto trends = repeated(all.trends, may_trends, stored->trends);
    const auto bars = repeated(all.bars, may_bars, stored->bars);
    leave_out(all.trends, rows.trends_at, trends, intent.repeated_trends);
    leave_out(all.bars, rows.bars_at, bars, intent.repeated_bars);
  }
  // As long as the last rows are unknown, a repeated row does not tell them: others behind it may be repeated, too.
  if (is_known || (intent.repeated_trends.empty() && intent.repeated_bars.empty())) intent.through = std::move(last);
  return {};
}

}  // namespace tidemark
