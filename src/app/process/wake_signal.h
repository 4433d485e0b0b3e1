// WakeSignal: wakes a thread that has nothing to do. A ring while nobody waits is kept until somebody does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "run/interfaces/notifier.h"

namespace tidemark {

class WakeSignal : public Notifier {
 public:
  void notify() override {
    {
      const std::lock_guard lock(mutex_);
      rung_ = true;
    }
    heard_.notify_one();
  }
  // Returns at the next ring, or when `longest` has passed.
  void wait(std::chrono::nanoseconds longest) {
    std::unique_lock lock(mutex_);
    heard_.wait_for(lock, longest, [this] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable heard_;
  bool rung_ = false;
};

}  // namespace tidemark
