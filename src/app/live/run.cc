#include "app/live/run.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <mutex>

#include "app/data_dir/data_directory.h"
#include "app/data_dir/data_watch.h"
#include "app/data_dir/lake_place.h"
#include "app/dead_letters/redriving.h"
#include "app/live/compaction.h"
#include "app/live/console.h"
#include "app/live/feeds.h"
#include "app/live/gauges.h"
#include "app/live/hive_registration.h"
#include "app/live/left_out_journal.h"
#include "app/live/page_history.h"
#include "app/live/page_server.h"
#include "app/live/store_report.h"
#include "app/live/symbol_control.h"
#include "app/process/agent.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/first_failure.h"
#include "app/process/main_thread_queue.h"
#include "app/process/revision.h"
#include "app/process/signals.h"
#include "app/process/system_clock.h"
#include "app/process/systemd.h"
#include "app/process/watchdog.h"
#include "core/time/time.h"
#include "core/wire/decode.h"
#include "io/disk/directory_lock.h"
#include "io/embedded/embedded_log.h"
#include "io/lake/lake_end.h"
#include "io/lake/lake_of_log.h"
#include "io/lake/lake_past.h"
#include "io/lake/parquet_store.h"
#include "io/observe/journal.h"
#include "io/observe/metrics.h"
#include "io/serve/server.h"
#include "run/interfaces/readers.h"
#include "run/page/dead_letter_list.h"
#include "run/roles/analyze_role.h"
#include "run/roles/ingest_role.h"
#include "run/roles/retention_role.h"

namespace tidemark {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t most_letter_bytes = 1'024 * 1'024;  // of the dead letters that are shown
constexpr auto time_to_finish = seconds(2);               // for bars not yet judged when the stop is requested
constexpr auto time_to_be_seen = seconds(3);              // how long the reason of an unrequested end is shown
constexpr auto progress_interval = seconds(5);

LeftOutJournal::Cures cures(const RunOptions& options) {
  LeftOutJournal::Cures cures;
  if (options.feed->reads_files && !options.sort.sort)
    cures.of_late =
        "--sort replays files in order of time; --data DIR replays what is older than this directory; tidemark "
        "recompute "
        "adds the late bars to past days";
  return cures;
}

class Run {
 public:
  explicit Run(const RunOptions& options)
      : options_(options), journal_(open_journal({.level = options.log_level, .format = options.log_format})) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  // Pending tasks belong to connections of the server, so the server stops first.
  ~Run() {
    if (page_.is_open()) page_.server().stop();
    main_thread_.close();
  }

  int main() {
    watch_stop_signals();
    ignore_broken_pipes();
    if (auto opened = open(); !opened) return refuse(as_the_world(opened.error()));
    start();
    if (auto added = history_.add_older(*log_, page_.server()); !added) give_up("page", added.error());
    wait();
    return finish();
  }

 private:
  Result<void> open() {
    if (auto opened = open_log(); !opened) return opened;
    const auto symbols = symbols_.open();
    if (!symbols) return std::unexpected(symbols.error());
    if (auto opened = open_page(); !opened) return opened;
    auto store = open_parquet_store(
        {.directory = place_.folder(), .compression = options_.lake_codec, .syncs_at_once = place_.syncs_at_once()},
        place_.disk());
    if (!store) return std::unexpected(store.error());
    store_ = std::move(*store);
    if (auto fits = check_feed_is_of_log(options_, *log_); !fits) return fits;
    auto feed = make_feed(options_, *symbols, {.clock = clock_, .journal = *journal_, .metrics = metrics_});
    if (!feed) return std::unexpected(feed.error());
    feed_ = std::move(*feed);
    ingest_.emplace(*feed_, *log_, clock_, wake_analyze_, options_.max_ahead);
    LiveSink* live = &page_.server();
    if (options_.console)
      live =
          &console_.emplace(ConsoleOptions{.format = *options_.console, .updates = options_.updates}, *journal_, live);
    analyze_.emplace(AnalyzeOptions{.windows = options_.windows}, *log_, wake_store_, live);
    keep_.emplace(*log_, watched_store_.emplace(*store_, watch_), clock_,
                  StoreRoleOptions{.longest_wait = options_.store_every});
    retain_.emplace(*log_, clock_, *journal_, options_.retention);
    if (options_.compact_after)
      compaction_.emplace(place_.lake(), *options_.compact_after, options_.retry_delay, *log_, clock_, *journal_,
                          metrics_);
    if (options_.hive)
      registration_.emplace(options_, place_, clock_, *journal_, metrics_,
                            [this](const std::optional<std::string>& reason) {
                              page_.server().set_lagging("hive", reason.value_or(""));
                            });
    if (auto opened = analyze_->open(); !opened) return opened;
    if (auto opened = keep_->open(); !opened) return opened;
    return ingest_->open();
  }

