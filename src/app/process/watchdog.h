// Watchdog: sends signs of life to the service manager while no agent hangs (sd_notify(3), WatchdogSec).
#pragma once

#include <chrono>
#include <optional>

#include "app/process/systemd.h"

namespace tidemark {

class Watchdog {
 public:
  // Call it often, from one thread, with the last turn of the agent whose last turn is the longest ago. Does nothing if
  // no service manager expects signs of life.
  void look(std::chrono::steady_clock::time_point oldest_turn) {
    const auto now = std::chrono::steady_clock::now();
    if (!interval_ || now < next_sign_) return;
    next_sign_ = now + *interval_ / 4;
    if (now - oldest_turn > *interval_) return;
    tell_systemd("WATCHDOG=1");
  }

 private:
  const std::optional<std::chrono::microseconds> interval_ = systemd_watchdog();
  std::chrono::steady_clock::time_point next_sign_;
};

}  // namespace tidemark
