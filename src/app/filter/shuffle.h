// Shuffle: bars out of order, but not by much, in bounded memory and the same at every run.
//
// A bar of time t gets a place between t and t + reach, drawn at random; the places are the order. Whoever
// overtakes a bar is younger than it by less than `reach`: its place lies before t + reach, so its time does.
// Hence a reader who waits for `reach` calls no bar late.
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

  // Takes the line of a bar, LF included. Its time is a whole minute, not before the last one.
  void add(EventTime minute, std::string_view line);

  // Appends in their order all lines whose place lies before this minute, and forgets them.
  void release_before(EventTime minute, std::string& out);

  // Minutes that may hold lines at once: after the last bar, releasing so many more gives all.
  std::int64_t span_in_minutes() const { return static_cast<std::int64_t>(slots_.size()); }

 private:
  struct Entry {
    Duration place;           // since the slot's minute began
    std::size_t begin, size;  // in the bytes of the slot
  };
  // The lines with a place in one minute: only they have to be sorted together.
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
