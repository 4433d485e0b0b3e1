#include "io/parquet/nearest_double.h"

#include <charconv>
#include <string>

#include "core/check.h"
#include "core/wire/encode.h"

namespace tidemark {

double nearest_double(Int128 units) {
  constexpr UInt128 exact_below = UInt128{1} << 53;  // these are doubles, and so is 10,000
  if (magnitude(units) <= exact_below) return static_cast<double>(units) / 10'000;
  std::string text;
  append_fixed4(units, text);
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(failed == std::errc{} && end == text.data() + text.size());
  return value;
}

}  // namespace tidemark
