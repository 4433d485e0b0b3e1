#include "io/parquet/nearest_double.h"

#include <charconv>
#include <string>

#include "core/check.h"
#include "core/number/places.h"
#include "core/wire/encode.h"

namespace tidemark {

namespace {

constexpr UInt128 exact_through = UInt128{1} << 53;  // exact as doubles, as are the powers of ten that divide them

double read_double(const std::string& text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(failed == std::errc{} && end == text.data() + text.size());
  return value;
}

}  // namespace

double nearest_double(Int128 units) {
  if (magnitude(units) <= exact_through) return static_cast<double>(units) / 10'000;
  std::string text;
  append_fixed4(units, text);
  return read_double(text);
}

double nearest_double_of_nanos(Int128 nanos) {
  if (magnitude(nanos) <= exact_through) return static_cast<double>(nanos) / 1'000'000'000;
  std::string text;
  append_fixed(nanos, most_places, text);
  return read_double(text);
}

}  // namespace tidemark
