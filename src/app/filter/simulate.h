// The verb simulate: the simulator's bars as JSON lines.
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
  // Of the first minute; whole minutes. A Monday's opening in New York.
  EventTime start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::minutes(14 * 60 + 30);
  Duration shuffle{0};                          // a bar may leave its place by less than this much event time
  std::optional<std::filesystem::path> output;  // none: standard output
};

}  // namespace tidemark
