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
struct DeadLetterReason {
  Reason reason = Reason::BadJson;
  std::string field;
  std::string text() const;  // "missing volume"
  friend auto operator<=>(const DeadLetterReason&, const DeadLetterReason&) = default;
};

struct DeadLetterCounts {
  std::uint64_t letters = 0;     // of which each is in one of those below
  std::uint64_t before = 0;      // redriven earlier
  std::uint64_t bars = 0;        // bars by now
  std::uint64_t heartbeats = 0;  // heartbeats by now
  std::uint64_t cut = 0;         // of which only the beginning is kept
  std::uint64_t rejected = 0;    // no bars, still
  void add(const DeadLetterCounts& other);
};

class DeadLetterTally {
 public:
  void count_before(const DeadLetterReason& why) { ++row(why).before; }
  void count_cut(const DeadLetterReason& why) { ++row(why).cut; }
  // As a judge of today sees the record. True: it goes.
  bool count(const DeadLetterReason& why, const Decoded& decoded);

  DeadLetterCounts sum() const;
  // By what is wrong with them now.
  const std::map<DeadLetterReason, std::uint64_t>& still_rejected() const { return still_rejected_; }
  // The UTC dates of the bars, each with its first one.
  const std::map<std::chrono::sys_days, EventTime>& days() const { return days_; }

  std::string table() const;  // for eyes
  std::string json() const;   // an array, a member for each reason

 private:
  DeadLetterCounts& row(const DeadLetterReason& why);

  std::map<DeadLetterReason, DeadLetterCounts> rows_;
  std::map<DeadLetterReason, std::uint64_t> still_rejected_;
  std::map<std::chrono::sys_days, EventTime> days_;
};

// "missing volume 3, bad_json 1"
std::string list_of(const std::map<DeadLetterReason, std::uint64_t>& counts);

}  // namespace tidemark
