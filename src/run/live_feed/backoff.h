// Backoff: waits that double each time, with jitter, up to a cap.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "core/simulator/random.h"
#include "core/time/time.h"

namespace tidemark {

class Backoff {
 public:
  // `seed`: of the jitter.
  Backoff(Duration first, std::uint32_t seed) : first_(first), chance_(seed) {}

  Duration next() {
    const Duration wait =
        std::min(first_ * (1 << std::min<std::uint64_t>(count_++, 10)), std::max(first_, longest_wait));
    return jittered(wait);
  }
  // Between half of it and the whole.
  Duration jittered(Duration wait) { return wait / 2 + wait / 2 * chance_.between(0, 1000) / 1000; }
  std::uint64_t count() const { return count_; }
  void reset() { count_ = 0; }

 private:
  static constexpr Duration longest_wait = std::chrono::minutes(5);

  Duration first_;
  std::uint64_t count_ = 0;
  Random chance_;
};

}  // namespace tidemark
