// The tally of a redrive: dead letters by why they are there, and what became of them, or would.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "core/time/time.h"
#include "core/wire/decode.h"

namespace tidemark {

// Why a record is no bar, kept for longer than the record.
struct LetterReason {
  Reason reason = Reason::BadJson;
  std::string field;
  std::string text() const;  // "missing volume"
  friend auto operator<=>(const LetterReason&, const LetterReason&) = default;
};

struct LetterCounts {
  std::uint64_t letters = 0;     // of which each is in one of those below
  std::uint64_t before = 0;      // redriven earlier
  std::uint64_t bars = 0;        // bars by now
  std::uint64_t heartbeats = 0;  // heartbeats by now
  std::uint64_t cut = 0;         // of which only the beginning is kept
  std::uint64_t rejected = 0;    // no bars, still
  void add(const LetterCounts& other);
};

class LetterTally {
 public:
  void count_before(const LetterReason& why) { ++row(why).before; }
  void count_cut(const LetterReason& why) { ++row(why).cut; }
  // As a judge of today sees the record. True: it goes.
  bool count(const LetterReason& why, const Decoded& decoded);

  LetterCounts sum() const;
  // By what is wrong with them now.
  const std::map<LetterReason, std::uint64_t>& still_rejected() const { return still_rejected_; }
  // The UTC dates of the bars, each with its first one.
  const std::map<std::chrono::sys_days, EventTime>& days() const { return days_; }

  std::string table() const;  // for eyes
  std::string json() const;   // an array, a member for each reason

 private:
  LetterCounts& row(const LetterReason& why);

  std::map<LetterReason, LetterCounts> rows_;
  std::map<LetterReason, std::uint64_t> still_rejected_;
  std::map<std::chrono::sys_days, EventTime> days_;
};

// "missing volume 3, bad_json 1"
std::string list_of(const std::map<LetterReason, std::uint64_t>& counts);

}  // namespace tidemark
