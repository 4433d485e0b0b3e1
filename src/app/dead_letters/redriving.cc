#include "app/dead_letters/redriving.h"

#include <fmt/format.h>

#include <expected>
#include <optional>
#include <utility>
#include <vector>

#include "io/net/json_value.h"
#include "io/observe/process.h"

namespace tidemark {
namespace {

constexpr std::size_t most_jobs = 16;

struct Wanted {
  std::vector<ReturningRecord> append;
  std::vector<Position> forget;
};

using Refused = std::unexpected<Response>;

std::expected<Wanted, Response> parse(const std::string& body) {
  const auto refused = [](std::string_view field, std::string_view message) {
    return Refused(error_response(400, field, message));
  };
  const auto value = parse_json(body);
  if (!value) return refused("", value.error().message());
  if (value->kind != JsonValue::Kind::Object) return refused("", "an object");
  Wanted wanted;
  for (std::size_t i = 0; i < value->names.size(); ++i) {
    const std::string& name = value->names[i];
    const JsonValue& list = value->items[i];
    if (name != "append" && name != "forget") return refused(name, "unknown member");
    if (list.kind != JsonValue::Kind::Array) return refused(name, "a list");
    for (const JsonValue& each : list.items) {
      const auto letter = each.integer_of("letter");
      const auto record = each.text_of("record");
      if (name == "forget" && each.kind == JsonValue::Kind::Integer)
        wanted.forget.push_back(each.integer);
      else if (name == "append" && letter && record)
        wanted.append.push_back({*letter, *record});
      else
        return refused(name, name == "forget" ? "offsets of dead letters: [17,18]"
                                              : R"(dead letters by offset: [{"letter":17,"record":"{…}"}])");
    }
  }
  return wanted;
}

Response refusal(const Error& error) { return error_response(error.is_retryable() ? 503 : 400, "", error.message()); }

}  // namespace

Endpoint Redriving::act() {
  return {.path = "/api/v1/redrive",
          .act = [this](const Request& request, Reply reply) -> std::unique_ptr<Ticket> {
            take(request, std::move(reply));
            return nullptr;
          },
          .show = nullptr};
}

void Redriving::start() {
  const std::lock_guard lock(mutex_);
  is_open_ = true;
  thread_ = std::thread([this] {
    name_this_thread("redrive");
    work();
  });
}

void Redriving::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Redriving::take(const Request& request, Reply reply) {
  {
    const std::lock_guard lock(mutex_);
    if (is_open_ && jobs_.size() < most_jobs) {
      jobs_.push_back({request.body, std::move(reply)});
      changed_.notify_one();
      return;
    }
  }
  reply(error_response(503, "",
                       "the run is starting or ending, or too many redrives are waiting: try again in a moment"));
}

void Redriving::work() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !jobs_.empty() || !is_open_; });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    const bool is_open = is_open_;
    lock.unlock();
    job.reply(is_open ? answer(job.body) : error_response(503, "", "the run is ending"));
  }
}

Response Redriving::answer(const std::string& body) {
  const auto wanted = parse(body);
  if (!wanted) return wanted.error();
  if (auto forgotten = redrive_.forget(wanted->forget); !forgotten) return refusal(forgotten.error());
  const auto done = redrive_.append(wanted->append);
  if (!done) return refusal(done.error());
  journal_.info("redrive", {{"appended", std::to_string(done->appended)},
                            {"before", std::to_string(done->before)},
                            {"forgotten", std::to_string(wanted->forget.size())}});
  return json_response(fmt::format(R"({{"appended":{},"before":{}}})", done->appended, done->before));
}

}  // namespace tidemark
