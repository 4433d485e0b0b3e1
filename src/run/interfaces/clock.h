// Clock: the only way by which the loops learn what time it is on the wall.
#pragma once

#include "core/time/time.h"

namespace tidemark {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual EventTime now() const = 0;  // wall time, UTC
};

}  // namespace tidemark
