#include "io/alpaca/history_slices.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "io/observe/process.h"

namespace tidemark {
namespace {

class Slices final : public HistorySlices {
 public:
  explicit Slices(std::unique_ptr<History> history)
      : history_(std::move(history)), thread_([this](const std::stop_token& stop) {
          name_this_thread("alpaca-history");
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

  std::optional<Result<std::string>> take_clock() override {
    const std::lock_guard guard(mutex_);
    return std::exchange(clock_, std::nullopt);
  }

 private:
  using Question = std::function<void(const std::stop_token&)>;

  void put(Question question) {
    const std::lock_guard guard(mutex_);
    question_ = std::move(question);
    asked_.notify_one();
  }

  void work(const std::stop_token& stop) {
    for (;;) {
      Question question;
      {
        std::unique_lock lock(mutex_);
        asked_.wait(lock, stop, [this] { return question_ != nullptr; });
        if (stop.stop_requested()) return;
        question = std::exchange(question_, nullptr);
      }
      question(stop);
    }
  }

  Result<std::vector<FetchedBar>> fetch(BarsRequest request, const std::stop_token& stop) {
    std::vector<FetchedBar> bars;
    do {
      auto page = history_->bars(request, stop);
      if (!page) return std::unexpected(page.error());
      std::ranges::move(page->bars, std::back_inserter(bars));
      request.page = std::move(page->next);
    } while (!request.page.empty());
    std::ranges::stable_sort(bars, {}, &FetchedBar::time);
    return bars;
  }

  std::unique_ptr<History> history_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  Question question_;
  std::optional<Result<std::vector<FetchedBar>>> bars_;
  std::optional<Result<std::string>> clock_;
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<HistorySlices> make_history_slices(std::unique_ptr<History> history) {
  return std::make_unique<Slices>(std::move(history));
}

}  // namespace tidemark
