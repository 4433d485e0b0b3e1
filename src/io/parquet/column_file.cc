#include "io/parquet/column_file.h"

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/core.h>
#include <parquet/api/writer.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/check.h"
#include "core/market/trend_columns.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {
namespace {

using parquet::LogicalType;
using parquet::Type;
using parquet::schema::NodePtr;
using parquet::schema::PrimitiveNode;

constexpr ColumnType type_of(ColumnKind kind) {
  if (is_measure(kind)) return ColumnType::Double;
  return kind == ColumnKind::Count ? ColumnType::Integer : ColumnType::Text;
}

// The fifteen columns of the table stock_trends as people have it in Hive, in its order; then ours.
constexpr auto trend_columns = [] {
  std::array<LakeColumn, count_lake_columns_of_trends([](ColumnKind) { return true; })> columns{};
  auto* next = columns.begin();
  for_each_lake_column_of_trends(
      [&](auto column) { *next++ = {.name = column.name, .type = type_of(column.kind), .since = column.since}; });
  return columns;
}();

// Everything that was decided on, exactly: from these rows any day can be computed again.
constexpr std::array bar_columns{
    LakeColumn{"symbol", ColumnType::Text},
    LakeColumn{.name = "timestamp", .type = ColumnType::Integer, .is_timestamp = true},
    LakeColumn{"open", ColumnType::Decimal, 19, 9},
    LakeColumn{"high", ColumnType::Decimal, 19, 9},
    LakeColumn{"low", ColumnType::Decimal, 19, 9},
    LakeColumn{"close", ColumnType::Decimal, 19, 9},
    LakeColumn{"vwap", ColumnType::Decimal, 19, 9},
    LakeColumn{"volume", ColumnType::Decimal, 27, 12},
    LakeColumn{"price_change", ColumnType::Decimal, 38, 16},
    LakeColumn{"pct_change", ColumnType::Decimal, 38, 16},
    LakeColumn{"direction", ColumnType::Text},
    LakeColumn{"trade_count", ColumnType::Integer},
    LakeColumn{"feed", ColumnType::Text},
    LakeColumn{"verdict", ColumnType::Text},
    LakeColumn{"late", ColumnType::Boolean},
    LakeColumn{"position", ColumnType::Integer},
    LakeColumn{"timestamp_ns", ColumnType::Integer},
    LakeColumn{.name = "imported", .type = ColumnType::Integer, .since = 2},
};

// Every column may be null, as in Hive. Microseconds without a zone: Spark does not read nanoseconds.
NodePtr node_of(const LakeColumn& column) {
  const auto leaf = [&](std::shared_ptr<const LogicalType> logical, Type::type physical) {
    return PrimitiveNode::Make(std::string(column.name), parquet::Repetition::OPTIONAL, std::move(logical), physical,
                               column.size == 0 ? -1 : static_cast<int>(column.size));
  };
  switch (column.type) {
    case ColumnType::Text:
      return leaf(LogicalType::String(), Type::BYTE_ARRAY);
    case ColumnType::Double:
      return leaf(LogicalType::None(), Type::DOUBLE);
    case ColumnType::Boolean:
      return leaf(LogicalType::None(), Type::BOOLEAN);
    case ColumnType::Decimal:
      return leaf(LogicalType::Decimal(column.precision, 9), Type::FIXED_LEN_BYTE_ARRAY);
    case ColumnType::Integer:
      break;
  }
  return leaf(column.is_timestamp ? LogicalType::Timestamp(false, LogicalType::TimeUnit::MICROS) : LogicalType::None(),
              Type::INT64);
}

parquet::Compression::type codec(PageCompression compression) {
  switch (compression) {
    case PageCompression::Zstd:
      return parquet::Compression::ZSTD;
    case PageCompression::Snappy:
      return parquet::Compression::SNAPPY;
    case PageCompression::Gzip:
      return parquet::Compression::GZIP;
    case PageCompression::None:
      break;
  }
  return parquet::Compression::UNCOMPRESSED;
}

// Texts repeat, so they get a dictionary. Numbers hardly repeat, and a dictionary would only cost memory. Each page has
// a checksum, which detects flipped bits.
std::shared_ptr<parquet::WriterProperties> properties(LakeTable table, PageCompression compression) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(parquet_memory_pool())
      ->compression(codec(compression))
      ->created_by("tidemark")
      ->enable_page_checksum()
      ->max_row_group_length(1 << 30)
      ->disable_dictionary();
  for (const LakeColumn& column : lake_columns(table))
    if (column.type == ColumnType::Text) builder.enable_dictionary(std::string(column.name));
  return builder.build();
}

