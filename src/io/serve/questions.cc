// Parses the request, builds the child's command, and turns the child's end into a response.
#include "io/serve/questions.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <expected>
#include <optional>
#include <utility>
#include <vector>

#include "core/time/timestamp.h"
#include "io/net/json_value.h"
#include "io/serve/child.h"
#include "io/serve/query_notes.h"

namespace tidemark {
namespace {

constexpr std::uint64_t besides_duckdb = 512'000'000;  // its threads, its library's data, the answer being written
constexpr std::chrono::seconds own_limit_later{5};     // if this server is killed, the child ends by itself

std::expected<Question, Response> parse(const Request& request, const QuestionOptions& options) {
  const auto refused = [](std::string_view field, std::string_view message) {
    return std::unexpected(error_response(400, field, message));
  };
  const auto body = parse_json(request.body);
  if (!body) return refused("", body.error().message());
  Question question{.sql = "", .most_rows = options.most_rows};
  for (std::size_t i = 0; i < body->names.size(); ++i) {
    const std::string& name = body->names[i];
    const JsonValue& value = body->items[i];
    if (name == "sql" && value.kind == JsonValue::Kind::String) {
      question.sql = value.text;
    } else if (name == "sql") {
      return refused("sql", "a question in SQL, as a string");
    } else if (name == "format") {
      if (value.text == "csv") question.format = "csv";
      if (value.text != "csv" && value.text != "json") return refused("format", "json or csv");
    } else if (name == "raw") {
      if (value.kind != JsonValue::Kind::Boolean) return refused("raw", "true or false; of csv");
      question.raw = value.boolean;
    } else if (name == "max_rows") {
      if (value.integer < 1 || value.integer > static_cast<std::int64_t>(options.most_rows))
        return refused("max_rows", fmt::format("a whole number from 1 to {}", options.most_rows));
      question.most_rows = static_cast<std::size_t>(value.integer);
    } else {
      return refused(name, "unknown member");
    }
  }
  if (question.sql.empty()) return refused("sql", R"(missing: {"sql":"SELECT …"})");
  if (question.sql.find('\0') != question.sql.npos) return refused("sql", "must not contain NUL");
  return question;
}

// Only what a program needs to run: no setting, no secret, no token.
std::vector<std::string> environment() {
  std::vector<std::string> kept{"TIDEMARK_CONFIG=/dev/null"};
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ"})
    if (const char* value = std::getenv(name)) kept.push_back(fmt::format("{}={}", name, value));
  return kept;
}

std::string_view without_prefix(std::string_view text) {
  constexpr std::string_view speaker = "tidemark query: ";
  if (text.starts_with(speaker)) text.remove_prefix(speaker.size());
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

Response response_to(ChildEnd end, bool csv, const QuestionOptions& options) {
  using Why = ChildEnd::Why;
  if (end.why == Why::TooLong) {
    return error_response(422, "sql",
                          fmt::format("the question was stopped after {} s: ask for fewer days, symbols or columns, "
                                      "raise query-timeout, or ask `tidemark query` on the machine itself",
                                      options.time.count()));
  }
  if (end.why == Why::TooMuch) {
    return error_response(422, "sql",
                          fmt::format("the answer is longer than {} MB: ask for fewer rows or columns",
                                      options.most_bytes / (1'024 * 1'024)));
  }
  if (end.why == Why::Signalled) {
    return error_response(422, "sql",
                          fmt::format("the process that answered the query was killed (signal {}), most likely "
                                      "for lack of memory: ask for less",
                                      end.code));
  }
  // Exit codes of app/process/exit_code.h: 1, the query is wrong; 2, there is no DuckDB or no lake.
  if (end.code != 0) return error_response(end.code == 1 ? 400 : 503, "sql", without_prefix(end.error_output));
  Response response;
  if (csv) {
    response.content_type = "text/csv; charset=utf-8";
    response.headers.emplace_back("Tidemark-Truncated", says_cut(end.error_output) ? "true" : "false");
    response.headers.emplace_back("Tidemark-Guarded", says_guarded(end.error_output) ? "true" : "false");
  }
  response.body = std::move(end.output);
  return response;
}

// What a ticket cancels: the preparation, or the child.
struct Work {
  bool is_cancelled = false;
  std::unique_ptr<Ticket> child;
};

class Asked final : public Ticket {
 public:
  explicit Asked(std::shared_ptr<Work> work) : work_(std::move(work)) {}
  ~Asked() override {
    work_->is_cancelled = true;
    work_->child.reset();
  }

 private:
  std::shared_ptr<Work> work_;
};

class Answering final : public Ticket {
 public:
  explicit Answering(std::weak_ptr<Child> child) : child_(std::move(child)) {}
  ~Answering() override {
    if (const auto child = child_.lock()) child->cancel();
  }

 private:
  std::weak_ptr<Child> child_;
};

std::vector<std::string> command_of(const Question& question, const QuestionOptions& options) {
  std::vector<std::string> command{options.program, "query",
                                   "--data",        options.data,
                                   "--format",      question.format,
                                   "--max-rows",    std::to_string(question.most_rows),
                                   "--memory",      std::to_string(options.memory_bytes),
                                   "--timeout",     fmt::format("{}s", (options.time + own_limit_later).count())};
  if (question.raw) command.emplace_back("--raw");
  if (options.prepare) command.emplace_back("--cached");
  if (question.from) command.insert(command.end(), {"--from", format_date(EventTime{*question.from})});
  if (question.to) command.insert(command.end(), {"--to", format_date(EventTime{*question.to})});
  command.emplace_back("-");
  return command;
}

}  // namespace

void Questions::prepare(QuestionOptions::Ready ready) {
  if (!options_.prepare) return ready(std::shared_ptr<void>());
  options_.prepare([&io = io_, ready = std::move(ready)](Result<std::shared_ptr<void>> held) mutable {
    boost::asio::post(io, [ready = std::move(ready), held = std::move(held)]() mutable { ready(std::move(held)); });
  });
}

std::unique_ptr<Ticket> Questions::put(Question question, std::shared_ptr<void> held, Reply reply) {
  const bool csv = question.format == "csv";
  ChildOptions child{.command = command_of(question, options_),
                     .environment = environment(),
                     .input = std::move(question.sql),
                     .time = options_.time,
                     .data_bytes = options_.memory_bytes + besides_duckdb,
                     .output_bytes = options_.most_bytes,
                     .priority = options_.priority};
  const auto started = start_child(io_, std::move(child), [this, csv, held = std::move(held), reply](ChildEnd end) {
    reply(response_to(std::move(end), csv, options_));
  });
  if (started) return std::make_unique<Answering>(*started);
  reply(error_response(503, "", started.error().message()));
  return nullptr;
}

std::unique_ptr<Ticket> Questions::ask(const Request& request, Reply reply) {
  if (options_.allowed != Allow::Always) {
    reply(error_response(403, "", "queries are not allowed here: start with --allow-query always to allow them"));
    return nullptr;
  }
  auto question = parse(request, options_);
  if (!question) {
    reply(std::move(question.error()));
    return nullptr;
  }
  if (*running_ >= options_.at_once) {
    Response busy = error_response(
        429, "", fmt::format("{} questions are being answered already: ask again in a moment", options_.at_once));
    busy.headers.emplace_back("Retry-After", "1");
    reply(std::move(busy));
    return nullptr;
  }
  ++*running_;
  // Held by what the child ends with, so that the place is free when the child has ended.
  const std::shared_ptr<void> slot(nullptr, [running = running_](std::nullptr_t) { --*running; });
  const auto work = std::make_shared<Work>();
  prepare([this, work, slot, reply, question = std::move(*question)](Result<std::shared_ptr<void>> held) mutable {
    if (work->is_cancelled) return;
    if (!held) return reply(error_response(503, "sql", held.error().message()));
    auto both = std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(slot, std::move(*held));
    work->child = put(std::move(question), std::move(both), reply);
  });
  return std::make_unique<Asked>(work);
}

}  // namespace tidemark
