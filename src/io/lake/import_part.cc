#include "io/lake/import_part.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "io/lake/lake_bars.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

constexpr std::size_t rows_per_group = 128 * 1'024;

class PartWriter {
 public:
  PartWriter(const Lake& lake, const ImportRows& all, std::vector<ImportRow> rows, const ImportPartOptions& options)
      : lake_(lake), all_(all), rows_(std::move(rows)), options_(options) {}

  Result<ImportedPart> write(LakeDay day) {
    day_ = day;
    result_.files.resize(options_.file_count);
    sort();
    if (auto met = meet_lake(); !met) return std::unexpected(met.error());
    for (const std::uint32_t i : order_) ++counts(rows_[i]).imported;
    if (order_.empty()) return std::move(result_);
    if (auto written = write_file(); !written) return std::unexpected(written.error());
    return std::move(result_);
  }

 private:
  const std::string& symbol(const ImportRow& row) const { return all_.symbols()[static_cast<std::size_t>(row.symbol)]; }
  std::optional<std::string> feed(std::int32_t number) const {
    if (number < 0) return std::nullopt;
    return all_.feeds()[static_cast<std::size_t>(number)];
  }

  // Sorts by the name of the symbol, then by time, and keeps the last row of each identity.
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
      for (std::size_t begin = 0, end = 0; begin < own.size(); begin = end) {
        while (end < own.size() && by_time(own[end]) == by_time(own[begin])) ++end;
        if (end - begin > 1) supersede(own.subspan(begin, end - begin));
        order_.push_back(own[end - 1]);
      }
    }
  }

  // All these rows are about one bar, and the last one counts.
  void supersede(std::span<const std::uint32_t> same) {
    for (const std::uint32_t i : same.first(same.size() - 1)) ++counts(rows_[i]).superseded;
    const auto of_table = [&](std::uint32_t i) { return options_.is_foreign_table[rows_[i].file]; };
    const auto first = std::ranges::find_if(same, of_table);
    if (first == same.end()) return;
    const ImportRow& one = rows_[*first];
    const auto other = std::find_if(first + 1, same.end(), [&](std::uint32_t i) {
      return of_table(i) && (rows_[i].feed != one.feed || rows_[i].values != one.values);
    });
    if (other == same.end()) return;
    for (const std::uint32_t i : same)
      if (of_table(i)) ++counts(rows_[i]).contradicting;
    if (!result_.contradiction)
      result_.contradiction = ContradictingRows{symbol(one), one.values.time, place_of(one), place_of(rows_[*other])};
  }

  static RowPlace place_of(const ImportRow& row) { return {row.file, row.line}; }
  RowCounts& counts(const ImportRow& row) { return result_.files[row.file]; }

  bool has_feed(const ImportRow& row, const Bar& known) const {
    return known.feed && *known.feed == all_.feeds()[static_cast<std::size_t>(row.feed)];
  }
  bool says(const ImportRow& row, const Bar& known) const {
    return (row.feed < 0 ? !known.feed : has_feed(row, known)) && row.values == known.values;
  }
  // True if nothing is new in the row but nulls.
  bool is_poorer(const ImportRow& row, const Bar& known) const {
    if (row.feed >= 0 && !has_feed(row, known)) return false;
    BarValues values = row.values;
    if (!values.vwap.has_value()) values.vwap = known.values.vwap;
    if (!values.trade_count.has_value()) values.trade_count = known.values.trade_count;
    return values == known.values;
  }

  // Merges the rows with the lake's bars, which are in the same order. Rows that the lake already has are removed from
  // order_.
  Result<void> meet_lake() {
    const auto files = lake_.files(LakeTable::Bars, day_);
    if (!files) return std::unexpected(files.error());
    std::optional<LakeBars> known;
    if (!files->empty()) {
      auto opened = LakeBars::open(lake_, day_);
      if (!opened) return std::unexpected(opened.error());
      known.emplace(std::move(*opened));
    }
    SymbolFeeds feeds(*this);
    WholeDays days(*this);
    std::size_t kept = 0, next = 0;
    std::int32_t own_symbol = -1;   // of the row before `next`
    std::string_view known_symbol;  // of the lake's previous bar
    bool is_own_symbol = false;
    const auto keep = [&] {
      const ImportRow& row = rows_[order_[next]];
      own_symbol = row.symbol;
      feeds.keep(row);
      days.keep(row);
      order_[kept++] = order_[next++];
    };
    while (known) {
      const auto bar = known->next();
      if (!bar) return std::unexpected(bar.error());
      if (!*bar) break;
      const Bar& theirs = **bar;
      const auto comes_before = [&](const ImportRow& row) {
        const int names = std::string_view(symbol(row)).compare(theirs.symbol);
        return names != 0 ? names < 0 : row.values.time < theirs.values.time;
      };
      while (next < order_.size() && comes_before(rows_[order_[next]])) keep();
      if (theirs.symbol != known_symbol) {
        known_symbol = theirs.symbol;
        is_own_symbol = (own_symbol >= 0 && all_.symbols()[static_cast<std::size_t>(own_symbol)] == theirs.symbol);
        if (!is_own_symbol && next < order_.size() && symbol(rows_[order_[next]]) == theirs.symbol) {
          own_symbol = rows_[order_[next]].symbol;
          is_own_symbol = true;
        }
        if (is_own_symbol) result_.known.push_back({own_symbol, {}});
        if (!is_own_symbol && next == order_.size()) break;
      }
      if (!is_own_symbol) continue;
      result_.known.back().spacing.observe(theirs.values.time);
      const bool is_same_bar = next < order_.size() && rows_[order_[next]].symbol == own_symbol &&
                               rows_[order_[next]].values.time == theirs.values.time;
      const bool is_replaced = is_same_bar && !leave_out(rows_[order_[next]], theirs);
      feeds.know(own_symbol, theirs, is_replaced);
      days.know(own_symbol, theirs);
      if (is_replaced)
        keep();
      else if (is_same_bar)
        ++next;
    }
    while (next < order_.size()) keep();
    feeds.finish();
    days.finish();
    order_.resize(kept);
    return {};
  }

  // True, and counts the row, if the lake has the same bar or a richer one.
  bool leave_out(const ImportRow& row, const Bar& known) {
    if (!options_.compare_with_lake) return false;
    if (says(row, known)) return ++counts(row).identical, true;
    if (options_.overwrite_nulls || !is_poorer(row, known)) return false;
    return ++counts(row).poorer, true;
  }

  // Compares the feeds of the rows that are written with those of the lake's bars, symbol by symbol.
  class SymbolFeeds {
   public:
    explicit SymbolFeeds(PartWriter& writer) : writer_(writer) {}

    void keep(const ImportRow& row) {
      go_to(row.symbol);
      if (!ours_.empty() && ours_.back().feed == row.feed && ours_.back().place.file == row.file) return;
      if (std::ranges::none_of(ours_,
                               [&](const Ours& each) { return each.feed == row.feed && each.place.file == row.file; }))
        ours_.push_back({row.feed, place_of(row)});
    }
    void know(std::int32_t symbol, const Bar& bar, bool is_replaced) {
      go_to(symbol);
      auto each = std::ranges::find_if(theirs_, [&](const Theirs& one) { return one.feed == bar.feed; });
      if (each == theirs_.end())
        each = theirs_.insert(theirs_.end(), Theirs{std::optional<std::string>(bar.feed), 0, 0});
      ++each->bars;
      each->left += is_replaced ? 0 : 1;
    }
    void finish() { go_to(-1); }

   private:
    struct Ours {
      std::int32_t feed;
      RowPlace place;
    };
    struct Theirs {
      std::optional<std::string> feed;
      std::int64_t bars, left;
    };

    void go_to(std::int32_t symbol) {
      if (symbol == symbol_) return;
      if (symbol_ >= 0 && !writer_.result_.other_feed) judge();
      symbol_ = symbol;
      ours_.clear();
      theirs_.clear();
    }

    void judge() {
      for (const Ours& one : ours_) {
        const auto feed = writer_.feed(one.feed);
        for (const Theirs& known : theirs_) {
          if (known.feed == feed) continue;
          // If the feed of the bars is unknown, it is enough that the new bars replace all of them.
          const bool may_replace = !known.feed || (!feed && writer_.options_.overwrite_nulls);
          if (!may_replace || known.left > 0) return tell(one, known.feed, known.bars, {});
        }
        if (!writer_.options_.is_lake_file[one.place.file])
          for (const Ours& other : ours_)
            if (other.feed != one.feed && other.place.file < one.place.file &&
                !writer_.options_.is_lake_file[other.place.file])
              return tell(one, writer_.feed(other.feed), 0, other.place);
      }
    }
    void tell(const Ours& one, const std::optional<std::string>& theirs, std::int64_t bars, RowPlace other) {
      writer_.result_.other_feed = FeedConflict{.symbol = writer_.all_.symbols()[static_cast<std::size_t>(symbol_)],
                                                .day = writer_.day_,
                                                .ours = writer_.feed(one.feed),
                                                .theirs = theirs,
                                                .place = one.place,
                                                .bars_in_lake = bars,
                                                .other = other};
    }

    PartWriter& writer_;
    std::int32_t symbol_ = -1;
    std::vector<Ours> ours_;
    std::vector<Theirs> theirs_;
  };

  // Detects a daily bar of a symbol that trades through midnight. Its time does not tell, but its values do: they
  // enclose all of the many bars that the lake has of the day, as no minute does.
  class WholeDays {
   public:
    explicit WholeDays(PartWriter& writer) : writer_(writer) {}

    void keep(const ImportRow& row) {
      go_to(row.symbol);
      ++ours_;
      row_ = row;
    }
    void know(std::int32_t symbol, const Bar& bar) {
      go_to(symbol);
      const BarValues& values = bar.values;
      high_ = theirs_ == 0 ? values.high : std::max(high_, values.high);
      low_ = theirs_ == 0 ? values.low : std::min(low_, values.low);
      volume_ += values.volume.nanos;
      most_volume_ = std::max(most_volume_, values.volume.nanos);
      ++theirs_;
    }
    void finish() { go_to(-1); }

   private:
    static constexpr std::int64_t many = 10;

    void go_to(std::int32_t symbol) {
      if (symbol == symbol_) return;
      if (ours_ == 1 && theirs_ >= many && holds_all())
        writer_.result_.whole_day = WholeDayBar{writer_.symbol(row_), writer_.day_, place_of(row_), theirs_};
      symbol_ = symbol;
      ours_ = theirs_ = 0;
      volume_ = most_volume_ = 0;
    }
    bool holds_all() const {
      const BarValues& values = row_.values;
      const bool is_on_the_hour = floor_to(values.time, std::chrono::hours(1)) == values.time;
      return is_on_the_hour && values.high >= high_ && values.low <= low_ && 2 * values.volume.nanos >= volume_ &&
             values.volume.nanos > 5 * most_volume_;
    }

    PartWriter& writer_;
    std::int32_t symbol_ = -1;
    std::int64_t ours_ = 0, theirs_ = 0;
    ImportRow row_;  // the last row of ours
    Price high_, low_;
    Int128 volume_ = 0, most_volume_ = 0;
  };

  Result<void> write_file() {
    auto file = lake_.disk().create(options_.path);
    if (!file) return std::unexpected(file.error());
    auto columns = ColumnFile::create(LakeTable::Bars, lake_.compression(),
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
      if (row.feed != last_feed) bar.feed = feed(row.feed);
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
  LakeDay day_{};
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
