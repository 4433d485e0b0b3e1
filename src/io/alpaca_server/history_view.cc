#include "io/alpaca_server/history_view.h"

#include <algorithm>

#include "io/alpaca_server/bar_sum.h"

namespace tidemark {
namespace {

using Minutes = std::span<const TapeBar>;

std::size_t first_not_before(Minutes bars, EventTime time) {
  return static_cast<std::size_t>(std::ranges::lower_bound(bars, time, {}, &TapeBar::time) - bars.begin());
}

}  // namespace

Minutes HistoryView::minutes(std::size_t symbol) const { return tape_.before(symbol, now_ - bar_length + Duration(1)); }

DayStart HistoryView::day_of(std::size_t symbol) const {
  return is_crypto(tape_.name(symbol)) ? DayStart::Chicago : DayStart::NewYork;
}

TapeBar HistoryView::as_known(std::size_t symbol, const TapeBar& bar) const {
  if (bar.time + correction_after <= now_) return bar;
  return faults_.first_version(tape_.name(symbol), bar).value_or(bar);
}

TapeBar HistoryView::sum(std::size_t symbol, Minutes bars, EventTime start) const {
  BarSum sum;
  for (const TapeBar& bar : bars) sum.add(as_known(symbol, bar));
  return sum.finish(start);
}

void HistoryView::read(std::size_t symbol, const SeriesQuestion& question,
                       const std::function<bool(const TapeBar&)>& take) const {
  if (question.to < question.from) return;
  const Minutes bars = minutes(symbol);
  const DayStart day = day_of(symbol);
  const bool ascending = question.order == Order::Ascending;
  if (question.timeframe.is_minute()) {
    const std::size_t begin = first_not_before(bars, question.from);
    const std::size_t end = first_not_before(bars, question.to + Duration(1));
    for (std::size_t i = begin; i < end; ++i)
      if (!take(as_known(symbol, bars[ascending ? i : begin + end - 1 - i]))) return;
    return;
  }
  auto first = question.timeframe.around(question.from, day);
  const EventTime begin = first.start < question.from ? first.end : first.start;
  if (begin > question.to) return;
  const EventTime end = question.timeframe.around(question.to, day).end;
  Minutes rest = bars.subspan(first_not_before(bars, begin));
  rest = rest.first(first_not_before(rest, end));
  while (!rest.empty()) {
    const auto span = question.timeframe.around((ascending ? rest.front() : rest.back()).time, day);
    const std::size_t cut = first_not_before(rest, ascending ? span.end : span.start);
    const Minutes part = ascending ? rest.first(cut) : rest.subspan(cut);
    if (!take(sum(symbol, part, span.start))) return;
    rest = ascending ? rest.subspan(cut) : rest.first(cut);
  }
}

std::optional<TapeBar> HistoryView::latest(std::size_t symbol) const {
  const Minutes bars = minutes(symbol);
  if (bars.empty()) return std::nullopt;
  return as_known(symbol, bars.back());
}

TapeBar HistoryView::day_until(std::size_t symbol, EventTime minute) const {
  const EventTime start = Timeframe{.unit = Timeframe::Unit::Day}.around(minute, day_of(symbol)).start;
  return sum(symbol, tape_.between(symbol, start, minute + Duration(1)), start);
}

}  // namespace tidemark
