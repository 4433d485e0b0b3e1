// Chooses the days, writes the SQL, which makes JSON of both lists, and puts them into the body as they are.
#include "io/serve/chart_page.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/market/limits.h"
#include "core/time/day_text.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/net/json_value.h"
#include "io/serve/parameters.h"

namespace tidemark {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::chrono::minutes history_bar_length{1};
constexpr std::string_view day_prefix = "dt=";
constexpr std::array tables{"bars", "stock_trends"};

// The columns of a window in the answer, after its two times.
constexpr std::array window_numbers{"avg_close",  "max_close",   "min_close",         "avg_volume",
                                    "volatility", "avg_vwap",    "avg_pct_change",    "buy_pressure",
                                    "bar_count",  "price_range", "vwap_deviation_pct"};

// Days of the lake that hold a part of the range, oldest first.
std::vector<sys_days> days_in_range(const ChartQuery& query, const std::string& lake) {
  std::vector<sys_days> found;
  std::error_code error;
  const std::filesystem::path table = std::filesystem::path(lake) / tables.front();
  for (std::filesystem::directory_iterator entry{table, error}, end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const auto day = name.starts_with(day_prefix) ? parse_day(name.substr(day_prefix.size())) : std::nullopt;
    if (!day) continue;
    const bool is_after = query.from && EventTime{*day + days(1)} <= *query.from;
    const bool is_before = query.to && EventTime{*day} >= *query.to;
    if (!is_after && !is_before) found.push_back(*day);
  }
  std::ranges::sort(found);
  return found;
}

// FNV-1a over what decides the answer.
class Fingerprint {
 public:
  void add(std::string_view text) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash_ = (hash_ ^ 0xff) * 0x100000001b3;
  }
  void add_folder(const std::string& path) {
    struct ::stat status{};
    if (::stat(path.c_str(), &status) == 0)
      add(fmt::format("{} {} {}.{}", path, status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec));
  }
  std::string etag() const { return fmt::format("\"h{:016x}\"", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

// The exact decimals of the lake without the zeros behind their last digit.
std::string sql_decimal(std::string_view column) {
  return fmt::format("rtrim(rtrim({}::DECIMAL(38,9)::VARCHAR, '0'), '.')", column);
}

constexpr std::string_view sql_time =
    "strftime(make_timestamp(ns // 1000), '%Y-%m-%dT%H:%M:%S') || CASE ns % 1000000000 WHEN 0 THEN '' "
    "ELSE '.' || rtrim(lpad((ns % 1000000000)::VARCHAR, 9, '0'), '0') END || 'Z'";

std::string sql_of_window() {
  std::string out = R"('["' || window_start || '","' || window_end || '",')";
  for (const char* column : window_numbers) out += fmt::format(" || coalesce({}::VARCHAR, 'null') || ','", column);
  return out + R"( || '"' || trend_signal || '"]')";
}

std::string sql_of(const ChartQuery& query) {
  const std::string symbol = "symbol = " + sql_text(query.symbol);
  std::string of_bars = symbol, of_windows = symbol;
  const auto add = [&](std::optional<EventTime> time, std::string_view comparison) {
    if (!time) return;
    of_bars += fmt::format(" AND timestamp_ns {} {}", comparison, nanos_since_epoch(*time));
    // A window belongs to the last minute that it holds.
    const EventTime minute = std::chrono::floor<std::chrono::minutes>(*time + history_bar_length);
    of_windows += fmt::format(" AND window_end {} '{}'", comparison, format_window_time(minute));
  };
  add(query.from, ">=");
  add(query.to, "<");
  return fmt::format(
      R"(WITH found AS MATERIALIZED (SELECT timestamp_ns AS ns, open, high, low, close, volume FROM bars WHERE {0}
               ORDER BY ns DESC LIMIT {1}),
edge AS MATERIALIZED (SELECT count(*) AS bars, min(ns) AS oldest,
                      strftime(make_timestamp(min(ns) // 60000000000 * 60000000 + 60000000), '%Y-%m-%d %H:%M:%S') AS ended
                      FROM found)
SELECT (SELECT CASE WHEN bars = {1} THEN oldest END FROM edge),
  (SELECT string_agg('["' || {2} || '",' || {3} || ',' || {4} || ',' || {5} || ',' || {6} || ',' || {7} || ']', ','
                     ORDER BY ns) FROM found),
  (SELECT string_agg({8}, ',' ORDER BY window_end) FROM
    (SELECT * FROM stock_trends, edge WHERE {9} AND (bars < {1} OR window_end >= ended)
     QUALIFY row_number() OVER (PARTITION BY window_start ORDER BY revision DESC) = 1)))",
      of_bars, query.limit, sql_time, sql_decimal("open"), sql_decimal("high"), sql_decimal("low"),
      sql_decimal("close"), sql_decimal("volume"), sql_of_window(), of_windows);
}

}  // namespace

std::expected<ChartQuery, Response> parse_chart_query(const Request& request) {
  if (auto refusal = refuse_others(request, {"symbol", "from", "to", "limit"})) return Refused(std::move(*refusal));
  ChartQuery query;
  const std::string* const symbol = request.parameter("symbol");
  if (!symbol || !is_symbol_name(*symbol)) return refused("symbol", symbol_rule);
  query.symbol = *symbol;
  const auto from = time_in(request, "from"), to = time_in(request, "to");
  if (!from) return Refused(from.error());
  if (!to) return Refused(to.error());
  query.from = *from;
  query.to = *to;
  if (query.from && query.to && *query.to < *query.from) return refused("to", "is before from");
  const auto limit = count_in(request, "limit", 1, most_chart_bars, query.limit);
  if (!limit) return Refused(limit.error());
  query.limit = *limit;
  return query;
}

ChartPage plan_chart_page(const ChartQuery& query, const std::string& lake, std::size_t most_days) {
  const std::vector<sys_days> found = days_in_range(query, lake);
  Fingerprint known;
  ChartPage page;
  const auto text = [](std::optional<EventTime> time) { return time ? format_timestamp(*time) : std::string(); };
  known.add(fmt::format("{} {} {} {}", query.symbol, text(query.from), text(query.to), query.limit));
  if (!found.empty()) {
    const std::size_t first = found.size() - std::min(found.size(), most_days);
    ChartQuery of_page = query;
    if (first > 0) {
      page.older_before = EventTime{found[first]};
      of_page.from = *page.older_before;
    }
    // A window that ends in a day may have begun in the one before.
    std::vector<sys_days> looked_at = found;
    looked_at.insert(looked_at.begin(), found.front() - days(1));
    for (const sys_days day : looked_at)
      for (const char* table : tables)
        known.add_folder(fmt::format("{}/{}/{}{}", lake, table, day_prefix, format_date(EventTime{day})));
    page.question =
        Question{.sql = sql_of(of_page), .most_rows = 1, .from = found[first] - days(1), .to = found.back()};
  }
  page.etag = known.etag();
  return page;
}

Result<ChartBody> write_chart_page(const ChartQuery& query, const ChartPage& page, const std::string& answer) {
  using Kind = JsonValue::Kind;
  std::string bars, windows;
  std::optional<EventTime> more_before = page.older_before;
  if (page.question) {
    const auto document = parse_json(answer);
    const JsonValue* const rows = document ? document->find("rows") : nullptr;
    const bool is_row = rows && rows->items.size() == 1 && rows->items.front().items.size() == 3;
    if (!is_row) return std::unexpected(Error::permanent("the lake's answer is none of history"));
    const auto& row = rows->items.front().items;
    if (row[0].kind == Kind::Integer) more_before = event_time_from_nanos(row[0].integer);
    bars = row[1].text;
    windows = row[2].text;
  }
  std::string body = R"({"symbol":)";
  append_json_string(query.symbol, body);
  fmt::format_to(std::back_inserter(body), R"(,"bars":[{}],"windows":[{}],"more_before":)", bars, windows);
  if (more_before)
    append_json_string(format_timestamp(*more_before), body);
  else
    body += "null";
  return ChartBody{.text = body + '}', .is_empty = bars.empty() && windows.empty()};
}

}  // namespace tidemark
