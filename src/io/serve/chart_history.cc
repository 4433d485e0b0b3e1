#include "io/serve/chart_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace tidemark {
namespace {

constexpr int before_the_console = 5;  // nice
constexpr int times_longer = 3;

QuestionOptions options_of_charts(QuestionOptions options) {
  options.priority = before_the_console;
  options.time *= times_longer;
  return options;
}

}  // namespace

struct ChartHistory::Job {
  ChartQuery query;
  Request request;  // for what the client has already
  Reply reply;
  std::shared_ptr<void> held = nullptr;  // the copies of a lake elsewhere
  ChartPage page = {};
  std::size_t days = first_chart_days;
  std::unique_ptr<Ticket> question = nullptr;
  bool is_running = false, is_over = false;
};

// The client's hold on its request: when it leaves, the child is killed, or the place in the queue is free.
class ChartHistory::Waiting final : public Ticket {
 public:
  Waiting(std::weak_ptr<ChartHistory*> history, std::shared_ptr<Job> job)
      : history_(std::move(history)), job_(std::move(job)) {}
  ~Waiting() override {
    if (std::exchange(job_->is_over, true)) return;
    job_->question.reset();
    const auto history = history_.lock();
    if (!history) return;  // the server ends
    std::erase((*history)->waiting_, job_);
    if (!std::exchange(job_->is_running, false)) return;
    --(*history)->running_;
    (*history)->start_next();
  }

 private:
  std::weak_ptr<ChartHistory*> history_;
  std::shared_ptr<Job> job_;
};

ChartHistory::ChartHistory(boost::asio::io_context& io, QuestionOptions questions, ChartOptions options)
    : io_(io), questions_(io, options_of_charts(std::move(questions))), options_(options) {}

std::unique_ptr<Ticket> ChartHistory::ask(const Request& request, Reply reply) {
  if (questions_.options().allowed != Allow::Always) {
    reply(error_response(403, "", "the lake is not available here: start with --allow-query always to allow it"));
    return nullptr;
  }
  auto query = parse_chart_query(request);
  if (!query) {
    reply(std::move(query.error()));
    return nullptr;
  }
  if (waiting_.size() >= options_.most_waiting) {
    Response busy = error_response(429, "", fmt::format("{} charts wait for the lake already", waiting_.size()));
    busy.headers.emplace_back("Retry-After", "1");
    reply(std::move(busy));
    return nullptr;
  }
  auto job = std::make_shared<Job>(Job{.query = std::move(*query), .request = request, .reply = std::move(reply)});
  waiting_.push_back(job);
  // Not at once: the client gets its hold first.
  boost::asio::post(io_, [this] { start_next(); });
  return std::make_unique<Waiting>(self_, std::move(job));
}

void ChartHistory::start_next() {
  while (running_ < options_.at_once && !waiting_.empty()) {
    const std::shared_ptr<Job> job = std::move(waiting_.front());
    waiting_.pop_front();
    job->is_running = true;
    ++running_;
    questions_.prepare([this, job](Result<std::shared_ptr<void>> held) { return look(job, std::move(held)); });
  }
}

void ChartHistory::look(const std::shared_ptr<Job>& job, Result<std::shared_ptr<void>> held) {
  if (job->is_over) return;
  if (!held) return end(job, error_response(503, "", held.error().message()));
  job->page = plan_chart_page(job->query, questions_.options().lake, job->days);
  if (job->request.knows(job->page.etag)) {
    Response same{.status = 304};
    same.headers.emplace_back("ETag", job->page.etag);
    same.headers.emplace_back("Cache-Control", "private, no-cache");
    return end(job, std::move(same));
  }
  if (const std::string* body = kept(job->page.etag)) return end_with_body(job, *body);
  if (!job->page.question) return answered(job, {});
  job->held = std::move(*held);
  put(job);
}

void ChartHistory::put(const std::shared_ptr<Job>& job) {
  auto question = questions_.put(*job->page.question, job->held, [this, job](Response response) {
    boost::asio::post(io_, [this, job, response = std::move(response)]() mutable {
      if (!job->is_over) answered(job, std::move(response));
    });
  });
  if (!job->is_over) job->question = std::move(question);
}

void ChartHistory::answered(const std::shared_ptr<Job>& job, Response response) {
  if (response.status != 200) {
    // 400 is DuckDB's refusal of our own SQL, for instance because a day was exchanged while it was read.
    if (response.status == 400) response.status = 503;
    return end(job, std::move(response));
  }
  const auto body = write_chart_page(job->query, job->page, response.body);
  if (!body) return end(job, error_response(503, "", body.error().message()));
  if (body->is_empty && job->page.older_before) {
    const std::string etag = job->page.etag;
    ChartQuery older = job->query;
    older.to = job->page.older_before;
    job->page = plan_chart_page(older, questions_.options().lake, job->days *= more_chart_days);
    job->page.etag = etag;
    if (job->page.question) return put(job);
  }
  keep(job->page.etag, body->text);
  end_with_body(job, body->text);
}

void ChartHistory::end_with_body(const std::shared_ptr<Job>& job, const std::string& body) {
  Response response = json_response(body);
  response.headers.emplace_back("ETag", job->page.etag);
  response.headers.emplace_back("Cache-Control", "private, no-cache");
  end(job, std::move(response));
}

void ChartHistory::end(const std::shared_ptr<Job>& job, Response response) {
  job->is_running = false;
  job->is_over = true;
  job->question.reset();
  --running_;
  job->reply(std::move(response));
  boost::asio::post(io_, [this] { start_next(); });
}

const std::string* ChartHistory::kept(const std::string& etag) {
  const auto found = std::ranges::find(kept_, etag, &Kept::etag);
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return &kept_.front().body;
}

void ChartHistory::keep(const std::string& etag, const std::string& body) {
  if (body.size() > options_.kept_bytes / 2 || kept(etag)) return;
  kept_bytes_ += body.size();
  kept_.push_front({etag, body});
  while (kept_bytes_ > options_.kept_bytes) {
    kept_bytes_ -= kept_.back().body.size();
    kept_.pop_back();
  }
}

}  // namespace tidemark