// Passes Parquet's bytes to the sink, and keeps the original error, which Arrow's status would lose.
class SinkStream final : public arrow::io::OutputStream {
 public:
  explicit SinkStream(ColumnFile::Sink sink) : sink_(std::move(sink)) { set_mode(arrow::io::FileMode::WRITE); }

  arrow::Status Write(const void* data, std::int64_t size) override {
    buffer_.append(static_cast<const char*>(data), static_cast<std::size_t>(size));
    position_ += size;
    return buffer_.size() < buffer_size ? arrow::Status::OK() : Flush();
  }
  arrow::Status Flush() override {
    auto written = sink_(buffer_);
    buffer_.clear();
    if (written) return arrow::Status::OK();
    error_ = written.error();
    return arrow::Status::IOError(error_->message());
  }
  using arrow::io::OutputStream::Write;
  arrow::Status Close() override { return arrow::Status::OK(); }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  bool closed() const override { return false; }

  const std::optional<Error>& error() const { return error_; }

 private:
  static constexpr std::size_t buffer_size = 64 * 1024;

  ColumnFile::Sink sink_;
  std::string buffer_;
  std::int64_t position_ = 0;
  std::optional<Error> error_;
};

}  // namespace

bool is_packed_as(const parquet::FileMetaData& footer, PageCompression compression) {
  for (int group = 0; group < footer.num_row_groups(); ++group) {
    const auto found = footer.RowGroup(group);
    for (int column = 0; column < found->num_columns(); ++column)
      if (found->ColumnChunk(column)->compression() != codec(compression)) return false;
  }
  return true;
}

std::span<const LakeColumn> lake_columns(LakeTable table) {
  if (table == LakeTable::Trends) return trend_columns;
  return bar_columns;
}

int contract_of(const parquet::FileMetaData& footer) {
  const auto metadata = footer.key_value_metadata();
  if (!metadata) return 1;
  const auto text = metadata->Get(contract_key).ValueOr("1");
  int contract = 1;
  std::from_chars(text.data(), text.data() + text.size(), contract);
  return contract;
}

std::string difference_from(std::span<const LakeColumn> columns, const parquet::SchemaDescriptor& schema,
                            int contract) {
  std::size_t known = 0;
  for (const LakeColumn& column : columns) {
    const int index = schema.ColumnIndex(std::string(column.name));
    if (index < 0) {
      if (contract < column.since) continue;
      return fmt::format("it has no column {}", column.name);
    }
    ++known;
    const auto right = std::static_pointer_cast<PrimitiveNode>(node_of(column));
    const auto* const found = schema.Column(index);
    if (found->max_repetition_level() > 0 || found->physical_type() != right->physical_type() ||
        (column.size > 0 && found->type_length() != static_cast<int>(column.size)) ||
        !found->logical_type()->Equals(*right->logical_type()))
      return fmt::format("its column {} is of another type", column.name);
  }
  if (known == static_cast<std::size_t>(schema.num_columns())) return {};
  return "it has columns that are not the lake's";
}

struct ColumnFile::Writing {
  std::shared_ptr<SinkStream> stream;
  std::unique_ptr<parquet::ParquetFileWriter> file;
  parquet::RowGroupWriter* group = nullptr;
  std::vector<std::int16_t> ones;                    // levels of a column without nulls
  std::vector<parquet::FixedLenByteArray> decimals;  // pointers to the decimals being written

  // Turns exceptions into errors.
  template <typename Write>
  Result<void> try_to(Write write) {
    const std::uint64_t failed_before = failed_allocations();
    try {
      write();
    } catch (const std::exception& problem) {
      if (stream->error()) return std::unexpected(*stream->error());
      if (auto shortage = shortage_of(problem, failed_before))
        return std::unexpected(shortage->while_doing("cannot write a Parquet file"));
      return std::unexpected(Error::permanent(std::string("cannot write a Parquet file: ") + problem.what()));
    }
    return {};
  }

  template <typename PhysicalType, typename Value>
  void write(std::size_t rows, const Value* values, Levels levels) {
    if (levels.empty() && ones.size() < rows) ones.resize(rows, 1);
    auto& column = static_cast<parquet::TypedColumnWriter<PhysicalType>&>(*group->NextColumn());
    column.WriteBatch(static_cast<std::int64_t>(rows), levels.empty() ? ones.data() : levels.data(), nullptr, values);
  }
};

ColumnFile::ColumnFile(std::unique_ptr<Writing> writing) : writing_(std::move(writing)) {}
ColumnFile::ColumnFile(ColumnFile&&) noexcept = default;

// Parquet tries to write the end of an unfinished file and ignores failures. The first error has already been returned.
ColumnFile::~ColumnFile() = default;

