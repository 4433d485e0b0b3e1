// Dead letters read from the log, for whoever wants to append their records again: chosen by what they say, or found by
// where their records stood.
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
  std::set<Reason> reasons;      // none: any
  std::set<std::string> fields;  // none: any
  // Offsets of the letters themselves; `to` is the first that is not chosen.
  Position from = 0, to = std::numeric_limits<Position>::max();
  std::optional<EventTime> since;  // when the record came, that or later
};

struct NumberedDeadLetter {
  Position offset = 0;  // in Topic::DeadLetters
  DeadLetter said;
  std::string json;  // as it stands in the log
};

struct DeadLetterBatch {
  std::vector<NumberedDeadLetter> chosen;
  Position next = 0;  // where to read on
};

// Looks at some thousand letters from `from` on. None: there are no more before the end of the choice.
Result<std::optional<DeadLetterBatch>> read_letters(Log& log, const DeadLetterChoice& choice, Position from);

// Finds letters one after the other; quick where each lies close behind the one before.
class DeadLetterFinder {
 public:
  explicit DeadLetterFinder(Log& log) : log_(log) {}

  // The letter whose record stands there in Topic::Bars; none: that record is no dead letter, or it is forgotten.
  Result<std::optional<NumberedDeadLetter>> find(Position position);

 private:
  Result<std::optional<NumberedDeadLetter>> find_near(Position position);
  Result<std::vector<NumberedDeadLetter>> read(Position offset, std::size_t limit);

  Log& log_;
  std::vector<NumberedDeadLetter> near_;  // those behind the one that was found last
};

}  // namespace tidemark
