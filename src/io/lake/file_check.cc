#include "io/lake/file_check.h"

#include <fmt/core.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/page_index.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "core/time/timestamp.h"
#include "io/parquet/column_file.h"
#include "io/parquet/column_values.h"
#include "io/parquet/footer_check.h"
#include "io/parquet/parquet_input.h"

namespace tidemark {
namespace {

std::runtime_error wrong(std::string what) { return std::runtime_error(std::move(what)); }

// Checks the pages of a column against the page index of the file, by which some readers skip pages: the places of the
// pages, the first row of each, and its least and greatest value.
template <typename Value>
class PageCheck {
 public:
  PageCheck(parquet::ParquetFileReader& file, int group, int column)
      : name_(file.metadata()->schema()->Column(column)->name()),
        rows_(file.metadata()->RowGroup(group)->num_rows()),
        chunk_(file.metadata()->RowGroup(group)->ColumnChunk(column)) {
    const auto all = file.GetPageIndexReader();
    const auto own = all ? all->RowGroup(group) : nullptr;
    if (!own) return;
    index_ = own->GetColumnIndex(column);
    if (const auto places = own->GetOffsetIndex(column)) pages_ = places->page_locations();
    if (!pages_.empty()) check_places();
  }

  // Takes every row in order; a null pointer is a null.
  void add(std::size_t row, const Value* value) {
    if (pages_.empty()) return;
    if (at_page_ + 1 < pages_.size() && static_cast<std::int64_t>(row) == pages_[at_page_ + 1].first_row_index)
      end_page();
    value ? page_.add(*value) : page_.add_null();
  }

  void end() {
    if (pages_.empty()) return;
    end_page();
    if (at_page_ != pages_.size()) throw not_where_it_says();
  }

 private:
  std::runtime_error not_where_it_says() const {
    return wrong(fmt::format("the pages of its column {} do not lie where it says", name_));
  }

  void check_places() const {
    std::int64_t place = chunk_->data_page_offset(), row = 0;
    for (const parquet::PageLocation& page : pages_) {
      if (page.offset != place || page.compressed_page_size <= 0 || page.first_row_index < row ||
          page.first_row_index > rows_)
        throw not_where_it_says();
      place += page.compressed_page_size;
      row = page.first_row_index;
    }
    std::int64_t begin = chunk_->data_page_offset();
    if (chunk_->has_dictionary_page()) begin = std::min(begin, chunk_->dictionary_page_offset());
    if (pages_.front().first_row_index != 0 || place != begin + chunk_->total_compressed_size())
      throw not_where_it_says();
    if (index_ &&
        (index_->null_pages().size() != pages_.size() || index_->encoded_min_values().size() != pages_.size() ||
         index_->encoded_max_values().size() != pages_.size() ||
         (index_->has_null_counts() && index_->null_counts().size() != pages_.size())))
      throw wrong(fmt::format("the index of its column {} has not one entry a page", name_));
  }

  void end_page() {
    if (index_ && !says_the_same(at_page_))
      throw wrong(fmt::format("the statistics of a page of its column {} are not those of its rows", name_));
    page_ = {};
    ++at_page_;
  }

  bool says_the_same(std::size_t page) const {
    if (index_->has_null_counts() && index_->null_counts()[page] != page_.nulls()) return false;
    if (index_->null_pages()[page] == page_.has_values()) return false;
    return !page_.has_values() || (index_->encoded_min_values()[page] == page_.least() &&
                                   index_->encoded_max_values()[page] == page_.greatest());
  }

  std::string name_;
  std::int64_t rows_;
  std::unique_ptr<parquet::ColumnChunkMetaData> chunk_;
  std::shared_ptr<parquet::ColumnIndex> index_;
  std::vector<parquet::PageLocation> pages_;
  ValueRange<Value> page_;
  std::size_t at_page_ = 0;
};

template <typename Value, typename Look>
void check_column(parquet::ParquetFileReader& file, int group, int column, Look look) {
  PageCheck<Value> pages(file, group, column);
  read_column<Value>(file, group, column, [&](std::size_t row, const Value* value) {
    pages.add(row, value);
    look(value);
  });
  pages.end();
}

class RowCheck {
 public:
  explicit RowCheck(LakeDay day) : day_(day) {}

  void check(parquet::ParquetFileReader& file, int group, int column) const {
    const auto* const shape = file.metadata()->schema()->Column(column);
    const std::string& name = shape->name();
    const bool is_needed = name == "symbol" || name == "window_start" || name == "timestamp_ns" || name == "position";
    const auto look = [&](const auto* value) {
      if (!value && is_needed) throw wrong(fmt::format("a row of it has no {}", name));
    };
    switch (shape->physical_type()) {
      case parquet::Type::INT64:
        return check_column<std::int64_t>(file, group, column, [&](const std::int64_t* value) {
          look(value);
          if (value && name == "timestamp_ns") check_day(event_time_from_nanos(*value));
        });
      case parquet::Type::DOUBLE:
        return check_column<double>(file, group, column, look);
      case parquet::Type::BOOLEAN:
        return check_column<bool>(file, group, column, look);
      case parquet::Type::BYTE_ARRAY:
        return check_column<std::string_view>(file, group, column, [&](const std::string_view* value) {
          look(value);
          if (value && name == "window_start") check_window(*value);
        });
      default:
        return check_column<FixedBytes>(file, group, column, look);
    }
  }

 private:
  void check_window(std::string_view text) const {
    const auto time = parse_window_time(text);
    if (!time) throw wrong("a window_start of it is no time");
    check_day(*time);
  }

  void check_day(EventTime time) const {
    const LakeDay found = std::chrono::floor<std::chrono::days>(time);
    if (found != day_) throw wrong(fmt::format("a row of it belongs to {}", to_text(found)));
  }

  LakeDay day_;
};

}  // namespace

Result<CheckedFile> check_lake_file(const Lake& lake, LakeTable table, LakeDay day, const LakeFile& file) {
  const std::string path = lake.path_of(table, day, file.name);
  const auto opened = lake.disk().open(path);
  if (!opened) return std::unexpected(opened.error());
  CheckedFile checked{.bytes = (*opened)->size()};
  Result<void> footer_is_right;
  auto read = read_parquet(lake.disk(), path, nullptr, [&](parquet::ParquetFileReader& reader) {
    const parquet::FileMetaData& footer = *reader.metadata();
    footer_is_right = check_footer(lake.disk(), path, table, footer);
    if (!footer_is_right) return;
    const RowCheck rows(day);
    for (int group = 0; group < footer.num_row_groups(); ++group)
      for (int column = 0; column < footer.num_columns(); ++column) rows.check(reader, group, column);
    checked.rows = footer.num_rows();
    checked.contract = contract_of(footer);
  });
  if (!read) return std::unexpected(read.error());
  if (!footer_is_right) return std::unexpected(footer_is_right.error());
  return checked;
}

}  // namespace tidemark
