// The verb watermark: how far event time has come in a log, and its lowering where that was wrong (contract/semantics.md §3.2).
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
