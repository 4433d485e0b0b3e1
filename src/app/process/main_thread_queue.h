// MainThreadQueue: what other threads want done on the main one, which may wait for a disk where the server's may not.
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

  // False: nobody does it any more. From any thread.
  bool put(Task task);

  // Readable while there is something to do: to be polled beside what the main thread waits for.
  int descriptor() const { return descriptor_; }
  // Does all there is, one after the other.
  void do_all();
  // Takes no more, and forgets what nobody has done.
  void close();

 private:
  int descriptor_;
  std::mutex mutex_;
  std::deque<Task> waiting_;
  bool closed_ = false;
};

}  // namespace tidemark
