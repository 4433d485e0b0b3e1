#include "io/lake/recompute_day.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/pipeline/recompute.h"
#include "core/signal/summary.h"
#include "core/time/timestamp.h"
#include "io/lake/lake_rows.h"
#include "io/lake/published_trends.h"
#include "io/parquet/in_parallel.h"
#include "io/parquet/memory_bound.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_a_group = 128 * 1'024;
constexpr std::uint64_t bytes_in_slice = 200;  // of a bar and its trend, about, while they are worked on
constexpr std::uint64_t least_slice = 100'000;

std::vector<std::string> paths_of(const Lake& lake, LakeTable table, LakeDay day, std::span<const LakeFile> files) {
  std::vector<std::string> paths;
  for (const LakeFile& file : files) paths.push_back(lake.path_of(table, day, file.name));
  return paths;
}

// The columns of bars that trends are computed from. The others are not read.
struct BarColumns {
  RowSlice slice;
  RowDecimals close, vwap, volume, pct_change;
  RowTexts direction, feed;
  std::vector<std::optional<Direction>> directions;  // of the texts

  static Result<BarColumns> read(const LakeRows& rows, RowSlice slice) {
    auto close = rows.decimals("close", 9, slice);
    if (!close) return std::unexpected(close.error());
    auto vwap = rows.decimals("vwap", 9, slice);
    if (!vwap) return std::unexpected(vwap.error());
    auto volume = rows.decimals("volume", 12, slice);
    if (!volume) return std::unexpected(volume.error());
    auto pct_change = rows.decimals("pct_change", 16, slice);
    if (!pct_change) return std::unexpected(pct_change.error());
    auto direction = rows.texts("direction", slice);
    if (!direction) return std::unexpected(direction.error());
    auto feed = rows.texts("feed", slice);
    if (!feed) return std::unexpected(feed.error());
    BarColumns columns{slice,
                       std::move(*close),
                       std::move(*vwap),
                       std::move(*volume),
                       std::move(*pct_change),
                       std::move(*direction),
                       std::move(*feed),
                       {}};
    for (const std::string_view text : texts_of(columns.direction.texts))
      columns.directions.push_back(parse_direction(text));
    return columns;
  }

  // None if the row is incomplete.
  std::optional<Bar> bar(std::size_t row, std::string_view symbol, EventTime time) const {
    const std::size_t i = row - slice.begin;
    const std::int32_t way = direction.numbers[i], name = feed.numbers[i];
    if (!close.has(i) || !volume.has(i) || !pct_change.has(i) || way < 0) return std::nullopt;
    const auto parsed = directions[static_cast<std::size_t>(way)];
    if (!parsed) return std::nullopt;
    Bar bar{.symbol = symbol, .feed = std::nullopt, .values = {}};
    if (name >= 0) bar.feed = feed.texts[static_cast<std::size_t>(name)];
    bar.values.time = time;
    bar.values.close = Price{static_cast<std::int64_t>(close.units(i))};
    if (vwap.has(i)) bar.values.vwap = known_vwap(Price{static_cast<std::int64_t>(vwap.units(i))});
    bar.values.volume = Decimal{volume.units(i)};
    bar.values.pct_change = Decimal{pct_change.units(i)};
    bar.values.direction = *parsed;
    return bar;
  }
};

// Consecutive symbols with their bars and their published trends.
struct Slice {
  RowSlice bar_symbols, trend_symbols;  // ranges of symbol numbers in each
};

class Day {
 public:
  Day(const Lake& lake, LakeDay day, const RecomputeOptions& options)
      : lake_(lake), day_(day), options_(options), from_(day), to_(day + std::chrono::days(1)) {}

  Result<Recomputed> run() {
    const auto held = hold_memory();
    if (!held) return std::unexpected(held.error());
    if (auto opened = open(); !opened) return std::unexpected(opened.error());
    if (!options_.dry_run) {
      auto folder = lake_.begin_day(LakeTable::Trends, day_);
      if (!folder) return std::unexpected(folder.error());
      folder_ = std::move(*folder);
    }
    auto done = make();
    if (options_.dry_run) return done ? Result<Recomputed>(result_) : std::unexpected(done.error());
    if (done && !result_.is_as_it_was()) done = exchange();
    if (!done || result_.is_as_it_was()) lake_.give_up_day(LakeTable::Trends, day_);
    if (!done) return std::unexpected(done.error());
    return result_;
  }

