#include "io/lake/import_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

namespace tidemark {

static_assert(std::is_trivially_copyable_v<ImportRow>);
static_assert(sizeof(ImportRow) == 144);  // docs/import.md says so

void ImportBatch::add(const Bar& bar, std::int64_t position) {
  const std::int32_t symbol = symbols.number(bar.symbol);
  if (static_cast<std::size_t>(symbol) == spacings.size()) spacings.emplace_back();
  spacings[static_cast<std::size_t>(symbol)].observe(bar.values.time);
  rows.push_back(
      {bar.values, symbol, bar.feed ? feeds.number(*bar.feed) : -1, 0, static_cast<std::uint32_t>(position)});
}

void ImportBatch::clear() {
  rows.clear();
  symbols.clear();
  feeds.clear();
  spacings.clear();
}

std::size_t ImportRows::Part::size() const {
  std::size_t all = rows.size();
  for (const Chunk& chunk : chunks) all += chunk.rows;
  return all;
}

Result<void> ImportRows::add(const ImportBatch& batch, BatchOrigin origin) {
  constexpr std::int64_t last_line = std::numeric_limits<std::uint32_t>::max();
  symbol_of_.clear();
  feed_of_.clear();
  for (std::size_t i = 0; i < batch.symbols.size(); ++i) symbol_of_.push_back(symbols_.number(batch.symbols[i]));
  for (std::size_t i = 0; i < batch.feeds.size(); ++i) feed_of_.push_back(feeds_.number(batch.feeds[i]));
  Part* part = nullptr;
  Key last{};
  for (const ImportRow& row : batch.rows) {
    const std::int32_t symbol = symbol_of_[static_cast<std::size_t>(row.symbol)];
    const Key key{std::chrono::floor<std::chrono::days>(row.values.time), symbol / symbols_per_part};
    if (!part || key != last) {
      part = &parts_.try_emplace(key, Part{key.first, {}, {}}).first->second;
      last = key;
    }
    const std::int32_t feed = row.feed < 0 ? -1 : feed_of_[static_cast<std::size_t>(row.feed)];
    const auto line = static_cast<std::uint32_t>(std::min(origin.lines_before + row.line + 1, last_line));
    part->rows.push_back({row.values, symbol, feed, origin.file, line});
  }
  size_ += batch.rows.size();
  in_memory_ += batch.rows.size();
  return in_memory_ < most_rows_ ? Result<void>{} : spill();
}

Result<void> ImportRows::wait_for_spill() {
  if (spilling_.joinable()) spilling_.join();
  return spilled_;
}

// Writes all rows in memory, a chunk for each part.
Result<void> ImportRows::spill() {
  if (auto before = wait_for_spill(); !before) return before;
  if (!file_) {
    auto created = disk_.create(path_);
    if (!created) return std::unexpected(created.error());
    file_ = std::move(*created);
  }
  std::vector<std::vector<ImportRow>> chunks;
  for (auto& [key, part] : parts_) {
    if (part.rows.empty()) continue;
    part.chunks.push_back({file_bytes_, part.rows.size()});
    file_bytes_ += part.rows.size() * sizeof(ImportRow);
    chunks.push_back(std::exchange(part.rows, std::vector<ImportRow>()));
  }
  in_memory_ = 0;
  spilling_ = std::jthread([this, chunks = std::move(chunks)] {
    for (const std::vector<ImportRow>& rows : chunks)
      if (spilled_)
        spilled_ = file_->append({reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(ImportRow)});
  });
  return {};
}

Result<void> ImportRows::end() {
  for (auto& [key, part] : parts_) in_order_.push_back(&part);
  if (!file_) return {};
  if (auto written = wait_for_spill(); !written) return written;
  file_.reset();
  auto opened = disk_.open(path_);
  if (!opened) return std::unexpected(opened.error());
  reader_ = std::move(*opened);
  return {};
}

Result<std::vector<ImportRow>> ImportRows::take(std::size_t number) {
  Part& part = *in_order_[number];
  if (part.chunks.empty()) return std::move(part.rows);
  std::vector<ImportRow> rows(part.size());
  std::size_t filled = 0;
  for (const Part::Chunk& chunk : part.chunks) {
    const std::size_t bytes = chunk.rows * sizeof(ImportRow);
    const auto read = reader_->read(chunk.offset, {reinterpret_cast<char*>(rows.data() + filled), bytes});
    if (!read) return std::unexpected(read.error());
    if (*read != bytes) return std::unexpected(Error::permanent(fmt::format("{} has become shorter meanwhile", path_)));
    filled += chunk.rows;
  }
  std::ranges::copy(part.rows, rows.begin() + static_cast<std::ptrdiff_t>(filled));
  std::vector<ImportRow>().swap(part.rows);
  return rows;
}

}  // namespace tidemark
