#include "app/upkeep/verify_published.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "app/config/value_text.h"
#include "app/process/tell.h"
#include "core/stream/window_spec.h"
#include "core/time/time.h"
#include "core/wire/decode.h"
#include "io/lake/recompute_day.h"
#include "io/lake/row_identity.h"
#include "run/interfaces/readers.h"
#include "run/roles/analyze_role.h"

namespace tidemark {
namespace {

constexpr std::size_t records_at_once = 4'096, rows_at_once = 1'000'000;
constexpr int most_reads = 5;  // of a day whose files change

// A row that was published, and how often the lake has it.
struct Said {
  RowIdentity identity;
  std::uint64_t values;
  Position offset;
  LakeDay day;
  int found = 0;
  bool is_other = false;    // the lake has it with other values
  bool may_repeat = false;  // a file with it goes back to another log, which may have said the same
};

LakeDay day_of(EventTime time) { return std::chrono::floor<std::chrono::days>(time); }

class PublishedLook {
 public:
  PublishedLook(Log& log, const Lake& lake, const VerifyPublishedOptions& options)
      : log_(log), lake_(lake), options_(options) {}

  Result<PublishedVerdict> run() {
    const auto windows = AnalyzeRole::windows_of(log_);
    if (!windows) return std::unexpected(windows.error());
    windows_ = *windows;
    const auto store = log_.restore(lake_reader);
    if (!store) return std::unexpected(store.error());
    for (const auto& [table, topic] :
         {std::pair(LakeTable::Trends, Topic::Trends), std::pair(LakeTable::Bars, Topic::JudgedBars)}) {
      const auto begin = log_.begin(topic);
      if (!begin) return std::unexpected(begin.error());
      if (auto looked = look_at_table(table, topic, *begin, store->position(topic)); !looked)
        return std::unexpected(looked.error());
    }
    return std::move(verdict_);
  }

 private:
  Result<void> look_at_table(LakeTable table, Topic topic, Position from, Position to) {
    std::vector<Said> said;
    while (from < to) {
      const auto batch = log_.poll(topic, from, std::min(records_at_once, static_cast<std::size_t>(to - from)));
      if (!batch) return std::unexpected(batch.error());
      if (batch->empty()) break;
      for (std::size_t i = 0; i < batch->size(); ++i) take(table, (*batch)[i], said);
      from = batch->next_position();
      done_ += batch->size();
      if (!options_.watch(done_)) return std::unexpected(Error::permanent("interrupted"));
      if (said.size() < rows_at_once) continue;
      if (auto found = find(table, said); !found) return found;
      said.clear();
    }
    return find(table, said);
  }

  // What cannot be read back, the look at the log has told.
  void take(LakeTable table, const Batch::View& record, std::vector<Said>& said) {
    std::optional<Said> row;
    if (table == LakeTable::Trends) {
      if (const auto trend = decode_trend(record.value))
        row = Said{identity_of(*trend), values_of(*trend), record.position, day_of(trend->window.start)};
    } else if (const auto bar = decode_judged_bar(record.value)) {
      row = Said{identity_of(*bar), values_of(*bar), record.position, day_of(bar->values.time)};
    }
    if (row && (!options_.day || row->day == *options_.day)) said.push_back(*row);
  }

  Result<void> find(LakeTable table, std::vector<Said>& said) {
    if (said.empty()) return {};
    (table == LakeTable::Trends ? verdict_.trends : verdict_.bars) += static_cast<std::int64_t>(said.size());
    std::ranges::sort(said, {}, [](const Said& row) { return std::tuple(row.day, row.identity, row.offset); });
    for (auto begin = said.begin(); begin != said.end();) {
      const LakeDay day = begin->day;
      const auto end = std::ranges::find_if(begin, said.end(), [&](const Said& row) { return row.day != day; });
      if (auto found = find_day(table, day, {begin, end}); !found) return found;
      begin = end;
    }
    return {};
  }

  // Rows of a day, in the order of their identities.
  Result<void> find_day(LakeTable table, LakeDay day, std::span<Said> said) {
    for (int attempt = 1;; ++attempt) {
      for (Said& row : said) row.found = 0, row.is_other = false;
      others_.clear();
      auto read = read_day(table, day, said);
      if (!read && (!read.error().is_retryable() || attempt == most_reads)) return std::unexpected(read.error());
      if (!read) continue;
      if (*read) tell(table, day, said);
      if (*read) tell_others(table, day, said);
      return {};
    }
  }