 private:
  class Made;

  Result<void> exchange() const {
    return lake_.exchange_day(LakeTable::Trends, day_, published_files_, Lake::OtherFiles::Refused);
  }

  EventTime bars_end() const { return to_ + recompute_reach(options_.windows); }

  Result<std::vector<std::string>> paths_of_bars() const {
    std::vector<std::string> paths;
    for (LakeDay day = day_; EventTime{day} < bars_end(); day += std::chrono::days(1)) {
      const auto files = lake_.files(LakeTable::Bars, day);
      if (!files) return std::unexpected(files.error());
      std::ranges::move(paths_of(lake_, LakeTable::Bars, day, *files), std::back_inserter(paths));
    }
    return paths;
  }

  // Reserves the memory that the day needs by its row counts. Slices shrink if the bound requires it.
  Result<HeldMemory> hold_memory() {
    const auto paths = paths_of_bars();
    if (!paths) return std::unexpected(paths.error());
    const auto bars = LakeRows::count(lake_.disk(), *paths);
    if (!bars) return std::unexpected(bars.error());
    const auto files = lake_.files(LakeTable::Trends, day_);
    if (!files) return std::unexpected(files.error());
    const auto trends = LakeRows::count(lake_.disk(), paths_of(lake_, LakeTable::Trends, day_, *files));
    if (!trends) return std::unexpected(trends.error());
    const std::uint64_t open = (*bars + *trends) * LakeRows::bytes_when_open;
    const std::uint64_t opening = std::max(*bars * LakeRows::bytes_to_open,
                                           *bars * LakeRows::bytes_when_open + *trends * LakeRows::bytes_to_open);
    const std::uint64_t left = memory_for_rows() - std::min(open, memory_for_rows());
    const std::uint64_t of_slice = std::min<std::uint64_t>(*bars, options_.rows_per_slice) * bytes_in_slice;
    const std::uint64_t fits =
        std::max(left / std::max<std::size_t>(options_.threads, 1), least_slice * bytes_in_slice);
    rows_per_slice_ = static_cast<std::size_t>(std::max<std::uint64_t>(std::min(of_slice, fits) / bytes_in_slice, 1));
    return HeldMemory::take(std::max(opening, open + options_.threads * std::min(of_slice, fits)),
                            fmt::format("{} bars and {} trends of {}", *bars, *trends, to_text(day_)));
  }

  // A single symbol may exceed the size of a slice.
  static Result<void> check_slices(const std::vector<Slice>& slices, const LakeRows& bars, LakeDay day) {
    for (const Slice& slice : slices) {
      const std::uint64_t bytes = rows_of(bars, slice.bar_symbols).size() * bytes_in_slice;
      if (bytes > memory_for_rows())
        return std::unexpected(does_not_fit(
            fmt::format("the bars of {} on {}", bars.symbols()[slice.bar_symbols.begin], to_text(day)), bytes / 3 * 4));
    }
    return {};
  }

  Result<void> open() {
    const auto paths = paths_of_bars();
    if (!paths) return std::unexpected(paths.error());
    auto bars = LakeRows::open(lake_.disk(), LakeTable::Bars, *paths, from_, bars_end(), LakeRows::Keep::Latest);
    if (!bars) return std::unexpected(bars.error());
    bars_.emplace(std::move(*bars));
    auto files = lake_.files(LakeTable::Trends, day_);
    if (!files) return std::unexpected(files.error());
    published_files_ = std::move(*files);
    auto published =
        LakeRows::open(lake_.disk(), LakeTable::Trends, paths_of(lake_, LakeTable::Trends, day_, published_files_),
                       EventTime::min(), EventTime::max(), LakeRows::Keep::Latest);
    if (!published) return std::unexpected(published.error());
    published_.emplace(std::move(*published));
    result_.bars = static_cast<std::int64_t>(bars_->size());
    result_.removed = static_cast<std::int64_t>(published_->superseded());
    return {};
  }

