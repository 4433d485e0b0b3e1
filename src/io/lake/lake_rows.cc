#include "io/lake/lake_rows.h"

#include <fmt/core.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "core/time/timestamp.h"
#include "io/parquet/column_values.h"
#include "io/parquet/footer_check.h"
#include "io/parquet/memory_bound.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

constexpr std::uint32_t nowhere = UINT32_MAX;
// True if the statistics of the group exclude all times in [from, to).
bool misses(const parquet::FileMetaData& footer, int group, int column, EventTime from, EventTime to) {
  const auto statistics = footer.RowGroup(group)->ColumnChunk(column)->statistics();
  if (!statistics || !statistics->HasMinMax() || statistics->physical_type() != parquet::Type::INT64) return false;
  const auto& range = static_cast<const parquet::Int64Statistics&>(*statistics);
  return range.min() >= nanos_since_epoch(to) || range.max() < nanos_since_epoch(from);
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Names, signals and directions are short. A longer text is damage, and would only fill the memory.
constexpr std::size_t longest_text = 4'096;
std::string_view checked_text(std::string_view text) {
  if (text.size() > longest_text) throw std::runtime_error("a text of it is longer than any that the lake has");
  return text;
}

}  // namespace

struct LakeRows::Source {
  struct Group {
    std::size_t first_row = 0, rows = 0;                 // counted over all files
    std::uint32_t least_place = nowhere, end_place = 0;  // in the order
    bool meets(RowSlice slice) const { return least_place < slice.end && end_place > slice.begin; }
  };
  std::string path;
  std::shared_ptr<parquet::FileMetaData> footer;
  std::vector<Group> groups;
};

struct LakeRows::Key {
  std::int64_t time, position;
  std::int32_t imported, symbol;
  std::uint32_t row;
  auto rank() const { return std::tuple(time, position, imported, row); }
};

LakeRows::LakeRows(const Disk& disk) : disk_(&disk) {}
LakeRows::LakeRows(LakeRows&&) noexcept = default;
LakeRows::~LakeRows() = default;

Int128 RowDecimals::units(std::size_t row) const {
  const std::uint8_t* const bytes = values.data() + row * size;
  UInt128 units = (bytes[0] & 0x80) != 0 ? ~UInt128{0} : UInt128{0};
  for (std::size_t i = 0; i < size; ++i) units = units << 8 | bytes[i];
  return static_cast<Int128>(units);
}

Result<std::uint64_t> LakeRows::count(const Disk& disk, const std::vector<std::string>& paths) {
  std::uint64_t rows = 0;
  for (const std::string& path : paths) {
    auto opened = read_parquet(disk, path, nullptr, [&](parquet::ParquetFileReader& file) {
      rows += static_cast<std::uint64_t>(std::max<std::int64_t>(0, file.metadata()->num_rows()));
    });
    if (!opened) return std::unexpected(opened.error());
  }
  return rows;
}

Result<LakeRows> LakeRows::open(const Disk& disk, LakeTable table, const std::vector<std::string>& paths,
                                EventTime from, EventTime to, Keep keep, Order order) {
  LakeRows rows(disk);
  std::size_t first_row = 0;
  for (const std::string& path : paths) {
    Source& source = rows.sources_.emplace_back(Source{path, nullptr, {}});
    auto opened = read_parquet(disk, path, nullptr, [&](parquet::ParquetFileReader& file) {
      source.footer = file.metadata();
      for (int group = 0; group < source.footer->num_row_groups(); ++group) {
        const auto count = static_cast<std::size_t>(source.footer->RowGroup(group)->num_rows());
        source.groups.push_back({.first_row = first_row, .rows = count});
        first_row += count;
      }
    });
    if (opened) opened = check_footer(disk, path, table, *source.footer);
    if (!opened) return std::unexpected(opened.error());
    rows.contract_ = std::min(rows.contract_, contract_of(*source.footer));
  }
  if (first_row * bytes_to_open > memory_for_rows())
    return std::unexpected(does_not_fit(fmt::format("{} rows of {}", first_row, folder_of(paths.front())),
                                        first_row * bytes_to_open / 3 * 4));
  if (first_row >= nowhere) return std::unexpected(Error::permanent("a day has more than four thousand million rows"));
  rows.places_.assign(first_row, nowhere);
  auto keys = rows.read_keys(table, from, to);
  if (!keys) return std::unexpected(keys.error());
  if (order == Order::BySymbol)
    rows.sort_by_symbol(*keys, keep);
  else
    rows.sort_by_time(std::move(*keys), keep);
  rows.note_places();
  return rows;
}