  // False: its trends are of other windows than the log's, as somebody has asked for.
  Result<bool> read_day(LakeTable table, LakeDay day, std::span<Said> said) {
    const auto [least, most] = std::ranges::minmax(said, {}, &Said::offset);
    const auto names = lake_.disk().list(lake_.folder_of(table, day));
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
      const auto file = parse_lake_file(table, name);
      if (!file || file->imported > 0 || file->to <= least.offset || file->from > most.offset) continue;
      if (options_.damaged.contains(lake_.path_of(table, day, name))) continue;
      if (table == LakeTable::Trends) {
        const auto size = window_size_in(lake_, day, *file);
        if (!size) return std::unexpected(size.error());
        if (*size && (!windows_ || **size != windows_->size)) {
          note_other_windows(day);
          return false;
        }
      }
      const auto prints = read_row_prints(lake_, table, day, *file);
      if (!prints) return std::unexpected(prints.error());
      const bool of_several_logs = file->from / offsets_of_a_log != (file->to - 1) / offsets_of_a_log;
      std::vector<Position> others;  // offsets of rows with other values
      for (const RowPrint& print : *prints)
        if (Said* const row = find_said(said, print.identity, *file)) {
          ++row->found;
          row->may_repeat = row->may_repeat || of_several_logs;
          row->is_other = row->values != print.values;
          if (row->is_other) others.push_back(row->offset);
        }
      if (!others.empty()) others_.push_back({*file, std::move(others)});
    }
    return true;
  }

  static Said* find_said(std::span<Said> said, RowIdentity identity, const LakeFile& file) {
    for (Said& row : std::ranges::equal_range(said, identity, {}, &Said::identity))
      if (row.offset >= file.from && row.offset < file.to) return &row;
    return nullptr;
  }

  // Rows that log and lake have with other values. Of a day that was made anew the lake is right: its bars say so.
  void tell_others(LakeTable table, LakeDay day, std::span<Said> said) {
    if (others_.empty()) return;
    const auto count = static_cast<std::size_t>(std::ranges::count_if(said, &Said::is_other));
    if (table == LakeTable::Trends && windows_) {
      const auto anew = recompute_day(lake_, day, {.windows = *windows_, .closed_through = {}, .dry_run = true});
      if (anew && anew->changed == 0 && anew->removed == 0) {
        verdict_.notes.push_back(
            fmt::format("{} trends of {} are others than the log's, and what the day's bars give: "
                        "it was made anew",
                        count, to_text(day)));
        return;
      }
    }
    const Position covered_from = options_.covered_from[static_cast<std::size_t>(table)];
    for (const Others& each : others_) {
      const std::string what =
          fmt::format("{} rows of it are not those of the log: the first at offset {} of {}", each.offsets.size(),
                      each.offsets.front(), to_string(table == LakeTable::Trends ? Topic::Trends : Topic::JudgedBars));
      if (std::ranges::min(each.offsets) >= covered_from) {
        verdict_.others.push_back({table, day, each.file, what});
        continue;
      }
      verdict_.damages.push_back(
          {fmt::format("lake/{}/dt={}/{}", to_string(table), to_text(day), each.file.name),
           what + ", which has no checksum: nobody knows which of both is right",
           table == LakeTable::Trends
               ? fmt::format("`tidemark recompute --day {}` makes the trends of the day from its bars", to_text(day))
               : std::string("look into a backup, or ask the source of these bars once more")});
    }
  }

  void note_other_windows(LakeDay day) {
    if (!noted_.insert(day).second) return;
    verdict_.notes.push_back(
        fmt::format("the trends of {} were made anew with other windows than the log's: not compared", to_text(day)));
  }

  void tell(LakeTable table, LakeDay day, std::span<Said> said) {
    std::ranges::sort(said, {}, &Said::offset);
    std::size_t doubled = 0;
    bool goes_on = false;
    for (const Said& row : said) {
      if (row.found > 1 && !row.may_repeat) ++doubled;
      if (row.found > 0) {
        goes_on = false;
        continue;
      }
      if (!goes_on) verdict_.lost.push_back({table, day, row.offset, row.offset, 0});
      LostRows& lost = verdict_.lost.back();
      lost.to = row.offset + 1;
      ++lost.rows;
      goes_on = true;
    }
    if (doubled > 0)
      verdict_.damages.push_back(
          {fmt::format("lake/{}/dt={}", to_string(table), to_text(day)),
           fmt::format("{} rows that the log has published once are there more than once", doubled),
           table == LakeTable::Trends ? fmt::format("`tidemark recompute --day {}`", to_text(day))
                                      : std::string("look which file does not belong there, and move it away")});
  }

  Log& log_;
  const Lake& lake_;
  const VerifyPublishedOptions& options_;
  struct Others {
    LakeFile file;
    std::vector<Position> offsets;
  };
  std::optional<WindowSpec> windows_;
  std::vector<Others> others_;  // of the day at hand
  PublishedVerdict verdict_;
  std::set<LakeDay> noted_;
  std::uint64_t done_ = 0;
};

}  // namespace

Result<PublishedVerdict> verify_published(Log& log, const Lake& lake, const VerifyPublishedOptions& options) {
  return PublishedLook(log, lake, options).run();
}

}  // namespace tidemark
