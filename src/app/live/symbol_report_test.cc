// Reports and changes of symbols as JSON, written and read.
#include "app/live/symbol_report.h"

#include <gtest/gtest.h>

#include "run/live_feed/symbol_choice.h"

namespace tidemark {
namespace {

using Kind = SymbolChange::Kind;

TEST(SymbolReport, ComesBackAsItWent) {
  const SymbolReport report{
      .feed = "simulator", .chosen = true, .symbols = {"AAPL", "a\"b"}, .told = {"X was not among the symbols"}};
  const std::string json = write_report(report);
  EXPECT_EQ(json,
            R"({"feed":"simulator","chosen":true,"symbols":["AAPL","a\"b"],"told":["X was not among the symbols"]})");
  const auto read = read_report(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->feed, report.feed);
  EXPECT_TRUE(read->chosen);
  EXPECT_EQ(read->symbols, report.symbols);
  EXPECT_EQ(read->told, report.told);
  for (const char* other : {"{}", "[]", "no", R"({"feed":"x","chosen":true,"symbols":[1],"told":[]})"})
    EXPECT_FALSE(read_report(other)) << other;
}

TEST(SymbolReport, AChangeSaysOneThing) {
  struct Good {
    const char* json;
    Kind kind;
    SymbolList names;
  };
  const Good goods[] = {{R"({"add":["A","B"]})", Kind::Add, {"A", "B"}},
                        {R"({"remove":["A"]})", Kind::Remove, {"A"}},
                        {R"({"set":["A"]})", Kind::Set, {"A"}},
                        {R"({"reset":true})", Kind::Reset, {}}};
  for (const Good& good : goods) {
    const auto change = read_change(good.json);
    ASSERT_TRUE(change) << good.json;
    EXPECT_EQ(change->kind, good.kind);
    EXPECT_EQ(change->names, good.names);
    EXPECT_EQ(write_change(*change), good.json);
  }
  for (const char* bad :
       {"", "[]", "{}", "true", R"({"add":"A"})", R"({"add":[1]})", R"({"reset":false})", R"({"reset":["A"]})",
        R"({"add":["A"],"remove":["B"]})", R"({"replace":["A"]})", R"({"set":null})"}) {
    const auto change = read_change(bad);
    ASSERT_FALSE(change) << bad;
    EXPECT_TRUE(change.error().is_setup());
  }
}

}  // namespace
}  // namespace tidemark
