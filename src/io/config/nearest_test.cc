// What somebody probably meant.
#include "io/config/nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tidemark {
namespace {

TEST(EditDistance, CountsLettersToInsertRemoveOrExchange) {
  struct Case {
    std::string_view a, b;
    std::size_t distance;
  };
  // The third is Levenshtein's own example: kitten, sitten, sittin, sitting.
  constexpr std::array cases{Case{"port", "port", 0}, Case{"prot", "port", 2}, Case{"kitten", "sitting", 3},
                             Case{"", "abc", 3},      Case{"abc", "", 3},      Case{"speed", "seed", 1}};
  for (const Case& c : cases) EXPECT_EQ(edit_distance(c.a, c.b), c.distance) << c.a << " " << c.b;
}

TEST(NearestName, IsTheOneWithTheFewestWrongLetters) {
  const std::vector<std::string> names{"run", "trends", "simulate", "query", "doctor", "version"};
  EXPECT_EQ(nearest_name("trend", names), "trends");
  EXPECT_EQ(nearest_name("simulat", names), "simulate");
  EXPECT_EQ(nearest_name("simulation", names), "simulate");
  EXPECT_EQ(nearest_name("qurey", names), "query");
}

TEST(NearestName, IsSilentWhenNothingComesClose) {
  const std::vector<std::string> names{"run", "trends", "simulate"};
  EXPECT_EQ(nearest_name("kafka", names), "");
  EXPECT_EQ(nearest_name("x", names), "");
  EXPECT_EQ(did_you_mean("kafka", names), "");
  EXPECT_EQ(did_you_mean("rum", names), "; did you mean \"run\"?");
}

}  // namespace
}  // namespace tidemark
