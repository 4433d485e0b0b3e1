#include "app/upkeep/watermark.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <set>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/feed_spec.h"
#include "app/config/value_text.h"
#include "app/data_dir/log_time.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/system_clock.h"
#include "app/process/tell.h"
#include "core/stream/watermark.h"
#include "core/time/duration_text.h"
#include "core/time/timestamp.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "io/disk/directory_lock.h"
#include "io/embedded/embedded_log.h"
#include "run/live_feed/feed_place.h"

namespace tidemark {
namespace {

constexpr std::string_view own_cursor = "lower-watermark";  // the cursor of the records that this verb writes
constexpr Position finals_at_once = 4'096;

// Finals whose windows end above the lowered watermark, and so may lack bars.
struct EarlyFinals {
  std::size_t count = 0;
  std::set<std::string> days;  // dates of their windows
};

std::string span(Duration duration) {
  return format_duration(floor_to(EventTime(duration), std::chrono::seconds(1)).time_since_epoch());
}

class WatermarkVerb {
 public:
  explicit WatermarkVerb(const WatermarkVerbOptions& options) : options_(options) {}

  Result<int> run() {
    auto time = LogTime::look(options_.data);
    if (!time) return std::unexpected(time.error());
    time_ = std::move(*time);
    if (!options_.lower_to && !options_.lowers_to_newest_bar) {
      options_.json ? show_json() : show();
      return exit_ok;
    }
    if (options_.lowers_to_newest_bar && !time_.newest_bar)
      return std::unexpected(
          Error::setup("the newest bar is not known: none has come since an older program judged this log; give a time "
                       "(--lower-to TIME)"));
    const EventTime to = options_.lower_to ? *options_.lower_to : *time_.newest_bar - time_.windows.delay;
    if (!time_.watermark || *time_.watermark <= to) {
      fmt::print("nothing to lower: the watermark is {}\n", text_of(time_.watermark));
      return exit_ok;
    }
    return lower(to);
  }

 private:
  Result<int> lower(EventTime to) {
    if (const auto owner = directory_owner(options_.data)) {
      tell_of("watermark",
              "process {} works on {}; end it (Ctrl-C, or kill {}), lower the watermark, then start it again", *owner,
              options_.data.string(), *owner);
      return exit_in_use;
    }
    auto log = open_embedded_log({.directory = options_.data.string()});
    if (!log) return std::unexpected(log.error());
    const auto early = find_early_finals(**log, to);
    if (!early) return std::unexpected(early.error());
    // First the cursors: a kill in between has the feed fetch too much, which is harmless, and the verb can be repeated.
    for (const std::string& name : names_of_live_cursors())
      if (auto moved = move_cursor(**log, name, to); !moved) return std::unexpected(moved.error());
    const Record record = lower_watermark_record(to, SystemClock().now());
    if (auto written = (*log)->append({&record, 1}, own_cursor, format_timestamp(to)); !written)
      return std::unexpected(written.error());
    options_.json ? tell_lowered_json(to, *early) : tell_lowered(to, *early);
    return exit_ok;
  }

  // The feed had claimed completeness up to a time that had not come yet. It starts again where windows reopen.
  Result<void> move_cursor(Log& log, const std::string& name, EventTime to) {
    const auto cursor = log.cursor(name);
    if (!cursor) return std::unexpected(cursor.error());
    const std::string_view source = std::string_view(name).substr(0, name.find('/'));  // "alpaca" of "alpaca/iex"
    const auto place = *cursor ? FeedPlace::read(**cursor, source) : std::nullopt;
    if (!place) return {};
    return log.append({}, name, place->lowered(to, time_.windows).write(source));
  }

  // Finals are written in the order of their windows' ends, so those of a jump are together at the end of the topic.
  static Result<EarlyFinals> find_early_finals(Log& log, EventTime to) {
    EarlyFinals early;
    const auto begin = log.begin(Topic::Trends), end = log.end(Topic::Trends);
    if (!begin || !end) return std::unexpected((begin ? end : begin).error());
    for (Position last = *end; last > *begin;) {
      const Position first = std::max(*begin, last - finals_at_once);
      const auto batch = log.poll(Topic::Trends, first, static_cast<std::size_t>(last - first));
      if (!batch) return std::unexpected(batch.error());
      const std::size_t before = early.count;
      for (std::size_t i = 0; i < batch->size(); ++i) {
        const auto trend = decode_trend((*batch)[i].value);
        if (!trend || trend->window.end <= to) continue;
        ++early.count;
        early.days.insert(format_date(trend->window.start));
      }
      if (early.count == before) break;
      last = first;
    }
    return early;
  }

  static std::string text_of(const std::optional<EventTime>& time) {
    return time ? format_timestamp(*time) : "none yet";
  }

  // ", 2h58m0s ahead of the newest bar"
  static std::string ahead_text(EventTime time, std::optional<EventTime> of, std::string_view what) {
    if (!of || time <= *of) return "";
    return fmt::format(", {} ahead of {}", span(time - *of), what);
  }

