#include "app/history/backfill_series.h"

#include <fmt/format.h>

#include <string>

#include "app/data_dir/lake_to_ask.h"
#include "app/history/backfill_plan.h"
#include "io/lake/lake.h"
#include "io/net/json_value.h"
#include "io/query/query.h"

namespace tidemark {
namespace {

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + '\'';
}

// Finds bars of another series: on these days, or on any day if one of the two series is adjusted.
std::string question(const BackfillOptions& options, std::string_view series) {
  std::string symbols;
  for (const std::string& symbol : options.symbols) symbols += (symbols.empty() ? "" : ", ") + literal(symbol);
  const std::string days =
      fmt::format("dt BETWEEN DATE '{}' AND DATE '{}'", to_text(options.from), to_text(options.to));
  const std::string where = options.adjustment == "raw" ? fmt::format("({} OR contains(feed, ':'))", days) : "true";
  return fmt::format(
      "SELECT symbol, feed, min(dt)::VARCHAR AS first, max(dt)::VARCHAR AS last, count(*) AS bars FROM bars_all "
      "WHERE symbol IN ({}) AND feed IS DISTINCT FROM {} AND {} GROUP BY symbol, feed ORDER BY bars DESC, symbol LIMIT "
      "1",
      symbols, literal(series), where);
}

}  // namespace

Result<void> check_one_series(const BackfillOptions& options, const LakePlace& place) {
  const auto days = place.lake().days(LakeTable::Bars);
  if (!days) return std::unexpected(days.error());
  if (days->empty()) return {};
  const auto lake = lake_to_ask(place, {.data = options.data, .most_bytes = options.lake_cache_bytes, .days = {}});
  if (!lake) return std::unexpected(lake.error());
  const std::string series = series_of(options);
  std::string found;
  const auto answered =
      run_query({.lake = lake->folder, .format = QueryFormat::Json, .threads = static_cast<unsigned>(options.threads)},
                question(options, series), [&](std::string_view piece) {
                  found += piece;
                  return true;
                });
  if (!answered) return std::unexpected(answered.error().while_doing("whose bars the lake has"));
  const std::string line = found.substr(0, found.find('\n'));
  if (line.empty()) return {};
  const auto row = parse_json(line);
  if (!row) return std::unexpected(row.error());
  const auto feed = row->text_of("feed");
  return std::unexpected(
      Error::setup(fmt::format("{} has {} bars of {} from {} to {} with {}; bars of one symbol come from one feed, and "
                               "these would be of {}: choose "
                               "another data directory with --data, or the same feed with --feed",
                               place.text(), row->integer_of("bars").value_or(0), row->text_of("symbol").value_or("?"),
                               row->text_of("first").value_or("?"), row->text_of("last").value_or("?"),
                               feed ? "the feed " + *feed : std::string("no feed"), series)));
}

}  // namespace tidemark
