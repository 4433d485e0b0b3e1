// Names of enums: written, read back, and complete.
#include "core/enum_names.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace tidemark {
namespace {

enum class Colour : std::uint8_t { Red, Green, Blue2 };
constexpr EnumNames<Colour, 3> colour_names{"red", "green", "blue"};

TEST(EnumNames, WriteAndRead) {
  EXPECT_EQ(colour_names[Colour::Green], "green");
  EXPECT_EQ(colour_names.find("blue"), Colour::Blue2);
  EXPECT_EQ(colour_names.find("Red"), std::nullopt);
  EXPECT_EQ(colour_names.find(""), std::nullopt);
}

// What the static assertions of EnumNames stand on, with every compiler that builds this.
TEST(EnumNames, KnowWhichValuesThereAre) {
  EXPECT_TRUE(is_enumerator<Colour::Red>());
  EXPECT_TRUE(is_enumerator<Colour::Blue2>());
  EXPECT_FALSE(is_enumerator<static_cast<Colour>(3)>());
  EXPECT_FALSE(is_enumerator<static_cast<Colour>(200)>());
}

}  // namespace
}  // namespace tidemark
