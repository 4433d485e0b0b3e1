#include "app/history/compact.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "app/data_dir/lake_verb.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/memory_limit.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/process/system_clock.h"
#include "io/embedded/embedded_log.h"
#include "io/lake/lake_compactor.h"
#include "io/lake/lake_rewriter.h"
#include "run/interfaces/readers.h"

namespace tidemark {
namespace {

constexpr std::size_t least_files = 2;

// Without a log, no process publishes anything again.
Result<Published> published_in(const std::filesystem::path& data) {
  std::error_code ignored;
  if (!std::filesystem::exists(data / "log.db", ignored))
    return Published{std::numeric_limits<Position>::max(), std::numeric_limits<Position>::max()};
  auto log = open_embedded_log({.directory = data.string(), .read_only = true});
  if (!log) return std::unexpected(log.error());
  const auto store = (*log)->restore(lake_reader);
  if (!store) return std::unexpected(store.error());
  return Published{store->position(Topic::Trends), store->position(Topic::JudgedBars)};
}

void print(const DayOfTable& day, const Compacted& done, const CompactVerbOptions& options) {
  const std::string date = to_text(day.day);
  if (options.json)
    fmt::print(R"({{"table":"{}","day":"{}","files":{},"rows":{},"bytes_before":{},"bytes_after":{}}})"
               "\n",
               day.table, date, done.files, done.rows, done.bytes_before, done.bytes_after);
  else
    fmt::print("{}  {}: {} files {} {} rows, {:.1f} → {:.1f} MB\n", date, day.table, done.files,
               options.rewrite ? "were written anew," : "became one of", done.rows,
               static_cast<double>(done.bytes_before) / 1e6, static_cast<double>(done.bytes_after) / 1e6);
  std::fflush(stdout);
}

// Does each of the days that are due, until a signal comes.
template <typename Work>
Result<void> work_through(const CompactVerbOptions& options, Result<std::vector<DayOfTable>> due, Work work) {
  if (!due) return std::unexpected(due.error());
  if (options.day) std::erase_if(*due, [&](const DayOfTable& each) { return each.day != *options.day; });
  Progress progress("days", due->size());
  std::uint64_t done_days = 0;
  for (const DayOfTable& day : *due) {
    if (stop_requested()) return {};
    const Result<Compacted> done = work(day);
    if (!done) return std::unexpected(done.error());
    if (done->files > 0) print(day, *done, options);
    progress.advance_to(++done_days);
  }
  return {};
}

Result<void> compact(const CompactVerbOptions& options, const LakePlace& place) {
  const Lake lake = place.lake();
  if (auto is_there = place.expect_lake(); !is_there) return is_there;
  const auto published = published_in(options.data);
  if (!published) return std::unexpected(published.error());
  if (options.rewrite) {
    const LakeRewriter rewriter(lake);
    return work_through(options, rewriter.due(*published),
                        [&](const DayOfTable& day) { return rewriter.rewrite(day, *published); });
  }
  const auto compactor = make_lake_compactor(lake);
  const auto today = std::chrono::floor<std::chrono::days>(SystemClock().now());
  return work_through(options, compactor->due(today, *published, least_files),
                      [&](const DayOfTable& day) { return compactor->compact(day, *published); });
}

int perform(CompactRequest& request, const RunOptions& /*run*/, const LakePlace& place) {
  limit_memory("compact", request.options.memory_bytes, 1);
  watch_stop_signals();
  const auto done = compact(request.options, place);
  if (done) return exit_ok;
  return fail("compact", done.error());
}

Result<Command> parse_compact(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  CompactRequest request;
  CompactVerbOptions& options = request.options;
  SettingFlags flags;
  verb.heading("What is done");
  verb.value("day", "DATE", "", "only this day (UTC); every one that is over if not set", options.day, read_day);
  verb.toggle("rewrite", "write files of another codec anew in lake-codec, instead of merging; today's, too",
              [&](bool on) { options.rewrite = on; });
  verb.toggle("json", "one JSON object a day instead of lines for eyes", [&](bool on) { options.json = on; });
  add_memory(verb, options.memory_bytes);
  flags.add_existing_data(verb);
  flags.add_to(verb, *find_setting(run_settings(), "lake-codec"));
  return parse_words(verb, words, [&]() -> Result<Command> {
    request.run = flags.take();
    return Command(
        std::move(request),
        +[](CompactRequest& of) { return on_lake("compact", of, LakePlace::Use::Change, perform); });
  });
}

}  // namespace

extern const VerbSpec compact_verb{
    .name = "compact",
    .summary = "the many files of a day become one",
    .usage = "[OPTIONS]",
    .about = R"(Merges the files of days that are over, sorted by symbol and time. `tidemark run`
does so by itself an hour after a day's end (compact-after); this does it now,
beside a run or without one. Rows stay the same; a day becomes another in one step.
What a run may still publish again is left alone.

--rewrite moves a lake to another codec: each file that is packed otherwise than
`lake-codec` says is written anew, those of imports, too. It can be interrupted and
killed at any moment, and goes on where it was; meanwhile the lake has files of
both codecs.)",
    .examples = R"(  tidemark compact
  tidemark compact --day 2026-11-20
  tidemark compact --rewrite --lake-codec snappy        for readers as old as Hive 2.3)",
    .parse = parse_compact};

}  // namespace tidemark