  // Collects the symbols of both in order until a slice is full.
  std::vector<Slice> slices() const {
    std::vector<Slice> slices;
    Slice slice;
    std::size_t rows = 0;
    const auto& with_bars = bars_->symbols();
    const auto& with_trends = published_->symbols();
    while (slice.bar_symbols.end < with_bars.size() || slice.trend_symbols.end < with_trends.size()) {
      const std::size_t bar = slice.bar_symbols.end, trend = slice.trend_symbols.end;
      const bool has_bars =
          bar < with_bars.size() && (trend == with_trends.size() || with_bars[bar] <= with_trends[trend]);
      const bool has_trends =
          trend < with_trends.size() && (bar == with_bars.size() || with_trends[trend] <= with_bars[bar]);
      if (has_bars) rows += bars_->of_symbol(slice.bar_symbols.end++).size();
      if (has_trends) ++slice.trend_symbols.end;
      if (rows < rows_per_slice_) continue;
      slices.push_back(slice);
      slice = {{slice.bar_symbols.end, slice.bar_symbols.end}, {slice.trend_symbols.end, slice.trend_symbols.end}};
      rows = 0;
    }
    if (slice.bar_symbols.size() + slice.trend_symbols.size() > 0) slices.push_back(slice);
    return slices;
  }

  Result<void> make() {
    const std::vector<Slice> all = slices();
    if (auto fits = check_slices(all, *bars_, day_); !fits) return fits;
    return in_parallel(all.size(), options_.threads,
                       [&](std::size_t number) { return make(all[number], static_cast<std::int64_t>(number)); });
  }

  Result<void> make(const Slice& slice, std::int64_t number);

  // The range of rows of these symbols.
  static RowSlice rows_of(const LakeRows& rows, RowSlice symbols) {
    if (symbols.size() == 0) return {};
    return {rows.of_symbol(symbols.begin).begin, rows.of_symbol(symbols.end - 1).end};
  }

  std::string path_of_part(std::int64_t number) const {
    Position from = 0, to = 0;
    for (const LakeFile& file : published_files_) {
      from = file.to == 0 ? from : to == 0 ? file.from : std::min(from, file.from);
      to = std::max(to, file.to);
    }
    const std::int64_t part = free_part(published_files_, from, to) + number;
    return fmt::format("{}/{}", folder_, published_name(LakeTable::Trends, from, to, part));
  }

  const Lake& lake_;
  LakeDay day_;
  const RecomputeOptions& options_;
  EventTime from_, to_;
  std::size_t rows_per_slice_ = 1;
  std::string folder_;
  std::optional<LakeRows> bars_, published_;
  std::vector<LakeFile> published_files_;
  std::mutex mutex_;  // protects the result
  Recomputed result_;
};

// Takes the new trends of a slice, compares each with its published row, and writes it.
class Day::Made final : public TrendSink {
 public:
  Made(const LakeRows& rows, const PublishedTrends& published, RowSlice slice, std::optional<EventTime> closed_through)
      : rows_(rows), published_(published), slice_(slice), closed_through_(closed_through) {}

  void write_to(TrendWriter& writer) { writer_ = &writer; }

  // Starts a symbol. `had` are its published rows.
  void begin(RowSlice had) { next_ = had.begin, end_ = had.end; }
  void end() {
    count_.removed += static_cast<std::int64_t>(end_ - next_);
    next_ = end_;
  }

  void trend(const Trend& trend, const WindowState& state) override {
    if (!outcome_) return;
    if (closed_through_ && trend.window.end > *closed_through_) {
      outcome_ = std::unexpected(Error::permanent(
          fmt::format("the window {} of {} is still open in the log, which will publish it: try again when the log has "
                      "come to {}",
                      format_window_time(trend.window.start), trend.symbol, format_window_time(trend.window.end))));
      return;
    }
    for (; next_ < end_ && rows_.time(next_) < trend.window.start; ++next_) ++count_.removed;
    trend_ = trend;
    if (next_ == end_ || rows_.time(next_) != trend.window.start) {
      ++count_.fresh;
    } else {
      const std::size_t row = next_++ - slice_.begin;
      const bool is_same = published_.is(row, trend);
      const bool is_older = !is_same && is_of_older_contract(row, trend, state);
      trend_.revision = published_.revision(row) + (is_same || is_older ? 0 : 1);
      ++(is_same ? count_.unchanged : is_older ? count_.other_contract : count_.changed);
    }
    if (writer_) outcome_ = writer_->add(trend_);
  }