// Reads the keys of one table from several files, and numbers their symbols in the order in which they come.
class LakeRows::KeyReader {
 public:
  KeyReader(LakeTable table, EventTime from, EventTime to, std::size_t rows)
      : is_bars_(table == LakeTable::Bars), from_(from), to_(to) {
    keys_.reserve(rows);
  }

  void read_group(parquet::ParquetFileReader& file, int number, const Source::Group& group) {
    const parquet::FileMetaData& footer = *file.metadata();
    const auto column = [&](const char* name) {
      const int index = column_index(footer, name);
      if (index < 0) throw std::runtime_error(std::string("it has no column ") + name);
      return index;
    };
    const int time_column = column(is_bars_ ? "timestamp_ns" : "window_start");
    std::vector<Key> read(group.rows);
    if (is_bars_)
      read_bar_times(file, number, time_column, read);
    else
      read_window_times(file, number, time_column, read);
    // Only after reading the times, which verifies the statistics: the footer has no checksum, so it alone must not
    // exclude rows.
    if (misses(footer, number, time_column, from_, to_)) return;
    read_column<std::string_view>(file, number, column("symbol"), [&](std::size_t row, const std::string_view* value) {
      read[row].symbol = symbols_.number(checked_text(known(value)));
    });
    read_column<std::int64_t>(file, number, column(is_bars_ ? "position" : "revision"),
                              [&](std::size_t row, const std::int64_t* value) { read[row].position = known(value); });
    if (const int imported = is_bars_ ? column_index(footer, "imported") : -1; imported >= 0)
      read_column<std::int64_t>(file, number, imported, [&](std::size_t row, const std::int64_t* value) {
        read[row].imported = value ? static_cast<std::int32_t>(*value) : 0;
      });
    for (std::size_t row = 0; row < group.rows; ++row) {
      const EventTime time = event_time_from_nanos(read[row].time);
      if (time < from_ || time >= to_) continue;
      read[row].row = static_cast<std::uint32_t>(group.first_row + row);
      keys_.push_back(read[row]);
    }
  }

