// ValueRange: the least and the greatest of some values, encoded as in Parquet's statistics, which readers trust to
// skip rows.
//
// Texts are compared as bytes, decimals (big-endian two's complement) as numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tidemark {

// A value of a column of fixed-length bytes.
struct FixedBytes {
  const char* bytes;
  std::size_t size;
};

namespace value_order {

inline bool is_less(std::int64_t a, std::int64_t b) { return a < b; }
inline bool is_less(double a, double b) { return a < b; }
inline bool is_less(bool a, bool b) { return !a && b; }
inline bool is_less(std::string_view a, std::string_view b) { return a < b; }
inline bool is_less(const std::string& a, const std::string& b) {
  const auto first = static_cast<signed char>(a.front()), other = static_cast<signed char>(b.front());
  return first != other ? first < other : std::string_view(a) < std::string_view(b);
}

// The form in which a value is kept for comparisons.
inline std::int64_t kept(std::int64_t value) { return value; }
inline double kept(double value) { return value; }
inline bool kept(bool value) { return value; }
inline std::string_view kept(std::string_view value) { return value; }
inline std::string kept(FixedBytes value) { return {value.bytes, value.size}; }

template <typename Number>
std::string bytes_of(Number value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);  // little-endian, as in memory
  return bytes;
}
inline std::string encoded(std::int64_t value) { return bytes_of(value); }
inline std::string encoded(double value) { return bytes_of(value); }
inline std::string encoded(bool value) { return {value ? '\1' : '\0'}; }
inline std::string encoded(std::string_view value) { return std::string(value); }

}  // namespace value_order

template <typename Value>
class ValueRange {
 public:
  void add(const Value& value) {
    ++values_;
    const auto kept = value_order::kept(value);
    if (!least_) {
      least_ = greatest_ = keep(kept);
    } else if (value_order::is_less(kept, as_view(*least_))) {
      least_ = keep(kept);
    } else if (value_order::is_less(as_view(*greatest_), kept)) {
      greatest_ = keep(kept);
    }
  }
  void add_null() { ++nulls_; }

  bool has_values() const { return values_ > 0; }
  std::int64_t nulls() const { return nulls_; }
  // Floating-point zero has a sign: the least is written as −0, the greatest as +0.
  std::string least() const { return value_order::encoded(signed_zero(*least_, -0.0)); }
  std::string greatest() const { return value_order::encoded(signed_zero(*greatest_, 0.0)); }

 private:
  using Held = decltype(value_order::kept(std::declval<Value>()));
  // Copies a text, because its page may be gone by then.
  using Own = std::conditional_t<std::is_same_v<Held, std::string_view>, std::string, Held>;

  static Own keep(const Held& value) { return Own(value); }
  static decltype(auto) as_view(const Own& own) {
    if constexpr (std::is_same_v<Held, std::string_view>)
      return std::string_view(own);
    else
      return (own);
  }
  static Own signed_zero(const Own& value, [[maybe_unused]] double zero) {
    if constexpr (std::is_same_v<Own, double>) return value == 0 ? zero : value;
    return value;
  }

  std::optional<Own> least_, greatest_;
  std::int64_t values_ = 0, nulls_ = 0;
};

}  // namespace tidemark
