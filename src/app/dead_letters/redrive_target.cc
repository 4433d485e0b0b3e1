#include "app/dead_letters/redrive_target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "app/process/system_clock.h"
#include "core/wire/encode.h"
#include "io/embedded/embedded_log.h"
#include "io/net/json_value.h"
#include "io/serve/running.h"
#include "run/interfaces/notifier.h"

namespace tidemark {
namespace {

class OwnLog final : public RedriveTarget {
 public:
  explicit OwnLog(std::unique_ptr<Log> log) : log_(std::move(log)) {}

  Result<Redriven> append(std::span<const ReturningRecord> records) override { return redrive_.append(records); }
  Result<void> forget(std::span<const Position> letters) override { return redrive_.forget(letters); }
  std::string judged_by() const override { return "`tidemark run` judges them when it starts next"; }

 private:
  SystemClock clock_;
  NullNotifier nobody_;
  std::unique_ptr<Log> log_;
  Redrive redrive_{*log_, clock_, nobody_};
};

// The other side is app/dead_letters/redriving.h.
class RunningProcess final : public RedriveTarget {
 public:
  explicit RunningProcess(std::filesystem::path data) : data_(std::move(data)) {}

  Result<Redriven> append(std::span<const ReturningRecord> records) override {
    std::string body = R"({"append":[)";
    for (const ReturningRecord& record : records) {
      body += fmt::format(R"({}{{"letter":{},"record":)", body.back() == '[' ? "" : ",", record.letter);
      append_json_string(record.value, body);
      body += '}';
    }
    return ask(std::move(body) + "]}");
  }
  Result<void> forget(std::span<const Position> letters) override {
    const auto done = ask(fmt::format(R"({{"forget":[{}]}})", fmt::join(letters, ",")));
    if (!done) return std::unexpected(done.error());
    return {};
  }
  std::string judged_by() const override { return "`tidemark run` judges them at once"; }

 private:
  Result<Redriven> ask(std::string body) const {
    const auto answer =
        ask_running({.data = data_, .method = "POST", .path = "/api/v1/redrive", .body = std::move(body)});
    if (!answer) return std::unexpected(answer.error());
    if (!*answer) return std::unexpected(Error::retryable("the process that worked on the data directory has ended"));
    if ((*answer)->status != 200)
      return std::unexpected(Error::permanent("the running instance refuses: " + refusal_in(**answer)));
    const auto said = parse_json((*answer)->body);
    const auto appended = said ? said->integer_of("appended") : std::nullopt;
    const auto before = said ? said->integer_of("before") : std::nullopt;
    if (!appended || !before)
      return std::unexpected(Error::permanent("the running instance is of another version: " + (*answer)->body));
    return Redriven{static_cast<std::size_t>(*appended), static_cast<std::size_t>(*before)};
  }

  std::filesystem::path data_;
};

}  // namespace

Result<std::unique_ptr<RedriveTarget>> open_redrive_target(const std::filesystem::path& data) {
  const auto running = ask_running({.data = data, .path = "/healthz"});
  if (!running) return std::unexpected(running.error());
  if (*running) return std::make_unique<RunningProcess>(data);
  auto log = open_embedded_log({.directory = data.string()});
  if (!log) return std::unexpected(log.error());
  return std::make_unique<OwnLog>(std::move(*log));
}

}  // namespace tidemark
