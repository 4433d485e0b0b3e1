#include "io/query/plain_number.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

struct NumberCase {
  std::string_view from, to;
};

class PlainNumber : public ::testing::TestWithParam<NumberCase> {};

TEST_P(PlainNumber, IsTheSameNumberWithoutAnExponent) {
  std::string out;
  append_plain_numbers(GetParam().from, out);
  EXPECT_EQ(out, GetParam().to);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PlainNumber,
    ::testing::Values(NumberCase{"8.12e-06", "0.00000812"}, NumberCase{"-8e-06", "-0.000008"},
                      NumberCase{"1e-12", "0.000000000001"}, NumberCase{"9.9e-13", "9.9e-13"},
                      NumberCase{"5e-324", "5e-324"}, NumberCase{"1e+16", "10000000000000000.0"},
                      NumberCase{"1.2345678901234568e+17", "123456789012345680.0"}, NumberCase{"1.25e+1", "12.5"},
                      NumberCase{"9.99e+20", "999000000000000000000.0"}, NumberCase{"1e+21", "1e+21"},
                      NumberCase{"-1e+300", "-1e+300"}, NumberCase{"175.3", "175.3"}, NumberCase{"0", "0"},
                      NumberCase{"nan", "nan"}, NumberCase{"-inf", "-inf"}, NumberCase{"", ""},
                      // Lists and structs; a key is no number.
                      NumberCase{"[8.12e-06, NULL, 1.0]", "[0.00000812, NULL, 1.0]"},
                      NumberCase{"{'1e-06': 2e-06}", "{'1e-06': 0.000002}"},
                      NumberCase{R"({"1e-6":1e-6,"a\"1e-6":[2e-6,"it's 1e-6"],"b":-3e-6})",
                                 R"({"1e-6":0.000001,"a\"1e-6":[0.000002,"it's 1e-6"],"b":-0.000003})"}));

}  // namespace
}  // namespace tidemark
