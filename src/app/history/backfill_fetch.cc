#include "app/history/backfill_fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>

#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/process/tell.h"
#include "core/time/timestamp.h"
#include "core/wire/server_words.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr auto slice = 20ms;  // the longest time until Ctrl-C is noticed
constexpr int most_tries = 8;
constexpr std::chrono::seconds first_wait = 1s, longest_wait = 30s;
constexpr std::int64_t few_calls = 2;  // so few calls left are stored for the next process

std::string note_of(const CallBudget& budget) {
  if (budget.is_waiting)
    return fmt::format("waiting {} s for the limit of calls",
                       std::max<std::int64_t>(0, budget.reset - std::time(nullptr)));
  return budget.remaining < 0 ? std::string() : fmt::format("{} calls left", budget.remaining);
}

// A page is stored unchanged and imported whole, so it must hold nothing that was not asked for.
Result<void> check_answer(const BarsRequest& request, const PageFacts& facts) {
  for (const std::string& symbol : facts.symbols)
    if (std::ranges::find(request.symbols, symbol) == request.symbols.end())
      return std::unexpected(Error::retryable(
          fmt::format("history has sent bars of {}, which were not requested", server_words(symbol, 40))));
  if (facts.last_time && (*facts.last_time < request.from || *facts.last_time >= request.to))
    return std::unexpected(Error::retryable(
        fmt::format("history has sent a bar of {}, which was not requested", format_timestamp(*facts.last_time))));
  return {};
}

}  // namespace

Result<void> BackfillFetch::run() {
  Result<void> outcome;
  std::atomic<bool> has_ended = false;
  // Progress counts only what was missing at the start.
  const std::size_t bars_before = spool_.bars();
  const double share_before = spool_.share_done();
  std::atomic<std::size_t> bars = 0;
  std::atomic<double> share = 0;
  {
    Progress progress("bars", std::nullopt);
    watch_ = [&] {
      bars = spool_.bars() - std::min(bars_before, spool_.bars());
      share = std::max(0.0, spool_.share_done() - share_before) / std::max(1e-9, 1 - share_before);
    };
    std::jthread fetching([&](const std::stop_token& stop) {
      outcome = fetch_all(stop);
      has_ended = true;
    });
    while (!has_ended) {
      if (stop_requested()) fetching.request_stop();
      tell_limit();
      progress.advance_to(bars, share, note_of(history_.budget()));
      std::this_thread::sleep_for(slice);
    }
  }
  return stop_requested() ? Result<void>{} : outcome;
}

Result<void> BackfillFetch::fetch_all(const std::stop_token& stop) {
  std::chrono::seconds wait = first_wait;
  int tries = 0;
  for (std::size_t most_pages = spool_.pages().size(); const auto request = spool_.next();) {
    const auto fetched = fetch_next(*request, stop);
    if (stop.stop_requested()) return fetched;
    if (fetched) {
      if (spool_.pages().size() <= most_pages) continue;  // fetched before and discarded: no progress
      most_pages = spool_.pages().size();
      tries = 0;
      wait = first_wait;
      continue;
    }
    if (!fetched.error().is_retryable() || ++tries == most_tries) return fetched;
    tell_of("backfill", "{}; trying again in {} s", fetched.error().message(), wait.count());
    const auto until = std::chrono::steady_clock::now() + wait;
    while (std::chrono::steady_clock::now() < until && !stop.stop_requested()) std::this_thread::sleep_for(slice);
    wait = std::min(2 * wait, longest_wait);
  }
  return {};
}

Result<void> BackfillFetch::fetch_next(const BarsRequest& request, const std::stop_token& stop) {
  const auto page = history_.bars_text(request, stop);
  if (!page) {
    const Error& error = page.error();
    if (request.page.empty() || error.is_retryable() || error.is_setup()) return std::unexpected(error);
    // The rejected part may be the token, which came from the server itself with the previous page.
    if (auto gone = forget(spool_.forget_last_page()); !gone) return gone;
    return std::unexpected(Error::retryable(error.message()));
  }
  if (auto fits = check_answer(request, page->facts); !fits) {
    ++useless_calls_;
    return fits;
  }
  if (auto walks = go_on_walking(*page); !walks) {
    ++useless_calls_;
    if (auto gone = forget(spool_.begin_request_anew()); !gone) return gone;
    return walks;
  }
  const CallBudget budget = history_.budget();
  const auto calls = budget.remaining < 0 ? BackfillSpool::Calls::Free : BackfillSpool::Calls::Counted;
  if (auto kept = spool_.add(*page, calls); !kept) return kept;
  watch_();
  if (budget.remaining < 0 || budget.remaining > few_calls) return {};
  return spool_.keep_budget(budget);
}

Result<void> BackfillFetch::forget(Result<std::size_t> pages) {
  if (!pages) return std::unexpected(pages.error());
  useless_calls_ += *pages;
  walk_.reset();
  return {};
}

Result<void> BackfillFetch::go_on_walking(const HistoryText& page) {
  if (!walk_ || walked_request_ != spool_.next_request()) {
    walked_request_ = spool_.next_request();
    walk_.emplace(*spool_.next());
    for (const BackfillSpool::Page& kept : spool_.pages())
      if (kept.request == walked_request_)
        if (auto walks = walk_->take({.next = kept.facts.next, .bars = kept.facts.bars}); !walks) return walks;
  }
  return walk_->take({.next = page.facts.next, .bars = page.facts.bars, .bytes = page.json.size()});
}

// Runs on the caller's thread while the fetching thread waits for the limit.
void BackfillFetch::tell_limit() {
  constexpr auto between_lines = std::chrono::minutes(1);
  const CallBudget budget = history_.budget();
  const auto now = std::chrono::steady_clock::now();
  if (budget.refused == told_refused_ || now < tell_again_) return;
  tell_of("backfill", "the server has answered 429 (too many calls) {} times; waiting as long as it says",
          budget.refused);
  told_refused_ = budget.refused;
  tell_again_ = now + between_lines;
}

}  // namespace tidemark
