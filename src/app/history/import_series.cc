#include "app/history/import_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string_view>

#include "io/lake/lake_spacing.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr auto farthest_neighbour = std::chrono::days(10);
constexpr std::size_t neighbours_on_a_side = 3, most_neighbours = 32;

// The hours at which daily bars begin: midnight in UTC, in New York, and in the given zone.
HoursOfDay midnights_of(const TimeZone& zone) {
  HoursOfDay hours = hour_of_day(0) | hour_of_day(4) | hour_of_day(5);
  using namespace std::chrono;
  for (const sys_days date : {sys_days{2024y / January / 10}, sys_days{2024y / July / 10}}) {
    const auto midnight = zone.instant(EventTime{date});
    if (!midnight) continue;
    const Duration of_day = *midnight - floor_to(*midnight, 24h);
    if (of_day % 1h == Duration::zero()) hours |= hour_of_day(static_cast<int>(of_day / 1h));
  }
  return hours;
}

// Days of the lake that are near to days which the lake lacks.
std::set<LakeDay> neighbours_of(const std::vector<LakeDay>& days, const std::vector<LakeDay>& in_lake) {
  std::set<LakeDay> found;
  for (const LakeDay day : days) {
    const auto at = std::ranges::lower_bound(in_lake, day);
    if (at != in_lake.end() && *at == day) continue;
    auto after = at;
    for (std::size_t i = 0; i < neighbours_on_a_side && after != in_lake.end() && *after - day <= farthest_neighbour;
         ++i)
      found.insert(*after++);
    auto before = at;
    for (std::size_t i = 0; i < neighbours_on_a_side && before != in_lake.begin(); ++i) {
      if (day - *--before > farthest_neighbour) break;
      found.insert(*before);
    }
    if (found.size() >= most_neighbours) break;
  }
  return found;
}

}  // namespace

ImportSeries::ImportSeries(const ImportOptions& options)
    : options_(options), midnights_(midnights_of(options.time.zone)) {}

void ImportSeries::add(std::uint32_t file, const ImportBatch& batch, const ImportRows& rows) {
  if (file != file_) end_file();
  file_ = file;
  for (std::size_t i = 0; i < batch.spacings.size(); ++i) {
    const std::int32_t symbol = rows.symbol_of(i);
    const auto number = static_cast<std::size_t>(symbol);
    if (number >= series_.size()) series_.resize(number + 1);
    if (series_[number].of_file.bars() == 0) touched_.push_back(symbol);
    series_[number].of_file.append(batch.spacings[i]);
  }
}

void ImportSeries::end_file() {
  if (touched_.empty()) return;
  ++files_;
  const auto of = [&](std::int32_t symbol) -> Series& { return series_[static_cast<std::size_t>(symbol)]; };
  const bool is_daily =
      std::ranges::all_of(touched_, [&](std::int32_t symbol) { return of(symbol).of_file.is_at(midnights_); });
  std::map<Duration, std::size_t> found;
  for (const std::int32_t symbol : touched_) {
    Series& series = of(symbol);
    if (const auto interval = series.of_file.interval()) ++found[*interval];
    if (series.before.bars() > 0 && !conflict_)
      if (const auto intervals = interval_conflict(spaced(series.of_file, is_daily),
                                                   spaced(series.before, series.is_daily), midnights_, comparisons()))
        conflict_ = Conflict{symbol, file_, series.file, *intervals};
    series.before.append(series.of_file);
    series.of_file = {};
    series.is_daily = series.is_daily && is_daily;
    series.file = file_;
  }
  intervals_.resize(file_ + 1);
  if (options_.interval)
    intervals_[file_] = options_.interval;
  else if (!found.empty())
    intervals_[file_] = std::ranges::max_element(found, {}, [](const auto& each) { return each.second; })->first;
  else if (is_daily)
    intervals_[file_] = 24h;
  touched_.clear();
}

