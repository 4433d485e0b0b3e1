// Reject: why a record is no bar. It is a value, not an event: it goes to the dead letters with the record's own bytes,
// and changes nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

enum class Reason : std::uint8_t {
  TooLong,
  BadJson,
  DuplicateKey,
  TooDeep,
  NotAnObject,
  Missing,
  WrongType,
  BadSymbol,
  BadTimestamp,
  NotPositive,
  Negative,
  OutOfRange,
  NotInteger,
  BadDirection,
  BadFeed,
  HighBelowLow,
  LowAboveOpen,
  OpenAboveHigh,
  LowAboveClose,
  CloseAboveHigh,
  AheadOfHeartbeat,
  BadRow,
  AheadOfFeed,
};
inline constexpr std::size_t reason_count = 23;
std::string_view to_string(Reason reason);  // "too_long" …
std::optional<Reason> parse_reason(std::string_view name);

struct Reject {
  Reason reason = Reason::BadJson;
  std::string_view field;  // a name from the contract's table; empty if the record as a whole is bad
  friend bool operator==(const Reject&, const Reject&) = default;
};

// Where a record came from: a file and its line, or a topic and its offset.
struct Source {
  std::string_view name;
  std::int64_t position = 0;
};

// Appends the dead letter as a JSON object, without a line end. `bytes_in_all` is the record's full length, of which
// `record` may be only the beginning.
void append_dead_letter(const Reject& reject, const Source& source, std::string_view record, std::size_t bytes_in_all,
                        std::string& out);

// A dead letter as it was written.
struct DeadLetter {
  Reason reason = Reason::BadJson;
  std::string field, source;
  std::int64_t position = 0;                 // in the source
  std::string record;                        // its raw bytes
  std::optional<std::int64_t> bytes_in_all;  // if it was too long; `record` is its beginning
};

// Reads back what append_dead_letter wrote; empty for anything else.
std::optional<DeadLetter> decode_dead_letter(std::string_view json);

}  // namespace tidemark
