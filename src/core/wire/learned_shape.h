// The learned reader: bars of the shape that the record before had, straight into numbers.
//
//     {"symbol":"A","timestamp":"2026-11-22T14:30:00Z","open":17.5, …}
//     └────┬───┘   └──────┬──────┘                    └───┬──┘          fixed text of the shape
//                A                2026-11-22T14:30:00Z         17.5     values
//
// A program writes its records with the same keys in the same order, so the text between the values is compared as a
// whole instead of read. Whatever is unusual in a value, and every bar that the contract rejects, is "not this shape":
// the complete path reads it again and decides. So this reader rejects nothing, and a bar that it returns is the one
// that the complete path would return.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/market/bar.h"
#include "core/wire/eight_bytes.h"
#include "core/wire/fields.h"

namespace tidemark {

// The instants of the last few time texts. Bars of many symbols bear the same time.
class TimeMemo {
 public:
  // Reads the plain string that begins at `p`. Returns its end; null if it is no time.
  const char* read(const char* p, const char* end, EventTime& time);

 private:
  struct Entry {
    ShortText text;
    EventTime time;
  };
  static constexpr std::size_t size = 16;
  std::array<Entry, size> entries_;
};

class LearnedShape {
 public:
  // Learns from a record that read_plain_record() accepts and that is a bar.
  void learn(std::string_view record);
  // Reads a record of the learned shape. False means only "not this shape"; then `bar` is unspecified. Views point into
  // the record.
  bool read(std::string_view record, Bar& bar);

 private:
  enum class Kind : std::uint8_t { Amount, Change, Symbol, Time, Direction, Feed, Ignored, Null };
  struct Piece {
    ShortText before;  // the fixed text up to the value
    FieldName field = FieldName::Symbol;
    Kind kind = Kind::Null;
  };
  // By field: units of 1e-9, or `none`.
  using Numbers = std::array<std::int64_t, field_count>;

  bool add(std::string_view before, FieldName field, Kind kind);
  const char* read_value(const Piece& piece, const char* p, const char* end, Numbers& numbers, Bar& bar);
  static bool finish(const Numbers& numbers, bool has_direction, Bar& bar);

  std::array<Piece, field_count> pieces_;
  std::size_t size_ = 0;  // 0: nothing learned
  bool has_direction_ = false;
  ShortText after_;  // the fixed text behind the last value
  TimeMemo times_;
};

}  // namespace tidemark
