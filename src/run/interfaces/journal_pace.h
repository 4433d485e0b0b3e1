// JournalPace: counts an error that repeats instead of journaling every occurrence.
//
//     error  x x x x x x x x x x x x x x x
//     line   1 · · · · · · · 8 · · · · · ·     the first, then one a minute with the count since the last line
//
// Events that are no errors and may occur a few times a minute get that many lines before they are counted, too.
//
// Pure: the wall time is an argument. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/time/time.h"

namespace tidemark {

class JournalPace {
 public:
  static constexpr Duration interval = std::chrono::minutes(1);

  // `count` more occurrences of `name`. Returns how often it occurred since its last line if a line is due.
  std::optional<std::uint64_t> take(std::string_view name, EventTime wall, int lines_a_minute = 1,
                                    std::uint64_t count = 1) {
    Seen& seen = seen_.try_emplace(std::string(name)).first->second;
    seen.count += count;
    if (!seen.begun || wall - *seen.begun >= interval || wall < *seen.begun) {
      seen.begun = wall;
      seen.lines = 0;
    }
    if (seen.lines == lines_a_minute) return std::nullopt;
    ++seen.lines;
    return std::exchange(seen.count, 0);
  }

 private:
  struct Seen {
    std::optional<EventTime> begun;  // when the minute began in which `lines` were written
    int lines = 0;
    std::uint64_t count = 0;  // since the last line
  };
  std::map<std::string, Seen, std::less<>> seen_;  // the names are constants of the program, and few
};

}  // namespace tidemark
