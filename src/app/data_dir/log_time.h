// LogTime: how far event time has advanced in the embedded log of a data directory, in the records judged so far.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/jump_watch.h"
#include "core/result.h"
#include "core/stream/window_spec.h"
#include "core/time/time.h"

namespace tidemark {

struct LogTime {
  WindowSpec windows;
  std::optional<EventTime> watermark, newest_bar, largest_heartbeat;
  std::optional<WatermarkJump> jump;  // bars after it are late
  bool follows_the_world = false;     // one of Alpaca's feeds has brought bars

  // Only reads, also beside a run. Error::setup if there is no log, or none of its records has been judged.
  static Result<LogTime> look(const std::filesystem::path& data);
};

}  // namespace tidemark
