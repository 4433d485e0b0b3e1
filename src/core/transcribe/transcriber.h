// Transcribers: JSON with bars in other formats → records as in alpaca_trends (contract/semantics.md §7.6).
//
//     {"T":"b","S":"AAPL","o":187.1,…,"t":"2026-01-05T14:30:00Z"}  →  {"symbol":"AAPL","open":187.1,…,"timestamp":…}
//
// Numbers keep their digits. Nothing is validated here: a bad bar becomes a bad record, and the decoder says why.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/transcribe/bar_format.h"

namespace tidemark {

// Maps a member of a foreign object to a field of ours.
struct Naming {
  enum class As : std::uint8_t { IsWritten, Milliseconds, BinanceTime, TimeOfList, NumberInString };
  std::string_view theirs, ours;
  As as = As::IsWritten;
};

// A bar in a text, not yet transcribed. Views point into the text and into the transcriber.
struct BarElement {
  std::string_view bytes;               // as they came
  std::string_view symbol;              // the original bytes
  const std::vector<Naming>* naming{};  // escaped, if it is outside of the bar; else empty
  bool is_list = false;                 // null: the bytes are the record
};

class Transcriber {
 public:
  virtual ~Transcriber() = default;

  // Appends the bars of one text, which is valid JSON. Elements of an unknown kind are appended unchanged.
  virtual void find_bars(std::string_view text, std::vector<BarElement>& bars) = 0;

  // Messages that are no bars: how many of each kind.
  const std::map<std::string, std::int64_t, std::less<>>& skipped() const { return skipped_; }

 protected:
  void skip(std::string_view kind);

 private:
  std::map<std::string, std::int64_t, std::less<>> skipped_;
};

// Null for JsonLines and Auto.
std::unique_ptr<Transcriber> make_transcriber(BarFormat format, const TranscribeOptions& options);
std::unique_ptr<Transcriber> make_alpaca_transcriber();
std::unique_ptr<Transcriber> make_polygon_transcriber();
std::unique_ptr<Transcriber> make_binance_transcriber(const TranscribeOptions& options);

// Appends the record, without a line end.
void append_record(const BarElement& bar, std::string& out);

}  // namespace tidemark
