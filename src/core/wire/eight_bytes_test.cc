#include "core/wire/eight_bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include "core/simulator/random.h"

namespace tidemark {
namespace {

// The digits as the C library writes them.
std::string eight_digits(std::uint32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%08u", static_cast<unsigned>(value));
  return text.data();
}

std::string as_text(std::uint64_t digits) {
  std::string text(8, '0');
  for (std::size_t i = 0; i < 8; ++i) text[i] = static_cast<char>('0' + ((digits >> (8 * i)) & 0xff));
  return text;
}

TEST(EightBytes, EightDigitsOutAndIn) {
  Random random(1);
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    const std::uint32_t value = i < 20'000               ? i
                                : i < 40'000             ? 100'000'000 - 1 - (i - 20'000)
                                : random.next() % 2 == 0 ? static_cast<std::uint32_t>(random.next() % 100'000'000)
                                                         : i * 10'000 % 100'000'000;
    ASSERT_EQ(as_text(eight_digits_of(value)), eight_digits(value));
    ASSERT_EQ(value_of_eight_digits(eight_digits_of(value)), value);
  }
}

TEST(EightBytes, ShortTextComparesItsBytesAndNoMore) {
  const std::string longest(ShortText::most, 'x');
  for (std::size_t size = 0; size <= longest.size(); ++size) {
    const ShortText text(longest.substr(0, size));
    for (const std::size_t room : {std::size_t{0}, std::size_t{40}}) {
      std::string other = longest.substr(0, size) + std::string(room, 'y');
      EXPECT_TRUE(text.begins(other.data(), other.data() + other.size())) << size << " " << room;
      for (std::size_t at = 0; at < size; ++at) {
        other[at] = 'y';
        EXPECT_FALSE(text.begins(other.data(), other.data() + other.size())) << size << " " << at;
        other[at] = 'x';
      }
      EXPECT_EQ(size == 0, text.begins(other.data(), other.data() + (size == 0 ? 0 : size - 1)));
    }
  }
}

}  // namespace
}  // namespace tidemark
