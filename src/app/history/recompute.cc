#include "app/history/recompute.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <set>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "app/data_dir/lake_verb.h"
#include "app/data_dir/recomputation.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/memory_limit.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/process/tell.h"
#include "core/pipeline/recompute.h"
#include "core/time/time.h"
#include "io/config/setting.h"
#include "io/lake/recompute_day.h"
#include "io/parquet/in_parallel.h"

namespace tidemark {
namespace {

using Clock = std::chrono::steady_clock;

class RecomputeVerb {
 public:
  RecomputeVerb(const RecomputeVerbOptions& options, const LakePlace& place)
      : options_(options), place_(place), lake_(place_.lake()) {}

  Result<void> run() {
    if (auto is_there = place_.expect_lake(); !is_there) return is_there;
    const auto restating = wait_for_restating(lake_, "recompute");
    if (!restating) return std::unexpected(restating.error());
    const auto recomputation = Recomputation::open(lake_, {.data = options_.data,
                                                           .windows = options_.windows,
                                                           .windows_are_said = options_.windows_are_said,
                                                           .dry_run = options_.dry_run,
                                                           .verb = "recompute"});
    if (!recomputation) return std::unexpected(recomputation.error());
    const auto days = days_to_make(recompute_reach(recomputation->windows()));
    if (!days) return std::unexpected(days.error());
    Progress progress("days", days->size());
    // Several days in parallel, or one day in parallel parts.
    const std::size_t at_once = std::min(options_.threads, days->size());
    return in_parallel(days->size(), at_once, [&](std::size_t i) -> Result<void> {
      if (stop_requested()) return {};
      const auto begin = Clock::now();
      auto made = recomputation->make((*days)[i], options_.threads / at_once);
      if (!made) return std::unexpected(made.error().while_doing(to_text((*days)[i])));
      tell(i, (*days)[i], *made, Clock::now() - begin, progress);
      return {};
    });
  }

 private:
  // Days with windows that hold a bar, by the start of the window, and days that have rows.
  Result<std::vector<LakeDay>> days_to_make(Duration reach) const {
    const auto with_bars = lake_.days(LakeTable::Bars), with_trends = lake_.days(LakeTable::Trends);
    if (!with_bars) return std::unexpected(with_bars.error());
    if (!with_trends) return std::unexpected(with_trends.error());
    std::set<LakeDay> days(with_trends->begin(), with_trends->end());
    for (const LakeDay day : *with_bars) {
      const auto first = std::chrono::floor<std::chrono::days>(EventTime{day} - reach);
      for (LakeDay begin = first; begin <= day; begin += std::chrono::days(1)) days.insert(begin);
    }
    const std::vector<LakeDay> found(days.lower_bound(options_.from), days.upper_bound(options_.to));
    if (found.empty())
      return std::unexpected(
          Error::permanent(days.empty() ? std::string("the lake is empty")
                                        : fmt::format("the lake has nothing of these days: it reaches from {} to {}",
                                                      to_text(*days.begin()), to_text(*days.rbegin()))));
    return found;
  }

  // Prints in the order of the days, whichever is ready first.
  void tell(std::size_t number, LakeDay day, const Recomputed& made, Clock::duration took, Progress& progress) {
    const std::lock_guard lock(mutex_);
    const double seconds = std::chrono::duration<double>(took).count();
    const bool has_nothing = made.bars == 0 && made.windows() == 0 && made.removed == 0;
    const std::string of_other_contract =
        made.other_contract == 0 ? std::string() : fmt::format("{} of another contract, ", made.other_contract);
    lines_[number] =
        has_nothing ? std::string()
        : options_.json
            ? fmt::format(
                  R"({{"day":"{}","bars":{},"windows":{},"new":{},"changed":{},"other_contract":{},"removed":{},)"
                  R"("unchanged":{},"dry_run":{},"seconds":{:.3f}}})",
                  to_text(day), made.bars, made.windows(), made.fresh, made.changed, made.other_contract, made.removed,
                  made.unchanged, options_.dry_run, seconds)
            : fmt::format("{}  {} bars, {} windows: {} new, {} changed, {}{} removed, {} unchanged; {:.1f} s",
                          to_text(day), made.bars, made.windows(), made.fresh, made.changed, of_other_contract,
                          made.removed, made.unchanged, seconds);
    progress.advance_to(++done_);
    for (auto line = lines_.find(told_); line != lines_.end(); line = lines_.find(++told_)) {
      if (!line->second.empty()) fmt::print("{}\n", line->second);
      lines_.erase(line);
    }
    std::fflush(stdout);
  }

