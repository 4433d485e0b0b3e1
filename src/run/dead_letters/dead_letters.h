// Reads dead letters from the log, so that their records can be appended again. They are chosen by their content, or
// found by the positions of their records.
#pragma once

#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/wire/reject.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct DeadLetterChoice {
  std::set<Reason> reasons;      // empty: any
  std::set<std::string> fields;  // empty: any
  // Offsets of the dead letters themselves; `to` is excluded.
  Position from = 0, to = std::numeric_limits<Position>::max();
  std::optional<EventTime> since;  // when the record arrived: then or later
};

struct NumberedDeadLetter {
  Position offset = 0;  // in Topic::DeadLetters
  DeadLetter said;
  std::string json;  // as in the log
};

struct DeadLetterBatch {
  std::vector<NumberedDeadLetter> chosen;
  Position next = 0;  // where to continue reading
};

// Reads up to some thousand dead letters from `from` on. Empty: no more before the end of the choice.
Result<std::optional<DeadLetterBatch>> read_letters(Log& log, const DeadLetterChoice& choice, Position from);

// Finds dead letters one after another. Fast if each is shortly after the previous one.
class DeadLetterFinder {
 public:
  explicit DeadLetterFinder(Log& log) : log_(log) {}

  // The dead letter of the record at this position of Topic::Bars. Empty: the record is no dead letter, or it was
  // trimmed.
  Result<std::optional<NumberedDeadLetter>> find(Position position);

 private:
  Result<std::optional<NumberedDeadLetter>> find_near(Position position);
  Result<std::vector<NumberedDeadLetter>> read(Position offset, std::size_t limit);

  Log& log_;
  std::vector<NumberedDeadLetter> near_;  // those after the last one found
};

}  // namespace tidemark
