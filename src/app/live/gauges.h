// Gauges: metrics that have to be measured now and then: the lag of readers, the size of the lake, free disk space.
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

  // Measures if it is time; cheap otherwise. From one thread.
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