  Result<void> open_log() {
    const Lake lake = place_.lake();
    if (auto made = make_data_directory(options_.data.string(), data_folder_mode(options_.lake_mode)); !made)
      return made;
    if (auto claimed = place_.claim(options_.data); !claimed) return claimed;
    // A day whose exchange a killed process left unfinished would be missing in what the lake is asked next.
    if (auto finished = lake.finish_left_behind(); !finished) return finished;
    EmbeddedLogOptions log_options{
        .directory = options_.data.string(), .journal = journal_.get(), .check_file = &check_log_file_};
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(options_.data / "log.db", ignored);
    log_options.first_offset = [&]() -> Result<Position> {
      auto first = first_free_offset(lake);
      if (first && *first > 0 && is_there) return std::unexpected(log_without_tables());
      if (first && *first > 0)
        journal_->warning("log.new_behind_lake", {{"lake", lake.folder()}, {"first_offset", std::to_string(*first)}});
      return first;
    };
    auto log = open_embedded_log(log_options);
    if (!log) return std::unexpected(log.error());
    log_ = std::move(*log);
    return check_lake_is_of_log(lake, *log_, options_.data.string());
  }

  // Such a file is left by a -wal that was cut before its first commit, and by a start that was killed at its
  // beginning. The two cannot be told apart, and a new log would publish again what the lost one has published.
  Error log_without_tables() const {
    return Error::setup(
        fmt::format("{0}/log.db has no tables, though {0}/lake has rows: what stood in it, or in its -wal, is lost; "
                    "keep a copy of it "
                    "and of its -wal, then restore both from a backup, or move both away: a new log begins behind what "
                    "the lake holds",
                    options_.data.string()));
  }

  Result<void> open_page() {
    redriving_.emplace(*log_, clock_, wake_analyze_, *journal_);
    board_.emplace(BoardOptions{.epoch = random_epoch()}, RunStatus(TIDEMARK_VERSION, clock_.now()));
    auto opened =
        page_.open({.port = options_.port, .control_directory = options_.data.string()},
                   {.board = *board_,
                    .clock = clock_,
                    .journal = *journal_,
                    .metrics = metrics_,
                    .feed = [this] { return feed_status(); },
                    .letters = [this](std::size_t limit) { return newest_letters(*log_, limit, most_letter_bytes); },
                    .replays = {.past = &past_, .windows = options_.windows, .version = TIDEMARK_VERSION},
                    .endpoints = {symbols_.act(), redriving_->act()}});
    if (!opened) return opened;
    if (auto restored = history_.restore(*log_, *board_); !restored) return restored;
    page_.server().start();
    return {};
  }

  // Called on the server's thread, also before there is a feed.
  FeedStatus feed_status() {
    const std::lock_guard lock(feed_mutex_);
    if (!running_) return {.name = std::string(options_.feed->name), .detail = "starting"};
    FeedStatus status = feed_->status();
    if (symbols_.is_chosen()) status.detail += ", chosen at run time";
    return status;
  }