void ImportSeries::end(ImportAccount& account) {
  end_file();
  for (std::size_t i = 0; i < std::min(intervals_.size(), account.files.size()); ++i)
    account.files[i].interval = intervals_[i];
}

double ImportSeries::comparisons() const { return static_cast<double>(series_.size()) * std::max(files_, 1U); }

void ImportSeries::know(const std::vector<ImportedPart::KnownSeries>& known) {
  for (const ImportedPart::KnownSeries& each : known) known_[each.symbol].append(each.spacing);
}

Result<void> ImportSeries::know_neighbours(const Lake& lake, const std::vector<LakeDay>& days, const ImportRows& rows) {
  const auto in_lake = lake.days(LakeTable::Bars);
  if (!in_lake) return std::unexpected(in_lake.error());
  const std::set<LakeDay> neighbours = neighbours_of(days, *in_lake);
  if (neighbours.empty()) return {};
  std::unordered_map<std::string_view, std::int32_t> numbers;
  for (std::size_t i = 0; i < rows.symbols().size(); ++i)
    numbers.emplace(rows.symbols()[i], static_cast<std::int32_t>(i));
  for (const LakeDay day : neighbours) {
    const auto spacings = read_spacings(lake, day);
    if (!spacings) return std::unexpected(spacings.error());
    for (const SymbolSpacing& each : *spacings)
      if (const auto number = numbers.find(each.symbol); number != numbers.end())
        known_[number->second].append(each.spacing);
  }
  return {};
}

std::string ImportSeries::evidence(const BarSpacing& spacing, bool is_daily) const {
  const auto interval = spacing.interval();
  if (interval)
    return fmt::format("{} of {} distances are multiples of {}", spacing.multiples_of(*interval), spacing.distances(),
                       interval_text(*interval));
  if (is_daily)
    return fmt::format("{} at {:02}:00 UTC, where a day begins", spacing.bars() == 1 ? "its only bar lies" : "they lie",
                       std::countr_zero(spacing.hours()));
  return fmt::format("{} bars", spacing.bars());
}

std::optional<std::string> ImportSeries::refusal(const ImportAccount& account, const ImportRows& rows) const {
  const auto name_of = [&](std::int32_t symbol) { return rows.symbols()[static_cast<std::size_t>(symbol)]; };
  constexpr std::string_view why = "Bars of one symbol have one interval, or they would be counted together";
  if (conflict_)
    return fmt::format(
        "nothing is imported, because bars of {} come every {} in {} and every {} in {}. {}: import them into two data "
        "directories (--data), or say --interval if they are of one",
        name_of(conflict_->symbol), interval_text(conflict_->intervals.ours), account.files[conflict_->file].name,
        interval_text(conflict_->intervals.theirs), account.files[conflict_->other_file].name, why);
  const bool lake_is_daily =
      std::ranges::all_of(known_, [&](const auto& each) { return each.second.is_at(midnights_); });
  std::optional<std::int32_t> first;
  IntervalConflict intervals;
  for (const auto& [symbol, spacing] : known_) {
    const Series& series = series_[static_cast<std::size_t>(symbol)];
    const auto found = interval_conflict(spaced(series.before, series.is_daily), {spacing, lake_is_daily, std::nullopt},
                                         midnights_, comparisons());
    if (!found || (first && name_of(*first) < name_of(symbol))) continue;
    first = symbol;
    intervals = *found;
  }
  if (!first) return std::nullopt;
  const Series& series = series_[static_cast<std::size_t>(*first)];
  return fmt::format(
      "nothing is imported, because bars of {} come every {} in {} ({}) and every {} in the lake ({}). {}: import them "
      "into "
      "another data directory (--data), or say --interval {} if they are of the lake's",
      name_of(*first), interval_text(intervals.ours), account.files[series.file].name,
      options_.interval ? "as --interval says" : evidence(series.before, series.is_daily),
      interval_text(intervals.theirs), evidence(known_.at(*first), lake_is_daily), why,
      interval_text(intervals.theirs));
}

}  // namespace tidemark
