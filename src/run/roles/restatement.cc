#include "run/roles/restatement.h"

#include <algorithm>

#include "core/wire/decode.h"
#include "run/interfaces/notifier.h"
#include "run/roles/analyze_role.h"

namespace tidemark {
namespace {

constexpr std::size_t records_at_once = 4'096;

std::chrono::sys_days day_of(EventTime time) { return std::chrono::floor<std::chrono::days>(time); }

Result<void> each(Log& log, Topic topic, Position from, Position to, auto take) {
  while (from < to) {
    const auto batch = log.poll(topic, from, records_at_once);
    if (!batch) return std::unexpected(batch.error());
    if (batch->empty()) return {};
    for (std::size_t i = 0; i < batch->size(); ++i) take((*batch)[i].value);
    from = batch->next_position();
  }
  return {};
}

}  // namespace

// The order matters while the log grows: windows that are closed now have been said by the end that is read next, and
// that is published if the positions, read last, have come so far.
Result<Restatement> Restatement::look(Log& log, const WindowSpec& windows) {
  Restatement found;
  NullNotifier nobody;
  AnalyzeRole analyze({.windows = windows}, log, nobody, nullptr);
  if (auto opened = analyze.open(); !opened) return std::unexpected(opened.error());
  found.closed_through_ = analyze.machine().watermark().time();
  found.has_open_windows_ = analyze.machine().open_symbols() > 0;
  const auto trends_end = log.end(Topic::Trends), bars_end = log.end(Topic::JudgedBars);
  if (!trends_end) return std::unexpected(trends_end.error());
  if (!bars_end) return std::unexpected(bars_end.error());
  const auto store = log.restore("store");
  if (!store) return std::unexpected(store.error());
  found.trends_ = store->position(Topic::Trends);
  found.bars_ = store->position(Topic::JudgedBars);
  auto read = each(log, Topic::Trends, found.trends_, *trends_end, [&](std::string_view value) {
    if (const auto trend = decode_trend(value)) found.trends_to_come_.insert(day_of(trend->window.start));
  });
  if (!read) return std::unexpected(read.error());
  read = each(log, Topic::JudgedBars, found.bars_, *bars_end, [&](std::string_view value) {
    const auto bar = decode_judged_bar(value);
    if (!bar) return;
    const auto day = found.bars_to_come_.try_emplace(day_of(bar->values.time), bar->values.time).first;
    day->second = std::min(day->second, bar->values.time);
  });
  if (!read) return std::unexpected(read.error());
  return found;
}

Result<void> Restatement::check_published(std::chrono::sys_days day, Duration reach) const {
  const auto refuse = [](const char* what) {
    return std::unexpected(Error::permanent(std::string(what) +
                                            " of it are in the log and not yet in the lake: try again in a minute "
                                            "while `tidemark run` runs, or start it once so that it publishes them"));
  };
  if (trends_to_come_.contains(day)) return refuse("trends");
  const auto bars = bars_to_come_.lower_bound(day);
  if (bars != bars_to_come_.end() && bars->second < EventTime{day} + std::chrono::days(1) + reach)
    return refuse("bars");
  return {};
}

}  // namespace tidemark
