// ColumnFile: writes one Parquet file of the lake, a row group at a time, and within it a column at a time.
//
//     begin_group ─▶ the table's columns, each in turn ─▶ begin_group … ─▶ finish
//
// It knows the columns of both tables (docs/lake.md), but not the meaning of values. The same calls give the same
// bytes. A column without nulls needs no levels. With nulls, levels are 1 or 0 for each row, and nulls have no value.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/trend_columns.h"
#include "core/result.h"
#include "io/parquet/lake_table.h"

namespace parquet {
class FileMetaData;
class SchemaDescriptor;
}  // namespace parquet

namespace tidemark {

enum class PageCompression : std::uint8_t { Zstd, Snappy, Gzip, None };

// Whether every column of the file is packed in this way.
bool is_packed_as(const parquet::FileMetaData& footer, PageCompression compression);

enum class ColumnType : std::uint8_t { Integer, Double, Boolean, Decimal, Text };

struct LakeColumn {
  std::string_view name;
  ColumnType type = ColumnType::Text;
  int precision = 0;           // of a decimal
  std::size_t size = 0;        // and its bytes: as few as hold every such number
  bool is_timestamp = false;   // of an integer: microseconds without a zone
  int since = first_contract;  // files of older contracts may lack it; there it is null
};
std::span<const LakeColumn> lake_columns(LakeTable table);

// Each file names the contract of the program that wrote it, under this key of Parquet's metadata; one that names none is of
// contract 1 (contract/semantics.md, Contracts).
inline constexpr int lake_contract = contract_number;
inline constexpr const char* contract_key = "tidemark.contract";
int contract_of(const parquet::FileMetaData& footer);

// How the columns of a file of that contract differ from these; empty when they do not. A column that is newer than the
// contract may be missing.
std::string difference_from(std::span<const LakeColumn> columns, const parquet::SchemaDescriptor& schema, int contract);

// Texts by number; −1 is null.
struct TextColumn {
  std::span<const std::int32_t> numbers;
  std::span<const std::string_view> texts;
};

class ColumnFile {
 public:
  using Sink = std::function<Result<void>(std::string_view bytes)>;
  using Levels = std::span<const std::int16_t>;

  // A file that is merged from others gets the oldest of their contracts.
  static Result<ColumnFile> create(LakeTable table, PageCompression compression, Sink sink,
                                   int contract = lake_contract);
  ColumnFile(ColumnFile&&) noexcept;
  ~ColumnFile();

  Result<void> begin_group();
  Result<void> integers(std::span<const std::int64_t> values, Levels levels = {});
  Result<void> doubles(std::span<const double> values, Levels levels = {});
  Result<void> booleans(std::span<const std::uint8_t> values, Levels levels = {});
  // Consecutive numbers in big-endian two's complement.
  Result<void> decimals(std::span<const std::uint8_t> bytes, Levels levels = {});
  Result<void> texts(const TextColumn& column);
  Result<void> finish();

 private:
  struct Writing;
  explicit ColumnFile(std::unique_ptr<Writing> writing);
  std::unique_ptr<Writing> writing_;
};

}  // namespace tidemark
