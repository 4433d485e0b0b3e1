// Writes judged bars as columns, with prices and volumes as exact decimals.
#include <array>
#include <bit>
#include <cstring>

#include "core/check.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

const std::array direction_texts{to_string(Direction::Flat), to_string(Direction::Up), to_string(Direction::Down)};
const std::array verdict_texts{to_string(Verdict::Accepted), to_string(Verdict::Duplicate),
                               to_string(Verdict::Corrected), to_string(Verdict::Late)};

// Units of 1e-9 as big-endian two's complement of `size` bytes, 8 < size <= 16.
template <std::size_t size>
void add_decimal(Int128 units, std::vector<std::uint8_t>& bytes) {
  static_assert(std::endian::native == std::endian::little && size > 8 && size <= 16);
  const std::uint64_t halves[] = {__builtin_bswap64(static_cast<std::uint64_t>(static_cast<UInt128>(units) >> 64)),
                                  __builtin_bswap64(static_cast<std::uint64_t>(units))};
  const std::size_t begin = bytes.size();
  bytes.resize(begin + size);
  std::memcpy(bytes.data() + begin, reinterpret_cast<const std::uint8_t*>(halves) + sizeof halves - size, size);
}

}  // namespace

Result<void> BarWriter::add(const JudgedBar& bar) {
  const BarValues& values = bar.values;
  symbol_.push_back(symbols_.number(std::string_view(bar.symbol)));
  timestamp_.add(nanos_since_epoch(floor_to(values.time, std::chrono::microseconds(1))) / 1000);
  add_decimal<9>(values.open.nanos, open_);
  add_decimal<9>(values.high.nanos, high_);
  add_decimal<9>(values.low.nanos, low_);
  add_decimal<9>(values.close.nanos, close_);
  vwap_.levels.push_back(values.vwap.has_value() ? 1 : 0);
  if (values.vwap.has_value()) add_decimal<9>(values.vwap.value().nanos, vwap_.bytes);
  add_decimal<12>(values.volume.nanos, volume_);
  add_decimal<16>(values.price_change.nanos, price_change_);
  add_decimal<16>(values.pct_change.nanos, pct_change_);
  direction_.push_back(static_cast<std::int32_t>(values.direction));
  if (values.trade_count.has_value())
    trade_count_.add(values.trade_count.value());
  else
    trade_count_.add_null();
  feed_.push_back(bar.feed ? feeds_.number(std::string_view(*bar.feed)) : -1);
  verdict_.push_back(static_cast<std::int32_t>(bar.verdict));
  position_.add(bar.position);
  timestamp_ns_.add(nanos_since_epoch(values.time));
  if (bar.imported > 0)
    imported_.add(bar.imported);
  else
    imported_.add_null();
  return symbol_.size() < rows_per_group_ ? Result<void>{} : write_group();
}

Result<void> BarWriter::finish() {
  if (!symbol_.empty())
    if (auto written = write_group(); !written) return written;
  return file_.finish();
}

Result<void> BarWriter::write_group() {
  const auto symbols = texts_of(symbols_), feeds = texts_of(feeds_);
  std::vector<std::uint8_t> late;
  for (const std::int32_t verdict : verdict_)
    late.push_back(verdict == static_cast<std::int32_t>(Verdict::Late) ? 1 : 0);
  auto done = file_.begin_group();
  const auto texts = [&](const std::vector<std::int32_t>& numbers, std::span<const std::string_view> values) {
    if (done) done = file_.texts({numbers, values});
  };
  const auto decimals = [&](const std::vector<std::uint8_t>& bytes, ColumnFile::Levels levels = {}) {
    if (done) done = file_.decimals(bytes, levels);
  };
  const auto integers = [&](NumberColumn<std::int64_t>& column) {
    if (done) done = file_.integers(column.values, column.levels);
    column.clear();
  };
  texts(symbol_, symbols);
  integers(timestamp_);
  for (const auto* const prices : {&open_, &high_, &low_, &close_}) decimals(*prices);
  decimals(vwap_.bytes, vwap_.levels);
  for (const auto* const numbers : {&volume_, &price_change_, &pct_change_}) decimals(*numbers);
  texts(direction_, direction_texts);
  integers(trade_count_);
  texts(feed_, feeds);
  texts(verdict_, verdict_texts);
  if (done) done = file_.booleans(late);
  integers(position_);
  integers(timestamp_ns_);
  integers(imported_);
  for (auto* const numbers : {&symbol_, &direction_, &feed_, &verdict_}) numbers->clear();
  for (auto* const bytes : {&open_, &high_, &low_, &close_, &vwap_.bytes, &volume_, &price_change_, &pct_change_})
    bytes->clear();
  vwap_.levels.clear();
  symbols_.clear();
  feeds_.clear();
  return done;
}

}  // namespace tidemark
