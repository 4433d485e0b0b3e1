#include "io/parquet/parquet_file.h"

#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <parquet/api/writer.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time/timestamp.h"
#include "io/parquet/nearest_double.h"

namespace tidemark {
namespace {

using parquet::LogicalType;
using parquet::Type;
using parquet::schema::NodePtr;
using parquet::schema::PrimitiveNode;

// A column: what the schema says of it, and how the values of some rows get into a file.
template <typename Row>
struct Column {
  NodePtr node;
  std::function<void(std::span<const Row* const> rows, parquet::ColumnWriter& writer)> write;
};

// `value_of(row)` gives what `to_physical` turns into the file's type, or nothing: every column may be null,
// as in Hive. Nulls leave no value behind, only a level.
template <typename Row, typename PhysicalType, typename ValueOf, typename ToPhysical>
Column<Row> column(NodePtr node, ValueOf value_of, ToPhysical to_physical) {
  const auto write = [=](std::span<const Row* const> rows, parquet::ColumnWriter& writer) {
    using Value = typename decltype(std::optional{value_of(*rows[0])})::value_type;
    std::vector<Value> values;
    std::vector<std::int16_t> levels;
    values.reserve(rows.size());
    levels.reserve(rows.size());
    for (const Row* row : rows) {
      const std::optional<Value> value{value_of(*row)};
      levels.push_back(value ? 1 : 0);
      if (value) values.push_back(std::move(*value));
    }
    const auto physical = std::make_unique<typename PhysicalType::c_type[]>(values.size());
    for (std::size_t index = 0; index < values.size(); ++index) {
      physical[index] = to_physical(values[index]);
    }
    static_cast<parquet::TypedColumnWriter<PhysicalType>&>(writer).WriteBatch(static_cast<std::int64_t>(rows.size()),
                                                                              levels.data(), nullptr, physical.get());
  };
  return {.node = std::move(node), .write = write};
}

NodePtr leaf(const char* name, std::shared_ptr<const LogicalType> logical, Type::type physical, int size = -1) {
  return PrimitiveNode::Make(name, parquet::Repetition::OPTIONAL, std::move(logical), physical, size);
}

template <typename Row, typename ValueOf>
Column<Row> text(const char* name, ValueOf value_of) {
  return column<Row, parquet::ByteArrayType>(
      leaf(name, LogicalType::String(), Type::BYTE_ARRAY), value_of, [](const auto& value) {
        return parquet::ByteArray(static_cast<std::uint32_t>(value.size()),
                                  reinterpret_cast<const std::uint8_t*>(value.data()));
      });
}

template <typename Row, typename ValueOf>
Column<Row> number(const char* name, ValueOf value_of) {
  return column<Row, parquet::DoubleType>(leaf(name, LogicalType::None(), Type::DOUBLE), value_of,
                                          [](double value) { return value; });
}

// A number of the trends: units of 1e-4.
template <typename Row, typename ValueOf>
Column<Row> fixed4(const char* name, ValueOf value_of) {
  return column<Row, parquet::DoubleType>(leaf(name, LogicalType::None(), Type::DOUBLE), value_of,
                                          [](Int128 units) { return nearest_double(units); });
}

template <typename Row, typename ValueOf>
Column<Row> bigint(const char* name, ValueOf value_of) {
  return column<Row, parquet::Int64Type>(leaf(name, LogicalType::None(), Type::INT64), value_of,
                                         [](std::int64_t value) { return value; });
}

template <typename Row, typename ValueOf>
Column<Row> boolean(const char* name, ValueOf value_of) {
  return column<Row, parquet::BooleanType>(leaf(name, LogicalType::None(), Type::BOOLEAN), value_of,
                                           [](bool value) { return value; });
}

// Microseconds without a zone: Spark does not read nanoseconds.
template <typename Row, typename ValueOf>
Column<Row> timestamp(const char* name, ValueOf value_of) {
  const auto type = LogicalType::Timestamp(false, LogicalType::TimeUnit::MICROS);
  return column<Row, parquet::Int64Type>(leaf(name, type, Type::INT64), value_of, [](EventTime time) {
    return nanos_since_epoch(floor_to(time, std::chrono::microseconds(1))) / 1000;
  });
}

// DECIMAL(precision, 9) of units of 1e-9: big-endian two's complement in as few bytes as hold every such number.
template <int precision, int size, typename Row, typename ValueOf>
Column<Row> decimal(const char* name, ValueOf value_of) {
  struct Bytes {
    std::array<std::uint8_t, size> bytes;
  };
  const auto type = LogicalType::Decimal(precision, 9);
  return column<Row, parquet::FLBAType>(
      leaf(name, type, Type::FIXED_LEN_BYTE_ARRAY, size),
      [value_of](const Row& row) -> std::optional<Bytes> {
        const std::optional<Int128> units{value_of(row)};
        if (!units) return std::nullopt;
        Bytes big_endian{};
        auto rest = static_cast<UInt128>(*units);
        for (int index = size; index-- > 0; rest >>= 8) {
          big_endian.bytes[static_cast<std::size_t>(index)] = static_cast<std::uint8_t>(rest);
        }
        return big_endian;
      },
      [](const Bytes& value) { return parquet::FixedLenByteArray(value.bytes.data()); });
}

// The fifteen columns of the table stock_trends as people have it in Hive, in its order; then ours.
std::vector<Column<Trend>> trend_columns() {
  using Row = Trend;
  return {
      text<Row>("symbol", [](const Row& row) { return std::string_view{row.symbol}; }),
      text<Row>("window_start", [](const Row& row) { return format_window_time(row.window.start); }),
      text<Row>("window_end", [](const Row& row) { return format_window_time(row.window.end); }),
      fixed4<Row>("avg_close", [](const Row& row) { return row.avg_close; }),
      fixed4<Row>("max_close", [](const Row& row) { return row.max_close; }),
      fixed4<Row>("min_close", [](const Row& row) { return row.min_close; }),
      number<Row>("avg_volume", [](const Row& row) { return static_cast<double>(row.avg_volume); }),
      fixed4<Row>("volatility", [](const Row& row) { return row.volatility; }),
      fixed4<Row>("avg_vwap", [](const Row& row) { return row.avg_vwap; }),
      fixed4<Row>("avg_pct_change", [](const Row& row) { return row.avg_pct_change; }),
      fixed4<Row>("buy_pressure", [](const Row& row) { return row.buy_pressure; }),
      bigint<Row>("bar_count", [](const Row& row) { return row.bar_count; }),
      fixed4<Row>("price_range", [](const Row& row) { return row.price_range; }),
      fixed4<Row>("vwap_deviation_pct", [](const Row& row) { return row.vwap_deviation_pct; }),
      text<Row>("trend_signal", [](const Row& row) { return to_string(row.signal); }),
      bigint<Row>("revision", [](const Row& row) { return row.revision; }),
      text<Row>("feed", [](const Row& row) { return row.feed; }),
  };
}

template <typename Optional>
auto as_optional(const Optional& value) -> std::optional<decltype(value.value())> {
  return value.has_value() ? std::optional{value.value()} : std::nullopt;
}

std::optional<Int128> nanos_of(OptionalPrice price) {
  return price.has_value() ? std::optional<Int128>{price.value().nanos} : std::nullopt;
}

// Everything that was decided on, exactly: from these rows any day can be computed again.
std::vector<Column<JudgedBar>> bar_columns() {
  using Row = JudgedBar;
  return {
      text<Row>("symbol", [](const Row& row) { return std::string_view{row.symbol}; }),
      timestamp<Row>("timestamp", [](const Row& row) { return row.values.time; }),
      decimal<19, 9, Row>("open", [](const Row& row) { return Int128{row.values.open.nanos}; }),
      decimal<19, 9, Row>("high", [](const Row& row) { return Int128{row.values.high.nanos}; }),
      decimal<19, 9, Row>("low", [](const Row& row) { return Int128{row.values.low.nanos}; }),
      decimal<19, 9, Row>("close", [](const Row& row) { return Int128{row.values.close.nanos}; }),
      decimal<19, 9, Row>("vwap", [](const Row& row) { return nanos_of(row.values.vwap); }),
      decimal<27, 12, Row>("volume", [](const Row& row) { return row.values.volume.nanos; }),
      decimal<38, 16, Row>("price_change", [](const Row& row) { return row.values.price_change.nanos; }),
      decimal<38, 16, Row>("pct_change", [](const Row& row) { return row.values.pct_change.nanos; }),
      text<Row>("direction", [](const Row& row) { return to_string(row.values.direction); }),
      bigint<Row>("trade_count", [](const Row& row) { return as_optional(row.values.trade_count); }),
      text<Row>("feed", [](const Row& row) { return row.feed; }),
      text<Row>("verdict", [](const Row& row) { return to_string(row.verdict); }),
      boolean<Row>("late", [](const Row& row) { return row.verdict == Verdict::Late; }),
      bigint<Row>("position", [](const Row& row) { return row.position; }),
      bigint<Row>("timestamp_ns", [](const Row& row) { return nanos_since_epoch(row.values.time); }),
  };
}

// Hands Parquet's bytes to the file, and remembers the sentence that Arrow's status would lose.
class FileStream final : public arrow::io::OutputStream {
 public:
  explicit FileStream(HiddenFile& file) : file_(file) { set_mode(arrow::io::FileMode::WRITE); }

