// What an input left out of the trends: how many records, and the first of each kind, for the report to the user.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/pipeline/jump_watch.h"
#include "core/wire/reject.h"

namespace tidemark {

struct LeftOut {
  // The first record of its kind.
  struct First {
    std::string source;
    std::int64_t position = 0;
    Reason reason = Reason::BadJson;  // of a rejected record
    std::string field;                // of a rejected record; may be empty
    std::string_view hint;            // what it looks like and what to do; may be empty
  };

  std::int64_t rejected_count = 0, late_count = 0;
  std::optional<First> first_rejected, first_late;
  std::optional<WatermarkJump> jump;  // the jump that made bars late, with its current count

  bool is_empty() const { return rejected_count == 0 && late_count == 0; }
  void rejected(const Reject& reject, const Source& at, std::string_view record);
  void late(const Source& at);
  void add(LeftOut later);
};

// "day.jsonl:40"
std::string place_of(const LeftOut::First& first);
// "bad_json", "missing open"
std::string reason_of(const LeftOut::First& first);

}  // namespace tidemark
