// Shuffle: puts bars out of order within a bound, in bounded memory, and reproducibly.
//
// A bar of time t gets a random place in [t, t + reach), and the places are the order. A bar that overtakes it has a
// place, and so a time, before t + reach. Hence a reader that waits for `reach` calls no bar late.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/simulator/random.h"
#include "core/time/time.h"

namespace tidemark {

class Shuffle {
 public:
  Shuffle(Duration reach, std::uint64_t seed);  // reach > 0

  // Takes the line of a bar, LF included. Its time is a whole minute, not before the last bar's.
  void add(EventTime minute, std::string_view line);

  // Appends all lines whose place lies before this minute to `out`, in order, and drops them.
  void release_before(EventTime minute, std::string& out);

  // The number of minutes that may hold lines at once. After the last bar, releasing so many more minutes releases
  // everything.
  std::int64_t span_in_minutes() const { return static_cast<std::int64_t>(slots_.size()); }

 private:
  struct Entry {
    Duration place;           // since the slot's minute began
    std::size_t begin, size;  // in the bytes of the slot
  };
  // The lines with a place in one minute. Only these have to be sorted together.
  struct Slot {
    std::vector<Entry> entries;
    std::string bytes;
  };

  Slot& slot_of(std::int64_t minute) { return slots_[static_cast<std::size_t>(minute) % slots_.size()]; }

  Duration reach_;
  Random random_;
  std::vector<Slot> slots_;  // a ring over the minutes
  std::int64_t first_ = 0;   // the earliest minute that may hold a line
  bool is_empty_ = true;     // nothing was ever added
};

}  // namespace tidemark
