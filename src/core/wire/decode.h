// Decoding: the bytes of one record → a bar, a heartbeat, or the reason why it is neither.
//
// Strict and complete (contract/semantics.md, lines and JSON; bars): every byte of the record is checked, numbers are
// read exactly from their text, and missing derived fields are computed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/wire/fields.h"
#include "core/wire/json.h"
#include "core/wire/learned_shape.h"
#include "core/wire/reject.h"

namespace tidemark {

inline constexpr std::size_t max_record_bytes = 65'536;

struct Heartbeat {
  EventTime time{};
};

// Views in a Bar point into the record, or into the decoder if the record had escapes. They are valid until the next
// decode or the end of the record, whichever comes first.
using Decoded = std::variant<Bar, Heartbeat, Reject>;

// Whether numbers in strings, and numbers as times, are accepted as in tables of bars (contract/semantics.md §6.6).
enum class Leniency : std::uint8_t { None, AsTables };

class Decoder {
 public:
  explicit Decoder(Leniency leniency = Leniency::None) : leniency_(leniency) {}

  // `record` is one line without its LF and without one trailing CR.
  void decode(std::string_view record, Decoded& into);
  Decoded decode(std::string_view record) {
    Decoded decoded;
    decode(record, decoded);
    return decoded;
  }

 private:
  bool decode_as_learned(std::string_view record, Decoded& into);
  void decode_completely(std::string_view record, Decoded& into);

  Leniency leniency_;
  LearnedShape shape_;
  bool missed_ = true;  // whether the record before was not of the learned shape
  Fields fields_;
  JsonReader json_;
};

// The same validation for a row that was not JSON, from the fields that its reader found: a bar or the reason. Views
// point where the views of the fields point.
void judge_bar(const Fields& fields, Decoded& into);

// True for a line that holds nothing but spaces, tabs and CRs: skipped and not counted.
bool is_blank(std::string_view line);

// Reads a row of alpaca_trend_results or tidemark_bars, of either contract and from any writer: any JSON object with
// the contract's keys (row_members.h). Rows written by append_trend and append_judged_bar are fastest. Empty for
// anything else.
std::optional<Trend> decode_trend(std::string_view json);
std::optional<JudgedBar> decode_judged_bar(std::string_view json);

}  // namespace tidemark
