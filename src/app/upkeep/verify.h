// The verb verify: is everything in a data directory what was written, and what can be done about what is not.
//
//     log ─▶ lake ─▶ one against the other ─▶ [damaged files set aside ─▶ what the log holds of them published again]
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "app/config/configuration.h"

namespace tidemark {

struct VerifyOptions {
  std::filesystem::path data = "tidemark-data";
  std::optional<std::chrono::sys_days> day;  // of the lake only this one; none: all
  bool set_aside = false;                    // damaged files of the lake
  bool repair = false;                       // and publish again what the log holds; comes with set_aside
  bool deep = false;                         // the log's indexes, too
  bool json = false;
};

using VerifyRequest = Configured<VerifyOptions>;

}  // namespace tidemark
