// Mended dead letters: exported dead letters whose records somebody has corrected, to be redriven.
//
//     {"reason":"missing","field":"volume","source":"alpaca_trends","position":723,"record":"{\"symbol\":…,\"volume\":0}"}
//
// The position identifies the dead letter, and the record is appended in its place. Keys may be in any order, and extra
// keys are ignored. A line that is no dead letter of this log is an error that names the line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/dead_letters/dead_letter_tally.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct MendedDeadLetter {
  Position offset = 0;   // of the dead letter in the log
  DeadLetterReason why;  // why the record was rejected
  std::string record;
  bool is_cut = false;  // has `record_bytes`: the record is only the beginning
  std::size_t line = 0;
};

// Reads a file, plain or gzip, or standard input for "-". Returns them in the order of the dead letters in the log.
Result<std::vector<MendedDeadLetter>> read_mended_letters(const std::string& file, Log& log);

}  // namespace tidemark
