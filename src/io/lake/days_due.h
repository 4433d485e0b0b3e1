// The days of the lake that something is to be done with: of both tables, the oldest first.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/compactor.h"

namespace tidemark {

// The table that a day of it names.
inline LakeTable table_of(const DayOfTable& day) {
  return day.table == to_string(LakeTable::Bars) ? LakeTable::Bars : LakeTable::Trends;
}

// Rows of positions below are published for good.
inline Position end_of(LakeTable table, const Published& published) {
  return table == LakeTable::Trends ? published.trends : published.bars;
}

// is_due(table, day) says of each day before `end` whether it is; its first error ends the walk. What a process that was killed has left
// behind is finished first.
template <typename IsDue>
Result<std::vector<DayOfTable>> days_due(const Lake& lake, LakeDay end, IsDue is_due) {
  if (auto finished = lake.finish_left_behind(); !finished) return std::unexpected(finished.error());
  std::vector<DayOfTable> found;
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const auto days = lake.days(table);
    if (!days) return std::unexpected(days.error());
    for (const LakeDay day : *days) {
      if (day >= end) break;
      const Result<bool> due = is_due(table, day);
      if (!due) return std::unexpected(due.error());
      if (*due) found.push_back({std::string(to_string(table)), day});
    }
  }
  std::ranges::stable_sort(found, {}, &DayOfTable::day);
  return found;
}

}  // namespace tidemark
