#include "io/serve/replays.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>

#include "core/time/day_text.h"
#include "core/time/timestamp.h"
#include "io/net/json_value.h"
#include "io/serve/random_epoch.h"

namespace tidemark {
namespace {

constexpr std::int64_t most_speed = 100'000;
constexpr std::int64_t most_steps = 1'440;
constexpr std::string_view parts[] = {"/status", "/symbols", "/trends", "/bars"};

// The members of a body. Each is empty if it was not given.
struct Command {
  std::optional<std::chrono::sys_days> day;
  std::optional<EventTime> to;
  std::optional<bool> play;
  std::optional<double> speed;
  std::optional<std::size_t> step;
  bool end = false;
};

std::expected<Command, Response> parse(const Request& request) {
  const auto refused = [](std::string_view field, std::string_view message) {
    return std::unexpected(error_response(400, field, message));
  };
  using Kind = JsonValue::Kind;
  const auto body = parse_json(request.body);
  if (!body) return refused("", body.error().message());
  if (body->kind != Kind::Object) return refused("", "an object of JSON");
  Command command;
  for (std::size_t i = 0; i < body->names.size(); ++i) {
    const std::string& name = body->names[i];
    const JsonValue& value = body->items[i];
    if (name == "day") {
      command.day = parse_day(value.text);
      if (!command.day) return refused(name, "a day such as 2026-11-22");
    } else if (name == "to") {
      command.to = parse_timestamp(value.text);
      if (!command.to) return refused(name, "a time such as 2026-11-22T14:30:00Z");
    } else if (name == "play" || name == "end") {
      if (value.kind != Kind::Boolean) return refused(name, "true or false");
      if (name == "play")
        command.play = value.boolean;
      else
        command.end = value.boolean;
    } else if (name == "speed") {
      if (value.kind == Kind::String && value.text == "max")
        command.speed = fastest_replay;
      else if (value.kind == Kind::Integer && value.integer >= 1 && value.integer <= most_speed)
        command.speed = static_cast<double>(value.integer);
      else
        return refused(name, fmt::format(R"(a whole number from 1 to {}, or "max")", most_speed));
    } else if (name == "step") {
      if (value.kind != Kind::Integer || value.integer < 1 || value.integer > most_steps)
        return refused(name, fmt::format("a whole number of minutes from 1 to {}", most_steps));
      command.step = static_cast<std::size_t>(value.integer);
    } else {
      return refused(name, "unknown member");
    }
  }
  return command;
}

}  // namespace

// A client that has not left yet keeps its replay, whose hub keeps the client.
Replays::~Replays() {
  for (const auto& [id, replay] : replays_) leaving_.push_back(replay);
  for (const auto& replay : leaving_) {
    replay->drive().stop();
    replay->hub().forget_clients();
  }
}

// Replays read the lake, as queries do.
std::optional<Response> Replays::refusal() const {
  if (!needs_.past) return error_response(404, "", "this process has no stored days");
  if (options_.allowed != Allow::Always)
    return error_response(403, "", "the lake is not available here: start with --allow-query always to allow it");
  return std::nullopt;
}

std::optional<Replays::Place> Replays::find(std::string_view path) {
  if (!path.starts_with(replays_path)) return std::nullopt;
  path.remove_prefix(replays_path.size());
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  const auto found = replays_.find(path.substr(0, slash));
  if (found == replays_.end()) return std::nullopt;
  found->second->touch();
  return Place{found->second, path.substr(slash)};
}

std::shared_ptr<Replay> Replays::stream_at(std::string_view path) {
  auto place = find(path);
  return place && place->rest == "/live" ? std::move(place->replay) : nullptr;
}

std::optional<Response> Replays::answer(const Request& request) {
  if (!request.path.starts_with(replays_path)) return std::nullopt;
  const std::string_view below = std::string_view(request.path).substr(replays_path.size());
  if (!below.empty() && below.front() != '/') return std::nullopt;
  if (auto refused = refusal()) return refused;
  if (below.empty()) return list();
  const auto place = find(request.path);
  if (!place) return error_response(404, "", "there is no such replay, or it has ended");
  if (place->rest.empty()) return json_response(place->replay->describe());
  if (std::ranges::find(parts, place->rest) == std::end(parts)) return std::nullopt;
  Request inner = request;
  inner.path = fmt::format("/api/v1{}", place->rest);
  return place->replay->api().answer(inner);
}

Response Replays::list() const {
  const auto days = needs_.past->days();
  if (!days) return error_response(503, "", days.error().message());
  std::string body = R"({"days":[)";
  for (const auto day : *days)
    fmt::format_to(std::back_inserter(body), R"({}"{}")", body.back() == '[' ? "" : ",", format_date(EventTime{day}));
  body += R"(],"replays":[)";
  for (const auto& [id, replay] : replays_) {
    if (body.back() != '[') body += ',';
    body += replay->describe();
  }
  body += "]}";
  return json_response(std::move(body));
}

Response Replays::begin(const Request& request) {
  if (auto refused = refusal()) return std::move(*refused);
  auto command = parse(request);
  if (!command) return std::move(command.error());
  if (!command->day) return error_response(400, "day", R"(missing: {"day":"2026-11-22"})");
  if (command->step || command->end)
    return error_response(400, command->step ? "step" : "end", "only for a running replay");
  const auto days = needs_.past->days();
  if (!days) return error_response(503, "", days.error().message());
  if (!std::ranges::binary_search(*days, *command->day))
    return error_response(404, "day", fmt::format("the lake has no bars of {}", format_date(EventTime{*command->day})));
  const auto running = std::ranges::count_if(leaving_, [](const auto& replay) { return !replay->drive().has_ended(); });
  if (replays_.size() + static_cast<std::size_t>(running) >= options_.at_once) {
    Response busy = error_response(
        429, "",
        fmt::format("{} replays run already: end one, or wait a minute after nobody watches it", options_.at_once));
    busy.headers.emplace_back("Retry-After", "10");
    return busy;
  }
  ReplayStart start;
  start.plays = command->play.value_or(start.plays);
  start.speed = command->speed.value_or(start.speed);
  start.at = command->to;
  const std::string id = random_epoch();
  const auto replay = std::make_shared<Replay>(
      io_,
      Replay::Plan{.id = id,
                   .version = needs_.version,
                   .day = *command->day,
                   .start = start,
                   .open = [past = needs_.past, day = *command->day,
                            windows = needs_.windows] { return DayReplay::open(*past, day, windows); },
                   .hub = options_.hub},
      clock_, journal_);
  replays_.emplace(id, replay);
  replay->start();
  journal_.info("serve.replay_began", {{"id", id}, {"day", format_date(EventTime{*command->day})}});
  return json_response(replay->describe());
}

Response Replays::change(const Request& request) {
  if (auto refused = refusal()) return std::move(*refused);
  const auto place = find(request.path);
  if (!place || !place->rest.empty()) return error_response(404, "", "there is no such replay, or it has ended");
  auto command = parse(request);
  if (!command) return std::move(command.error());
  if (command->day) return error_response(400, "day", "a replay keeps its day; start another one");
  ReplayDrive& drive = place->replay->drive();
  if (command->speed) drive.set_speed(*command->speed);
  if (command->to) drive.seek(*command->to);
  if (command->play) drive.play(*command->play);
  if (command->step) drive.step(*command->step);
  std::string state = place->replay->describe();
  if (command->end) end(place->replay);
  return json_response(std::move(state));
}

void Replays::end(std::shared_ptr<Replay> replay) {
  replay->drive().cancel();
  replay->hub().close("this replay has ended");
  replays_.erase(replay->id());
  journal_.info("serve.replay_ended", {{"id", replay->id()}});
  leaving_.push_back(std::move(replay));
}

void Replays::beat() {
  std::vector<std::shared_ptr<Replay>> unwatched;
  for (const auto& [id, replay] : replays_)
    if (!replay->beat()) unwatched.push_back(replay);
  for (auto& replay : unwatched) end(std::move(replay));
  // A thread that reads a file cannot be interrupted. This does not wait for it.
  for (const auto& replay : leaving_) replay->hub().beat_clients();
  std::erase_if(leaving_,
                [](const auto& replay) { return replay->drive().has_ended() && !replay->hub().has_clients(); });
}

void Replays::close_expired(const Access& access) {
  for (const auto& [id, replay] : replays_) replay->hub().close_expired(access);
}

bool Replays::close() {
  bool said = false;
  for (const auto& [id, replay] : replays_) {
    replay->drive().cancel();
    said |= replay->hub().close("the server stops");
  }
  return said;
}

}  // namespace tidemark
