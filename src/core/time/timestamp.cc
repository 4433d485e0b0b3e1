#include "core/time/timestamp.h"

#include <chrono>

#include "core/check.h"
#include "core/time/time_limits.h"

namespace tidemark {
namespace {

using namespace std::chrono;

// Reads digits from the front of a text; any miss makes it fail for good.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : p_(text.data()), end_(text.data() + text.size()) {}

  int number(int digits) {
    if (end_ - p_ < digits) return fail();
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      const unsigned digit = static_cast<unsigned char>(p_[i]) - static_cast<unsigned>('0');
      if (digit > 9) return fail();
      value = value * 10 + static_cast<int>(digit);
    }
    p_ += digits;
    return value;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  bool take(char c) {
    if (p_ == end_ || *p_ != c) return false;
    ++p_;
    return true;
  }
  // The digits after a point, as nanoseconds: one to nine of them.
  int fraction() {
    int value = 0, digits = 0;
    while (digits < 9 && p_ != end_ && *p_ >= '0' && *p_ <= '9') {
      value = value * 10 + (*p_++ - '0');
      ++digits;
    }
    if (digits == 0) return fail();
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }
  bool at_end() const { return p_ == end_; }
  bool ok() const { return ok_; }
  int fail() {
    ok_ = false;
    p_ = end_;
    return 0;
  }

 private:
  const char* p_;
  const char* end_;
  bool ok_ = true;
};

struct Years {
  year first, last;
};
constexpr Years years_of_bars{first_year, last_year};
constexpr Years years_of_instants{first_year - years(1), last_year + years(1)};
constexpr year_month_day last_date{year{2262} / 4 / 10};  // whose every instant 64 bits of nanoseconds hold

sys_days read_date(DigitReader& in, Years years) {
  const year y{in.number(4)};
  in.expect('-');
  const month m{static_cast<unsigned>(in.number(2))};
  in.expect('-');
  const day d{static_cast<unsigned>(in.number(2))};
  const year_month_day date{y, m, d};
  if (!date.ok() || y < years.first || y > years.last || date > last_date) return in.fail(), sys_days{};
  return sys_days{date};
}

seconds read_time_of_day(DigitReader& in) {
  const int h = in.number(2);
  in.expect(':');
  const int m = in.number(2);
  in.expect(':');
  const int s = in.number(2);
  if (h > 23 || m > 59 || s > 59) in.fail();
  return hours{h} + minutes{m} + seconds{s};
}

seconds read_zone(DigitReader& in) {
  if (in.at_end() || in.take('Z')) return seconds{0};
  const bool west = in.take('-');
  if (!west) in.expect('+');
  const int h = in.number(2);
  in.take(':');
  const int m = in.number(2);
  if (h > 23 || m > 59) in.fail();
  const seconds offset = hours{h} + minutes{m};
  return west ? -offset : offset;
}

void write_digits(int value, int digits, char* out) {
  for (int i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

void write_two(unsigned value, char* out) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
}

void write_date(sys_days date, char* out) {
  const year_month_day ymd{date};
  const auto y = static_cast<unsigned>(static_cast<int>(ymd.year()));
  write_two(y / 100, out);
  write_two(y % 100, out + 2);
  out[4] = '-';
  write_two(static_cast<unsigned>(ymd.month()), out + 5);
  out[7] = '-';
  write_two(static_cast<unsigned>(ymd.day()), out + 8);
}

// `2026-11-22?14:30:00` with the separator asked for.
void write_seconds(EventTime time, char separator, char* out) {
  const sys_days date = floor<days>(time);
  const auto s = static_cast<unsigned>(floor<seconds>(time - date).count());
  write_date(date, out);
  out[10] = separator;
  write_two(s / 3600, out + 11);
  out[13] = ':';
  write_two(s / 60 % 60, out + 14);
  out[16] = ':';
  write_two(s % 60, out + 17);
}

std::optional<EventTime> parse(std::string_view text, Years years) {
  DigitReader in(text);
  const sys_days date = read_date(in, years);
  if (!in.take('T')) in.expect(' ');
  const seconds time = read_time_of_day(in);
  const nanoseconds fraction{in.take('.') ? in.fraction() : 0};
  const seconds zone = read_zone(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return EventTime{date.time_since_epoch()} + time + fraction - zone;
}

}  // namespace

std::optional<EventTime> parse_timestamp(std::string_view text) { return parse(text, years_of_bars); }

std::optional<EventTime> parse_written_timestamp(std::string_view text) { return parse(text, years_of_instants); }

void append_timestamp(EventTime time, std::string& out) {
  char text[window_time_size + 11];
  write_seconds(time, 'T', text);
  char* end = text + window_time_size;
  if (const auto fraction = (time - floor<seconds>(time)).count(); fraction != 0) {
    *end = '.';
    write_digits(static_cast<int>(fraction), 9, end + 1);
    end += 10;
    while (end[-1] == '0') --end;
  }
  *end++ = 'Z';
  out.append(text, end);
}

std::string format_timestamp(EventTime time) {
  std::string out;
  append_timestamp(time, out);
  return out;
}

void write_window_time(EventTime time, char* out) { write_seconds(time, ' ', out); }

std::string format_window_time(EventTime time) {
  std::string out(window_time_size, ' ');
  write_window_time(time, out.data());
  return out;
}

std::optional<EventTime> parse_window_time(std::string_view text) {
  if (text.size() != window_time_size || text[10] != ' ') return std::nullopt;
  return parse(text, {year{1900}, years_of_instants.last});  // a window may begin long before its first bar
}

std::string format_date(EventTime time) {
  std::string out(10, ' ');
  write_date(floor<days>(time), out.data());
  return out;
}

}  // namespace tidemark
