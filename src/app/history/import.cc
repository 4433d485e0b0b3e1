// The verb import: imports history from files into the lake's bars, then recomputes the trends of the days it touched.
//
//     read ─▶ judge ─▶ gather by day ─▶ sort, compare, write ─▶ show ─▶ recompute
//     in turn  at once   in turn         days at once           one step  days at once
//
// Nothing is visible before the step "show", and a kill before it leaves nothing behind (io/lake/imports.h). After it
// the import is done, and the next import finishes what a kill has left.
#include "app/history/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "app/config/run_options.h"
#include "app/data_dir/lake_place.h"
#include "app/data_dir/recomputation.h"
#include "app/history/import_account.h"
#include "app/history/import_files.h"
#include "app/history/import_input.h"
#include "app/history/import_reading.h"
#include "app/history/import_series.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/memory_limit.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/process/system_clock.h"
#include "app/process/tell.h"
#include "core/pipeline/recompute.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/disk/directory_lock.h"
#include "io/disk/posix_disk.h"
#include "io/embedded/embedded_log.h"
#include "io/lake/import_part.h"
#include "io/lake/imports.h"
#include "io/lake/lake_spacing.h"
#include "io/parquet/in_parallel.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {
namespace {

class Import {
 public:
  Import(ImportOptions options, const LakePlace& place)
      : options_(std::move(options)), place_(place), lake_(place_.lake()), imports_(lake_) {}

  Result<int> run() {
    auto files = files_of(options_.files);
    if (!files) return std::unexpected(files.error());
    options_.files = std::move(*files);
    auto input = ImportInput::open(options_, *local_);
    if (!input) return std::unexpected(input.error());
    if (auto made = make_data_directory(options_.data.string(), data_folder_mode(options_.lake_mode)); !made)
      return std::unexpected(made.error());
    if (auto claimed = place_.claim(options_.data); !claimed) return std::unexpected(claimed.error());
    if (auto opened = lake_.open(); !opened) return std::unexpected(opened.error());
    const auto restating = wait_for_restating(lake_, options_.verb);
    if (!restating) return std::unexpected(restating.error());
    const auto finished = imports_.finish_killed();
    if (!finished) return std::unexpected(finished.error());
    for (const std::int64_t number : *finished)
      tell_of(options_.verb, "import {} was killed while its files were published; it is complete now", number);
    if (auto asked = ask_log(); !asked) return std::unexpected(asked.error());
    const auto number = imports_.begin();
    if (!number) return std::unexpected(number.error());
    number_ = *number;
    auto gathered = gather(*input);
    if (!gathered || stop_requested()) give_up();
    if (!gathered) return std::unexpected(gathered.error());
    if (stop_requested()) return stopped("nothing is imported");
    if (auto committed = commit(); !committed) {
      give_up();
      return std::unexpected(committed.error());
    }
    is_whole_ = true;
    if (auto shown = imports_.show(number_); !shown) return std::unexpected(shown.error());
    tell_rejects();
    if (!options_.no_recompute)
      if (auto made = recompute(); !made)
        return std::unexpected(made.error().while_doing(
            "the import is whole, but not all its days could be recomputed (the next import, or `tidemark recompute`, "
            "makes them)"));
    tell_result();
    return stop_requested() ? stopped(
                                  "the import is whole, but not all its days are recomputed: the next import, or "
                                  "`tidemark recompute`, makes them")
                            : exit_ok;
  }

  bool is_whole() const { return is_whole_; }
  std::string account() const { return account_object(Account::Printed); }

 private:
  enum class Account : std::uint8_t { Printed, Kept };

  int stopped(std::string_view what) const {
    tell_of(options_.verb, "stopped; {}", what);
    return exit_interrupted;
  }

  // Imported bars get the position right before the end of the log's bars: after all earlier bars, before all later
  // ones.
  Result<void> ask_log() {
    std::error_code ignored;
    if (std::filesystem::exists(options_.data / "log.db", ignored)) {
      auto log = open_embedded_log({.directory = options_.data.string(), .read_only = true});
      if (!log) return std::unexpected(log.error());
      const auto end = (*log)->end(Topic::Bars);
      if (!end) return std::unexpected(end.error());
      log_end_ = *end;
    }
    auto opened = Recomputation::open(lake_, {.data = options_.data,
                                              .windows = options_.windows,
                                              .windows_are_said = options_.windows_are_said,
                                              .verb = options_.verb});
    if (!opened) return std::unexpected(opened.error());
    recomputation_.emplace(std::move(*opened));
    return {};
  }

