#include "core/time/time_format.h"

#include <fmt/format.h>

namespace tidemark {
namespace {

using namespace std::chrono;

constexpr std::string_view directives = "YymdbBjHIMSpfzs%";
constexpr std::string_view of_digits = "YymdjHIMSfs";

std::string expanded(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char name = pattern[i] == '%' && i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    switch (name) {
      case 'F':
        text += "%Y-%m-%d";
        break;
      case 'D':
        text += "%m/%d/%y";
        break;
      case 'T':
        text += "%H:%M:%S";
        break;
      case 'R':
        text += "%H:%M";
        break;
      case 'e':
        text += "%d";
        break;
      case '\0':
        text += pattern[i];
        continue;
      default:
        text.append(1, '%').append(1, name);
    }
    ++i;
  }
  return text;
}

// What the directives have read so far.
struct Parts {
  int year = -1, month = -1, day = -1, day_of_year = -1;
  int hour = 0, minute = 0, second = 0;
  Duration fraction{0};
  std::optional<hours> half;
  bool is_half_day = false;  // %I
  std::optional<std::int64_t> epoch;
  std::optional<seconds> offset;
};

std::optional<std::int64_t> read_epoch(TimeReader& in) {
  const std::size_t count = in.digits();
  if (count == 0 || count > 10) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + in.number(1, 1);
  constexpr std::int64_t most = 9'223'372'036 - 1;  // whose nanoseconds fit in 64 bits
  return value <= most ? std::optional(value) : std::nullopt;
}

bool is_number(std::string_view directive) {
  return directive.size() == 2 && directive[0] == '%' && of_digits.find(directive[1]) != of_digits.npos;
}

void read_directive(char name, bool is_padded, TimeReader& in, Parts& parts) {
  const auto number = [&](std::size_t size) { return in.number(is_padded ? size : 1, size); };
  switch (name) {
    case 'Y':
      parts.year = in.number(4, 4);
      break;
    case 'y':
      parts.year = in.number(2, 2);
      parts.year += parts.year < 69 ? 2000 : 1900;
      break;
    case 'm':
      parts.month = number(2);
      break;
    case 'd':
      parts.day = number(2);
      break;
    case 'j':
      parts.day_of_year = number(3);
      break;
    case 'b':
    case 'B':
      if (const auto month = in.month_name())
        parts.month = static_cast<int>(*month);
      else
        in.fail();
      break;
    case 'H':
    case 'I':
      parts.hour = number(2);
      parts.is_half_day = name == 'I';
      break;
    case 'M':
      parts.minute = number(2);
      break;
    case 'S':
      parts.second = number(2);
      break;
    case 'f':
      parts.fraction = in.fraction();
      break;
    case 'p':
      if (parts.half = in.half_of_day(); !parts.half) in.fail();
      break;
    case 'z':
      if (parts.offset = in.zone(); !parts.offset) in.fail();
      break;
    case 's':
      if (parts.epoch = read_epoch(in); !parts.epoch) in.fail();
      break;
    default:
      in.expect('%');
  }
}

std::optional<EventTime> date_of(const Parts& parts) {
  if (parts.day_of_year < 0) return midnight_of(parts.year, parts.month, parts.day);
  const auto first = midnight_of(parts.year, 1, 1);
  if (!first || parts.day_of_year < 1) return std::nullopt;
  const EventTime date = *first + days{parts.day_of_year - 1};
  return date < EventTime{sys_days{year{parts.year + 1} / 1 / 1}} ? std::optional(date) : std::nullopt;
}

std::optional<WrittenTime> time_of(const Parts& parts) {
  if (parts.epoch) return WrittenTime{EventTime{seconds{*parts.epoch}} + parts.fraction, seconds{0}};
  const auto date = date_of(parts);
  int hour = parts.hour;
  if (parts.is_half_day && (hour < 1 || hour > 12)) return std::nullopt;
  if (parts.half && (hour < 1 || hour > 12)) return std::nullopt;
  if (parts.half) hour = hour % 12 + static_cast<int>(parts.half->count());
  if (!date || hour > 23 || parts.minute > 59 || parts.second > 59) return std::nullopt;
  return WrittenTime{*date + hours{hour} + minutes{parts.minute} + seconds{parts.second} + parts.fraction,
                     parts.offset};
}

}  // namespace

Result<TimeFormat> TimeFormat::parse(std::string_view pattern) {
  TimeFormat format;
  format.pattern_ = pattern;
  format.expanded_ = expanded(pattern);
  std::string names;
  const std::string_view text = format.expanded_;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    const char name = ++i < text.size() ? text[i] : '\0';
    if (name == '\0' || directives.find(name) == directives.npos)
      return std::unexpected(
          Error::setup(fmt::format("%{} is none of %Y %y %m %d %b %B %j %H %I %M %S %p %f %z %s %F %D %T %R %%",
                                   name ? std::string(1, name) : "")));
    if (name != '%' && names.find(name) != names.npos)
      return std::unexpected(Error::setup(fmt::format("%{} occurs twice", name)));
    names += name;
  }
  const auto has = [&](std::string_view any) { return names.find_first_of(any) != names.npos; };
  const bool has_date = has("Yy") && (has("j") || (has("mbB") && has("d")));
  if (!has_date && !has("s"))
    return std::unexpected(
        Error::setup("it has no date: use year, month and day (%Y %m %d), or seconds since 1970 (%s)"));
  if (has("I") && !has("p"))
    return std::unexpected(Error::setup("%I, an hour of 1 to 12, needs %p (AM, PM), or say %H"));
  format.has_time_of_day_ = has("HIs");
  return format;
}

std::optional<TimeFormat::Read> TimeFormat::read(std::string_view text) const {
  TimeReader in(text);
  Parts parts;
  const std::string_view pattern = expanded_;
  in.take_spaces();
  for (std::size_t i = 0; i < pattern.size() && in.ok(); ++i) {
    const char c = pattern[i];
    if (c == ' ') {
      in.take_spaces();
    } else if (c != '%') {
      in.expect(c);
    } else {
      // A number directly next to another one must have all its digits.
      const bool is_beside_another =
          is_number(pattern.substr(i + 2, 2)) || (i >= 2 && is_number(pattern.substr(i - 2, 2)));
      read_directive(pattern[++i], is_beside_another, in, parts);
    }
  }
  if (has_time_of_day_) in.take_spaces();
  if (!in.ok() || (has_time_of_day_ && !in.at_end())) return std::nullopt;
  const auto time = time_of(parts);
  if (!time) return std::nullopt;
  return Read{*time, in.rest()};
}

}  // namespace tidemark
