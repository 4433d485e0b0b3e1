// A change of symbols: a table of sentences. The rule of a name is contract/semantics.md, 2.
#include "run/live_feed/symbol_choice.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

using ChangeKind = SymbolChange::Kind;

const SymbolList set_up{"AAPL", "TSLA"};
const std::string longest(32, 'X');

struct ChangeCase {
  const char* when;
  SymbolList current;
  SymbolChange change;
  SymbolList symbols;             // empty: refused
  std::vector<std::string> told;  // when refused: what the message must contain
};

TEST(SymbolChoice, MakesOfTheListWhatWasSaid) {
  const ChangeCase cases[] = {
      {"new ones come behind", {"A", "B"}, {ChangeKind::Add, {"D", "C"}}, {"A", "B", "D", "C"}, {}},
      {"one that is there is told",
       {"A"},
       {ChangeKind::Add, {"A", "B"}},
       {"A", "B"},
       {"A was among the symbols already"}},
      {"removed in any order", {"A", "B", "C"}, {ChangeKind::Remove, {"C", "A"}}, {"B"}, {}},
      {"one that is not there is told",
       {"A", "B"},
       {ChangeKind::Remove, {"C", "A"}},
       {"B"},
       {"C was not among the symbols"}},
      {"set is the list", {"A"}, {ChangeKind::Set, {"B", "A"}}, {"B", "A"}, {}},
      {"reset is what was set up", {"A"}, {ChangeKind::Reset, {}}, set_up, {}},
      {"case counts", {"A"}, {ChangeKind::Add, {"a"}}, {"A", "a"}, {}},
      {"every visible character",
       {"A"},
       {ChangeKind::Add, {"!", "~", "BRK.B", "BTC/USD", "a,b"}},
       {"A", "!", "~", "BRK.B", "BTC/USD", "a,b"},
       {}},
      {"as long as it may be", {"A"}, {ChangeKind::Add, {longest}}, {"A", longest}, {}},
      {"too long", {"A"}, {ChangeKind::Add, {longest + "X"}}, {}, {"is no symbol"}},
      {"empty", {"A"}, {ChangeKind::Add, {""}}, {}, {"\"\" is no symbol"}},
      {"a space", {"A"}, {ChangeKind::Set, {"B C"}}, {}, {"\"B C\" is no symbol"}},
      {"beyond ASCII", {"A"}, {ChangeKind::Add, {"\xc3\xa9"}}, {}, {"is no symbol"}},
      {"said twice", {"A"}, {ChangeKind::Add, {"B", "B"}}, {}, {"B is given twice"}},
      {"twice to be removed", {"A", "B"}, {ChangeKind::Remove, {"B", "B"}}, {}, {"B is given twice"}},
      {"nobody left", {"A"}, {ChangeKind::Remove, {"A"}}, {}, {"no symbol would be left"}},
      {"nothing said", {"A"}, {ChangeKind::Set, {}}, {}, {"at least one"}},
  };
  for (const ChangeCase& c : cases) {
    const auto changed = change_symbols(c.current, set_up, c.change);
    ASSERT_EQ(changed.has_value(), !c.symbols.empty()) << c.when;
    if (changed) {
      EXPECT_EQ(changed->symbols, c.symbols) << c.when;
      EXPECT_EQ(changed->told, c.told) << c.when;
    } else {
      EXPECT_TRUE(changed.error().is_setup()) << c.when;
      EXPECT_NE(changed.error().message().find(c.told.front()), std::string::npos) << changed.error().message();
    }
  }
}

TEST(SymbolChoice, IsKeptAsOneNameALine) {
  EXPECT_EQ(write_symbols({"AAPL", "#X", "BRK.B"}), "AAPL\n#X\nBRK.B\n");
  EXPECT_EQ(*read_symbols("AAPL\n#X\nBRK.B\n"), (SymbolList{"AAPL", "#X", "BRK.B"}));
  struct Damage {
    const char* text;
    const char* sentence;
  };
  const Damage damages[] = {{"", "no symbol"},        {"\n", "line 1 is no"},         {"A\nB", "last line"},
                            {"A\n\nB\n", "line 2"},   {"A\nB\nA\n", "line 3 says A"}, {"A\r\n", "line 1"},
                            {"A\nB C\n", "line 2 is"}};
  for (const Damage& damage : damages) {
    const auto read = read_symbols(damage.text);
    ASSERT_FALSE(read) << damage.text;
    EXPECT_NE(read.error().message().find(damage.sentence), std::string::npos) << read.error().message();
  }
}

TEST(SymbolChoice, ShowsAFewOfMany) {
  EXPECT_EQ(shown_symbols({"A", "B"}), "A, B");
  SymbolList many;
  for (int number = 0; number < 23; ++number) many.push_back("S" + std::to_string(number));
  EXPECT_TRUE(shown_symbols(many).ends_with("S18, S19 and 3 more")) << shown_symbols(many);
}

}  // namespace
}  // namespace tidemark
