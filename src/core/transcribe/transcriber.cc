// Turns an element of a text into a record.
#include "core/transcribe/transcriber.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/time/timestamp.h"
#include "core/transcribe/json_walk.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr std::size_t most_kinds = 16;  // kinds of messages with a counter of their own

bool is_number(std::string_view text) {
  return !text.empty() && end_of_number(text.data(), text.data() + text.size()) == text.data() + text.size();
}

// A whole number of ticks since 1970 becomes a timestamp. Anything else is copied as it is; the decoder will reject it.
void append_epoch(std::string_view number, std::int64_t nanos_per_tick, std::string& out) {
  std::int64_t ticks = 0;
  const char* const end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, ticks);
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / nanos_per_tick;
  if (error != std::errc{} || rest != end || ticks < 0 || ticks > most) {
    out += number;
    return;
  }
  out += '"';
  append_timestamp(event_time_from_nanos(ticks * nanos_per_tick), out);
  out += '"';
}

constexpr std::int64_t second = 1'000'000'000, milli = 1'000'000, micro = 1'000, nano = 1;

// The number of digits tells s, ms, µs or ns, for times since 1973.
std::int64_t tick_of(std::size_t digits) {
  if (digits <= 11) return second;
  if (digits <= 14) return milli;
  return digits <= 17 ? micro : nano;
}

void append_value(std::string_view value, Naming::As as, std::string& out) {
  switch (as) {
    case Naming::As::IsWritten:
      out += value;
      return;
    case Naming::As::Milliseconds:
      return append_epoch(value, milli, out);
    case Naming::As::BinanceTime:  // microseconds if they were requested
      return append_epoch(value, value.size() >= 15 ? micro : milli, out);
    case Naming::As::TimeOfList: {
      const std::string_view bare = is_number(inside_quotes(value)) ? inside_quotes(value) : value;
      return append_epoch(bare, tick_of(bare.size()), out);
    }
    case Naming::As::NumberInString:
      out += is_number(inside_quotes(value)) ? inside_quotes(value) : value;
      return;
  }
}

void append_member(const Naming& naming, std::string_view value, std::string& out) {
  if (naming.ours.empty()) return;
  out += out.back() == '{' ? "\"" : ",\"";
  out += naming.ours;
  out += "\":";
  append_value(value, naming.as, out);
}

}  // namespace

void Transcriber::skip(std::string_view kind) {
  auto found = skipped_.find(kind);
  if (found == skipped_.end())
    found = skipped_.try_emplace(skipped_.size() < most_kinds ? std::string(kind.substr(0, 32)) : "others", 0).first;
  ++found->second;
}

std::unique_ptr<Transcriber> make_transcriber(BarFormat format, const TranscribeOptions& options) {
  switch (format) {
    case BarFormat::Alpaca:
      return make_alpaca_transcriber();
    case BarFormat::Polygon:
      return make_polygon_transcriber();
    case BarFormat::Binance:
      return make_binance_transcriber(options);
    case BarFormat::Auto:
    case BarFormat::JsonLines:
      break;
  }
  return nullptr;
}

void append_record(const BarElement& bar, std::string& out) {
  const std::size_t begin = out.size();
  if (bar.naming == nullptr) {
    out += bar.bytes;
  } else {
    out += '{';
    if (!bar.symbol.empty()) {
      out += R"("symbol":")";
      out += bar.symbol;
      out += '"';
    }
    std::size_t place = 0;
    for (JsonWalk walk(bar.bytes); walk.next(); ++place) {
      if (bar.is_list) {
        if (place < bar.naming->size()) append_member((*bar.naming)[place], walk.value(), out);
        continue;
      }
      const auto found = std::ranges::find(*bar.naming, walk.name(), &Naming::theirs);
      if (found == bar.naming->end() || (found->ours == "symbol" && !bar.symbol.empty())) continue;
      append_member(*found, walk.value(), out);
    }
    out += '}';
  }
  // A record is one line. A line end inside it is JSON white space, or in a place that the decoder rejects anyway.
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\n', ' ');
}

}  // namespace tidemark
