// The journal's word on records that are in no trend: the first at once, then how many, at most once a minute.
#pragma once

#include <chrono>
#include <string_view>

#include "core/pipeline/left_out.h"
#include "run/journal.h"

namespace tidemark {

class LeftOutJournal {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds between_lines{60};

  // `cure_of_late`: what to do against late bars, for people; empty where nothing can be done.
  LeftOutJournal(Journal& journal, std::string_view cure_of_late) : journal_(journal), cure_of_late_(cure_of_late) {}

  // To be called after every step, with what it left out, which may be nothing.
  void note(LeftOut more, Clock::time_point now);
  // At the end: what was not told yet.
  void finish();

 private:
  void tell();

  Journal& journal_;
  std::string_view cure_of_late_;
  LeftOut untold_;
  Clock::time_point next_line_{};
};

}  // namespace tidemark
