#include "io/parquet/import_part.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "io/parquet/lake_bars.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_per_group = 128 * 1'024;

class PartWriter {
 public:
  PartWriter(const Lake& lake, const ImportRows& all, std::vector<ImportRow> rows, const ImportPartOptions& options)
      : lake_(lake), all_(all), rows_(std::move(rows)), options_(options) {}

  Result<ImportedPart> write(LakeDay day) {
    sort();
    if (options_.compare_with_lake)
      if (auto known = leave_out_known(day); !known) return std::unexpected(known.error());
    if (order_.empty()) return result_;
    result_.imported = static_cast<std::int64_t>(order_.size());
    if (auto written = write_file(); !written) return std::unexpected(written.error());
    return result_;
  }

 private:
  const std::string& symbol(const ImportRow& row) const { return all_.symbols()[static_cast<std::size_t>(row.symbol)]; }
  std::optional<std::string> feed(const ImportRow& row) const {
    if (row.feed < 0) return std::nullopt;
    return all_.feeds()[static_cast<std::size_t>(row.feed)];
  }

  // By the names of the symbols, then by time, of each identity the last.
  void sort() {
    const auto [least, most] = std::ranges::minmax_element(rows_, {}, &ImportRow::symbol);
    const auto count = static_cast<std::size_t>(most->symbol - least->symbol) + 1;
    std::vector<std::uint32_t> by_name(count), place(count), ends(count + 1);
    std::iota(by_name.begin(), by_name.end(), 0);
    const auto first = static_cast<std::size_t>(least->symbol);
    std::ranges::sort(by_name, {}, [&](std::uint32_t i) -> const std::string& { return all_.symbols()[first + i]; });
    for (std::uint32_t i = 0; i < count; ++i) place[by_name[i]] = i;
    const auto place_of = [&](const ImportRow& row) { return place[static_cast<std::size_t>(row.symbol) - first]; };
    for (const ImportRow& row : rows_) ++ends[place_of(row) + 1];
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    std::vector<std::uint32_t> next(ends.begin(), ends.end() - 1), order(rows_.size());
    for (std::uint32_t i = 0; i < rows_.size(); ++i) order[next[place_of(rows_[i])]++] = i;
    const auto by_time = [&](std::uint32_t i) { return rows_[i].values.time; };
    order_.reserve(order.size());
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<std::uint32_t> own(order.data() + ends[i], order.data() + ends[i + 1]);
      if (!std::ranges::is_sorted(own, {}, by_time)) std::ranges::stable_sort(own, {}, by_time);
      for (std::size_t k = 0; k < own.size(); ++k)
        if (k + 1 == own.size() || by_time(own[k]) != by_time(own[k + 1])) order_.push_back(own[k]);
    }
    result_.superseded = static_cast<std::int64_t>(rows_.size() - order_.size());
  }

  bool says(const ImportRow& row, const Bar& known) const {
    const bool same_feed =
        row.feed < 0 ? !known.feed : known.feed && *known.feed == all_.feeds()[static_cast<std::size_t>(row.feed)];
    return same_feed && row.values == known.values;
  }

  // Both are in the same order.
  Result<void> leave_out_known(LakeDay day) {
    const auto files = lake_.files(LakeTable::Bars, day);
    if (!files) return std::unexpected(files.error());
    if (files->empty()) return {};
    auto known = LakeBars::open(lake_, day);
    if (!known) return std::unexpected(known.error());
    std::size_t kept = 0, next = 0;
    const auto comes_before = [&](const ImportRow& row, const Bar& bar) {
      const int names = std::string_view(symbol(row)).compare(bar.symbol);
      return names != 0 ? names < 0 : row.values.time < bar.values.time;
    };
    while (next < order_.size()) {
      const auto bar = known->next();
      if (!bar) return std::unexpected(bar.error());
      if (!*bar) break;
      while (next < order_.size() && comes_before(rows_[order_[next]], **bar)) order_[kept++] = order_[next++];
      if (next == order_.size()) break;
      const ImportRow& row = rows_[order_[next]];
      if (row.values.time != (*bar)->values.time || symbol(row) != (*bar)->symbol) continue;
      if (!says(row, **bar)) order_[kept++] = order_[next];
      ++next;
    }
    while (next < order_.size()) order_[kept++] = order_[next++];
    result_.identical = static_cast<std::int64_t>(order_.size() - kept);
    order_.resize(kept);
    return {};
  }

  Result<void> write_file() {
    auto file = lake_.disk().create(options_.path);
    if (!file) return std::unexpected(file.error());
    auto columns = ColumnFile::create(LakeTable::Bars, ParquetStoreOptions::Compression::Zstd,
                                      [&](std::string_view bytes) { return (*file)->append(bytes); });
    if (!columns) return std::unexpected(columns.error());
    BarWriter writer(std::move(*columns), rows_per_group);
    JudgedBar bar;
    bar.position = options_.position;
    bar.imported = options_.number;
    std::int32_t last_symbol = -1, last_feed = -1;
    for (const std::uint32_t i : order_) {
      const ImportRow& row = rows_[i];
      if (row.symbol != last_symbol) bar.symbol = symbol(row);
      if (row.feed != last_feed) bar.feed = feed(row);
      last_symbol = row.symbol;
      last_feed = row.feed;
      bar.values = row.values;
      result_.first = std::min(result_.first.value_or(row.values.time), row.values.time);
      if (auto added = writer.add(bar); !added) return added;
    }
    if (auto finished = writer.finish(); !finished) return finished;
    return (*file)->sync();
  }

  const Lake& lake_;
  const ImportRows& all_;
  std::vector<ImportRow> rows_;
  const ImportPartOptions& options_;
  std::vector<std::uint32_t> order_;
  ImportedPart result_;
};

}  // namespace

Result<ImportedPart> write_import_part(const Lake& lake, ImportRows& rows, std::size_t part,
                                       const ImportPartOptions& options) {
  auto taken = rows.take(part);
  if (!taken) return std::unexpected(taken.error());
  return PartWriter(lake, rows, std::move(*taken), options).write(rows.part(part).day);
}

}  // namespace tidemark
