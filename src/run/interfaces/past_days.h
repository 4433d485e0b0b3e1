// PastDays: the stored days, and their bars in the order of the market.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "core/market/bar.h"
#include "core/result.h"

namespace tidemark {

// Bars by time, then symbol: each once, in its latest version.
class PastBars {
 public:
  virtual ~PastBars() = default;
  virtual std::size_t size() const = 0;
  virtual EventTime time(std::size_t bar) const = 0;  // without reading it
  // The next bar, valid until the next call; null at the end.
  virtual Result<const Bar*> next() = 0;
  virtual void rewind() = 0;
};

// From any thread.
class PastDays {
 public:
  virtual ~PastDays() = default;
  virtual Result<std::vector<std::chrono::sys_days>> days() const = 0;  // oldest first
  // The bars of [from, to).
  virtual Result<std::unique_ptr<PastBars>> open(EventTime from, EventTime to) const = 0;
};

}  // namespace tidemark
