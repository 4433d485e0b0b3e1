#include "core/wire/plain_record.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/wire/eight_bytes.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr std::array<std::int64_t, 10> powers_to_nine = {1,       10,        100,        1'000,       10'000,
                                                         100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

constexpr bool is_ascii_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Two loads that may overlap, for 4 to 16 bytes: compilers turn a short memcmp into a call.
template <std::size_t length>
bool equal_bytes(const char* a, const char* b) {
  static_assert(length >= 4 && length <= 16);
  using Word = std::conditional_t<(length >= 8), std::uint64_t, std::uint32_t>;
  constexpr std::size_t last = length - sizeof(Word);
  return load_word<Word>(a) == load_word<Word>(b) && load_word<Word>(a + last) == load_word<Word>(b + last);
}

// A cursor over the record. Every method returns false for "not plain".
class PlainReader {
 public:
  PlainReader(std::string_view record, Fields& fields)
      : p_(record.data()), end_(record.data() + record.size()), fields_(fields) {}

  bool read() {
    if (!take('{')) return false;
    do {
      skip_space();
      const auto name = read_key();
      if (!name) return false;
      FieldValue& value = fields_[*name];
      if (value.kind != ValueKind::Missing || !read_value(value)) return false;
    } while (take(','));
    return take('}') && p_ == end_;
  }

 private:
  bool take(char c) {
    if (p_ == end_ || *p_ != c) return false;
    ++p_;
    return true;
  }
  void skip_space() {
    if (p_ != end_ && *p_ == ' ') ++p_;
  }

  template <std::size_t size>
  bool take_key(const char (&literal)[size]) {  // `symbol":`, after the opening quote
    constexpr std::size_t length = size - 1;
    if (static_cast<std::size_t>(end_ - p_) < length || !equal_bytes<length>(p_, literal)) return false;
    p_ += length;
    return true;
  }

  std::optional<FieldName> read_key() {
    using enum FieldName;
    if (!take('"') || p_ == end_) return std::nullopt;
    switch (*p_) {
      case 's':
        if (take_key("symbol\":")) return Symbol;
        break;
      case 't':
        if (take_key("timestamp\":")) return Timestamp;
        if (take_key("trade_count\":")) return TradeCount;
        break;
      case 'o':
        if (take_key("open\":")) return Open;
        break;
      case 'h':
        if (take_key("high\":")) return High;
        break;
      case 'l':
        if (take_key("low\":")) return Low;
        break;
      case 'c':
        if (take_key("close\":")) return Close;
        break;
      case 'v':
        if (take_key("volume\":")) return Volume;
        if (take_key("vwap\":")) return Vwap;
        break;
      case 'p':
        if (take_key("price_change\":")) return PriceChange;
        if (take_key("pct_change\":")) return PctChange;
        break;
      case 'd':
        if (take_key("direction\":")) return Direction;
        break;
      case 'f':
        if (take_key("feed\":")) return Feed;
        break;
      case 'i':
        if (take_key("ingested_at\":")) return IngestedAt;
        break;
      default:
        break;
    }
    return std::nullopt;
  }

  bool read_value(FieldValue& value) {
    skip_space();
    if (p_ == end_) return false;
    if (*p_ == '"') return read_string(value);
    if (*p_ == 'n') return read_null(value);
    return read_number(value);
  }

  bool read_string(FieldValue& value) {
    const char* const begin = ++p_;
    p_ = end_of_plain(p_, end_);
    if (p_ == end_ || *p_ != '"') return false;
    value.kind = ValueKind::String;
    value.lone_surrogate = false;
    value.text = {begin, p_};
    ++p_;
    return true;
  }

  bool read_null(FieldValue& value) {
    if (end_ - p_ < 4 || std::memcmp(p_, "null", 4) != 0) return false;
    p_ += 4;
    value.kind = ValueKind::Null;
    return true;
  }

  // Numbers of up to 18 digits, with at most nine after the point, are computed while they are read.
  bool read_number(FieldValue& value) {
    const char* const begin = p_;
    const bool negative = take('-');
    const char* const whole = p_;
    std::int64_t units = 0;
    read_digits(units);
    const std::ptrdiff_t whole_digits = p_ - whole;
    if (whole_digits == 0 || (*whole == '0' && whole_digits > 1)) return false;
    std::ptrdiff_t fraction_digits = 0;
    if (take('.')) {
      const char* const fraction = p_;
      read_digits(units);
      fraction_digits = p_ - fraction;
      if (fraction_digits == 0) return false;
    }
    value.kind = ValueKind::Number;
    const bool has_exponent = p_ != end_ && (*p_ == 'e' || *p_ == 'E');
    if (has_exponent || fraction_digits > 9 || whole_digits + fraction_digits > 18)
      return read_long_number(begin, value);
    const Int128 nanos = static_cast<Int128>(units) * powers_to_nine[static_cast<std::size_t>(9 - fraction_digits)];
    value.number = {negative ? -nanos : nanos, false, negative};
    return true;
  }

  void read_digits(std::int64_t& units) {
    auto sum = static_cast<std::uint64_t>(units);  // overflows harmlessly if there are too many digits
    while (p_ != end_ && is_ascii_digit(*p_)) sum = sum * 10 + static_cast<std::uint64_t>(*p_++ - '0');
    units = static_cast<std::int64_t>(sum);
  }

  bool read_long_number(const char* begin, FieldValue& value) {
    p_ = end_of_number(begin, end_);
    if (p_ == begin) return false;
    value.number = parse_decimal({begin, p_});
    return true;
  }

  const char* p_;
  const char* end_;
  Fields& fields_;
};

}  // namespace

bool read_plain_record(std::string_view record, Fields& fields) { return PlainReader(record, fields).read(); }

}  // namespace tidemark
