// Errands: what other threads want done on the main one, which may wait for a disk where the server's may not.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

namespace tidemark {

class Errands {
 public:
  using Errand = std::function<void()>;

  Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;
  ~Errands();

  // False: nobody does it any more. From any thread.
  bool put(Errand errand);

  // Readable while there is something to do: to be polled beside what the main thread waits for.
  int descriptor() const { return descriptor_; }
  // Does all there is, one after the other.
  void do_all();
  // Takes no more, and forgets what nobody has done.
  void close();

 private:
  int descriptor_;
  std::mutex mutex_;
  std::deque<Errand> waiting_;
  bool closed_ = false;
};

}  // namespace tidemark
