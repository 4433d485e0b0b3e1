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
      rung_ = true;
    }
    heard_.notify_one();
  }
  // Returns at the next signal, or after `longest`.
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
