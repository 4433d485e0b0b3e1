#include "io/lake/row_identity.h"

#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <bit>
#include <span>
#include <stdexcept>
#include <string_view>

#include "core/time/timestamp.h"
#include "io/parquet/column_values.h"
#include "io/parquet/parquet_input.h"
#include "io/parquet/trend_measure.h"

namespace tidemark {
namespace {

constexpr RowIdentity beginning = 0xcbf29ce484222325;  // FNV-1a

RowIdentity mixed(RowIdentity identity, std::string_view bytes) {
  for (const char byte : bytes) identity = (identity ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return identity;
}

// Integers are often consecutive, so each bit has to affect all others.
RowIdentity mixed(RowIdentity identity, std::int64_t number) {
  identity ^= static_cast<std::uint64_t>(number);
  identity = (identity ^ identity >> 30) * 0xbf58476d1ce4e5b9;
  identity = (identity ^ identity >> 27) * 0x94d049bb133111eb;
  return identity ^ identity >> 31;
}

RowIdentity mixed(RowIdentity identity, EventTime time) { return mixed(identity, nanos_since_epoch(time)); }

EventTime window_time(std::string_view text) {
  const auto time = parse_window_time(text);
  if (!time) throw std::runtime_error("a window of it is no time");
  return *time;
}

// A null pointer is a null.
RowIdentity mixed_value(RowIdentity values, const std::int64_t* value) {
  return value ? mixed(mixed(values, std::int64_t{1}), *value) : mixed(values, std::int64_t{0});
}
RowIdentity mixed_value(RowIdentity values, const double* value) {
  const std::int64_t bits = value ? std::bit_cast<std::int64_t>(*value) : 0;
  return mixed_value(values, value ? &bits : nullptr);
}
RowIdentity mixed_value(RowIdentity values, const std::string_view* value) {
  return value ? mixed(mixed(values, static_cast<std::int64_t>(value->size()) + 1), *value)
               : mixed(values, std::int64_t{0});
}
RowIdentity mixed_value(RowIdentity values, const Int128* units) {
  if (!units) return mixed(values, std::int64_t{0});
  const auto bits = static_cast<UInt128>(*units);
  return mixed(mixed(mixed(values, std::int64_t{1}), static_cast<std::int64_t>(bits >> 64)),
               static_cast<std::int64_t>(bits));
}

// Decodes big-endian two's complement, the form of the lake's decimals.
Int128 units_of(FixedBytes decimal) {
  UInt128 units = (decimal.bytes[0] & 0x80) != 0 ? ~UInt128{0} : UInt128{0};
  for (std::size_t i = 0; i < decimal.size; ++i) units = units << 8 | static_cast<unsigned char>(decimal.bytes[i]);
  return static_cast<Int128>(units);
}

// In the same order as in values_of().
constexpr const char* bar_numbers[] = {"open", "high", "low", "close", "vwap", "volume", "price_change", "pct_change"};

// Mixes a column into the values of all rows. A missing column counts as nulls.
template <typename Value>
void mix_column(parquet::ParquetFileReader& file, int group, std::string_view name, std::span<RowPrint> found) {
  const int column = column_index(*file.metadata(), name);
  if (column < 0) {
    for (RowPrint& row : found) row.values = mixed_value(row.values, static_cast<const std::int64_t*>(nullptr));
    return;
  }
  read_column<Value>(file, group, column, [&](std::size_t row, const Value* value) {
    found[row].values = mixed_value(found[row].values, value);
  });
}

void mix_decimals(parquet::ParquetFileReader& file, int group, const char* name, std::span<RowPrint> found) {
  const bool zero_is_none = std::string_view(name) == "vwap";
  read_column<FixedBytes>(file, group, column_index(*file.metadata(), name),
                          [&](std::size_t row, const FixedBytes* value) {
                            const Int128 units = value ? units_of(*value) : 0;
                            const bool is_there = value && !(zero_is_none && units == 0);
                            found[row].values = mixed_value(found[row].values, is_there ? &units : nullptr);
                          });
}

// True for symbol and window, the identity of a trend. All other columns are values.
template <typename Column>
constexpr bool is_identity = Column::kind == ColumnKind::Time || Column::name == "symbol";

void read_trends(parquet::ParquetFileReader& file, int group, std::span<RowPrint> found) {
  for_each_lake_column_of_trends([&](auto column) {
    constexpr ColumnKind kind = column.kind;
    if constexpr (is_identity<decltype(column)>)
      read_column<std::string_view>(file, group, column_index(*file.metadata(), column.name),
                                    [&](std::size_t row, const std::string_view* value) {
                                      if (!value) throw std::runtime_error("a row of it is not whole");
                                      RowIdentity& identity = found[row].identity;
                                      identity = kind == ColumnKind::Time ? mixed(identity, window_time(*value))
                                                                          : mixed(identity, *value);
                                    });
    else if constexpr (is_measure(kind))
      mix_column<double>(file, group, column.name, found);
    else if constexpr (kind == ColumnKind::Count)
      mix_column<std::int64_t>(file, group, column.name, found);
    else
      mix_column<std::string_view>(file, group, column.name, found);
  });
}

void read_bars(parquet::ParquetFileReader& file, int group, std::span<RowPrint> found) {
  read_column<std::string_view>(file, group, column_index(*file.metadata(), "symbol"),
                                [&](std::size_t row, const std::string_view* value) {
                                  if (!value) throw std::runtime_error("a row of it is not whole");
                                  found[row].identity = mixed(found[row].identity, *value);
                                });
  for (const char* name : {"timestamp_ns", "position"})
    read_column<std::int64_t>(file, group, column_index(*file.metadata(), name),
                              [&](std::size_t row, const std::int64_t* value) {
                                if (!value) throw std::runtime_error("a row of it is not whole");
                                found[row].identity = mixed(found[row].identity, *value);
                              });
  for (const char* const name : bar_numbers) mix_decimals(file, group, name, found);
  mix_column<std::int64_t>(file, group, "trade_count", found);
  for (const char* const name : {"direction", "feed", "verdict"})
    mix_column<std::string_view>(file, group, name, found);
}

template <typename Value>
RowIdentity mixed_optional(RowIdentity values, const std::optional<Value>& value) {
  return mixed_value(values, value ? &*value : nullptr);
}

}  // namespace

RowIdentity identity_of(const Trend& trend) {
  return mixed(mixed(mixed(beginning, trend.symbol), trend.window.start), trend.window.end);
}

RowIdentity identity_of(const JudgedBar& bar) {
  return mixed(mixed(mixed(beginning, bar.symbol), bar.values.time), bar.position);
}

std::uint64_t values_of(const Trend& trend) {
  RowIdentity values = beginning;
  for_each_lake_column_of_trends([&](auto column) {
    constexpr ColumnKind kind = column.kind;
    const auto& value = column.of(trend);
    if constexpr (is_identity<decltype(column)>)
      return;
    else if constexpr (is_measure(kind))
      values = mixed_optional(values, measure_of<kind>(value));
    else if constexpr (kind == ColumnKind::Count)
      values = mixed_optional(values, std::optional<std::int64_t>(value));
    else if constexpr (kind == ColumnKind::Word)
      values = mixed_optional(values, std::optional(to_string(value)));
    else
      values = mixed_optional(values, value ? std::optional<std::string_view>(*value) : std::nullopt);
  });
  return values;
}

std::uint64_t values_of(const JudgedBar& bar) {
  const BarValues& from = bar.values;
  RowIdentity values = beginning;
  const auto vwap = from.vwap.has_value() && from.vwap.value().nanos != 0
                        ? std::optional<Int128>(from.vwap.value().nanos)
                        : std::nullopt;
  for (const std::optional<Int128> number :
       {std::optional<Int128>(from.open.nanos), std::optional<Int128>(from.high.nanos),
        std::optional<Int128>(from.low.nanos), std::optional<Int128>(from.close.nanos), vwap,
        std::optional(from.volume.nanos), std::optional(from.price_change.nanos), std::optional(from.pct_change.nanos)})
    values = mixed_optional(values, number);
  values =
      mixed_optional(values, from.trade_count.has_value() ? std::optional(from.trade_count.value()) : std::nullopt);
  const std::string_view direction = to_string(from.direction), verdict = to_string(bar.verdict);
  const auto feed = bar.feed ? std::optional<std::string_view>(*bar.feed) : std::nullopt;
  return mixed_value(mixed_optional(mixed_value(values, &direction), feed), &verdict);
}

Result<std::vector<RowPrint>> read_row_prints(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file) {
  std::vector<RowPrint> found;
  auto read =
      read_parquet(lake.disk(), lake.path_of(table, day, file.name), nullptr, [&](parquet::ParquetFileReader& reader) {
        for (int group = 0; group < reader.metadata()->num_row_groups(); ++group) {
          const auto rows = static_cast<std::size_t>(reader.metadata()->RowGroup(group)->num_rows());
          const std::size_t first = found.size();
          found.resize(first + rows, {beginning, beginning});
          const std::span<RowPrint> own(found.data() + first, rows);
          table == LakeTable::Trends ? read_trends(reader, group, own) : read_bars(reader, group, own);
        }
      });
  if (!read) return std::unexpected(read.error());
  return found;
}

Result<std::optional<Duration>> window_size_in(const Lake& lake, LakeDay day, const LakeFile& file) {
  std::optional<Duration> size;
  const auto first_of = [](parquet::ParquetFileReader& reader, const char* name) {
    const int column = column_index(*reader.metadata(), name);
    if (column < 0 || reader.metadata()->schema()->Column(column)->physical_type() != parquet::Type::BYTE_ARRAY)
      throw std::runtime_error(std::string("it has no column ") + name);
    const auto any = reader.RowGroup(0)->Column(column);
    std::int64_t there = 0;
    std::int16_t level = 1;
    parquet::ByteArray value;
    static_cast<parquet::ByteArrayReader&>(*any).ReadBatch(1, &level, nullptr, &value, &there);
    return window_time(there == 1 ? std::string_view(reinterpret_cast<const char*>(value.ptr), value.len)
                                  : std::string_view());
  };
  auto read = read_parquet(lake.disk(), lake.path_of(LakeTable::Trends, day, file.name), nullptr,
                           [&](parquet::ParquetFileReader& reader) {
                             if (reader.metadata()->num_rows() == 0) return;
                             size = first_of(reader, "window_end") - first_of(reader, "window_start");
                           });
  if (!read) return std::unexpected(read.error());
  return size;
}

}  // namespace tidemark