  std::filesystem::path rejects_path() const {
    return options_.rejects.value_or(
        place_.is_local() ? fmt::format("{}/.imports/{:06}.rejects.jsonl", lake_.folder(), number_)
                          : fmt::format("{}/import-{:06}.rejects.jsonl", options_.data.string(), number_));
  }

  // Rows wait there that do not fit in memory: on a disk of this machine, which one import at a time uses.
  std::string waiting_rows() const {
    return place_.is_local() ? imports_.working_folder(number_) + "/rows" : (options_.data / "import.rows").string();
  }

  void give_up() {
    imports_.give_up(number_);
    (void)local_->remove(waiting_rows());
  }

  static std::unexpected<Error> refused(std::string why) { return std::unexpected(Error::permanent(std::move(why))); }

  // Does everything up to complete hidden files. An error if the import has to be refused.
  Result<void> gather(ImportInput& input) {
    return within_limits([&] { return gather_rows(input); });
  }

  // A row may be in memory three times: twice while its part's vector grows, and once in the buffer that is being
  // written.
  std::size_t rows_in_memory() const {
    const std::uint64_t fitting = memory_for_rows() / 4 / sizeof(ImportRow);
    return std::clamp<std::uint64_t>(fitting, 10'000, ImportRows::most_rows_in_memory);
  }

  Result<void> gather_rows(ImportInput& input) {
    begun_ = SystemClock().now();
    ImportRows rows(*local_, waiting_rows(), rows_in_memory());
    ImportSeries series(options_);
    if (auto read = ImportReading(options_, input, rows, series, rejects_path(), account_).run(); !read) return read;
    if (stop_requested()) return {};
    if (auto noted = note_lake_files(); !noted) return noted;
    if (auto judged = judge_rejects(); !judged) return judged;
    if (auto ended = rows.end(); !ended) return ended;
    if (auto written = write_parts(rows, series); !written || stop_requested()) return written;
    if (auto judged = judge_bars(rows, series); !judged) return judged;
    return local_->remove(waiting_rows());
  }

  Result<void> note_lake_files() {
    for (FileAccount& file : account_.files) {
      if (file.format != ImportFormat::Parquet) continue;
      const auto is_of_lake = is_lake_file(*local_, file.name);
      if (!is_of_lake) return std::unexpected(is_of_lake.error());
      file.is_lake_file = *is_of_lake;
    }
    return {};
  }

  Result<void> judge_rejects() const {
    const FileAccount all = account_.in_all();
    if (options_.strict && !all.rejected.empty()) {
      tell_rejects();
      return refused(fmt::format("nothing is imported, because {} of {} records are rejected (--strict): {}",
                                 all.rejected_in_all(), all.read, samples_text(account_)));
    }
    for (const FileAccount& file : account_.files)
      if (auto why = rejects_refusal(file, options_, rejects_path().string())) return refused(std::move(*why));
    return {};
  }

  Result<void> write_parts(ImportRows& rows, ImportSeries& series) {
    ImportPartOptions options{.number = number_,
                              .position = log_end_ - 1,
                              .overwrite_nulls = options_.overwrite_nulls,
                              .file_count = account_.files.size()};
    for (const FileAccount& file : account_.files) {
      options.is_foreign_table.push_back(file.is_foreign_table());
      options.is_lake_file.push_back(file.is_lake_file);
    }
    std::mutex mutex;
    std::uint64_t written = 0;
    Progress progress("bars written", rows.size());
    return in_parallel(rows.part_count(), options_.threads, [&](std::size_t i) -> Result<void> {
      if (stop_requested()) return {};
      const LakeDay day = rows.part(i).day;
      const std::size_t size = rows.part(i).size();
      ImportPartOptions own = options;
      own.path = imports_.path_of_part(number_, day, i);
      own.compare_with_lake = recomputation_->has_all_bars(day, log_end_);
      const auto held = HeldMemory::take(rows.bytes_to_take(i),
                                         fmt::format("{} bars of {}, which are sorted together,", size, to_text(day)));
      if (!held) return std::unexpected(held.error());
      const auto part = write_import_part(lake_, rows, i, own);
      if (!part) return std::unexpected(part.error());
      const std::lock_guard lock(mutex);
      take(*part, day);
      series.know(part->known);
      progress.advance_to(written += size);
      return {};
    });
  }

  void take(const ImportedPart& part, LakeDay day) {
    for (std::size_t i = 0; i < part.files.size(); ++i) {
      RowCounts& rows = account_.files[i].rows;
      rows.imported += part.files[i].imported;
      rows.superseded += part.files[i].superseded;
      rows.identical += part.files[i].identical;
      rows.poorer += part.files[i].poorer;
      rows.contradicting += part.files[i].contradicting;
    }
    if (part.contradiction && (!contradiction_ || part.contradiction->time < contradiction_->time))
      contradiction_ = part.contradiction;
    if (part.whole_day && !whole_day_) whole_day_ = part.whole_day;
    if (part.other_feed && (!other_feed_ || day < other_feed_->day)) other_feed_ = part.other_feed;
    days_read_.insert(day);
    if (!part.first) return;
    days_.insert(day);
    // A bar early in its day is also in windows that begin on the day before.
    const auto first = std::chrono::floor<std::chrono::days>(*part.first - recompute_reach(recomputation_->windows()));
    for (LakeDay each = first; each <= day; each += std::chrono::days(1)) days_to_recompute_.insert(each);
  }

  // Checks that need all bars of the import, and those of the lake.
  Result<void> judge_bars(const ImportRows& rows, ImportSeries& series) {
    if (contradiction_)
      if (auto why = contradiction_refusal(account_, *contradiction_, options_)) return refused(std::move(*why));
    const std::vector<LakeDay> days(days_read_.begin(), days_read_.end());
    if (auto known = series.know_neighbours(lake_, days, rows); !known) return known;
    if (auto why = series.refusal(account_, rows)) return refused(std::move(*why));
    if (whole_day_ && !options_.interval) return refused(whole_day_refusal(account_, *whole_day_));
    if (other_feed_) return refused(feed_refusal(account_, *other_feed_, options_, lake_.folder()));
    return {};
  }

  Result<void> commit() {
    const std::set<LakeDay> none;
    return imports_.commit(number_, account_object(Account::Kept) + '\n',
                           options_.no_recompute ? none : days_to_recompute_);
  }

  Result<void> recompute() {
    const auto pending = imports_.days_to_recompute();
    if (!pending) return std::unexpected(pending.error());
    const std::vector<LakeDay> days(pending->begin(), pending->end());
    if (days.empty()) return {};
    const std::size_t at_once = std::min(options_.threads, days.size());
    std::mutex mutex;
    std::set<LakeDay> made;
    Progress progress("days recomputed", days.size());
    auto done = in_parallel(days.size(), at_once, [&](std::size_t i) -> Result<void> {
      if (stop_requested()) return {};
      const auto recomputed = recomputation_->make(days[i], options_.threads / at_once);
      const std::lock_guard lock(mutex);
      if (recomputed) {
        made.insert(days[i]);
        windows_changed_ += recomputed->fresh + recomputed->changed + recomputed->removed;
        progress.advance_to(made.size());
        return {};
      }
      if (!recomputation_->is_open(days[i])) return std::unexpected(recomputed.error().while_doing(to_text(days[i])));
      left_.emplace(days[i], recomputed.error().message());
      return {};
    });
    days_made_ = made.size();
    auto noted = imports_.recomputed(made);
    return done ? noted : done;
  }

  void tell_rejects() const {
    const FileAccount all = account_.in_all();
    if (all.rejected.empty()) return;
    tell_of(options_.verb, "rejected: {}; they are in {}", reasons_text(all.rejected), rejects_path().string());
  }

  void tell_result() const {
    const FileAccount all = account_.in_all();
    if (all.rows.poorer > 0)
      tell_of(options_.verb,
              "{} rows only add nulls to the lake's bars (no vwap, trade_count or feed) and are left out; "
              "--overwrite-nulls imports them",
              all.rows.poorer);
    for (const auto& [day, why] : left_)
      tell_of(options_.verb, "the trends of {} are unchanged: {}", to_text(day), why);
    if (options_.json) return;
    if (options_.no_recompute && !days_to_recompute_.empty())
      fmt::print("trends: unchanged; `tidemark recompute --from {} --to {}` recomputes them\n",
                 to_text(*days_to_recompute_.begin()), to_text(*days_to_recompute_.rbegin()));
    else if (days_made_ > 0)
      fmt::print("trends: {} days recomputed, {} windows new or changed\n", days_made_, windows_changed_);
    if (!days_.empty())
      fmt::print("bars: {} days, {} to {}\n", days_.size(), to_text(*days_.begin()), to_text(*days_.rbegin()));
    if (account_.files.size() > 1 && options_.format != ImportFormat::AlpacaPage)
      for (const FileAccount& file : account_.files) fmt::print("{}: {}\n", visible(file.name), account_text(file));
    fmt::print("import {}: {}\n", number_, account_text(all));
  }

  // One JSON object, as printed with --json or as kept in the lake.
  std::string account_object(Account which) const {
    const FileAccount all = account_.in_all();
    std::string text = fmt::format(R"({{"import":{},{},"rejects":)", number_, account_members(all));
    if (all.rejected.empty())
      text += "null";
    else
      append_json_string(rejects_path().string(), text);
    text += fmt::format(R"(,"days":{},"first_day":{},"last_day":{})", days_.size(), day_text(days_.begin()),
                        day_text(days_.empty() ? days_.end() : std::prev(days_.end())));
    if (which == Account::Printed) {
      text += fmt::format(R"(,"days_made_anew":{},"days_left":[)", days_made_);
      for (const char* comma = ""; const auto& [day, why] : left_)
        text += fmt::format(R"({}"{}")", std::exchange(comma, ","), to_text(day));
      text += ']';
    } else {
      text += fmt::format(R"(,"position":{},"begun":"{}","ended":"{}")", log_end_ - 1, format_timestamp(begun_),
                          format_timestamp(SystemClock().now()));
    }
    text += R"(,"files":[)";
    for (const char* comma = ""; const FileAccount& file : account_.files) {
      text += std::exchange(comma, ",");
      append_file(file, text);
    }
    return visible(text + "]}");
  }

  static void append_file(const FileAccount& file, std::string& text) {
    text += R"({"name":)";
    append_json_string(file.name, text);
    text += fmt::format(R"(,"bytes":{},"format":"{}","interval":)", file.bytes, to_string(file.format));
    text += file.interval ? fmt::format(R"("{}")", interval_text(*file.interval)) : "null";
    text += ',' + account_members(file) + '}';
  }

  std::string day_text(std::set<LakeDay>::const_iterator day) const {
    return day == days_.end() ? "null" : fmt::format(R"("{}")", to_text(*day));
  }

  ImportOptions options_;
  const LakePlace& place_;
  std::unique_ptr<Disk> local_ = make_posix_disk(private_modes);  // for what is read, and for rows that wait
  Lake lake_;
  Imports imports_;
  Position log_end_ = 0;
  std::optional<Recomputation> recomputation_;
  std::int64_t number_ = 0;
  bool is_whole_ = false;
  EventTime begun_;
  ImportAccount account_;
  std::optional<ContradictingRows> contradiction_;
  std::optional<FeedConflict> other_feed_;
  std::optional<WholeDayBar> whole_day_;
  std::set<LakeDay> days_read_, days_, days_to_recompute_;
  std::size_t days_made_ = 0;
  std::int64_t windows_changed_ = 0;
  std::map<LakeDay, std::string> left_;  // days that the log has not finished, with the reason
};

}  // namespace

Imported import_files(const ImportOptions& options, const LakePlace& place) {
  Import import(options, place);
  auto ended = import.run();
  const bool is_told = ended && *ended != exit_failed;
  return {
      .ended = std::move(ended), .is_whole = import.is_whole(), .account = is_told ? import.account() : std::string()};
}

int import_and_tell(const ImportOptions& options, const LakePlace& place) {
  limit_memory("import", options.memory_bytes, options.threads);
  watch_stop_signals();
  const Imported done = import_files(options, place);
  if (!done.ended) {
    return fail("import", done.ended.error());
  }
  if (options.json && done.is_whole) fmt::print("{}\n", done.account);
  return *done.ended;
}

}  // namespace tidemark
