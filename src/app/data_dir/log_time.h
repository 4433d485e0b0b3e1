// LogTime: how far event time has come in the embedded log of a data directory, as far as it was judged.
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
  std::optional<WatermarkJump> jump;  // behind which bars come late
  bool follows_the_world = false;     // a feed of bars of now has brought some

  // Reads only, also beside a run. Error::setup where there is no log, or nobody has judged a record of it.
  static Result<LogTime> look(const std::filesystem::path& data);
};

}  // namespace tidemark
