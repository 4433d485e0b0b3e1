// The journal's word on records that are in no trend, and on a bar of the future that made others late: the first at
// once, then how many, at most once a minute.
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

  // For people: where rejected records are, and what to do against late bars.
  struct Cures {
    std::string_view of_rejected = "they are dead letters: tidemark redrive --export FILE writes them";
    std::string_view of_late =
        "tidemark recompute makes past days anew with the late bars; a longer --delay waits for them";
  };
  static constexpr std::string_view dead_letters_of_kafka = "they are in the topic alpaca_dead_letters";

  LeftOutJournal(Journal& journal, const Cures& cures) : journal_(journal), cures_(cures) {}

  // To be called after every step, with what it left out, which may be nothing.
  void note(LeftOut more, Clock::time_point now);
  // At the end: what was not told yet.
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
