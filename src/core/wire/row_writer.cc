// The parts of a row that are rare or long.
#include "core/wire/row_writer.h"

namespace tidemark {
namespace {

using Scratch = std::array<char, 48>;

char* copy(const char* begin, const Scratch& scratch, char* p) {
  const auto size = static_cast<std::size_t>(scratch.data() + scratch.size() - begin);
  std::memcpy(p, begin, size);
  return p + size;
}

char* write_whole(char* p, UInt128 value) {
  Scratch scratch;
  return copy(write_wide_before(scratch.data() + scratch.size(), value), scratch, p);
}

}  // namespace

char* RowWriter::write_digits(char* p, std::uint64_t value) {
  p += count_digits(value);
  write_digits_before(p, value);
  return p;
}

char* RowWriter::write_fixed(char* p, Int128 nanos, int places) {
  if (nanos < 0) *p++ = '-';
  const UInt128 size = magnitude(nanos);
  p = write_whole(p, size / 1'000'000'000);
  if (places == 0) return p;
  const auto fraction = static_cast<std::uint64_t>(size % 1'000'000'000);
  *p = '.';
  p += places + 1;
  write_padded_before(p, fraction / static_cast<std::uint64_t>(unit_of_place(places)), places);
  return p;
}

char* RowWriter::write_fixed4(char* p, Int128 units) {
  if (units < 0) *p++ = '-';
  const UInt128 size = magnitude(units);
  p = write_whole(p, size / 10'000);
  *p = '.';
  p += 5;
  write_padded_before(p, static_cast<std::uint64_t>(size % 10'000), 4);
  return p;
}

char* RowWriter::write_decimal(char* p, Int128 nanos) {
  if (nanos < 0) *p++ = '-';
  const UInt128 size = magnitude(nanos);
  p = write_whole(p, size / 1'000'000'000);
  auto fraction = static_cast<std::uint64_t>(size % 1'000'000'000);
  if (fraction == 0) return p;
  int places = 9;
  for (; fraction % 10 == 0; fraction /= 10) --places;
  *p = '.';
  p += places + 1;
  write_padded_before(p, fraction, places);
  return p;
}

char* RowWriter::write_name(char* p, std::string_view name) {
  *p++ = '"';
  for (const char c : name)
    if (needs_escape(c))
      p = write_escape(p, c);
    else
      *p++ = c;
  *p++ = '"';
  return p;
}

char* write_escape(char* p, char c) {
  constexpr std::string_view hex = "0123456789abcdef", raw = "\"\\\b\t\n\f\r", names = "\"\\btnfr";
  *p++ = '\\';
  if (const auto named = raw.find(c); named != raw.npos) {
    *p++ = names[named];
    return p;
  }
  const auto code = static_cast<unsigned char>(c);
  for (const char digit : {'u', '0', '0', hex[code >> 4], hex[code & 15]}) *p++ = digit;
  return p;
}

}  // namespace tidemark
