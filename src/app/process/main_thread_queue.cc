#include "app/process/main_thread_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "core/check.h"

namespace tidemark {

MainThreadQueue::MainThreadQueue() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { CHECK(descriptor_ >= 0); }

MainThreadQueue::~MainThreadQueue() { ::close(descriptor_); }

bool MainThreadQueue::put(Task task) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  waiting_.push_back(std::move(task));
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);  // a full counter is readable, too
  return true;
}

void MainThreadQueue::do_all() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(descriptor_, &count, sizeof count);
  std::deque<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(waiting_);
  }
  for (const Task& task : tasks) task();
}

void MainThreadQueue::close() {
  std::deque<Task> forgotten;  // destroyed after the lock, because destructors of tasks may call back
  const std::lock_guard lock(mutex_);
  closed_ = true;
  forgotten.swap(waiting_);
}

}  // namespace tidemark
