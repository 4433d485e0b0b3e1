#include "app/backfill_fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>

#include "app/progress.h"
#include "app/signals.h"
#include "app/tell.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr auto slice = 20ms;  // so soon Ctrl-C is noticed
constexpr int most_tries = 8;
constexpr std::chrono::seconds first_wait = 1s, longest_wait = 30s;
constexpr std::int64_t few_calls = 2;  // left: then it is worth a write that the next process knows

std::string note_of(const CallBudget& budget) {
  if (budget.is_waiting)
    return fmt::format("waiting {} s for the limit of calls",
                       std::max<std::int64_t>(0, budget.reset - std::time(nullptr)));
  return budget.remaining < 0 ? std::string() : fmt::format("{} calls left", budget.remaining);
}

}  // namespace

Result<void> BackfillFetch::run() {
  Result<void> outcome;
  std::atomic<bool> has_ended = false;
  // Of what was not there yet.
  const std::size_t bars_before = spool_.bars();
  const double share_before = spool_.share_done();
  std::atomic<std::size_t> bars = 0;
  std::atomic<double> share = 0;
  {
    Progress progress("bars", std::nullopt);
    watch_ = [&] {
      bars = spool_.bars() - bars_before;
      share = (spool_.share_done() - share_before) / std::max(1e-9, 1 - share_before);
    };
    std::jthread fetching([&](const std::stop_token& stop) {
      outcome = fetch_all(stop);
      has_ended = true;
    });
    while (!has_ended) {
      if (stop_requested()) fetching.request_stop();
      progress.advance_to(bars, share, note_of(history_.budget()));
      std::this_thread::sleep_for(slice);
    }
  }
  return stop_requested() ? Result<void>{} : outcome;
}

Result<void> BackfillFetch::fetch_all(const std::stop_token& stop) {
  while (const auto request = spool_.next()) {
    auto page = ask(*request, stop);
    if (!page) return std::unexpected(page.error());
    if (!page->facts.next.empty() && page->facts.next == request->page)
      return std::unexpected(Error::permanent("the server gives the token of the same page again"));
    const CallBudget budget = history_.budget();
    const auto calls = budget.remaining < 0 ? BackfillSpool::Calls::Free : BackfillSpool::Calls::Counted;
    if (auto kept = spool_.add(*page, calls); !kept) return kept;
    watch_();
    if (budget.remaining >= 0 && budget.remaining <= few_calls)
      if (auto kept = spool_.keep_budget(budget); !kept) return kept;
  }
  return {};
}

Result<HistoryText> BackfillFetch::ask(const BarsRequest& request, const std::stop_token& stop) {
  std::chrono::seconds wait = first_wait;
  for (int tries = 1;; ++tries, wait = std::min(2 * wait, longest_wait)) {
    auto page = history_.bars_text(request, stop);
    if (page || stop.stop_requested()) return page;
    if (!page.error().is_retryable() || tries == most_tries) return page;
    tell_of("backfill", "{}; trying again in {} s", page.error().message(), wait.count());
    const auto until = std::chrono::steady_clock::now() + wait;
    while (std::chrono::steady_clock::now() < until && !stop.stop_requested()) std::this_thread::sleep_for(slice);
  }
}

}  // namespace tidemark
