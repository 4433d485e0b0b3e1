// The verb simulate: writes the simulator's bars as JSON lines.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/config/run_options.h"
#include "core/time/time.h"

namespace tidemark {

struct SimulateOptions {
  SymbolChoice symbols;
  std::uint64_t minutes = 120;  // market minutes
  std::uint64_t seed = 1;
  // The first minute, a whole one. The default is the opening of a Monday in New York.
  EventTime start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::minutes(14 * 60 + 30);
  Duration shuffle{0};                          // bars are displaced by less than this much event time
  std::optional<std::filesystem::path> output;  // none: standard output
};

}  // namespace tidemark
