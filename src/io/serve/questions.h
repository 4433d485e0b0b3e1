// Questions: POST /api/v1/query. A child of this program, `tidemark query`, answers each one within limits, so that no
// query can harm the run.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "io/serve/access.h"
#include "io/serve/endpoint.h"

namespace boost::asio {
class io_context;
}

namespace tidemark {

struct QuestionOptions {
  Allow allowed = Allow::Never;
  std::string data;  // the data directory, absolute
  std::string lake;  // the folder in which the child finds the lake
  std::string program = "/proc/self/exe";
  std::chrono::seconds time{10};
  std::uint64_t memory_bytes = 256'000'000;  // for DuckDB
  std::size_t most_rows = 10'000;
  std::size_t most_bytes = 16 * 1'024 * 1'024;  // of an answer
  std::size_t at_once = 2;
  int priority = 10;  // of a child (nice): behind the run
  // Of a lake that lies elsewhere: brings copies of it into the data directory, which stay while `held` is, and which
  // the child then reads as they are. Calls back from any thread.
  using Ready = std::function<void(Result<std::shared_ptr<void>> held)>;
  std::function<void(Ready)> prepare;
};

struct Question {
  std::string sql;
  std::string format = "document";
  bool raw = false;  // CSV: texts that look like formulas stay unchanged
  std::size_t most_rows = 0;
  std::optional<std::chrono::sys_days> from = {}, to = {};  // only these days of the lake, both included
};

class Questions {
 public:
  Questions(boost::asio::io_context& io, QuestionOptions options) : io_(io), options_(std::move(options)) {}

  // Answers a request of the console, of which only `at_once` are answered at a time.
  std::unique_ptr<Ticket> ask(const Request& request, Reply reply);

  // The parts of that, for who counts on his own. `ready` is called on the server's thread, at once for a local lake.
  void prepare(QuestionOptions::Ready ready);
  // Starts a child; `held` stays until it has ended. Null if it could not be started, which the reply says.
  std::unique_ptr<Ticket> put(Question question, std::shared_ptr<void> held, Reply reply);

  const QuestionOptions& options() const { return options_; }

 private:
  boost::asio::io_context& io_;
  QuestionOptions options_;
  std::shared_ptr<std::size_t> running_ = std::make_shared<std::size_t>(0);
};

}  // namespace tidemark
