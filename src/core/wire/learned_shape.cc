#include "core/wire/learned_shape.h"

#include <limits>
#include <span>

#include "core/market/derive.h"
#include "core/market/limits.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr std::int64_t no_number = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t nanos_per_one = 1'000'000'000;
constexpr std::size_t word_size = sizeof(std::uint64_t);

constexpr std::array<std::uint64_t, 10> powers_to_billion = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, nanos_per_one};

// Digit by digit: near the record's end, and for more digits than a word holds. At most nine digits on either side of
// the point. Null if the text is anything else.
const char* read_digit_by_digit(const char* p, const char* end, std::int64_t& nanos) {
  constexpr std::ptrdiff_t most_digits = 9;
  std::uint64_t value = 0;
  const auto read_digits = [&] {
    const char* const begin = p;
    while (p != end && p - begin <= most_digits && *p >= '0' && *p <= '9')
      value = value * 10 + static_cast<std::uint64_t>(*p++ - '0');
    return p - begin;
  };
  const char* const begin = p;
  const std::ptrdiff_t whole = read_digits();
  if (whole == 0 || whole > most_digits || (*begin == '0' && whole > 1)) return nullptr;
  std::ptrdiff_t fraction = 0;
  if (p != end && *p == '.') {
    ++p;
    fraction = read_digits();
    if (fraction == 0 || fraction > most_digits) return nullptr;
  }
  nanos = static_cast<std::int64_t>(value * powers_to_billion[static_cast<std::size_t>(most_digits - fraction)]);
  return p;
}

// Marks bytes above 9 in a word from which each_byte * '0' was taken away by exclusive or.
constexpr std::uint64_t not_digits(std::uint64_t word) { return ((word + each_byte * 0x76) | word) & high_bits; }

// Digits, perhaps with a point and more digits, in units of 1e-9. What follows is checked by the caller, as fixed text.
const char* read_amount(const char* p, const char* end, std::int64_t& nanos) {
  if (static_cast<std::size_t>(end - p) < 2 * word_size + 1) return read_digit_by_digit(p, end, nanos);
  const std::uint64_t whole_word = load_word<std::uint64_t>(p) ^ each_byte * '0';
  const std::uint64_t whole_end = not_digits(whole_word);
  if (whole_end == 0) return read_digit_by_digit(p, end, nanos);
  const std::size_t whole = first_marked(whole_end);
  if (whole == 0 || (whole > 1 && *p == '0')) return nullptr;
  nanos = static_cast<std::int64_t>(value_of_eight_digits(whole_word << (64 - 8 * whole))) * nanos_per_one;
  if (p[whole] != '.') return p + whole;
  const char* const fraction = p + whole + 1;
  const std::uint64_t word = load_word<std::uint64_t>(fraction) ^ each_byte * '0';
  const std::uint64_t marks = not_digits(word);
  if (marks == 0) return read_digit_by_digit(p, end, nanos);
  const std::uint64_t digits_only = (marks ^ (marks - 1)) >> 8;  // all bits below the byte of the lowest mark
  if (digits_only == 0) return nullptr;
  nanos += static_cast<std::int64_t>(value_of_eight_digits(word & digits_only)) * 10;
  return fraction + first_marked(marks);
}

// A number with a sign, or null.
const char* read_change(const char* p, const char* end, std::int64_t& nanos) {
  if (static_cast<std::size_t>(end - p) < sizeof("null")) return nullptr;
  if (*p == 'n') return std::memcmp(p, "null", 4) == 0 ? p + 4 : nullptr;
  const std::int64_t negative = *p == '-' ? 1 : 0;  // no branch: nobody can predict it
  const char* const read = read_amount(p + negative, end, nanos);
  if (read == nullptr) return nullptr;
  nanos = (nanos ^ -negative) + negative;
  return read;
}

const char* read_direction(const char* p, const char* end, Direction& direction) {
  constexpr std::uint32_t down = 'd' | 'o' << 8 | 'w' << 16 | 'n' << 24, flat = 'f' | 'l' << 8 | 'a' << 16 | 't' << 24;
  constexpr std::uint32_t up = 'u' | 'p' << 8 | '"' << 16;
  if (end - p < 4) return nullptr;
  const auto word = load_word<std::uint32_t>(p);
  const bool is_up = (word & 0xffffffu) == up;
  if (!is_up && word != down && word != flat) return nullptr;
  direction = is_up ? Direction::Up : word == down ? Direction::Down : Direction::Flat;
  return p + (is_up ? 2 : 4);
}

const char* read_symbol(const char* p, const char* end, std::string_view& symbol) {
  const char* const begin = p;
  if (static_cast<std::size_t>(end - p) >= word_size) {
    const auto word = load_word<std::uint64_t>(p);
    constexpr std::uint8_t beyond = last_symbol_character + 1;
    static_assert(beyond == 0x7f);
    const std::uint64_t marks = zero_bytes(word ^ each_byte * '"') | zero_bytes(word ^ each_byte * '\\') |
                                zero_bytes(word ^ each_byte * beyond) | bytes_outside(word, first_symbol_character);
    if (marks != 0) {
      symbol = {begin, first_marked(marks)};
      return symbol.empty() ? nullptr : begin + symbol.size();
    }
  }
  const char* const read = end_of_plain(p, end);
  symbol = {begin, read};
  return is_symbol_name(symbol) ? read : nullptr;
}

}  // namespace