  arrow::Status Write(const void* data, std::int64_t size) override {
    auto written = file_.append({static_cast<const char*>(data), static_cast<std::size_t>(size)});
    if (!written) {
      error_ = written.error();
      return arrow::Status::IOError(error_->message());
    }
    position_ += size;
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;
  arrow::Status Close() override { return arrow::Status::OK(); }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  bool closed() const override { return false; }

  const std::optional<Error>& error() const { return error_; }

 private:
  HiddenFile& file_;
  std::int64_t position_ = 0;
  std::optional<Error> error_;
};

parquet::Compression::type codec(ParquetStoreOptions::Compression compression) {
  switch (compression) {
    case ParquetStoreOptions::Compression::Zstd:
      return parquet::Compression::ZSTD;
    case ParquetStoreOptions::Compression::Snappy:
      return parquet::Compression::SNAPPY;
    case ParquetStoreOptions::Compression::None:
      break;
  }
  return parquet::Compression::UNCOMPRESSED;
}

// Text repeats, so it is written once and referred to; numbers hardly do, and a dictionary would only cost memory.
template <typename Row>
std::shared_ptr<parquet::WriterProperties> properties(const std::vector<Column<Row>>& columns,
                                                      const ParquetStoreOptions& options) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(arrow::system_memory_pool())
      ->compression(codec(options.compression))
      ->created_by("tidemark")
      ->disable_dictionary();
  for (const Column<Row>& column : columns) {
    if (static_cast<const PrimitiveNode&>(*column.node).physical_type() == Type::BYTE_ARRAY) {
      builder.enable_dictionary(column.node->name());
    }
  }
  return builder.build();
}

template <typename Row>
Result<void> write(const char* table, const std::vector<Column<Row>>& columns, std::span<const Row* const> rows,
                   const ParquetStoreOptions& options, HiddenFile& file) {
  parquet::schema::NodeVector nodes;
  for (const Column<Row>& column : columns) nodes.push_back(column.node);
  const auto stream = std::make_shared<FileStream>(file);
  try {
    const auto schema = std::static_pointer_cast<parquet::schema::GroupNode>(
        parquet::schema::GroupNode::Make(table, parquet::Repetition::REQUIRED, nodes));
    const auto writer = parquet::ParquetFileWriter::Open(stream, schema, properties(columns, options));
    const auto group_size = static_cast<std::size_t>(options.rows_per_group);
    for (auto rest = rows; !rest.empty(); rest = rest.subspan(std::min(group_size, rest.size()))) {
      parquet::RowGroupWriter* group = writer->AppendRowGroup();
      for (const Column<Row>& column : columns) {
        column.write(rest.first(std::min(group_size, rest.size())), *group->NextColumn());
      }
      group->Close();
    }
    writer->Close();
    arrow::system_memory_pool()->ReleaseUnused();
  } catch (const std::exception& problem) {
    if (stream->error()) return std::unexpected(*stream->error());
    return std::unexpected(Error::permanent(std::string("cannot write a Parquet file: ") + problem.what()));
  }
  return {};
}

}  // namespace

Result<void> write_trends(std::span<const Trend* const> rows, const ParquetStoreOptions& options, HiddenFile& file) {
  static const auto columns = trend_columns();
  return write("stock_trends", columns, rows, options, file);
}

Result<void> write_bars(std::span<const JudgedBar* const> rows, const ParquetStoreOptions& options, HiddenFile& file) {
  static const auto columns = bar_columns();
  return write("bars", columns, rows, options, file);
}

}  // namespace tidemark
