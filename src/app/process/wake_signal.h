// WakeSignal: wakes an idle thread. A signal that nobody waits for is kept for the next wait.
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
      is_set_ = true;
    }
    changed_.notify_one();
  }
  // Returns at the next signal, or after `longest`.
  void wait(std::chrono::nanoseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [this] { return is_set_; });
    is_set_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_set_ = false;
};

}  // namespace tidemark
