// MainThreadQueue: tasks that other threads give to the main thread. It may wait for a disk; the server's thread may
// not.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

namespace tidemark {

class MainThreadQueue {
 public:
  using Task = std::function<void()>;

  MainThreadQueue();
  MainThreadQueue(const MainThreadQueue&) = delete;
  MainThreadQueue& operator=(const MainThreadQueue&) = delete;
  ~MainThreadQueue();

  // False once the queue is closed: the task will not run. From any thread.
  bool put(Task task);

  // Readable while tasks wait. The main thread polls it beside its other descriptors.
  int descriptor() const { return descriptor_; }
  // Runs all waiting tasks in order.
  void do_all();
  // Takes no more tasks, and drops those that wait.
  void close();

 private:
  int descriptor_;
  std::mutex mutex_;
  std::deque<Task> waiting_;
  bool closed_ = false;
};

}  // namespace tidemark
