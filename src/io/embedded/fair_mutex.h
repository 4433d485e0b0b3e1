// A mutex that is given in the order in which it was asked for.
//
// With std::mutex a thread that gives it back and asks again nearly always gets it before those who wait: a feed that
// appends without a pause would keep everybody else from the log.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tidemark {

class FairMutex {
 public:
  void lock() {
    std::unique_lock guard(mutex_);
    const std::uint64_t mine = asked_++;
    turn_.wait(guard, [&] { return served_ == mine; });
  }
  void unlock() {
    {
      const std::lock_guard guard(mutex_);
      ++served_;
    }
    turn_.notify_all();
  }
  // How often it has been asked for.
  std::uint64_t asked() const {
    const std::lock_guard guard(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t asked_ = 0, served_ = 0;
};

}  // namespace tidemark
