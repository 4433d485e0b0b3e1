// The limits in the code are those of contract/schema, and each is tried on both of its sides.
#include "core/market/limits.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace tidemark {
namespace {

std::string contract_file(const std::string& name) {
  std::ifstream file(TIDEMARK_SOURCE_DIR "/contract/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t count_of(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::string digits(Int128 number) {
  std::string text;
  for (; number > 0; number /= 10) text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
  return text;
}

// What lies in the schema between `"name": {` and the end of that property.
std::string property(const std::string& name) {
  const std::string schema = contract_file("schema/bar.schema.json");
  const auto begin = schema.find("    \"" + name + "\": {");
  return begin == schema.npos ? "" : schema.substr(begin, schema.find("\n    }", begin) - begin);
}

TEST(Limits, OfSymbolsAreThoseOfTheSchemas) {
  const std::string pattern = std::string("^[") + first_symbol_character + "-" + last_symbol_character + "]{1," +
                              std::to_string(longest_symbol_name) + "}$";
  EXPECT_NE(property("symbol").find('"' + pattern + '"'), std::string::npos);
  EXPECT_EQ(count_of(pattern, contract_file("schema/trend.schema.json")), 1u);
  EXPECT_EQ(count_of(pattern, contract_file("schema/openapi.yaml")), 3u);
}

TEST(Limits, OfNumbersAreThoseOfTheSchema) {
  std::string price = digits(price_limit);
  price.insert(price.size() - 9, ".");
  const auto below = [](const std::string& limit) { return "\"exclusiveMaximum\": " + limit + ","; };
  const auto above = [](const std::string& limit) { return "\"exclusiveMinimum\": -" + limit + ","; };
  for (const char* const name : {"open", "high", "low", "close", "vwap"})
    EXPECT_EQ(count_of(below(price), property(name)), 1u) << name;
  EXPECT_EQ(count_of(above(price), property("vwap")), 1u);
  EXPECT_EQ(count_of(below(digits(volume_limit / units_of_one)), property("volume")), 1u);
  for (const char* const name : {"price_change", "pct_change"}) {
    EXPECT_EQ(count_of(below(digits(change_limit / units_of_one)), property(name)), 1u) << name;
    EXPECT_EQ(count_of(above(digits(change_limit / units_of_one)), property(name)), 1u) << name;
  }
  EXPECT_EQ(count_of("\"maximum\": " + digits(most_trades) + ",", property("trade_count")), 1u);
}

// semantics.md §2: 1–32 bytes, each `!`..`~`.
TEST(Limits, OfSymbols) {
  EXPECT_TRUE(is_symbol_name("A"));
  EXPECT_TRUE(is_symbol_name("!~"));
  EXPECT_TRUE(is_symbol_name(std::string(32, 'A')));
  EXPECT_FALSE(is_symbol_name(""));
  EXPECT_FALSE(is_symbol_name(std::string(33, 'A')));
  EXPECT_FALSE(is_symbol_name("A B"));
  EXPECT_FALSE(is_symbol_name("A\x7f"));
  EXPECT_FALSE(is_symbol_name("\xc3\xa4"));
}

// semantics.md §2.2: the number of units of a price is at most 9,223,372,036,854,775,806.
TEST(Limits, OfNumbers) {
  EXPECT_TRUE(is_price(1) && is_price(9'223'372'036'854'775'806));
  EXPECT_FALSE(is_price(0) || is_price(-1) || is_price(9'223'372'036'854'775'807));
  EXPECT_TRUE(is_vwap(-9'223'372'036'854'775'806) && is_vwap(0));
  EXPECT_FALSE(is_vwap(-9'223'372'036'854'775'807));
  const Int128 volume = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000;  // 10^18 in units
  EXPECT_TRUE(is_volume(0) && is_volume(volume - 1));
  EXPECT_FALSE(is_volume(-1) || is_volume(volume));
  const Int128 change = volume * 1'000'000'000;  // 10^27 in units
  EXPECT_TRUE(is_change(1 - change) && is_change(change - 1));
  EXPECT_FALSE(is_change(change) || is_change(-change));
  EXPECT_TRUE(is_trade_count(0) && is_trade_count(9'223'372'036'854'775'807));
  EXPECT_FALSE(is_trade_count(-1) || is_trade_count(static_cast<Int128>(9'223'372'036'854'775'807) + 1));
}

}  // namespace
}  // namespace tidemark
