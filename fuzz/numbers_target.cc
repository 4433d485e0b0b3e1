// Numbers and times as text: the core's parsers against those of slow_number.h and slow_time.h, and back.
#include "app/config/value_text.h"
#include "core/check.h"
#include "core/number/decimal.h"
#include "core/time/duration_text.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "core/wire/json.h"
#include "fuzz/slow_number.h"
#include "fuzz/slow_time.h"
#include "fuzz/target.h"

namespace tidemark::fuzz {
namespace {

void check_number(std::string_view text) {
  const std::size_t slow_end = end_of_slow_number(text, 0);
  CHECK(end_of_number(text.data(), text.data() + text.size()) == text.data() + slow_end);
  if (slow_end == 0 || slow_end != text.size()) return;
  const ParsedDecimal number = parse_decimal(text);
  const SlowNumber slow = read_slow_number(text);
  if (number.out_of_range) {  // more than 38 digits
    CHECK(slow.digits.size() > 38);
    CHECK(number.negative == slow.negative);
    CHECK(number.has_fraction == !slow.digits.ends_with("000000000"));
    return;
  }
  CHECK(slow.digits.size() <= 38 ||
        (slow.digits.size() == 39 && slow.digits.starts_with('1')));  // 38 nines, rounded up
  CHECK(number.nanos == to_int128(slow));
  // What is written for it has the same value.
  std::string written;
  append_decimal(number.nanos, written);
  CHECK(end_of_slow_number(written, 0) == written.size());
  CHECK(to_int128(read_slow_number(written)) == number.nanos);
}

void check_time(std::string_view text) {
  const auto time = parse_timestamp(text);
  const auto slow = read_slow_time(text);
  CHECK(time.has_value() == slow.has_value());
  if (!time) return;
  CHECK(nanos_since_epoch(*time) == *slow);
  const std::string written = format_timestamp(*time);
  CHECK(parse_written_timestamp(written) == time);
  CHECK(format_date(*time) == written.substr(0, 10));
  const EventTime second = std::chrono::floor<std::chrono::seconds>(*time);
  CHECK(parse_window_time(format_window_time(second)) == second);
}

void check_values(std::string_view text) {
  using namespace std::chrono_literals;
  if (const auto duration = parse_duration(text)) {
    CHECK(*duration >= 0s);
    CHECK(parse_duration(format_duration(*duration)) == duration);
  }
  if (const auto number = read_whole_number(text, 3, 70'000)) CHECK(*number >= 3 && *number <= 70'000);
  if (const auto duration = read_duration(text, 1s, 24h)) CHECK(*duration >= 1s && *duration <= 24h);
  if (const auto speed = read_speed(text); speed && *speed) CHECK(**speed > 0);
  if (const auto minute = read_minute(text)) CHECK(floor_to(*minute, 1min) == *minute);
  (void)read_byte_size(text);
  if (const auto window = parse_window_time(text)) CHECK(format_window_time(*window) == text);
}

const Registered numbers("numbers", [](std::string_view text) {
  check_number(text);
  check_time(text);
  check_values(text);
});

}  // namespace
}  // namespace tidemark::fuzz
