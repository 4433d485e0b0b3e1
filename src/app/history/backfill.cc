#include "app/history/backfill.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "app/config/value_text.h"
#include "app/data_dir/lake_verb.h"
#include "app/history/backfill_fetch.h"
#include "app/history/backfill_plan.h"
#include "app/history/backfill_series.h"
#include "app/history/backfill_spool.h"
#include "app/history/import.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/memory_limit.h"
#include "app/process/signals.h"
#include "app/process/tell.h"
#include "core/wire/encode.h"
#include "io/alpaca/account.h"
#include "io/config/setting.h"
#include "io/disk/directory_lock.h"
#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

Result<void> check(const BackfillOptions& options, const LakePlace& place) {
  if (options.symbols.empty())
    return std::unexpected(Error::setup("say whose bars: --symbols AAPL,MSFT, or the setting symbols"));
  const AlpacaAccount& account = options.account;
  if (account.feed == AlpacaFeed::Test)
    return std::unexpected(Error::setup("the feed test has no history; choose --feed iex, sip or crypto"));
  if (account.key.empty() || account.secret.empty())
    return std::unexpected(Error::setup(
        fmt::format("alpaca-api-{} is missing: set ALPACA_API_KEY and ALPACA_API_SECRET in the environment or in .env "
                    "(app.alpaca.markets gives them)",
                    account.key.empty() ? "key" : "secret")));
  if (account.feed == AlpacaFeed::Crypto && options.adjustment != "raw")
    return std::unexpected(Error::setup("--adjustment: crypto has no splits and dividends; only raw"));
  return check_one_series(options, place);
}

class Backfill {
 public:
  Backfill(const BackfillOptions& options, const LakePlace& place)
      : options_(options), place_(place), plan_(plan_backfill(options)) {}

  Result<int> run() {
    if (auto right = check(options_, place_); !right) return std::unexpected(right.error());
    auto history = open_history(options_.account);
    if (!history) return std::unexpected(history.error());
    if (auto made = make_data_directory(options_.data.string(), data_folder_mode(options_.lake_mode)); !made)
      return std::unexpected(made.error());
    auto spool = BackfillSpool::open(*disk_, options_.data, plan_);
    if (!spool) return std::unexpected(spool.error());
    if (spool->kept() > 0) tell_of("backfill", "continues behind page {}, with {} bars", spool->kept(), spool->bars());
    if (const auto budget = spool->budget()) (*history)->remember(*budget);
    BackfillFetch fetch(*spool, **history);
    auto fetched = fetch.run();
    if (!fetched) {
      if (spool->pages().empty() && fetched.error().is_setup()) {
        [[maybe_unused]] const auto removed = spool->remove();  // if this fails, an empty folder stays
      }
      return std::unexpected(spool->pages().empty() ? fetched.error()
                                                    : Error(fetched.error()).while_doing(kept_text(*spool)));
    }
    if (stop_requested()) return stopped(kept_text(*spool));
    CallBudget calls = (*history)->budget();
    calls.failed += fetch.useless_calls();
    return import(*spool, calls);
  }

 private:
  std::string kept_text(const BackfillSpool& spool) const {
    return fmt::format("{} pages with {} bars are kept, and the same command continues behind them",
                       spool.pages().size(), spool.bars());
  }

  int stopped(std::string_view what) const {
    tell_of("backfill", "stopped; {}", what);
    return exit_interrupted;
  }

  Result<int> import(BackfillSpool& spool, const CallBudget& calls) const {
    ImportOptions options;
    options.lake_mode = options_.lake_mode;
    for (const auto& page : spool.pages()) options.files.push_back(page.path);
    options.format = ImportFormat::AlpacaPage;
    options.data = options_.data;
    options.windows = options_.windows;
    options.windows_are_said = options_.windows_are_said;
    options.no_recompute = options_.no_recompute;
    options.json = options_.json;
    options.threads = options_.threads;
    options.series = series_of(options_);
    options.verb = "backfill";
    options.most_rejected = 1;  // the server's answers are not misread files
    options.may_be_empty = true;
    Imported imported = import_files(options, place_);
    if (!imported.is_whole) {
      if (imported.ended) return stopped(kept_text(spool));
      return std::unexpected(imported.ended.error().while_doing(kept_text(spool)));
    }
    const std::string account = account_text(spool, calls, imported.account);
    if (auto removed = spool.remove(); !removed) return std::unexpected(removed.error());
    if (!imported.ended) return imported.ended;
    if (options_.json) fmt::print("{}\n", account);
    tell_missing(spool);
    if (!options_.json)
      fmt::print(
          "backfill: {} bars, {} pages = {} kept + {} fetched, with {} calls, {} of them refused and {} failed\n",
          spool.bars(), spool.pages().size(), spool.kept(), spool.pages().size() - spool.kept(), calls.calls,
          calls.refused, calls.failed);
    return *imported.ended;
  }

