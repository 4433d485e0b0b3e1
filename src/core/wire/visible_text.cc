#include "core/wire/visible_text.h"

#include <cstdint>

namespace tidemark {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 1;
  bool is_valid = false;
};

// The first code point of the text (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {lead};
  std::uint32_t value = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {lead};
    value = value << 6 | (byte(i) & 0x3fU);
  }
  const bool is_overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (is_overlong || (value >= 0xd800 && value < 0xe000) || value > 0x10ffff) return {lead};
  return {value, size, true};
}

bool controls_terminal(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7f && value < 0xa0) || value == 0x2028 || value == 0x2029 || value == 0x200e ||
         value == 0x200f || value == 0x061c || (value >= 0x202a && value <= 0x202e) ||
         (value >= 0x2066 && value <= 0x2069);
}

void append_escape(std::uint32_t value, std::string& out) {
  switch (value) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 0xf];
  }
}

}  // namespace

void append_visible(std::string_view text, std::string& out, LineEnds line_ends) {
  while (!text.empty()) {
    const CodePoint first = first_code_point(text);
    const bool stays =
        first.is_valid && (!controls_terminal(first.value) || (first.value == '\n' && line_ends == LineEnds::Kept));
    if (stays)
      out += text.substr(0, first.size);
    else
      append_escape(first.value, out);
    text.remove_prefix(first.is_valid ? first.size : 1);
  }
}

std::string visible(std::string_view text, LineEnds line_ends) {
  std::string out;
  append_visible(text, out, line_ends);
  return out;
}

}  // namespace tidemark
