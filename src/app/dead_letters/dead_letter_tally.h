// DeadLetterTally: counts the dead letters of a redrive by their reason, and what became or would become of them.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "core/time/time.h"
#include "core/wire/decode.h"

namespace tidemark {

// The reason of a rejection, independent of the lifetime of the record.
struct DeadLetterReason {
  Reason reason = Reason::BadJson;
  std::string field;
  std::string text() const;  // "missing volume"
  friend auto operator<=>(const DeadLetterReason&, const DeadLetterReason&) = default;
};

struct DeadLetterCounts {
  std::uint64_t letters = 0;     // each is counted in one of the fields below
  std::uint64_t before = 0;      // redriven earlier
  std::uint64_t bars = 0;        // bars by now
  std::uint64_t heartbeats = 0;  // heartbeats by now
  std::uint64_t cut = 0;         // only the beginning of the record is kept
  std::uint64_t rejected = 0;    // still no bars
  void add(const DeadLetterCounts& other);
};

class DeadLetterTally {
 public:
  void count_before(const DeadLetterReason& why) { ++row(why).before; }
  void count_cut(const DeadLetterReason& why) { ++row(why).cut; }
  // Counts a record by how it is judged today. True if it is to be redriven.
  bool count(const DeadLetterReason& why, const Decoded& decoded);

  DeadLetterCounts sum() const;
  // The records that are still rejected, by the reason of today.
  const std::map<DeadLetterReason, std::uint64_t>& still_rejected() const { return still_rejected_; }
  // The UTC dates of the bars, each with the time of its first bar.
  const std::map<std::chrono::sys_days, EventTime>& days() const { return days_; }

  std::string table() const;  // for people
  std::string json() const;   // an array with an element for each reason

 private:
  DeadLetterCounts& row(const DeadLetterReason& why);

  std::map<DeadLetterReason, DeadLetterCounts> rows_;
  std::map<DeadLetterReason, std::uint64_t> still_rejected_;
  std::map<std::chrono::sys_days, EventTime> days_;
};

// "missing volume 3, bad_json 1"
std::string list_of(const std::map<DeadLetterReason, std::uint64_t>& counts);

}  // namespace tidemark
