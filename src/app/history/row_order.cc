#include "app/history/row_order.h"

#include "core/time/time.h"

namespace tidemark {

void RowOrder::begin_file() { *this = {}; }

// Decides by the first two different times of the first symbol.
void RowOrder::learn_direction(const ImportBatch& batch) {
  if (batch.rows.empty()) return;
  if (!first_time_) {
    first_symbol_ = batch.symbols[static_cast<std::size_t>(batch.rows.front().symbol)];
    first_time_ = batch.rows.front().values.time;
  }
  std::int32_t known = -1;  // the number of the first symbol in this batch
  for (const ImportRow& row : batch.rows) {
    if (known < 0 && batch.symbols[static_cast<std::size_t>(row.symbol)] == first_symbol_) known = row.symbol;
    if (row.symbol != known || row.values.time == *first_time_) continue;
    is_newest_first_ = row.values.time < *first_time_;
    return;
  }
}

bool RowOrder::is_second_pass(const std::string& symbol, const BarValues& values, Duration again) {
  const bool is_newest_first = is_newest_first_.value_or(false);
  const auto [found, is_first] = hours_.try_emplace(symbol, Hour{values, is_newest_first});
  Hour& hour = found->second;
  if (is_first) return hour.is_second_pass;
  const Duration step = values.time - hour.last.time;
  const bool is_same_hour = step < again && -step < again;
  const Duration on = is_newest_first ? -step : step;
  // The same time again is the second pass (of hourly bars), or a row that was written twice.
  if (!is_same_hour)
    hour.is_second_pass = is_newest_first;
  else if (on < Duration::zero() || (on == Duration::zero() && values != hour.last))
    hour.is_second_pass = !is_newest_first;
  hour.last = values;
  return hour.is_second_pass;
}

void RowOrder::settle(ImportBatch& batch, std::span<const RepeatedTime> repeated) {
  if (!is_newest_first_) learn_direction(batch);
  for (const auto& [index, again] : repeated) {
    ImportRow& row = batch.rows[index];
    if (is_second_pass(batch.symbols[static_cast<std::size_t>(row.symbol)], row.values, again))
      row.values.time += again;
  }
}

}  // namespace tidemark
