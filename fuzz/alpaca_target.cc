// What Alpaca sends: frames of its stream, pages of its history, its clock. A frame is accepted as a whole or not at
// all. A record made from it is either a bar in the form in which bars are written, or one that the machine rejects.
// Decimals are those of a slow reader of numbers.
#include <string>
#include <variant>

#include "core/check.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "core/wire/json.h"
#include "fuzz/target.h"
#include "io/alpaca/bar_text.h"
#include "io/alpaca/clock_text.h"
#include "io/alpaca/stream_message.h"

namespace tidemark::fuzz {
namespace {

void check_record(const FetchedBar& fetched) {
  Decoder decoder;
  const Decoded decoded = decoder.decode(fetched.record.value);
  CHECK(fetched.record.kind == RecordKind::Data && !std::holds_alternative<Heartbeat>(decoded));
  const Bar* const bar = std::get_if<Bar>(&decoded);
  if (bar == nullptr) return;
  CHECK(bar->symbol == fetched.record.key && bar->values.time == fetched.time);
  CHECK(bar->feed == "iex");
  std::string written;
  append_bar(*bar, written);
  CHECK(written == fetched.record.value);
}

// Parts: a frame, a page, a clock.
const Registered alpaca("alpaca", [](std::string_view bytes) {
  BarText text("iex");
  std::string frame(take_part(bytes));
  const std::string before = frame;
  if (const auto read = read_frame(frame, text)) {
    CHECK(frame == before);
    for (const StreamBar& bar : read->bars) check_record(bar.bar);
    // Wrapped in an object for our own reader, what their parser accepts is JSON. It may be nested deeper than we
    // allow.
    JsonReader reader;
    Fields fields;
    const auto wrong = reader.read("{\"x\":" + before + "}", fields);
    CHECK(!wrong || *wrong == Reason::TooDeep || *wrong == Reason::DuplicateKey);
    BarText again("iex");
    std::string copy = before;
    CHECK(read_frame(copy, again)->bars.size() == read->bars.size());
  } else {
    CHECK(!read.error().is_retryable() && !read.error().message().empty());
  }
  const std::string_view page = take_part(bytes);
  if (const auto read = text.read_page(page))
    for (const FetchedBar& bar : read->bars) check_record(bar);
  if (const auto shown = read_clock(bytes)) {
    CHECK(shown->speed > 0);
    (void)MarketClock(*shown, EventTime{}, EventTime{}).at(EventTime{} + std::chrono::hours(1));
  }
});

}  // namespace
}  // namespace tidemark::fuzz
