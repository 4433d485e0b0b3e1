// Redrive: records of dead letters are appended to the bars again (contract/semantics.md §6.7), where they are judged like
// any other.
//
//     records ─▶ those that were not redriven yet ─▶ Log::append(records, "redrive/17", "69632-69700 69702"): ONE step
//
// A letter stays where it is. That it was redriven stands in the cursor of a feed, which becomes durable together with
// its record; each feed has some thousand letters, so a step writes little, however many there are and whichever went.
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

// What is appended in place of the letter at this offset of Topic::DeadLetters: its own record, or a mended one.
struct ReturningRecord {
  Position letter = 0;
  std::string value;
};

struct Redriven {
  std::size_t appended = 0;
  std::size_t before = 0;  // were redriven earlier, and are left alone
};

// One thread at a time, and one Redrive of a log.
class Redrive {
 public:
  Redrive(Log& log, const Clock& clock, Notifier& analyze) : log_(log), clock_(clock), analyze_(analyze) {}

  // In steps of at most some thousand records and some megabytes, between which everybody else may append. After an
  // error or a kill the same call goes on: each is appended once. Quickest in the order of the letters. A letter that
  // there never was is an error, and then nothing is appended.
  Result<Redriven> append(std::span<const ReturningRecord> records);

  // As if these had not been redriven: they may be once more.
  Result<void> forget(std::span<const Position> letters);

 private:
  Result<void> check(Position letter);
  Result<Redriven> append_step(std::span<const ReturningRecord> records);

  Log& log_;
  const Clock& clock_;
  Notifier& analyze_;
  Decoder decoder_;
};

// Which letters were redriven, for whoever only looks. Quick in the order of the letters; sees what was durable when it
// came to their feed.
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