  void start() {
    metrics_
        .gauge("tidemark_build_info", "Always 1; the labels say which program this is.",
               {{"version", TIDEMARK_VERSION}, {"revision", revision}})
        .set(1);
    for (std::size_t i = 0; i < reason_count; ++i)
      rejected_[i] = &metrics_.counter("tidemark_rejected_total", "Records rejected since the start, by reason.",
                                       {{"reason", std::string(to_string(static_cast<Reason>(i)))}});
    gauges_.emplace(metrics_, *log_, options_.data);
    gauges_->look();
    const auto agent = [this](const std::string& name, Duration idle, WakeSignal& wake, Agent::Work work) {
      return std::make_unique<Agent>(
          AgentOptions{
              .name = name, .idle = idle, .retry_delay = options_.retry_delay, .max_retries = options_.max_retries},
          wake, *journal_, metrics_, std::move(work),
          AgentWatch{.retries = [this, name](const Error& error) { page_.server().set_failing(name, error.message()); },
                     .recovered = [this, name] { page_.server().set_working(name); },
                     .gave_up = [this, name](const Error& error) { give_up(name, error); }});
    };
    // Nothing wakes ingest, so it polls. The others are woken; their idle times are only a safety net.
    ingesting_ = agent("ingest", milliseconds(2), wake_ingest_, [this] { return ingest(); });
    analyzing_ = agent("analyze", milliseconds(500), wake_analyze_, [this] { return judge(); });
    storing_ = agent("store", milliseconds(500), wake_store_, [this] { return publish(); });
    retaining_ = agent("retain", seconds(1), wake_retain_, [this] { return trim_log(); });
    {
      const std::lock_guard lock(feed_mutex_);
      running_ = true;
    }
    watch_.begin({.unready = [this](const std::string& reason) { page_.server().set_failing("directory", reason); },
                  .ready = [this] { page_.server().set_working("directory"); },
                  .check_log = check_log_file_});
    symbols_.attach(feed_->symbols());
    for (const auto* const each : {&ingesting_, &analyzing_, &storing_, &retaining_}) (*each)->start();
    if (compaction_) compaction_->start();
    if (registration_) registration_->start();
    redriving_->start();
    page_.server().set_ready();
    tell_systemd(fmt::format("READY=1\nSTATUS={}", page_.server().url()));
    journal_->info("run.started", {{"page", page_.server().url()},
                                   {"feed", std::string(options_.feed->name)},
                                   {"data", options_.data.string()},
                                   {"lake", place_.text()}});
  }

  Result<std::size_t> ingest() {
    is_all_kept_ = false;
    const auto kept = ingest_->do_work();
    is_all_kept_ = kept && *kept == 0;
    return kept;
  }

  Result<std::size_t> judge() {
    const auto judged = analyze_->do_work();
    left_out_.note(analyze_->take_left_out(), std::chrono::steady_clock::now());
    for (std::size_t i = 0; i < reason_count; ++i) rejected_[i]->set(static_cast<double>(analyze_->rejected()[i]));
    return judged;
  }

  Result<std::size_t> publish() {
    const bool is_last = all_judged_;
    const auto published = is_last ? keep_->flush() : keep_->do_work();
    if (published && *published == 0) all_published_ = is_last;
    if (!published || *published == 0) return published;
    stored_.note(keep_->take_counts());
    published_at_.set(static_cast<double>(nanos_since_epoch(clock_.now())) / 1e9);
    if (registration_) registration_->notify();
    return published;
  }

  Result<std::size_t> trim_log() {
    const auto trimmed = retain_->do_work();
    if (!trimmed) return trimmed;
    trimmed_.add(static_cast<double>(*trimmed));
    log_bytes_.set(static_cast<double>(retain_->log_bytes()));
    too_large_.set(retain_->is_too_large() ? 1 : 0);
    return trimmed;
  }