Result<ColumnFile> ColumnFile::create(LakeTable table, PageCompression compression, Sink sink, int contract) {
  auto writing = std::make_unique<Writing>();
  writing->stream = std::make_shared<SinkStream>(std::move(sink));
  auto opened = writing->try_to([&] {
    parquet::schema::NodeVector nodes;
    for (const LakeColumn& column : lake_columns(table)) nodes.push_back(node_of(column));
    const auto schema = std::static_pointer_cast<parquet::schema::GroupNode>(
        parquet::schema::GroupNode::Make(std::string(to_string(table)), parquet::Repetition::REQUIRED, nodes));
    writing->file =
        parquet::ParquetFileWriter::Open(writing->stream, schema, properties(table, compression),
                                         arrow::key_value_metadata({contract_key}, {std::to_string(contract)}));
  });
  if (!opened) return std::unexpected(opened.error());
  return ColumnFile(std::move(writing));
}

Result<void> ColumnFile::begin_group() {
  return writing_->try_to([&] { writing_->group = writing_->file->AppendRowGroup(); });
}

Result<void> ColumnFile::integers(std::span<const std::int64_t> values, Levels levels) {
  const std::size_t rows = levels.empty() ? values.size() : levels.size();
  return writing_->try_to([&] { writing_->write<parquet::Int64Type>(rows, values.data(), levels); });
}

Result<void> ColumnFile::doubles(std::span<const double> values, Levels levels) {
  const std::size_t rows = levels.empty() ? values.size() : levels.size();
  return writing_->try_to([&] { writing_->write<parquet::DoubleType>(rows, values.data(), levels); });
}

Result<void> ColumnFile::booleans(std::span<const std::uint8_t> values, Levels levels) {
  return writing_->try_to([&] {
    const auto bools = std::make_unique<bool[]>(values.size());
    std::ranges::transform(values, bools.get(), [](std::uint8_t value) { return value != 0; });
    writing_->write<parquet::BooleanType>(levels.empty() ? values.size() : levels.size(), bools.get(), levels);
  });
}

Result<void> ColumnFile::decimals(std::span<const std::uint8_t> bytes, Levels levels) {
  return writing_->try_to([&] {
    const int column = writing_->group->current_column() + 1;
    const auto size = static_cast<std::size_t>(writing_->file->schema()->Column(column)->type_length());
    auto& values = writing_->decimals;
    values.resize(bytes.size() / size);
    for (std::size_t i = 0; i < values.size(); ++i) values[i].ptr = bytes.data() + i * size;
    writing_->write<parquet::FLBAType>(levels.empty() ? values.size() : levels.size(), values.data(), levels);
  });
}

// Writes a ready-made dictionary, so that Parquet need not look up every value in its own.
Result<void> ColumnFile::texts(const TextColumn& column) {
  return writing_->try_to([&] {
    const std::size_t rows = column.numbers.size();
    std::vector<std::int32_t> offsets{0};
    std::string bytes;
    for (const std::string_view text : column.texts) {
      bytes += text;
      offsets.push_back(static_cast<std::int32_t>(bytes.size()));
    }
    const auto dictionary = std::make_shared<arrow::StringArray>(
        static_cast<std::int64_t>(column.texts.size()), arrow::Buffer::Wrap(offsets), arrow::Buffer::FromString(bytes));
    std::vector<std::uint8_t> validity((rows + 7) / 8);
    std::vector<std::int16_t> levels(rows);
    std::int64_t nulls = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const bool is_there = column.numbers[row] >= 0;
      levels[row] = is_there ? 1 : 0;
      nulls += is_there ? 0 : 1;
      validity[row / 8] = static_cast<std::uint8_t>(validity[row / 8] | (is_there ? 1 << (row % 8) : 0));
    }
    const auto numbers = std::make_shared<arrow::Int32Array>(
        static_cast<std::int64_t>(rows), arrow::Buffer::Wrap(column.numbers.data(), rows),
        nulls == 0 ? nullptr : arrow::Buffer::Wrap(validity), nulls);
    const arrow::DictionaryArray array(arrow::dictionary(arrow::int32(), arrow::utf8()), numbers, dictionary);
    parquet::ArrowWriteContext context(parquet_memory_pool(), parquet::default_arrow_writer_properties().get());
    PARQUET_THROW_NOT_OK(writing_->group->NextColumn()->WriteArrow(
        levels.data(), nullptr, static_cast<std::int64_t>(rows), array, &context, true));
  });
}

Result<void> ColumnFile::finish() {
  return writing_->try_to([&] {
    writing_->file->Close();
    writing_->file.reset();
    PARQUET_THROW_NOT_OK(writing_->stream->Flush());
    parquet_memory_pool()->ReleaseUnused();
  });
}

}  // namespace tidemark
