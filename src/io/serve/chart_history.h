// ChartHistory: GET /api/v1/history. The bars and windows of one symbol and range from the lake, page by page, for the page's
// charts. A request waits for its turn instead of being refused, so that many tabs are filled one after another, and none
// of them takes a place of the console.
//
//     ask ──▶ queue ──▶ copies of a lake elsewhere ──▶ as before? 304 ──▶ kept? ──▶ a child (questions.h) ──▶ answer
//
// On the server's thread.
#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <string>

#include "io/serve/chart_page.h"
#include "io/serve/endpoint.h"
#include "io/serve/questions.h"

namespace tidemark {

struct ChartOptions {
  std::size_t at_once = 2;
  std::size_t most_waiting = 256;               // more are refused with 429
  std::size_t kept_bytes = 32 * 1'024 * 1'024;  // of answers
};

class ChartHistory {
 public:
  // `questions` are the settings of the console: who may ask, and the limits of a child. A chart comes before the console,
  // and takes a place in a queue while other children work. So its child has a higher priority, and more time.
  ChartHistory(boost::asio::io_context& io, QuestionOptions questions, ChartOptions options = {});

  ChartHistory(const ChartHistory&) = delete;
  ChartHistory& operator=(const ChartHistory&) = delete;

  std::unique_ptr<Ticket> ask(const Request& request, Reply reply);

 private:
  struct Job;
  class Waiting;
  struct Kept {
    std::string etag, body;
  };

  void start_next();
  void look(const std::shared_ptr<Job>& job, Result<std::shared_ptr<void>> held);
  void put(const std::shared_ptr<Job>& job);
  void answered(const std::shared_ptr<Job>& job, Response response);
  void end(const std::shared_ptr<Job>& job, Response response);
  void end_with_body(const std::shared_ptr<Job>& job, const std::string& body);
  const std::string* kept(const std::string& etag);
  void keep(const std::string& etag, const std::string& body);

  std::shared_ptr<ChartHistory*> self_ =
      std::make_shared<ChartHistory*>(this);  // a client may leave after the server's end
  boost::asio::io_context& io_;
  Questions questions_;
  ChartOptions options_;
  std::size_t running_ = 0;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::list<Kept> kept_;  // the last used first
  std::size_t kept_bytes_ = 0;
};

}  // namespace tidemark
