#include "app/live/question_lake.h"

#include <utility>

namespace tidemark {

QuestionLake::QuestionLake(const RunOptions& options)
    : options_(options), worker_([this](const std::stop_token& stop) { work(stop); }) {}

QuestionLake::~QuestionLake() = default;

void QuestionLake::bring(Ready ready) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(ready));
  }
  changed_.notify_one();
}

void QuestionLake::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    const Ready ready = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    auto held = bring_now(stop);
    if (stop.stop_requested()) return;
    ready(std::move(held));
    lock.lock();
  }
}

Result<std::shared_ptr<void>> QuestionLake::bring_now(const std::stop_token& stop) const {
  const auto place = LakePlace::of_data(options_, LakePlace::Use::Question);
  if (!place) return std::unexpected(place.error());
  auto lake = lake_to_ask(*place, {.data = options_.data,
                                   .most_bytes = options_.lake_cache_bytes,
                                   .days = {},
                                   .watch = [&](std::uint64_t, std::uint64_t) { return !stop.stop_requested(); }});
  if (!lake) return std::unexpected(lake.error());
  return std::shared_ptr<void>(std::make_shared<LakeToAsk>(std::move(*lake)));
}

}  // namespace tidemark
