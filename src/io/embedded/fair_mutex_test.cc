// Who asked first goes first, however quickly the last one asks again.
#include "io/embedded/fair_mutex.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace tidemark {
namespace {

void wait_until_asked(const FairMutex& mutex, std::uint64_t times) {
  while (mutex.asked() < times) std::this_thread::yield();
}

TEST(FairMutex, WhoAsksAgainComesLast) {
  FairMutex mutex;
  std::string order;
  mutex.lock();
  std::thread first([&] {
    const std::lock_guard turn(mutex);
    order += "first ";
  });
  wait_until_asked(mutex, 2);
  std::thread second([&] {
    const std::lock_guard turn(mutex);
    order += "second ";
  });
  wait_until_asked(mutex, 3);
  mutex.unlock();
  mutex.lock();
  order += "again";
  mutex.unlock();
  first.join();
  second.join();
  EXPECT_EQ(order, "first second again");
}

TEST(FairMutex, IsAMutex) {
  FairMutex mutex;
  int count = 0;
  const auto add = [&] {
    for (int i = 0; i < 10'000; ++i) {
      const std::lock_guard turn(mutex);
      ++count;
    }
  };
  std::thread one(add), other(add);
  one.join();
  other.join();
  EXPECT_EQ(count, 20'000);
}

}  // namespace
}  // namespace tidemark
