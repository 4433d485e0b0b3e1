// Clock: the only way for the loops to get the wall time.
#pragma once

#include "core/time/time.h"

namespace tidemark {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual EventTime now() const = 0;  // wall time, UTC
};

}  // namespace tidemark
