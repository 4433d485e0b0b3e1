// Transcribers: texts in which others write bars → records as they stand in alpaca_trends (contract/semantics.md §7.6).
//
//     {"T":"b","S":"AAPL","o":187.1,…,"t":"2026-01-05T14:30:00Z"}  →  {"symbol":"AAPL","open":187.1,…,"timestamp":…}
//
// Numbers keep the digits that came. Nothing is judged here: what is no good bar becomes a record that is none, and its
// judge says why.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/transcribe/bar_format.h"

namespace tidemark {

// Which member of theirs is which field of ours.
struct Naming {
  enum class As : std::uint8_t { IsWritten, Milliseconds, BinanceTime, NumberInString };
  std::string_view theirs, ours;
  As as = As::IsWritten;
};

// A bar in a text, not yet transcribed. Views point into the text and into the transcriber.
struct BarElement {
  std::string_view bytes;               // as they came
  std::string_view symbol;              // where it stands outside the bar, inside its quotes; else empty
  const std::vector<Naming>* naming{};  // null: the bytes are the record, as they came
  bool is_list = false;                 // its values stand in the order of `naming`
};

class Transcriber {
 public:
  virtual ~Transcriber() = default;

  // Adds the bars of one text, which is valid JSON. What is not of this kind is added as it came.
  virtual void find_bars(std::string_view text, std::vector<BarElement>& bars) = 0;

  // Messages that are no bars, by their kind, and how many there were.
  const std::map<std::string, std::int64_t, std::less<>>& skipped() const { return skipped_; }

 protected:
  void skip(std::string_view kind);

 private:
  std::map<std::string, std::int64_t, std::less<>> skipped_;
};

// JsonLines and Auto have none.
std::unique_ptr<Transcriber> make_transcriber(BarFormat format, const std::string& symbol);
std::unique_ptr<Transcriber> make_alpaca_transcriber();
std::unique_ptr<Transcriber> make_polygon_transcriber();
std::unique_ptr<Transcriber> make_binance_transcriber(const std::string& symbol);

// The record, without a line end.
void append_record(const BarElement& bar, std::string& out);

}  // namespace tidemark
