// The verb backfill: history from Alpaca into the lake's bars, then the trends of its days.
//
//     fetch a page ─▶ spool, durable ─▶ …  all pages  ─▶ one import, with its recompute ─▶ the spool goes
//     in its turn under the limit                        (app/import.h)
//
// Whoever is killed goes on behind the last page; whoever is killed behind the import finds each bar there already.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "app/backfill_fetch.h"
#include "app/backfill_plan.h"
#include "app/backfill_series.h"
#include "app/backfill_spool.h"
#include "app/exit_code.h"
#include "app/import.h"
#include "app/signals.h"
#include "app/tell.h"
#include "app/verbs.h"
#include "core/wire/encode.h"
#include "io/disk/directory_lock.h"
#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

Result<void> check(const BackfillOptions& options) {
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
  return check_one_series(options);
}

class Backfill {
 public:
  explicit Backfill(const BackfillOptions& options) : options_(options), plan_(plan_backfill(options)) {}

  Result<int> run() {
    if (auto right = check(options_); !right) return std::unexpected(right.error());
    auto history = open_history(options_.account);
    if (!history) return std::unexpected(history.error());
    if (auto made = make_data_directory(options_.data.string(), data_folder_mode(options_.lake_mode)); !made)
      return std::unexpected(made.error());
    auto spool = BackfillSpool::open(*disk_, options_.data, plan_);
    if (!spool) return std::unexpected(spool.error());
    if (spool->kept() > 0) tell_of("backfill", "goes on behind page {}, with {} bars", spool->kept(), spool->bars());
    if (const auto budget = spool->budget()) (*history)->remember(*budget);
    BackfillFetch fetch(*spool, **history);
    auto fetched = fetch.run();
    if (!fetched) {
      if (spool->pages().empty() && fetched.error().is_setup()) {
        [[maybe_unused]] const auto removed = spool->remove();  // one that stays is empty
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
    return fmt::format("{} pages with {} bars are kept, and the same command goes on behind them", spool.pages().size(),
                       spool.bars());
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
    options.most_rejected = 1;  // what the server says is no mistake of a file's reader
    options.may_be_empty = true;
    Imported imported = import_files(options);
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
  BackfillPlan plan_;
  std::unique_ptr<Disk> disk_ = make_posix_disk(lake_modes(options_.lake_mode));
};

}  // namespace

int backfill_verb(BackfillOptions options) {
  watch_stop_signals();
  std::ranges::sort(options.symbols);
  const auto done = Backfill(options).run();
  if (done) return *done;
  tell("backfill", done.error().message());
  return exit_code_of(done.error());
}

}  // namespace tidemark
