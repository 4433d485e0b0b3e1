// Redrive: appends the records of dead letters to the bars again (contract/semantics.md §6.7), where they are decoded
// like any other.
//
//     records ─▶ those that were not redriven yet ─▶ Log::append(records, "redrive/17", "69632-69700 69702"): ONE step
//
// A dead letter stays where it is. The cursor of a feed stores that it was redriven, and becomes durable together with
// its record. Each feed covers some thousand dead letters, so a step writes little, however many there are.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/wire/decode.h"
#include "run/dead_letters/offset_set.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"

namespace tidemark {

// A record to append for the dead letter at this offset of Topic::DeadLetters: its own record, or a corrected one.
struct ReturningRecord {
  Position letter = 0;
  std::string value;
};

struct Redriven {
  std::size_t appended = 0;
  std::size_t before = 0;  // were redriven earlier, and are skipped
};

// One thread at a time, and one Redrive per log.
class Redrive {
 public:
  Redrive(Log& log, const Clock& clock, Notifier& analyze) : log_(log), clock_(clock), analyze_(analyze) {}

  // Works in steps of at most some thousand records and some megabytes; other writers may append between them. After an
  // error or a kill, the same call continues: each record is appended once. It is fastest in the order of the dead
  // letters. An offset without a dead letter is an error, and then nothing is appended.
  Result<Redriven> append(std::span<const ReturningRecord> records);

  // Forgets that these were redriven, so that they can be redriven again.
  Result<void> forget(std::span<const Position> letters);

 private:
  Result<void> check(Position letter);
  Result<Redriven> append_step(std::span<const ReturningRecord> records);

  Log& log_;
  const Clock& clock_;
  Notifier& analyze_;
  Decoder decoder_;
};

// Which dead letters were redriven, for readers. Fast in the order of the dead letters. It sees what was durable when
// it first read their feed.
class RedrivenLetters {
 public:
  explicit RedrivenLetters(Log& log) : log_(log) {}
  Result<bool> contains(Position letter);

 private:
  Log& log_;
  Position feed_ = -1;
  OffsetSet letters_;
};

}  // namespace tidemark