  void wait() {
    auto last_report = std::chrono::steady_clock::now();
    Position last_end = end_of_bars();
    while (!stop_requested() && !failed()) {
      std::array waits{pollfd{stop_descriptor(), POLLIN, 0}, pollfd{main_thread_.descriptor(), POLLIN, 0}};
      ::poll(waits.data(), waits.size(), 50);
      main_thread_.do_all();
      page_.look_at_tokens();
      look_at_directory();
      gauges_->look();
      watchdog_.look(
          std::min({ingesting_->last_turn(), analyzing_->last_turn(), storing_->last_turn(), retaining_->last_turn()}));
      if (options_.exit_at_end && all_done()) return;
      const auto now = std::chrono::steady_clock::now();
      if (now - last_report < progress_interval) continue;
      report_progress(last_end, now - last_report);
      last_report = now;
    }
  }

  void look_at_directory() {
    if (const auto trouble = watch_.look()) {
      lake_is_in_place_ = trouble->then == DirectoryTrouble::Then::Publish;
      give_up("directory", Error::permanent(trouble->sentence));
    }
  }

  // Journals the progress now and then while many records are processed.
  void report_progress(Position& last_end, std::chrono::nanoseconds since) {
    constexpr double worth_telling = 2'000;  // records a second
    const Position end = end_of_bars();
    const double rate =
        static_cast<double>(end - std::exchange(last_end, end)) / std::chrono::duration<double>(since).count();
    if (rate < worth_telling) return;
    journal_->info("run.progress", {{"records", std::to_string(end % offsets_of_a_log)},
                                    {"records_per_second", fmt::format("{:.0f}", rate)}});
  }

  Position end_of_bars() { return log_->end(Topic::Bars).value_or(0); }

  // True once the feed has ended and its records are stored, judged and published. The agents do that, and retry as
  // long as it takes.
  bool all_done() {
    if (all_judged_ || feed_->status().state != FeedState::Ended || !is_all_kept_) return all_published_;
    const auto bars = log_->restore(analyze_reader);
    if (!bars && !bars.error().is_retryable()) give_up("log", bars.error());
    if (!bars || bars->position(Topic::Bars) != end_of_bars()) return false;
    all_judged_ = true;
    wake_store_.notify();
    return false;
  }

  int finish() {
    journal_->info("run.ending");
    tell_systemd("STOPPING=1");
    if (!failed()) page_.server().set_unready("ending");  // after a failure the reason stays
    main_thread_.do_all();
    main_thread_.close();
    retaining_->stop();
    redriving_->stop();
    ingesting_->stop();
    analyzing_->stop();
    storing_->stop();
    if (compaction_) compaction_->stop();
    // If the input broke off, or the log is gone, earlier rows are still published.
    const bool may_publish = !failed() || failure_.where() == "ingest" || lake_is_in_place_;
    Result<void> done = may_publish ? publish_all() : Result<void>{};
    if (registration_) registration_->finish();
    left_out_.note(analyze_->take_left_out(), std::chrono::steady_clock::now());
    left_out_.finish();
    if (console_) console_->finish();
    tell_if_ended(feed_->status(), *journal_);
    if (failure_.where() == "directory") let_the_reason_be_seen();
    page_.server().stop();
    if (failed()) return refuse(failure_.error());
    if (!done) return refuse(done.error());
    journal_->info("run.ended", {{"records", std::to_string(end_of_bars() % offsets_of_a_log)}});
    return exit_ok;
  }

  // Gives clients that poll /readyz time to see the reason before the server stops.
  static void let_the_reason_be_seen() {
    const auto until = std::chrono::steady_clock::now() + time_to_be_seen;
    pollfd stop{stop_descriptor(), POLLIN, 0};
    while (!stop_requested() && std::chrono::steady_clock::now() < until) ::poll(&stop, 1, 50);
  }

