// The verb compact: the files of days that are over become one, now.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "app/config/configuration.h"

namespace tidemark {

struct CompactVerbOptions {
  std::filesystem::path data = "tidemark-data";
  std::optional<std::chrono::sys_days> day;  // none: every day that is over
  bool json = false;
};

using CompactRequest = Configured<CompactVerbOptions>;

}  // namespace tidemark
