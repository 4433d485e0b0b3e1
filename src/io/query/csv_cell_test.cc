// What a spreadsheet would compute, and how it is written. The first characters are those of OWASP's page on CSV
// injection.
#include "io/query/csv_cell.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(CsvCell, FormulasAreTold) {
  for (const char* formula : {"=1+1", "=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-",
                              "--1", "-1 days", "-inf", "+", "-1e", "-.5", "-1.5.2", "-0x10"})
    EXPECT_TRUE(looks_like_a_formula(formula)) << formula;
}

TEST(CsvCell, NumbersAndOtherTextsAreNone) {
  for (const char* text :
       {"", "AAPL", "-0.25", "+7", "-1", "-1.", "-8.12e-06", "1e+300", "-1E300", "'=1", " =1", "a=b", "2026-11-22"})
    EXPECT_FALSE(looks_like_a_formula(text)) << text;
}

TEST(CsvCell, IsQuotedWhereItHasTo) {
  const auto plain = [](std::string_view text) {
    std::string out;
    append_csv_cell(text, out);
    return out;
  };
  EXPECT_EQ(plain("a"), "a");
  EXPECT_EQ(plain(""), "\"\"");
  EXPECT_EQ(plain("a,b"), "\"a,b\"");
  EXPECT_EQ(plain("say \"no\""), "\"say \"\"no\"\"\"");
}

TEST(CsvCell, TheApostropheStandsWithinTheQuotes) {
  const auto guarded = [](std::string_view text) {
    std::string out;
    append_guarded_csv_cell(text, out);
    return out;
  };
  EXPECT_EQ(guarded("=1"), "'=1");
  EXPECT_EQ(guarded("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
}

}  // namespace
}  // namespace tidemark