const char* TimeMemo::read(const char* p, const char* end, EventTime& time) {
  constexpr std::size_t minute = 15, second = 18;  // the last digits of `2026-11-22T14:30:00`
  Entry* entry = entries_.data();
  if (static_cast<std::size_t>(end - p) > second) {
    entry += static_cast<unsigned char>(p[minute] ^ p[second] ^ (p[second - 1] << 2)) % size;
    const std::size_t length = entry->text.size();
    if (length > 0 && length < static_cast<std::size_t>(end - p) && entry->text.begins(p, end) && p[length] == '"') {
      time = entry->time;
      return p + length;
    }
  }
  const char* const read = end_of_plain(p, end);
  const auto parsed = parse_timestamp({p, read});
  if (!parsed) return nullptr;
  time = *parsed;
  if (static_cast<std::size_t>(read - p) <= ShortText::most) *entry = {ShortText({p, read}), time};
  return read;
}

bool LearnedShape::add(std::string_view before, FieldName field, Kind kind) {
  if (before.size() > ShortText::most || size_ == pieces_.size()) return false;
  pieces_[size_++] = {ShortText(before), field, kind};
  return true;
}

void LearnedShape::learn(std::string_view record) {
  using enum FieldName;
  size_ = 0;
  has_direction_ = false;
  const auto unlearn = [&] { size_ = 0; };
  std::size_t fixed = 0;  // where the fixed text of the next piece begins
  while (record[fixed] != '}' && record.substr(fixed) != "\"}") {
    const std::size_t key = record.find('"', fixed + (record[fixed] == '"' ? 1 : 0)) + 1;
    const std::size_t key_end = record.find('"', key);
    const auto field = parse_field_name(record.substr(key, key_end - key));
    std::size_t value = key_end + 2;
    if (record[value] == ' ') ++value;
    if (!field) return unlearn();
    const bool is_change = *field == Vwap || *field == PriceChange || *field == PctChange;
    const bool is_text =
        *field == Symbol || *field == Timestamp || *field == Direction || *field == Feed || *field == IngestedAt;
    Kind kind = is_change ? Kind::Change : Kind::Amount;
    std::size_t end = record.find_first_of(",}", value);
    if (record[value] == 'n' && !is_change) {
      kind = Kind::Null;
      value = end;
    } else if ((record[value] == '"') != is_text) {
      return unlearn();  // numbers as strings, which tables may have (§6.6)
    } else if (is_text) {
      ++value;
      end = record.find('"', value);
      kind = *field == Symbol      ? Kind::Symbol
             : *field == Timestamp ? Kind::Time
             : *field == Direction ? Kind::Direction
             : *field == Feed      ? Kind::Feed
                                   : Kind::Ignored;
      has_direction_ |= kind == Kind::Direction;
    }
    if (!add(record.substr(fixed, value - fixed), *field, kind)) return unlearn();
    fixed = end;
  }
  after_ = ShortText(record.substr(fixed));
}

bool LearnedShape::read(std::string_view record, Bar& bar) {
  if (size_ == 0) return false;
  const char* p = record.data();
  const char* const end = p + record.size();
  Numbers numbers;
  for (const FieldName field : {FieldName::Vwap, FieldName::PriceChange, FieldName::PctChange, FieldName::TradeCount})
    numbers[static_cast<std::size_t>(field)] = no_number;
  bar.feed.reset();
  for (const Piece& piece : std::span(pieces_).first(size_)) {
    if (!piece.before.begins(p, end)) return false;
    p = read_value(piece, p + piece.before.size(), end, numbers, bar);
    if (p == nullptr) return false;
  }
  return std::string_view(p, end) == after_.view() && finish(numbers, has_direction_, bar);
}

const char* LearnedShape::read_value(const Piece& piece, const char* p, const char* end, Numbers& numbers, Bar& bar) {
  std::int64_t& number = numbers[static_cast<std::size_t>(piece.field)];
  switch (piece.kind) {
    case Kind::Amount:
      return read_amount(p, end, number);
    case Kind::Change:
      return read_change(p, end, number);
    case Kind::Symbol:
      return read_symbol(p, end, bar.symbol);
    case Kind::Time:
      return times_.read(p, end, bar.values.time);
    case Kind::Direction:
      return read_direction(p, end, bar.values.direction);
    case Kind::Feed:
      bar.feed.emplace(p, end_of_plain(p, end));
      return p + bar.feed->size();
    case Kind::Ignored:
      return end_of_plain(p, end);
    case Kind::Null:
      return p;
  }
  return nullptr;
}

// Numbers have at most nine digits before the point, so all are in their ranges. With the lowest price above zero, the
// cross rules (§2.6) make every price positive.
bool LearnedShape::finish(const Numbers& numbers, bool has_direction, Bar& bar) {
  const auto number = [&](FieldName field) { return numbers[static_cast<std::size_t>(field)]; };
  BarValues& values = bar.values;
  const std::int64_t open = number(FieldName::Open), high = number(FieldName::High);
  const std::int64_t low = number(FieldName::Low), close = number(FieldName::Close);
  if (low <= 0 || low > open || low > close || high < open || high < close) return false;
  values.open = Price{open};
  values.high = Price{high};
  values.low = Price{low};
  values.close = Price{close};
  values.volume = Decimal{number(FieldName::Volume)};
  const std::int64_t vwap = number(FieldName::Vwap);
  values.vwap = vwap == no_number ? OptionalPrice{} : known_vwap(Price{vwap});
  const std::int64_t trades = number(FieldName::TradeCount);
  if (trades != no_number && trades % nanos_per_one != 0) return false;
  values.trade_count = trades == no_number ? OptionalCount{} : OptionalCount{trades / nanos_per_one};
  const std::int64_t price_change = number(FieldName::PriceChange), pct_change = number(FieldName::PctChange);
  values.price_change = price_change == no_number ? derive_price_change(values) : Decimal{price_change};
  values.pct_change = pct_change == no_number ? derive_pct_change(values) : Decimal{pct_change};
  if (!has_direction) values.direction = derive_direction(values);
  return true;
}

}  // namespace tidemark
