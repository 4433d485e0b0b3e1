#include "core/wire/table_number.h"

#include <gtest/gtest.h>

#include "core/wire/encode.h"

namespace tidemark {
namespace {

std::string read(std::string_view text, const NumberForm& form = {}, FieldName field = FieldName::Open) {
  const auto number = parse_table_number(text, field, form);
  if (!number) return "none";
  if (number->out_of_range) return "out of range";
  std::string out;
  append_decimal(number->nanos, out);
  return out;
}

TEST(TableNumber, IsOneOfJsonOrWhatSpreadsheetsWrite) {
  for (const auto& [text, value] : {
           std::pair{"185.05", "185.05"}, std::pair{"1.8505e2", "185.05"},
           std::pair{".91", "0.91"},      std::pair{"-.5", "-0.5"},
           std::pair{"5.", "5"},          std::pair{"+3", "3"},
           std::pair{"+1.5E+1", "15"},    std::pair{"0.91", "0.91"},
           std::pair{"", "none"},         std::pair{".", "none"},
           std::pair{"-", "none"},        std::pair{"01", "none"},
           std::pair{"0x1", "none"},      std::pair{"NaN", "none"},
           std::pair{"1,000", "none"},    std::pair{"1 000", "none"},
           std::pair{"1.2.3", "none"},    std::pair{"1e", "none"},
           std::pair{"190.65K", "none"},  std::pair{"1.70%", "none"},
           std::pair{"--1", "none"},
       })
    EXPECT_EQ(read(text), value) << text;
}

TEST(TableNumber, MayHaveALetterWhereItCounts) {
  for (const auto& [text, value] :
       {std::pair{"190.65K", "190650"}, std::pair{"1.21M", "1210000"}, std::pair{"3b", "3000000000"},
        std::pair{".5k", "500"}, std::pair{"K", "none"}, std::pair{"1KM", "none"}})
    EXPECT_EQ(read(text, {}, FieldName::Volume), value) << text;
}

TEST(TableNumber, FollowsTheFormThatIsKnown) {
  const NumberForm american{.decimal = '.', .thousands = ','}, german{.decimal = ',', .thousands = '.'},
      swiss{.decimal = '.', .thousands = '\''};
  EXPECT_EQ(read("16,826.05", american), "16826.05");
  EXPECT_EQ(read("1,234,567", american), "1234567");
  EXPECT_EQ(read("1,23,456.75", american), "123456.75");  // lakhs
  EXPECT_EQ(read("185.05", american), "185.05");
  EXPECT_EQ(read("16,82.05", american), "none");
  EXPECT_EQ(read("1,2345", american), "none");
  EXPECT_EQ(read(",123", american), "none");
  EXPECT_EQ(read("138,52", german), "138.52");
  EXPECT_EQ(read("1.250.000", german), "1250000");
  EXPECT_EQ(read("1.250", german), "1250");
  EXPECT_EQ(read("138.52", german), "none");
  EXPECT_EQ(read("1'250.5", swiss), "1250.5");
}

TEST(TableNumber, IsScaledExactly) {
  const NumberForm form{.price_exponent = -9};
  EXPECT_EQ(read("185050000001", form), "185.050000001");
  EXPECT_EQ(read("1.5e11", form), "150");
  EXPECT_EQ(read("1000", form, FieldName::Volume), "1000");
}

// The form's decimal point and thousands separator, or the error.
std::string learned(const std::vector<std::string>& numbers) {
  NumberForm form;
  if (auto done = learn_number_form(numbers, form); !done) return done.error().message();
  return std::string(1, form.decimal) + (form.thousands ? std::string(1, form.thousands) : "");
}

TEST(TableNumber, LearnsItsFormFromThoseThatLeaveNoDoubt) {
  EXPECT_EQ(learned({"185.00", "185.1", "1000"}), ".");
  EXPECT_EQ(learned({"16,826.05", "190.65K"}), ".,");
  EXPECT_EQ(learned({"1,234,567"}), ".,");
  EXPECT_EQ(learned({"185.05", "1,234"}), ".,");
  EXPECT_EQ(learned({"138,52", "1.250.000"}), ",.");
  EXPECT_EQ(learned({"138,5", "1.250"}), ",.");
  EXPECT_EQ(learned({"0,123"}), ",.");
  EXPECT_EQ(learned({"1.250,50"}), ",.");
  EXPECT_EQ(learned({"", "x", "1.250"}), ".");
  EXPECT_EQ(learned({"1,234"}),
            "nothing tells whether the comma of its numbers, such as 1,234, is a decimal one: use --decimal , or "
            "--thousands ,");
  EXPECT_EQ(learned({"138,52", "12500.0"}),
            "its numbers are written in two ways, such as 12500.0 and 138,52: use --decimal , or --thousands ,");
}

}  // namespace
}  // namespace tidemark
