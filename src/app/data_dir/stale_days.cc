#include "app/data_dir/stale_days.h"

#include <fmt/format.h>

#include "core/pipeline/recompute.h"
#include "core/time/timestamp.h"
#include "run/roles/analyze_role.h"
#include "run/roles/restatement.h"

namespace tidemark {
namespace {

using std::chrono::sys_days;

std::string list_of_dates(const std::set<sys_days>& days) {
  std::string text;
  for (const sys_days day : days) text += fmt::format("{}{}", text.empty() ? "" : ", ", format_date(EventTime{day}));
  return text;
}

}  // namespace

Result<StaleDays> StaleDays::look(Log& log, const std::map<sys_days, EventTime>& bars) {
  StaleDays behind;
  if (bars.empty()) return behind;
  const auto windows = AnalyzeRole::windows_of(log);
  if (!windows) return std::unexpected(windows.error());
  if (!*windows) return behind;  // no record has been judged
  const auto restatement = Restatement::look(log, **windows);
  if (!restatement) return std::unexpected(restatement.error());
  const auto closed_through = restatement->closed_through();
  if (!closed_through) return behind;
  const Duration reach = recompute_reach(**windows);
  for (const auto& [bar_day, first] : bars) {
    // The first window that holds the bar, by its end.
    if (floor_to(first, (*windows)->slide) + (*windows)->slide > *closed_through) continue;
    for (auto day = std::chrono::floor<std::chrono::days>(first - reach); day <= bar_day; day += std::chrono::days(1)) {
      const bool is_over =
          !restatement->has_open_windows() || EventTime{day} + std::chrono::days(1) + reach <= *closed_through;
      (is_over ? behind.over_ : behind.open_).insert(day);
    }
  }
  return behind;
}

std::string StaleDays::text() const {
  std::string text;
  if (!over_.empty()) {
    text += "late where windows have closed: no published trend changes by itself. Once these bars are in the lake:\n";
    const std::string first = format_date(EventTime{*over_.begin()}), last = format_date(EventTime{*over_.rbegin()});
    text += first == last ? fmt::format("  tidemark recompute --day {}\n", first)
                          : fmt::format("  tidemark recompute --from {} --to {}\n", first, last);
  }
  if (!open_.empty())
    text += fmt::format("late where windows of {} have closed: recompute it when it is over\n", list_of_dates(open_));
  return text;
}

std::string StaleDays::json() const {
  std::string text;
  for (const sys_days day : over_)
    text += fmt::format(R"({}"{}")", text.empty() ? "" : ",", format_date(EventTime{day}));
  return "[" + text + "]";
}

}  // namespace tidemark