  // Appends the symbols to `names` in their order, and returns the keys with the numbers of that order.
  std::vector<Key> by_name(std::vector<std::string>& names) && {
    std::vector<std::int32_t> order(symbols_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto name = [&](std::int32_t symbol) -> const std::string& {
      return symbols_[static_cast<std::size_t>(symbol)];
    };
    std::ranges::sort(order, [&](std::int32_t a, std::int32_t b) { return name(a) < name(b); });
    std::vector<std::int32_t> number_of(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      number_of[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
      names.push_back(name(order[i]));
    }
    for (Key& key : keys_) key.symbol = number_of[static_cast<std::size_t>(key.symbol)];
    return std::move(keys_);
  }

 private:
  template <typename Value>
  static const Value& known(const Value* value) {
    if (value == nullptr) throw std::runtime_error("a row of it has no symbol, no time or no rank");
    return *value;
  }

  static void read_bar_times(parquet::ParquetFileReader& file, int number, int column, std::vector<Key>& read) {
    read_column<std::int64_t>(file, number, column,
                              [&](std::size_t row, const std::int64_t* value) { read[row].time = known(value); });
  }

  void read_window_times(parquet::ParquetFileReader& file, int number, int column, std::vector<Key>& read) {
    read_column<std::string_view>(file, number, column, [&](std::size_t row, const std::string_view* value) {
      const auto text = static_cast<std::size_t>(window_texts_.number(known(value)));
      if (text == window_times_.size()) {
        const auto time = parse_window_time(*value);
        if (!time) throw std::runtime_error("a window_start of it is no time");
        window_times_.push_back(*time);
      }
      read[row].time = nanos_since_epoch(window_times_[text]);
    });
  }

  bool is_bars_;
  EventTime from_, to_;
  std::vector<Key> keys_;
  TextInterner symbols_;
  Interner<std::string, TextHash> window_texts_;
  std::vector<EventTime> window_times_;  // of those texts
};

Result<std::vector<LakeRows::Key>> LakeRows::read_keys(LakeTable table, EventTime from, EventTime to) {
  KeyReader reader(table, from, to, places_.size());
  for (const Source& source : sources_) {
    auto done = read_parquet(*disk_, source.path, source.footer, [&](parquet::ParquetFileReader& file) {
      for (std::size_t group = 0; group < source.groups.size(); ++group)
        reader.read_group(file, static_cast<int>(group), source.groups[group]);
    });
    if (!done) return std::unexpected(done.error());
  }
  return std::move(reader).by_name(symbols_);
}

void LakeRows::sort_by_symbol(const std::vector<Key>& keys, Keep keep) {
  // Distributes the keys by symbol, then sorts those of each symbol.
  std::vector<std::uint32_t> ends(symbols_.size() + 1);
  for (const Key& key : keys) ++ends[static_cast<std::size_t>(key.symbol) + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<std::uint32_t> next(ends.begin(), ends.end());
  std::vector<const Key*> order(keys.size());
  for (const Key& key : keys) order[next[static_cast<std::size_t>(key.symbol)]++] = &key;
  times_.reserve(keys.size());
  first_rows_.push_back(0);
  const auto by_rank = [](const Key* a, const Key* b) { return a->rank() < b->rank(); };
  for (std::size_t symbol = 0; symbol < symbols_.size(); ++symbol) {
    const std::span<const Key*> own(order.data() + ends[symbol], order.data() + ends[symbol + 1]);
    if (!std::ranges::is_sorted(own, by_rank)) std::ranges::sort(own, by_rank);
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (keep == Keep::Latest && i + 1 < own.size() && own[i + 1]->time == own[i]->time) {
        ++superseded_;
        continue;
      }
      places_[own[i]->row] = static_cast<std::uint32_t>(times_.size());
      times_.push_back(own[i]->time);
    }
    first_rows_.push_back(static_cast<std::uint32_t>(times_.size()));
  }
}

void LakeRows::sort_by_time(std::vector<Key> keys, Keep keep) {
  std::ranges::sort(
      keys, {}, [](const Key& key) { return std::tuple(key.time, key.symbol, key.position, key.imported, key.row); });
  times_.reserve(keys.size());
  row_symbols_.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Key& key = keys[i];
    if (keep == Keep::Latest && i + 1 < keys.size() && keys[i + 1].time == key.time &&
        keys[i + 1].symbol == key.symbol) {
      ++superseded_;
      continue;
    }
    places_[key.row] = static_cast<std::uint32_t>(times_.size());
    times_.push_back(key.time);
    row_symbols_.push_back(static_cast<std::uint32_t>(key.symbol));
  }
}

void LakeRows::note_places() {
  for (Source& source : sources_)
    for (Source::Group& group : source.groups)
      for (std::size_t row = group.first_row; row < group.first_row + group.rows; ++row) {
        if (places_[row] == nowhere) continue;
        group.least_place = std::min(group.least_place, places_[row]);
        group.end_place = std::max(group.end_place, places_[row] + 1);
      }
}

template <typename Value, typename Take>
Result<void> LakeRows::read(std::string_view column, RowSlice rows, Take take) const {
  const auto place_in_slice = [&](std::size_t row) -> std::size_t {
    const std::size_t place = places_[row];
    return place - rows.begin;  // wraps beyond the slice for a row before it
  };
  for (const Source& source : sources_) {
    if (std::ranges::none_of(source.groups, [&](const auto& group) { return group.meets(rows); })) continue;
    const int index = column_index(*source.footer, column);
    auto done = read_parquet(*disk_, source.path, source.footer, [&](parquet::ParquetFileReader& file) {
      for (std::size_t number = 0; number < source.groups.size(); ++number) {
        const Source::Group& group = source.groups[number];
        if (!group.meets(rows)) continue;
        const auto put = [&](std::size_t row, const Value* value) {
          const std::size_t place = place_in_slice(group.first_row + row);
          if (place < rows.size()) take(place, value);
        };
        if (index >= 0)
          read_column<Value>(file, static_cast<int>(number), index, put);
        else
          for (std::size_t row = 0; row < group.rows; ++row) put(row, nullptr);
      }
    });
    if (!done) return done;
  }
  return {};
}

// Puts values into their rows and marks nulls.
template <typename Value, typename Found, typename Put>
Result<Found> LakeRows::fill(std::string_view column, RowSlice rows, Found found, Put put) const {
  auto done = read<Value>(column, rows, [&](std::size_t row, const Value* value) {
    if (value) return put(found, row, *value);
    if (found.is_null.empty()) found.is_null.resize(rows.size());
    found.is_null[row] = 1;
  });
  if (!done) return std::unexpected(done.error());
  return found;
}

Result<RowValues<std::int64_t>> LakeRows::integers(std::string_view column, RowSlice rows) const {
  RowValues<std::int64_t> zeros{std::vector<std::int64_t>(rows.size()), {}};
  return fill<std::int64_t>(column, rows, std::move(zeros),
                            [](auto& found, std::size_t row, std::int64_t value) { found.values[row] = value; });
}

Result<RowValues<double>> LakeRows::doubles(std::string_view column, RowSlice rows) const {
  RowValues<double> zeros{std::vector<double>(rows.size()), {}};
  return fill<double>(column, rows, std::move(zeros),
                      [](auto& found, std::size_t row, double value) { found.values[row] = value; });
}

Result<RowValues<std::uint8_t>> LakeRows::booleans(std::string_view column, RowSlice rows) const {
  RowValues<std::uint8_t> zeros{std::vector<std::uint8_t>(rows.size()), {}};
  return fill<bool>(column, rows, std::move(zeros),
                    [](auto& found, std::size_t row, bool value) { found.values[row] = value ? 1 : 0; });
}

Result<RowDecimals> LakeRows::decimals(std::string_view column, std::size_t size, RowSlice rows) const {
  for (const Source& source : sources_)
    if (const int index = column_index(*source.footer, column);
        index >= 0 && source.footer->schema()->Column(index)->type_length() != static_cast<int>(size))
      return std::unexpected(damaged_lake_file(source.path, fmt::format("its column {} has another type", column)));
  RowDecimals zeros{{std::vector<std::uint8_t>(rows.size() * size), {}}, size};
  return fill<FixedBytes>(column, rows, std::move(zeros),
                          [size](auto& found, std::size_t row, const FixedBytes& value) {
                            std::memcpy(found.values.data() + row * size, value.bytes, size);
                          });
}

Result<RowTexts> LakeRows::texts(std::string_view column, RowSlice rows) const {
  RowTexts nulls{std::vector<std::int32_t>(rows.size(), -1), {}, {}};
  return fill<std::string_view>(column, rows, std::move(nulls),
                                [](auto& found, std::size_t row, std::string_view value) {
                                  found.numbers[row] = found.texts.number(checked_text(value));
                                });
}

}  // namespace tidemark
