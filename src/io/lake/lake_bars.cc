#include "io/lake/lake_bars.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_per_slice = 256 * 1'024;
// By time, a slice has rows of all symbols, and each slice reads whole columns, so slices are larger. A row takes 100
// bytes.
constexpr std::size_t rows_per_slice_of_time = 640 * 1'024;

Price price(const RowDecimals& column, std::size_t row) { return Price{static_cast<std::int64_t>(column.units(row))}; }

Result<LakeRows> open_rows(const Lake& lake, EventTime from, EventTime to, LakeRows::Order order) {
  std::vector<std::string> paths;
  for (LakeDay day = std::chrono::floor<std::chrono::days>(from); EventTime{day} < to; day += std::chrono::days(1)) {
    const auto files = lake.files(LakeTable::Bars, day);
    if (!files) return std::unexpected(files.error());
    for (const LakeFile& file : *files) paths.push_back(lake.path_of(LakeTable::Bars, day, file.name));
  }
  return LakeRows::open(lake.disk(), LakeTable::Bars, paths, from, to, LakeRows::Keep::Latest, order);
}

}  // namespace

Result<LakeBars> LakeBars::open(const Lake& lake, LakeDay day) {
  constexpr auto order = LakeRows::Order::BySymbol;
  auto rows = open_rows(lake, EventTime{day}, EventTime{day + std::chrono::days(1)}, order);
  if (!rows) return std::unexpected(rows.error());
  return LakeBars(std::move(*rows), order);
}

Result<LakeBars> LakeBars::open_by_time(const Lake& lake, EventTime from, EventTime to) {
  constexpr auto order = LakeRows::Order::ByTime;
  auto rows = open_rows(lake, from, to, order);
  if (!rows) return std::unexpected(rows.error());
  return LakeBars(std::move(*rows), order);
}

void LakeBars::rewind() {
  symbol_ = row_ = 0;
  if (slice_.begin > 0) slice_ = {};
}

std::size_t LakeBars::find_symbol() {
  if (order_ == LakeRows::Order::ByTime) return rows_.symbol(row_);
  while (row_ == rows_.of_symbol(symbol_).end) ++symbol_;
  return symbol_;
}

Result<void> LakeBars::read_slice() {
  const std::size_t most = order_ == LakeRows::Order::ByTime ? rows_per_slice_of_time : rows_per_slice;
  slice_ = {slice_.end, std::min(rows_.size(), slice_.end + most)};
  Result<void> done;
  const auto read = [&](auto& into, auto found) {
    if (!done) return;
    if (found)
      into = std::move(*found);
    else
      done = std::unexpected(found.error());
  };
  read(open_, rows_.decimals("open", 9, slice_));
  read(high_, rows_.decimals("high", 9, slice_));
  read(low_, rows_.decimals("low", 9, slice_));
  read(close_, rows_.decimals("close", 9, slice_));
  read(vwap_, rows_.decimals("vwap", 9, slice_));
  read(volume_, rows_.decimals("volume", 12, slice_));
  read(price_change_, rows_.decimals("price_change", 16, slice_));
  read(pct_change_, rows_.decimals("pct_change", 16, slice_));
  read(direction_, rows_.texts("direction", slice_));
  read(feed_, rows_.texts("feed", slice_));
  read(trade_count_, rows_.integers("trade_count", slice_));
  return done;
}

Result<const Bar*> LakeBars::next() {
  if (row_ == rows_.size()) return nullptr;
  const std::string& symbol = rows_.symbols()[find_symbol()];
  if (row_ == slice_.end)
    if (auto read = read_slice(); !read) return std::unexpected(read.error());
  const std::size_t i = row_ - slice_.begin;
  const std::int32_t way = direction_.numbers[i], feed = feed_.numbers[i];
  const auto direction = way < 0 ? std::nullopt : parse_direction(direction_.texts[static_cast<std::size_t>(way)]);
  if (!direction || !open_.has(i) || !close_.has(i))
    return std::unexpected(Error::permanent(fmt::format("bar {} of {} is incomplete; `tidemark verify` names the file",
                                                        format_timestamp(rows_.time(row_)), symbol)));
  bar_.symbol = symbol;
  bar_.feed.reset();
  if (feed >= 0) bar_.feed = feed_.texts[static_cast<std::size_t>(feed)];
  BarValues& values = bar_.values;
  values.time = rows_.time(row_);
  values.open = price(open_, i);
  values.high = price(high_, i);
  values.low = price(low_, i);
  values.close = price(close_, i);
  values.vwap = vwap_.has(i) ? known_vwap(price(vwap_, i)) : OptionalPrice{};
  values.trade_count = trade_count_.has(i) ? OptionalCount{trade_count_.values[i]} : OptionalCount{};
  values.volume = Decimal{volume_.units(i)};
  values.price_change = Decimal{price_change_.units(i)};
  values.pct_change = Decimal{pct_change_.units(i)};
  values.direction = *direction;
  ++row_;
  return &bar_;
}

}  // namespace tidemark
