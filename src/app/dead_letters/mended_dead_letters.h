// Mended letters: dead letters that somebody has exported, put right in whatever way, and gives back to be redriven.
//
//     {"reason":"missing","field":"volume","source":"alpaca_trends","position":723,"record":"{\"symbol\":…,\"volume\":0}"}
//
// The position says which letter it is, the record what is appended in its place. Keys may have got into another order,
// and others may have come; a line that is no letter of this log is an error that names it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/dead_letters/dead_letter_tally.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct MendedDeadLetter {
  Position offset = 0;   // of the letter in the log
  DeadLetterReason why;  // it is there
  std::string record;
  bool is_cut = false;  // says by `record_bytes` that it is only the beginning
  std::size_t line = 0;
};

// In the order of the letters. "-" is standard input; plain or gzip.
Result<std::vector<MendedDeadLetter>> read_mended_letters(const std::string& file, Log& log);

}  // namespace tidemark
