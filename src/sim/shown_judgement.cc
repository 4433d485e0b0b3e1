#include "sim/shown_judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "io/lake/file_check.h"
#include "io/lake/lake_of_log.h"
#include "sim/judgement.h"
#include "sim/lake_reading.h"
#include "sim/naive_reading.h"
#include "sim/process.h"

namespace tidemark::sim {
namespace {

using Held = std::pair<Topic, const std::vector<std::string>*>;

// Record by record, so that a damaged one hides no other.
Result<void> compare_shown(Log& log, Topic topic, const std::vector<std::string>& expected) {
  const auto begin = log.begin(topic), end = log.end(topic);
  if (!begin || !end) return {};
  for (Position at = *begin; at < *end; ++at) {
    const auto batch = log.poll(topic, at, 1);
    if (!batch || batch->empty() || (*batch)[0].position != at) continue;
    const auto offset = static_cast<std::size_t>(at);
    if (offset >= expected.size() || (*batch)[0].value != expected[offset])
      return broken(fmt::format("{} at {} is shown as\n    {}\n  and should be\n    {}", to_string(topic), at,
                                (*batch)[0].value, offset < expected.size() ? expected[offset] : "nothing"));
  }
  return {};
}

Result<void> compare_table(const Lake& lake, LakeTable table, std::vector<std::string> expected) {
  const auto days = lake.days(table);
  if (!days) return {};
  std::vector<std::string> shown;
  for (const LakeDay day : *days) {
    const auto files = lake.files(table, day);
    if (!files) continue;
    for (const LakeFile& file : *files) {
      if (!check_lake_file(lake, table, day, file)) continue;
      auto rows = read_lake_file(lake, table, day, file.name);
      if (!rows) return std::unexpected(rows.error());
      std::ranges::move(*rows, std::back_inserter(shown));
    }
  }
  std::ranges::sort(shown);
  std::ranges::sort(expected);
  std::vector<std::string> extra;
  std::ranges::set_difference(shown, expected, std::back_inserter(extra));
  if (extra.empty()) return {};
  return broken(fmt::format("the lake's {} shows {} rows that are doubled or wrong\n  such as {}", to_string(table),
                            extra.size(), extra.front()));
}

class Judge {
 public:
  Judge(const WindowSpec& windows, Log* log, const Lake* lake) : windows_(windows), log_(log), lake_(lake) {}

  Result<void> compare_with(std::span<const Line> lines) const {
    NaiveReading naive(windows_);
    std::vector<std::string> brought;
    for (const Line& line : lines) {
      naive.read(line);
      brought.push_back(line.record.value);
    }
    const Expected expected = naive.finish();
    if (log_ != nullptr)
      if (auto right = compare_log(expected, brought); !right) return right;
    return lake_ == nullptr ? Result<void>() : compare_lake(expected);
  }

  // With each branch, the newest first: one of them alone explains all that is shown. The error is that of the newest.
  Result<void> compare_with_any(const ScriptFeed& feed) const {
    Result<void> first;
    for (std::size_t branch = feed.branches(); branch-- > 0;) {
      auto right = compare_with(feed.handed_out(branch));
      if (right) return {};
      if (first) first = std::move(right);
    }
    return first;
  }

 private:
  Result<void> compare_log(const Expected& expected, const std::vector<std::string>& brought) const {
    for (const auto& [topic, values] :
         {Held(Topic::Bars, &brought), Held(Topic::Trends, &expected.trends),
          Held(Topic::JudgedBars, &expected.judged_bars), Held(Topic::LateBars, &expected.late_bars),
          Held(Topic::DeadLetters, &expected.dead_letters)})
      if (auto right = compare_shown(*log_, topic, *values); !right) return right;
    return {};
  }

  Result<void> compare_lake(const Expected& expected) const {
    if (auto right = compare_table(*lake_, LakeTable::Trends, expected.trend_rows); !right) return right;
    return compare_table(*lake_, LakeTable::Bars, expected.bar_rows);
  }

  const WindowSpec& windows_;
  Log* log_;
  const Lake* lake_;
};

}  // namespace

bool is_whole(const Lake& lake) {
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const auto days = lake.days(table);
    if (!days) return false;
    for (const LakeDay day : *days) {
      const auto files = lake.files(table, day);
      if (!files) return false;
      for (const LakeFile& file : *files)
        if (!check_lake_file(lake, table, day, file)) return false;
    }
  }
  return true;
}

// Log and lake are one story. They may be two only where the program says so: it cannot read the log, or refuses it as
// older than the lake. The feed deals its lines anew at each opening, so the lines that it would bring next say nothing
// about what a log or a lake got before; only a branch that was really handed out does.
Result<void> judge_shown(const ScriptFeed& feed, const WindowSpec& windows, Log* log, const Lake& lake) {
  if (log == nullptr) return Judge(windows, nullptr, &lake).compare_with_any(feed);
  const bool is_refused = !check_lake_is_of_log(lake, *log, data_folder);
  const auto cursor = log->cursor(feed.name());
  const Judge of_log(windows, log, is_refused ? nullptr : &lake);
  if (!cursor) {
    if (auto right = of_log.compare_with_any(feed); !right) return right;
  } else {
    const auto lines = *cursor ? feed.handed_out_before(**cursor) : std::span<const Line>();
    if (!lines) return broken("the log shows a cursor that the feed never gave: " + **cursor);
    if (auto right = of_log.compare_with(*lines); !right) return right;
  }
  return is_refused ? Judge(windows, nullptr, &lake).compare_with_any(feed) : Result<void>();
}

}  // namespace tidemark::sim
