// FeedBoard: a feed writes its status here, and any thread reads it.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "run/interfaces/feed.h"

namespace tidemark {

class FeedBoard {
 public:
  explicit FeedBoard(FeedStatus status) : status_(std::move(status)) {}

  void write(FeedState state, std::string detail) {
    const std::lock_guard guard(mutex_);
    status_.state = state;
    status_.detail = std::move(detail);
  }
  FeedStatus read() const {
    const std::lock_guard guard(mutex_);
    return status_;
  }

 private:
  mutable std::mutex mutex_;
  FeedStatus status_;
};

}  // namespace tidemark
