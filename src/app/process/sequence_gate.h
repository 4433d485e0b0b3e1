// SequenceGate: puts the results of several threads back into the order of the input.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tidemark {

// Admits blocks one at a time, in the order of their numbers.
class SequenceGate {
 public:
  void wait_for(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    turn_changed_.wait(lock, [&] { return turn_ == number; });
  }
  void pass() {
    {
      const std::lock_guard lock(mutex_);
      ++turn_;
    }
    turn_changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_changed_;
  std::uint64_t turn_ = 0;
};

}  // namespace tidemark
