// Redriving: serves POST /api/v1/redrive in a run, for the verb redrive, which asks through the control socket.
//
//     {"append":[{"letter":17,"record":"{…}"}]}   ─▶  {"appended":1,"before":0}     in place of the dead letter at offset 17
//     {"forget":[17]}                             ─▶  {"appended":0,"before":0}     it may be redriven again
//
// Requests are handled one by one on a thread of their own, so the page does not wait for the disk. The feed appends
// between two steps of a request. Clients send small requests.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "io/serve/endpoint.h"
#include "run/dead_letters/redrive.h"
#include "run/interfaces/journal.h"

namespace tidemark {

class Redriving {
 public:
  Redriving(Log& log, const Clock& clock, Notifier& analyze, Journal& journal)
      : redrive_(log, clock, analyze), journal_(journal) {}
  ~Redriving() { stop(); }
  Redriving(const Redriving&) = delete;
  Redriving& operator=(const Redriving&) = delete;

  Endpoint act();
  void start();
  // Finishes the current request and refuses the others. A second call does nothing.
  void stop();

 private:
  struct Job {
    std::string body;
    Reply reply;
  };

  void take(const Request& request, Reply reply);
  void work();
  Response answer(const std::string& body);

  Redrive redrive_;
  Journal& journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool is_open_ = false;
  std::thread thread_;
};

}  // namespace tidemark