  void show() const {
    std::string ahead;
    if (time_.watermark) {
      ahead = ahead_text(*time_.watermark, time_.newest_bar, "the newest bar");
      if (time_.follows_the_world) ahead += ahead_text(*time_.watermark, SystemClock().now(), "this machine's clock");
    }
    fmt::print("watermark          {}{}\n", text_of(time_.watermark), ahead);
    fmt::print("newest bar         {}\n", text_of(time_.newest_bar));
    fmt::print("largest heartbeat  {}\n", text_of(time_.largest_heartbeat));
    if (!time_.jump) return;
    fmt::print("jumped             from {} to {} at offset {} of {}; {} bars came late behind it\n",
               format_timestamp(time_.jump->from), format_timestamp(time_.jump->to), time_.jump->position,
               time_.jump->source, time_.jump->late);
    fmt::print("to heal it         tidemark watermark --data {} --lower-to {}\n", options_.data.string(),
               format_timestamp(time_.jump->from));
  }

  static void append_time(std::string_view name, const std::optional<EventTime>& time, std::string& out) {
    out += fmt::format(R"({}"{}":)", out.ends_with('{') ? "" : ",", name);
    out += time ? '"' + format_timestamp(*time) + '"' : "null";
  }

  void show_json() const {
    std::string out = "{";
    append_time("watermark", time_.watermark, out);
    append_time("newest_bar", time_.newest_bar, out);
    append_time("largest_heartbeat", time_.largest_heartbeat, out);
    if (time_.jump) {
      out += R"(,"jump":{)";
      append_time("from", time_.jump->from, out);
      append_time("to", time_.jump->to, out);
      out += fmt::format(R"(,"position":{},"late":{}}})", time_.jump->position, time_.jump->late);
    } else {
      out += R"(,"jump":null)";
    }
    fmt::print("{}}}\n", out);
  }

  void tell_lowered(EventTime to, const EarlyFinals& early) const {
    fmt::print("the watermark is lowered from {} to {}; `tidemark run` goes on from there\n", text_of(time_.watermark),
               format_timestamp(to));
    if (early.count == 0) return;
    fmt::print("{} finals of windows that end later stay as they are; once their day is over, this heals them:\n",
               early.count);
    for (const std::string& day : early.days)
      fmt::print("  tidemark recompute --data {} --day {}\n", options_.data.string(), day);
  }

  void tell_lowered_json(EventTime to, const EarlyFinals& early) const {
    std::string out = "{";
    append_time("lowered_from", time_.watermark, out);
    append_time("lowered_to", to, out);
    out += fmt::format(R"(,"early_finals":{},"recompute":[)", early.count);
    for (const std::string& day : early.days) out += fmt::format(R"({}"{}")", out.ends_with('[') ? "" : ",", day);
    fmt::print("{}]}}\n", out);
  }

  const WatermarkVerbOptions& options_;
  LogTime time_;
};

int perform(const WatermarkVerbOptions& options) {
  WatermarkVerb verb(options);
  const auto done = verb.run();
  std::fflush(stdout);
  if (done) return *done;
  return fail("watermark", done.error());
}

int perform(WatermarkRequest& request) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  return perform(request.options);
}

// Accepts newest-bar, or a time in the form and years of the contract.
Meaning<std::string> read_lower_to(std::string_view text) {
  if (text == "newest-bar") return std::string(text);
  if (const auto time = parse_timestamp(text); time && can_lower_to(*time)) return std::string(text);
  return std::unexpected(std::string("newest-bar, or a time like 2026-11-22T14:30:00Z"));
}

Result<Command> parse_watermark(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  WatermarkRequest request;
  WatermarkVerbOptions& options = request.options;
  SettingFlags flags;
  std::optional<std::string> lower_to;
  verb.heading("What is done");
  verb.value("lower-to", "newest-bar|TIME", "",
             "lower the watermark, as far as the newest bar by itself would have it or to this time (UTC)", lower_to,
             read_lower_to);
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  flags.add_existing_data(verb);
  return parse_words(verb, words, [&]() -> Result<Command> {
    options.lowers_to_newest_bar = lower_to == "newest-bar";
    if (lower_to && !options.lowers_to_newest_bar) options.lower_to = parse_timestamp(*lower_to);
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec watermark_verb{
    .name = "watermark",
    .summary = "how far event time has come, and its lowering where it was wrong",
    .usage = "[OPTIONS]",
    .about = R"(Says of a data directory its watermark, its newest bar, its largest heartbeat, and
which record moved the watermark so far that bars behind it came late. A watermark
that a wrong clock or a bar of the future has moved ahead makes every bar late until
time has come there. --lower-to moves it back by a record in the log, while no
process works on the directory. Windows open again where no final was given; a feed
of Alpaca's fetches their bars again. Finals that came too early stay until their
day is recomputed.)",
    .examples = R"(  tidemark watermark
  tidemark watermark --lower-to newest-bar
  tidemark watermark --lower-to 2026-11-22T14:30:00Z --data /var/lib/tidemark)",
    .parse = parse_watermark};

}  // namespace tidemark
