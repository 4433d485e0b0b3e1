// Foreign formats: the records are the same in whatever pieces the bytes arrive. Each record is one line and points
// into the bytes. What was not transcribed is unchanged.
#include <string>
#include <vector>

#include "core/check.h"
#include "core/transcribe/shape.h"
#include "core/transcribe/transcription.h"
#include "core/wire/decode.h"
#include "fuzz/target.h"

namespace tidemark::fuzz {
namespace {

struct Got {
  std::string text, original;
  std::int64_t position = 0;
  friend bool operator==(const Got&, const Got&) = default;
};

struct Outcome {
  FileKind kind;
  std::vector<Got> records;
  std::int64_t skipped = 0;
};

Outcome transcribe(std::string_view bytes, std::size_t piece, const TranscribeOptions& options) {
  Outcome outcome;
  std::size_t known = 0;
  for (;; known += piece) {
    const bool is_all = known >= bytes.size();
    if (const auto kind = detect(bytes.substr(0, known), is_all, options)) {
      outcome.kind = *kind;
      break;
    }
    CHECK(!is_all);
  }
  if (outcome.kind.format == BarFormat::JsonLines) return outcome;
  Transcription transcription(outcome.kind, options, "fuzz");
  TranscribedRecord record;
  for (std::size_t begin = 0;; begin += piece) {
    const bool is_end = begin >= bytes.size();
    if (!is_end) transcription.give(bytes.substr(begin, piece));
    if (is_end) transcription.give_end();
    for (;;) {
      const auto found = transcription.next(record);
      CHECK(found.has_value());
      if (!*found) break;
      CHECK(record.text.find('\n') == record.text.npos && record.position > 0);
      CHECK(bytes.find(record.original) != bytes.npos);
      outcome.records.push_back({std::string(record.text), std::string(record.original), record.position});
    }
    if (is_end) break;
  }
  for (const auto& [kind, count] : transcription.transcriber().skipped()) outcome.skipped += count;
  return outcome;
}

// The first byte says which format, and how large the pieces are.
const Registered transcription("transcription", [](std::string_view bytes) {
  if (bytes.empty()) return;
  const auto first = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  TranscribeOptions options{.format = first % 2 == 0 ? BarFormat::Auto : static_cast<BarFormat>(2 + first / 2 % 3)};
  if (first & 0x40) options.symbol = "A\"B";
  const Outcome whole = transcribe(bytes, bytes.size() + 1, options);
  const Outcome parts = transcribe(bytes, 1 + first / 16, options);
  CHECK(whole.kind.format == parts.kind.format && whole.kind.framing == parts.kind.framing);
  CHECK(whole.records == parts.records && whole.skipped == parts.skipped);
  Decoder decoder;
  for (const Got& record : whole.records) {
    const Decoded decoded = decoder.decode(record.text);
    if (const auto* const reject = std::get_if<Reject>(&decoded)) (void)hint_for(*reject, record.original);
  }
});

}  // namespace
}  // namespace tidemark::fuzz