  void tell_missing(const BackfillSpool& spool) const {
    std::set<std::string> missing(options_.symbols.begin(), options_.symbols.end());
    for (const auto& page : spool.pages())
      for (const std::string& symbol : page.facts.symbols) missing.erase(symbol);
    if (missing.empty()) return;
    constexpr std::size_t most = 20;
    const auto end = std::next(missing.begin(), static_cast<std::ptrdiff_t>(std::min(most, missing.size())));
    tell_of("backfill", "no bars of {}{}", fmt::join(missing.begin(), end, ", "),
            missing.size() > most ? fmt::format(" and {} more", missing.size() - most) : "");
  }

  std::string account_text(const BackfillSpool& spool, const CallBudget& calls, std::string_view imported) const {
    return fmt::format(
        R"({{"plan":{},"bars":{},"pages":{},"kept":{},"calls":{},"refused":{},"failed":{},"import":{}}})", plan_.text,
        spool.bars(), spool.pages().size(), spool.kept(), calls.calls, calls.refused, calls.failed,
        imported.empty() ? "null" : imported);
  }

  const BackfillOptions& options_;
  const LakePlace& place_;
  BackfillPlan plan_;
  std::unique_ptr<Disk> disk_ = make_posix_disk(lake_modes(options_.lake_mode));
};

int perform(BackfillRequest& request, const RunOptions& run, const LakePlace& place) {
  BackfillOptions& options = request.options;
  options.account = run.alpaca;
  options.account.feed = request.feed.value_or(run.alpaca.feed);
  if (options.symbols.empty()) options.symbols = run.symbols.names;
  std::ranges::sort(options.symbols);
  limit_memory("backfill", options.memory_bytes, options.threads + 1);
  watch_stop_signals();
  const auto done = Backfill(options, place).run();
  if (done) return *done;
  return fail("backfill", done.error());
}

Result<Command> parse_backfill(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  BackfillRequest request;
  BackfillOptions& options = request.options;
  std::optional<std::chrono::sys_days> from, to;
  SymbolChoice symbols;
  SettingFlags flags;
  verb.heading("Which bars");
  verb.value(
      "symbols", "A,B,...", "the setting symbols", "names as Alpaca has them: AAPL,BRK.B or BTC/USD", symbols,
      [](const std::string& text) { return read_symbols(split_for(*find_setting(run_settings(), "symbols"), text)); });
  verb.value("from", "DATE", "", "the first day (UTC)", from, read_day);
  verb.value("to", "DATE", "", "the last one, included", to, read_day);
  verb.value("feed", "iex|sip|crypto", "alpaca-feed", "whose bars: of one exchange (the free plan), of all, or crypto",
             request.feed, read_alpaca_feed);
  verb.value("adjustment", "raw|split|dividend|all", "raw",
             "as traded, or adjusted: a series of its own, for a data directory of its own", options.adjustment,
             read_adjustment);
  verb.heading("What is done");
  verb.toggle("no-recompute", "leave the trends as they are", [&](bool on) { options.no_recompute = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  verb.value("threads", "N", "4", "work on so much at once", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  add_memory(verb, options.memory_bytes);
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.heading("Alpaca; keys: ALPACA_API_KEY, ALPACA_API_SECRET in the environment or .env");
  for (const auto* name : {"alpaca-data-url", ca_file_setting}) flags.add_to(verb, *find_setting(run_settings(), name));
  verb.heading("Windows, where the log does not say them or others are wanted");
  for (const auto* name : {"size", "slide"}) flags.add_to(verb, *find_setting(run_settings(), name));
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (symbols.count) return verb.failed("--symbols: Alpaca's have names, not a number");
    if (!(from && to)) return verb.failed("say which days: --from DATE --to DATE");
    if (*to < *from) return verb.failed("--to lies before --from");
    options.symbols = std::move(symbols.names);
    options.from = *from;
    options.to = *to;
    request.run = flags.take();
    return Command(
        std::move(request),
        +[](BackfillRequest& of) { return on_lake("backfill", of, LakePlace::Use::Change, perform); });
  });
}

}  // namespace

extern const VerbSpec backfill_verb{
    .name = "backfill",
    .summary = "history from Alpaca into the lake",
    .usage = "[OPTIONS] --symbols A,B --from DATE --to DATE",
    .about = R"(Fetches past minute bars from Alpaca, page by page within the plan's call limit, and
imports them when all have arrived: the bars into the lake, then the recomputed
trends of their days; nothing goes through the live stream. Pages are kept in
DIR/backfill until then. After a stop or a kill, give the same command again, and it
continues. Bars of a symbol come from one feed; a lake that has bars of another feed
on those days is refused. It may run beside `tidemark run`.)",
    .examples = R"(  tidemark backfill --symbols AAPL,MSFT --from 2025-01-01 --to 2025-12-31
  tidemark backfill --symbols BTC/USD --feed crypto --from 2026-01-01 --to 2026-01-31
  tidemark backfill --symbols AAPL --adjustment split --data adjusted \
                    --from 2016-01-04 --to 2025-12-31)",
    .parse = parse_backfill};

}  // namespace tidemark
