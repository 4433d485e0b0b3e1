// Text, eight bytes at a time: what the fast readers of records share (plain_record.h, learned_shape.h).
//
// A word holds eight bytes in memory order, the first one lowest. Functions that mark bytes set the high bit of each
// marked byte. The lowest mark is exact; a carry may add false marks above it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidemark {

static_assert(std::endian::native == std::endian::little, "words hold bytes in memory order");

template <typename Word>
Word load_word(const char* p) {
  Word word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

inline constexpr std::uint64_t each_byte = 0x0101010101010101u;
inline constexpr std::uint64_t high_bits = 0x8080808080808080u;

// Bytes that are zero.
constexpr std::uint64_t zero_bytes(std::uint64_t word) { return (word - each_byte) & ~word & high_bits; }

// Bytes below `least` (at most 0x80), and those that are not ASCII.
constexpr std::uint64_t bytes_outside(std::uint64_t word, std::uint8_t least) {
  return ((word - each_byte * least) & ~word & high_bits) | (word & high_bits);
}

// Bytes that end a plain string: quote, backslash, control character, non-ASCII.
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  return zero_bytes(word ^ each_byte * '"') | zero_bytes(word ^ each_byte * '\\') | bytes_outside(word, 0x20);
}

// The position of the lowest mark, 0 to 7. `marks` is not 0.
constexpr std::size_t first_marked(std::uint64_t marks) {
  return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

// The first byte at or after `p` that is not plain text.
inline const char* end_of_plain(const char* p, const char* end) {
  for (; end - p >= 8; p += 8)
    if (const std::uint64_t special = special_bytes(load_word<std::uint64_t>(p)); special != 0)
      return p + first_marked(special);
  while (p != end && *p >= 0x20 && *p != '"' && *p != '\\') ++p;
  return p;
}

// The value of eight decimal digits, given as bytes 0 to 9.
constexpr std::uint64_t value_of_eight_digits(std::uint64_t digits) {
  constexpr std::uint64_t pair = 0x000000ff000000ffu;
  constexpr std::uint64_t outer = 100 + (std::uint64_t{1'000'000} << 32), inner = 1 + (std::uint64_t{10'000} << 32);
  digits = digits * 10 + (digits >> 8);  // each even byte: two digits
  return ((digits & pair) * outer + ((digits >> 16) & pair) * inner) >> 32;
}

// The eight decimal digits of a number below 10^8, as bytes 0 to 9. Each step divides all its lanes by one multiplication.
[[gnu::always_inline]] constexpr std::uint64_t eight_digits_of(std::uint32_t value) {
  const std::uint64_t fours = value / 10'000 | static_cast<std::uint64_t>(value % 10'000) << 32;
  const std::uint64_t hundreds = ((fours * 10'486) >> 20) & 0x0000007f'0000007fu;
  const std::uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = ((pairs * 103) >> 10) & 0x000f'000f'000f'000fu;
  return tens | (pairs - tens * 10) << 8;
}

// Up to 32 bytes to compare with, without a call and without a branch on the length.
class ShortText {
 public:
  static constexpr std::size_t most = 32;

  ShortText() = default;
  explicit ShortText(std::string_view text) : size_(text.size()) {  // text.size() <= most
    std::memcpy(words_.data(), text.data(), text.size());
    std::memset(masks_.data(), 0xff, text.size());
  }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(words_.data()), size_}; }

  // Whether [p, end) begins with this text.
  bool begins(const char* p, const char* end) const {
    if (static_cast<std::size_t>(end - p) < most) return std::string_view(p, end).starts_with(view());
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < words_.size(); ++i)
      difference |= (load_word<std::uint64_t>(p + 8 * i) ^ words_[i]) & masks_[i];
    return difference == 0;
  }

 private:
  std::array<std::uint64_t, most / 8> words_{}, masks_{};
  std::size_t size_ = 0;
};

}  // namespace tidemark
