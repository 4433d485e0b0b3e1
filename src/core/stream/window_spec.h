// The shape of the windows and how long they wait (contract/semantics.md §3.1).
#pragma once

#include <chrono>

#include "core/time/time.h"

namespace tidemark {

inline constexpr Duration longest_window = std::chrono::days(90);  // also the longest delay that a setting may have

struct WindowSpec {
  Duration size = std::chrono::minutes(5);
  Duration slide = std::chrono::minutes(1);  // >= 1 s, whole seconds
  Duration delay = std::chrono::minutes(2);  // >= 0

  constexpr bool is_valid() const {
    using std::chrono::seconds;
    return slide >= seconds(1) && slide % seconds(1) == Duration::zero() && size >= slide &&
           size % slide == Duration::zero() && size <= longest_window && delay >= Duration::zero() &&
           delay % seconds(1) == Duration::zero();
  }
  friend constexpr bool operator==(const WindowSpec&, const WindowSpec&) = default;
};

}  // namespace tidemark
