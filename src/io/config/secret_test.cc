// However a secret is shown, it is not shown.
#include "io/config/secret.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

namespace tidemark {
namespace {

TEST(Secret, PrintsAsStars) {
  const Secret secret("hunter2-hunter2-hunter2");
  std::ostringstream stream;
  stream << secret;
  EXPECT_EQ(stream.str(), "***");
  EXPECT_EQ(format_as(secret), "***");
  EXPECT_EQ(::testing::PrintToString(secret), "***");
}

TEST(Secret, SaysWhetherItIsThere) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(format_as(Secret()), "");
  EXPECT_EQ(Secret("abc").reveal(), "abc");
}

}  // namespace
}  // namespace tidemark