  const Recomputed& count() const { return count_; }
  const Result<void>& outcome() const { return outcome_; }

 private:
  // Whether the row that differs from the trend is what an older contract makes of the same bars (contract 6.5).
  bool is_of_older_contract(std::size_t row, const Trend& trend, const WindowState& state) {
    if (published_.is_but_for_newer_columns(row, trend)) return true;
    summarize_by_contract_1(state, by_contract_1_);
    return published_.is_of_contract_1(row, by_contract_1_, state.sums);
  }

  const LakeRows& rows_;
  const PublishedTrends& published_;
  RowSlice slice_;
  std::optional<EventTime> closed_through_;
  TrendWriter* writer_ = nullptr;
  std::size_t next_ = 0, end_ = 0;  // published rows of the symbol not yet matched
  Recomputed count_;
  Result<void> outcome_;
  Trend trend_, by_contract_1_;
};

Result<void> Day::make(const Slice& slice, std::int64_t number) {
  const RowSlice bar_rows = rows_of(*bars_, slice.bar_symbols), trend_rows = rows_of(*published_, slice.trend_symbols);
  const auto bars = BarColumns::read(*bars_, bar_rows);
  if (!bars) return std::unexpected(bars.error());
  const auto published = PublishedTrends::read(*published_, trend_rows);
  if (!published) return std::unexpected(published.error());
  Made made(*published_, *published, trend_rows, options_.closed_through);

  std::unique_ptr<DiskFile> file;
  std::optional<TrendWriter> writer;
  if (!options_.dry_run) {
    auto created = lake_.disk().create(path_of_part(number));
    if (!created) return std::unexpected(created.error());
    file = std::move(*created);
    auto columns = ColumnFile::create(LakeTable::Trends, lake_.compression(),
                                      [&](std::string_view bytes) { return file->append(bytes); });
    if (!columns) return std::unexpected(columns.error());
    writer.emplace(std::move(*columns), rows_a_group);
    made.write_to(*writer);
  }

  Recompute engine(options_.windows, from_, to_, made);
  std::size_t trend_symbol = slice.trend_symbols.begin;
  const auto rows_before = [&](const std::string* symbol) {  // of symbols without bars
    for (; trend_symbol < slice.trend_symbols.end && (!symbol || published_->symbols()[trend_symbol] < *symbol);
         ++trend_symbol) {
      made.begin(published_->of_symbol(trend_symbol));
      made.end();
    }
  };
  for (std::size_t i = slice.bar_symbols.begin; i < slice.bar_symbols.end; ++i) {
    const std::string& symbol = bars_->symbols()[i];
    rows_before(&symbol);
    const bool had = trend_symbol < slice.trend_symbols.end && published_->symbols()[trend_symbol] == symbol;
    made.begin(had ? published_->of_symbol(trend_symbol++) : RowSlice{});
    engine.begin();
    const RowSlice rows = bars_->of_symbol(i);
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      const auto bar = bars->bar(row, symbol, bars_->time(row));
      if (!bar)
        return std::unexpected(Error::permanent(
            fmt::format("{} is damaged: the bar {} of {} is incomplete; `tidemark verify` names the file",
                        lake_.folder_of(LakeTable::Bars, day_), format_timestamp(bars_->time(row)), symbol)));
      engine.add(*bar);
    }
    engine.end();
    made.end();
    if (!made.outcome()) return made.outcome();
  }
  rows_before(nullptr);

  if (writer) {
    if (auto finished = writer->finish(); !finished) return finished;
    if (auto synced = file->sync(); !synced) return synced;
  }
  const std::lock_guard lock(mutex_);
  result_.fresh += made.count().fresh;
  result_.changed += made.count().changed;
  result_.other_contract += made.count().other_contract;
  result_.removed += made.count().removed;
  result_.unchanged += made.count().unchanged;
  return {};
}

}  // namespace

Result<Recomputed> recompute_day(const Lake& lake, LakeDay day, const RecomputeOptions& options) {
  return Day(lake, day, options).run();
}

}  // namespace tidemark
