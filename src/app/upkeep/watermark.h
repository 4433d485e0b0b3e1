// The verb watermark: shows how far event time has advanced in a log, and lowers the watermark if it was wrong
// (contract/semantics.md §3.2).
#pragma once

#include <filesystem>
#include <optional>

#include "app/config/configuration.h"
#include "core/time/time.h"

namespace tidemark {

struct WatermarkVerbOptions {
  std::filesystem::path data = "tidemark-data";
  bool lowers_to_newest_bar = false;
  std::optional<EventTime> lower_to;  // a time that can_lower_to() allows
  bool json = false;
};
using WatermarkRequest = Configured<WatermarkVerbOptions>;

}  // namespace tidemark
