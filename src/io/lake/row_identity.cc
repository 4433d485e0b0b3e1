#include "io/lake/row_identity.h"

#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <span>
#include <stdexcept>

#include "core/time/timestamp.h"
#include "io/parquet/column_values.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

constexpr RowIdentity beginning = 0xcbf29ce484222325;  // FNV-1a

RowIdentity mixed(RowIdentity identity, std::string_view bytes) {
  for (const char byte : bytes) identity = (identity ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return identity;
}

// Whole numbers follow one another, so each bit has to reach all others.
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

void read_trends(parquet::ParquetFileReader& file, int group, std::span<RowIdentity> found) {
  for (const char* name : {"symbol", "window_start", "window_end"})
    read_column<std::string_view>(
        file, group, column_index(*file.metadata(), name), [&](std::size_t row, const std::string_view* value) {
          if (!value) throw std::runtime_error("a row of it is not whole");
          const std::string_view text = *value;
          found[row] = *name == 's' ? mixed(found[row], text) : mixed(found[row], window_time(text));
        });
}

void read_bars(parquet::ParquetFileReader& file, int group, std::span<RowIdentity> found) {
  read_column<std::string_view>(file, group, column_index(*file.metadata(), "symbol"),
                                [&](std::size_t row, const std::string_view* value) {
                                  if (!value) throw std::runtime_error("a row of it is not whole");
                                  found[row] = mixed(found[row], *value);
                                });
  for (const char* name : {"timestamp_ns", "position"})
    read_column<std::int64_t>(file, group, column_index(*file.metadata(), name),
                              [&](std::size_t row, const std::int64_t* value) {
                                if (!value) throw std::runtime_error("a row of it is not whole");
                                found[row] = mixed(found[row], *value);
                              });
}

}  // namespace

RowIdentity identity_of(const Trend& trend) {
  return mixed(mixed(mixed(beginning, trend.symbol), trend.window.start), trend.window.end);
}

RowIdentity identity_of(const JudgedBar& bar) {
  return mixed(mixed(mixed(beginning, bar.symbol), bar.values.time), bar.position);
}

Result<std::vector<RowIdentity>> read_identities(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file) {
  std::vector<RowIdentity> found;
  auto read =
      read_parquet(lake.disk(), lake.path_of(table, day, file.name), nullptr, [&](parquet::ParquetFileReader& reader) {
        for (int group = 0; group < reader.metadata()->num_row_groups(); ++group) {
          const auto rows = static_cast<std::size_t>(reader.metadata()->RowGroup(group)->num_rows());
          const std::size_t first = found.size();
          found.resize(first + rows, beginning);
          const std::span<RowIdentity> own(found.data() + first, rows);
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