  const RecomputeVerbOptions& options_;
  const LakePlace& place_;
  Lake lake_;

  std::mutex mutex_;
  std::map<std::size_t, std::string> lines_;  // lines that wait for those of earlier days
  std::size_t told_ = 0;
  std::uint64_t done_ = 0;
};

int perform(RecomputeRequest& request, const RunOptions& /*run*/, const LakePlace& place) {
  limit_memory("recompute", request.options.memory_bytes, request.options.threads);
  watch_stop_signals();
  const auto done = RecomputeVerb(request.options, place).run();
  if (done) return exit_ok;
  return fail("recompute", done.error());
}

Result<Command> parse_recompute(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  RecomputeRequest request;
  RecomputeVerbOptions& options = request.options;
  std::optional<std::chrono::sys_days> day, from, to;
  SettingFlags flags;
  verb.heading("Days");
  verb.value("day", "DATE", "", "one day: the windows that begin on this UTC date", day, read_day);
  verb.value("from", "DATE", "", "the first of several days", from, read_day);
  verb.value("to", "DATE", "", "the last of them, included", to, read_day);
  verb.heading("What is done");
  verb.toggle("dry-run", "only say what would change", [&](bool on) { options.dry_run = on; });
  verb.toggle("json", "one JSON object a day instead of lines for eyes", [&](bool on) { options.json = on; });
  verb.value("threads", "N", "2", "work on so many days, or parts of a day, at once", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  add_memory(verb, options.memory_bytes);
  flags.add_existing_data(verb);
  verb.heading("Windows, where the log does not say them or others are wanted");
  for (const auto* name : {"size", "slide"}) flags.add_to(verb, *find_setting(run_settings(), name));
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (day.has_value() == (from.has_value() || to.has_value()))
      return verb.failed("say which days: --day DATE, or --from DATE --to DATE");
    if (!day && !(from && to)) return verb.failed("--from and --to belong together");
    options.from = day ? *day : *from;
    options.to = day ? *day : *to;
    if (options.to < options.from) return verb.failed("--to lies before --from");
    request.run = flags.take();
    return Command(
        std::move(request),
        +[](RecomputeRequest& of) { return on_lake("recompute", of, LakePlace::Use::Change, perform); });
  });
}

}  // namespace

extern const VerbSpec recompute_verb{
    .name = "recompute",
    .summary = "recompute a day's trends from the lake's bars",
    .usage = "[OPTIONS] --day DATE | --from DATE --to DATE",
    .about = R"(Computes the trends of whole days again from the bars of the lake: the latest
version of each bar, in order of time, with late, corrected and imported ones. A row
that is unchanged keeps its revision, a changed one gets the next; the day is
replaced in one step, and a line tells what changed. It may run beside `tidemark
run`, and is refused for days that the log has not finished.

The windows are those of the log, unless --size and --slide are given.)",
    .examples = R"(  tidemark recompute --day 2026-11-20           after late bars or an import
  tidemark recompute --day 2026-11-20 --dry-run
                                                what would change
  tidemark recompute --from 2026-01-01 --to 2026-12-31 --json | jq -c 'select(.changed > 0)')",
    .parse = parse_recompute};

}  // namespace tidemark
