// What holds the fast readers and the complete one to one another: small damages to a record, odd numbers, and the loop.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/simulator/random.h"

namespace tidemark {

inline std::size_t below(Random& random, std::size_t bound) { return static_cast<std::size_t>(random.next() % bound); }

// Applies one to three small damages.
inline std::string damaged(std::string text, Random& random) {
  constexpr std::string_view telling = "\"\"\\{}[]:,,0019.-+eE \t\rnul\x7f\xc3\xa9";
  const auto letter = [&] {
    return random.next() % 4 == 0 ? static_cast<char>(random.next()) : telling[below(random, telling.size())];
  };
  for (std::uint64_t accidents = 1 + random.next() % 3; accidents > 0 && !text.empty(); --accidents) {
    const std::size_t at = below(random, text.size());
    switch (random.next() % 6) {
      case 0:
        text[at] = letter();
        break;
      case 1:
        text[at] = static_cast<char>(text[at] ^ (1 << (random.next() % 8)));
        break;
      case 2:
        text.insert(at, 1, letter());
        break;
      case 3:
        text.erase(at, 1 + random.next() % 3);
        break;
      case 4:  // repeats a piece
        text.insert(at, text.substr(at, 1 + below(random, 40)));
        break;
      default:  // digits
        text.insert(at, std::string(below(random, 24), static_cast<char>('0' + random.next() % 10)));
        break;
    }
  }
  return text;
}

// Up to `most` digits, many of them zeros.
inline std::string any_digits(Random& random, std::size_t most) {
  std::string text;
  for (std::size_t i = below(random, most + 1); i > 0; --i)
    text += static_cast<char>('0' + (random.next() % 3 == 0 ? 0 : random.next() % 10));
  return text;
}

// What a fast reader makes of a text: it leaves it to the complete one, or reads the same, or something else.
enum class Agreement { LeftAlone, Same, Different };

// `compare` never finds a difference in the texts of `make`, and more than `least` times both read the same.
template <typename Make, typename Compare>
void expect_agreement(int rounds, int least, Make make, Compare compare) {
  int taken = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::string text = make();
    const Agreement agreement = compare(text);
    ASSERT_NE(agreement, Agreement::Different) << "round " << round << ": " << text;
    taken += agreement == Agreement::Same ? 1 : 0;
  }
  EXPECT_GT(taken, least) << "the texts are so bad that nothing is compared";
}

}  // namespace tidemark
