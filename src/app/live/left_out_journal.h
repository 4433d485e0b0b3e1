// LeftOutJournal: journals records that are in no trend, and bars of the future that made others late: the first one at
// once, then counts at most once a minute.
#pragma once

#include <chrono>
#include <string_view>

#include "app/process/tell.h"
#include "core/pipeline/left_out.h"
#include "run/interfaces/journal.h"

namespace tidemark {

class LeftOutJournal {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds between_lines{60};

  // Hints for people: where rejected records are, and what to do about late bars.
  struct Cures {
    std::string_view of_rejected = "they are dead letters: tidemark redrive --export FILE writes them";
    std::string_view of_late = "tidemark recompute adds the late bars to past days; a longer --delay waits for them";
  };
  static constexpr std::string_view dead_letters_of_kafka = "they are in the topic alpaca_dead_letters";

  LeftOutJournal(Journal& journal, const Cures& cures) : journal_(journal), cures_(cures) {}

  // Call it after every step with what the step left out, which may be nothing.
  void note(LeftOut more, Clock::time_point now);
  // Reports the rest at the end.
  void finish();

 private:
  void tell();
  void tell_jump();

  Journal& journal_;
  Cures cures_;
  LeftOut untold_;
  Clock::time_point next_line_{}, next_jump_line_{};
};

}  // namespace tidemark
