#include "app/redrive_door.h"

#include <fmt/format.h>

#include <utility>

#include "app/system_clock.h"
#include "io/embedded/embedded_log.h"

namespace tidemark {
namespace {

class NobodyToWake : public Notifier {
 public:
  void ring() override {}
};

class OwnLog final : public RedriveDoor {
 public:
  explicit OwnLog(std::unique_ptr<Log> log) : log_(std::move(log)) {}

  Result<Redriven> append(std::span<const ReturningRecord> records) override { return redrive_.append(records); }
  Result<void> forget(std::span<const Position> letters) override { return redrive_.forget(letters); }
  std::string judged_by() const override { return "`tidemark run` judges them when it starts next"; }

 private:
  SystemClock clock_;
  NobodyToWake nobody_;
  std::unique_ptr<Log> log_;
  Redrive redrive_{*log_, clock_, nobody_};
};

}  // namespace

Result<std::unique_ptr<RedriveDoor>> open_redrive_door(const std::filesystem::path& data) {
  auto log = open_embedded_log({.directory = data.string()});
  if (!log) return std::unexpected(log.error());
  return std::make_unique<OwnLog>(std::move(*log));
}

}  // namespace tidemark