  // Stores the records that have been read, judges them as far as that is quick, and publishes final rows. The rest is
  // in the log, and the next start continues with it.
  Result<void> publish_all() {
    if (!failed())
      if (const auto kept = ingest_->flush(); !kept) return std::unexpected(kept.error());
    const auto deadline = std::chrono::steady_clock::now() + time_to_finish;
    for (std::size_t worked = 1; worked != 0 && std::chrono::steady_clock::now() < deadline;) {
      const auto judged = analyze_->do_work();
      if (!judged) return std::unexpected(judged.error());
      worked = *judged;
    }
    for (std::size_t worked = 1; worked != 0;) {
      const auto stored = keep_->flush();
      if (!stored) return std::unexpected(stored.error());
      stored_.note(keep_->take_counts());
      worked = *stored;
    }
    return {};
  }

  void give_up(const std::string& agent, const Error& error) {
    page_.server().set_unready(error.message());
    failure_.note(agent, error);
  }
  bool failed() const { return failure_.is_there(); }

  // A failure because of a full disk is no wrong setting, so a service manager may restart the run.
  Error as_the_world(const Error& error) const {
    const bool is_full = has_no_room(options_.data) || has_no_room(lake_folder(options_.data));
    return is_full && error.is_setup() ? Error::permanent(error.message()) : error;
  }

  static int refuse(const Error& error) { return fail("run", error); }

  const RunOptions& options_;
  SystemClock clock_;
  std::unique_ptr<Journal> journal_;
  Metrics metrics_;
  MainThreadQueue main_thread_;
  SymbolControl symbols_{options_, main_thread_, *journal_};
  Counter& trimmed_ = metrics_.counter("tidemark_log_trimmed_records_total", "Records that the log has forgotten.");
  Gauge& log_bytes_ = metrics_.gauge("tidemark_log_bytes", "What the log holds; room that is free again not counted.");
  Gauge& too_large_ =
      metrics_.gauge("tidemark_log_too_large", "1 while the log exceeds keep-log-size and a reader needs all of it.");
  Gauge& published_at_ = metrics_.gauge("tidemark_published_timestamp_seconds",
                                        "When rows last went to the lake, as Unix time; 0: not since the start.");
  std::array<Counter*, reason_count> rejected_{};
  std::optional<Gauges> gauges_;
  Watchdog watchdog_;
  WakeSignal wake_ingest_, wake_analyze_, wake_store_, wake_retain_;

  LakePlace place_{options_};
  LakePast past_{place_.disk(), place_.folder()};
  std::unique_ptr<Log> log_;
  std::function<Result<void>()> check_log_file_;
  std::optional<Board> board_;
  std::optional<Redriving> redriving_;  // outlives the server, whose clients use it
  PageServer page_{options_, clock_, *journal_};
  std::optional<Console> console_;
  PageHistory history_;
  std::unique_ptr<Store> store_;
  DataWatch watch_{options_.data.string(), place_, *journal_};
  std::optional<WatchedStore> watched_store_;
  bool lake_is_in_place_ = false;  // although the data directory ended the run
  std::unique_ptr<Feed> feed_;
  std::mutex feed_mutex_;
  bool running_ = false;

  std::optional<IngestRole> ingest_;
  std::optional<AnalyzeRole> analyze_;
  LeftOutJournal left_out_{*journal_, cures(options_)};
  std::optional<StoreRole> keep_;
  StoreReport stored_{*journal_, metrics_};
  std::optional<Compaction> compaction_;
  std::optional<HiveRegistration> registration_;
  std::optional<RetentionRole> retain_;
  std::unique_ptr<Agent> ingesting_, analyzing_, storing_, retaining_;

  std::atomic<bool> is_all_kept_ = false;                         // all records of the feed are in the log
  std::atomic<bool> all_judged_ = false, all_published_ = false;  // of a feed that has ended

  FirstFailure failure_;
};

}  // namespace

int run_in_one_process(const RunOptions& options) { return Run(options).main(); }

}  // namespace tidemark
