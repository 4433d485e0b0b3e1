// JournalPace: an error that repeats is counted, and not journaled line by line.
//
//     error  x x x x x x x x x x x x x x x
//     line   1 · · · · · · · 8 · · · · · ·     at first, then once a minute, with how many there were since the last line
//
// What is no error and may come a few times a minute gets so many lines before it is counted, too.
//
// Pure: the wall time is always handed in. One thread.
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

  // `count` more of what is called `name`: how often it has happened since its last line, if a line is due.
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
    std::optional<EventTime> begun;  // the minute in which `lines` were written
    int lines = 0;
    std::uint64_t count = 0;  // since the last line
  };
  std::map<std::string, Seen, std::less<>> seen_;  // names are of the program's own making, and few
};

}  // namespace tidemark
