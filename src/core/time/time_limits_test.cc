// The years of the contract are those of its schema and its reference, and what an offset makes of them is still a time.
#include "core/time/time_limits.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

std::string contract_file(const std::string& name) {
  std::ifstream file(TIDEMARK_SOURCE_DIR "/contract/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TimeLimits, AreThoseOfSchemaAndReference) {
  const std::string first = std::to_string(int{first_year}), last = std::to_string(int{last_year});
  EXPECT_NE(contract_file("schema/bar.schema.json").find("years " + first + " to " + last), std::string::npos);
  EXPECT_NE(contract_file("reference/instant.py").find("if not " + first + " <= year <= " + last + " or"),
            std::string::npos);
}

TEST(TimeLimits, AreWhatTheReaderOfTimesKeeps) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00Z"), begin_of_years);
  EXPECT_EQ(parse_timestamp("2261-12-31T23:59:59.999999999Z"), end_of_years - Duration(1));
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(parse_timestamp("2262-01-01T00:00:00Z"), std::nullopt);
  for (const char* const written : {"1970-01-01T00:00:00+23:59", "2261-12-31T23:59:59-23:59"}) {
    const auto time = parse_timestamp(written);
    ASSERT_TRUE(time) << written;
    EXPECT_FALSE(is_in_years(*time)) << written;
    EXPECT_TRUE(is_instant(*time)) << written;
  }
}

}  // namespace
}  // namespace tidemark
