#include "io/net/history_thread.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "io/observe/process.h"
#include "run/live_feed/page_walk.h"

namespace tidemark {
namespace {

class HistoryThread final : public HistorySlices {
 public:
  HistoryThread(const std::string& source, std::unique_ptr<HistoryPages> history)
      : history_(std::move(history)), thread_([this, name = source + "-history"](const std::stop_token& stop) {
          name_this_thread(name);
          work(stop);
        }) {}

  void ask(std::vector<std::string> symbols, EventTime from, EventTime to) override {
    put([this, symbols = std::move(symbols), from, to](const std::stop_token& stop) mutable {
      auto bars = fetch({.symbols = std::move(symbols), .from = from, .to = to}, stop);
      const std::lock_guard guard(mutex_);
      bars_ = std::move(bars);
    });
  }

  std::optional<Result<std::vector<FetchedBar>>> take() override {
    const std::lock_guard guard(mutex_);
    return std::exchange(bars_, std::nullopt);
  }

  void ask_clock() override {
    put([this](const std::stop_token& stop) {
      auto clock = history_->market_clock(stop);
      const std::lock_guard guard(mutex_);
      clock_ = std::move(clock);
    });
  }

  std::optional<Result<ServerClock>> take_clock() override {
    const std::lock_guard guard(mutex_);
    return std::exchange(clock_, std::nullopt);
  }

  SliceAccount account() const override {
    SliceAccount account{
        .calls = history_->budget(), .refused_bars = 0, .refused_symbol = {}, .date = history_->server_date()};
    const std::lock_guard guard(mutex_);
    account.refused_bars = refused_bars_;
    account.refused_symbol = refused_symbol_;
    return account;
  }

 private:
  using Question = std::function<void(const std::stop_token&)>;

  void put(Question question) {
    const std::lock_guard guard(mutex_);
    questions_.push_back(std::move(question));
    asked_.notify_one();
  }

  void work(const std::stop_token& stop) {
    for (;;) {
      Question question;
      {
        std::unique_lock lock(mutex_);
        asked_.wait(lock, stop, [this] { return !questions_.empty(); });
        if (stop.stop_requested()) return;
        question = std::move(questions_.front());
        questions_.pop_front();
      }
      question(stop);
    }
  }

  Result<std::vector<FetchedBar>> fetch(BarsRequest request, const std::stop_token& stop) {
    std::vector<FetchedBar> bars;
    PageWalk walk(request);
    std::ranges::sort(request.symbols);
    do {
      auto page = history_->bars(request, stop);
      if (!page) return std::unexpected(page.error());
      const auto taken = walk.take({.next = page->next, .bars = page->bars.size(), .bytes = page->bytes});
      if (!taken) return std::unexpected(taken.error());
      refuse_what_nobody_asked_for(request, page->bars);
      std::ranges::move(page->bars, std::back_inserter(bars));
      request.page = std::move(page->next);
    } while (!request.page.empty());
    std::ranges::stable_sort(bars, {}, &FetchedBar::time);
    return bars;
  }

  void refuse_what_nobody_asked_for(const BarsRequest& request, std::vector<FetchedBar>& bars) {
    const auto was_asked_for = [&](const FetchedBar& bar) {
      if (!std::ranges::binary_search(request.symbols, bar.record.key)) return false;
      return !bar.is_bar || (request.from <= bar.time && bar.time < request.to);
    };
    const auto refused = std::ranges::stable_partition(bars, was_asked_for);
    if (refused.empty()) return;
    const std::lock_guard guard(mutex_);
    refused_bars_ += refused.size();
    refused_symbol_ = refused.back().record.key;
    bars.erase(refused.begin(), refused.end());
  }

  std::unique_ptr<HistoryPages> history_;
  mutable std::mutex mutex_;
  std::uint64_t refused_bars_ = 0;
  std::string refused_symbol_;
  std::condition_variable_any asked_;
  std::deque<Question> questions_;
  std::optional<Result<std::vector<FetchedBar>>> bars_;
  std::optional<Result<ServerClock>> clock_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<HistorySlices> make_history_slices(std::string source, std::unique_ptr<HistoryPages> history) {
  return std::make_unique<HistoryThread>(source, std::move(history));
}

}  // namespace tidemark
