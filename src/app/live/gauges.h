// Gauges that nobody sets in passing: how far readers are behind, what lake and disk hold. Looked at now and then.
#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>

#include "core/result.h"
#include "io/observe/metrics.h"
#include "run/interfaces/log.h"

namespace tidemark {

class Gauges {
 public:
  Gauges(Metrics& metrics, Log& log, std::filesystem::path data)
      : metrics_(metrics), log_(log), data_(std::move(data)) {}

  // Looks if it is time; cheap when it is not. From one thread.
  void look();

 private:
  using Clock = std::chrono::steady_clock;

  void look_at_readers();
  void look_at_disk();
  void look_at_lake();
  void behind(std::string_view reader, Topic topic);

  Metrics& metrics_;
  Log& log_;
  std::filesystem::path data_;
  Clock::time_point next_look_, next_walk_;
};

}  // namespace tidemark
