// The least and the greatest of some values, written as Parquet writes them in its statistics: a reader that skips rows
// believes those.
//
// Texts are compared byte by byte, decimals (big-endian two's complement) as numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tidemark {

// A value of a column of fixed bytes.
struct FixedBytes {
  const char* bytes;
  std::size_t size;
};

// What is compared: a number itself, or the bytes where they lie.
inline std::int64_t value_view(std::int64_t value) { return value; }
inline double value_view(double value) { return value; }
inline bool value_view(bool value) { return value; }
inline std::string_view value_view(std::string_view value) { return value; }
inline std::string_view value_view(FixedBytes value) { return {value.bytes, value.size}; }

template <typename Value>
class ValueRange {
 public:
  void add(const Value& value) {
    const View view = value_view(value);
    if (!has_values_) {
      least_ = greatest_ = Own(view);
      has_values_ = true;
    } else if (is_less(view, least_)) {
      least_ = Own(view);
    } else if (is_less(greatest_, view)) {
      greatest_ = Own(view);
    }
  }
  void add_null() { ++nulls_; }

  bool has_values() const { return has_values_; }
  std::int64_t nulls() const { return nulls_; }
  // Zero has a sign in binary floating point: the least is written as −0, the greatest as +0.
  std::string least() const { return encoded(least_, -0.0); }
  std::string greatest() const { return encoded(greatest_, 0.0); }

 private:
  using View = decltype(value_view(std::declval<Value>()));
  static constexpr bool is_bytes = std::is_same_v<View, std::string_view>;
  using Own = std::conditional_t<is_bytes, std::string, View>;  // bytes outlive the page that they came from

  static bool is_less(const View& a, const View& b) {
    if constexpr (std::is_same_v<Value, FixedBytes>) {
      const auto first = static_cast<signed char>(a.front()), other = static_cast<signed char>(b.front());
      return first != other ? first < other : a < b;
    } else {
      return a < b;
    }
  }

  static std::string encoded(const Own& value, [[maybe_unused]] double zero) {
    if constexpr (is_bytes) {
      return value;
    } else {
      Own number = value;
      if constexpr (std::is_same_v<Own, double>) number = value == 0 ? zero : value;
      std::string bytes(sizeof number, '\0');
      std::memcpy(bytes.data(), &number, sizeof number);  // least byte first, as in memory
      return bytes;
    }
  }

  Own least_{}, greatest_{};
  bool has_values_ = false;
  std::int64_t nulls_ = 0;
};

}  // namespace tidemark
