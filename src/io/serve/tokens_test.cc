// Lines of a token file, as a table.
#include "io/serve/tokens.h"

#include <gtest/gtest.h>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

const std::string shortest = "0123456789abcdef";

struct LineCase {
  std::string line;
  const char* name = "";
  const char* since = "";
  const char* until = "";
};

std::string text_of(const std::optional<EventTime>& time) { return time ? format_timestamp(*time) : ""; }

TEST(Tokens, ALineIsATokenANameAndTimes) {
  const LineCase cases[] = {
      {shortest},
      {"  " + shortest + "\t\r"},
      {shortest + " desk", "desk"},
      {shortest + " until 2026-12-31T00:00:00Z", "", "", "2026-12-31T00:00:00Z"},
      {shortest + " desk until 2026-12-31T01:00:00+01:00", "desk", "", "2026-12-31T00:00:00Z"},
      {shortest + " a.b-c_1 since 2026-11-22T10:00:00Z until 2026-12-31T00:00:00Z", "a.b-c_1", "2026-11-22T10:00:00Z",
       "2026-12-31T00:00:00Z"},
  };
  for (const LineCase& c : cases) {
    const auto token = parse_token_line(c.line, 7);
    ASSERT_TRUE(token && *token) << c.line;
    EXPECT_EQ((*token)->text, shortest) << c.line;
    EXPECT_EQ((*token)->name, c.name);
    EXPECT_EQ(text_of((*token)->since), c.since);
    EXPECT_EQ(text_of((*token)->until), c.until);
    EXPECT_EQ((*token)->called(), *c.name ? c.name : "line-7");
    const auto again = parse_token_line(format_token_line(**token), 7);
    ASSERT_TRUE(again && *again) << format_token_line(**token);
    EXPECT_EQ(format_token_line(**again), format_token_line(**token));
  }
  for (const char* nothing : {"", "   ", "# a comment", "\t#x", "\r"}) {
    const auto token = parse_token_line(nothing, 1);
    EXPECT_TRUE(token && !*token) << nothing;
  }
}

TEST(Tokens, AWrongLineIsNamedAndNotShown) {
  const std::pair<std::string, const char*> cases[] = {
      {"0123456789abcde", "at least 16"},
      {"0123456789abc,def", "without quotes, commas"},
      {"0123456789abcdef\xc3\xa9", "visible ASCII"},
      {shortest + " desk screen", "nothing else"},
      {shortest + " until", "no time such as"},
      {shortest + " until tomorrow", "no time such as"},
      {shortest + " until 2026-02-30T00:00:00Z", "no time such as"},
      {shortest + " until 2026-12-31T00:00:00Z until 2026-12-31T00:00:00Z", "twice"},
      {shortest + " until 2026-12-31T00:00:00Z desk", "nothing else"},
      {shortest + " a/b", "a name has"},
      {shortest + " " + std::string(33, 'n'), "a name has"},
      {shortest + " line-3", "does not begin with line-"},
  };
  for (const auto& [line, sentence] : cases) {
    const auto tokens = parse_tokens("# first\n" + line + "\n");
    ASSERT_FALSE(tokens) << line;
    EXPECT_TRUE(tokens.error().is_setup());
    EXPECT_TRUE(tokens.error().message().starts_with("line 2: ")) << tokens.error().message();
    EXPECT_NE(tokens.error().message().find(sentence), std::string::npos) << tokens.error().message();
    EXPECT_EQ(tokens.error().message().find("0123456789"), std::string::npos) << "a secret is told";
  }
}

TEST(Tokens, AFileHoldsEachOnce) {
  const auto tokens = parse_tokens("# two\n0123456789abcdef-1 desk\n\n0123456789abcdef-2");
  ASSERT_TRUE(tokens) << tokens.error().message();
  ASSERT_EQ(tokens->size(), 2u);
  EXPECT_EQ((*tokens)[0].called(), "desk");
  EXPECT_EQ((*tokens)[1].called(), "line-4");
  for (const char* wrong :
       {"", "# nothing\n", "0123456789abcdef a\n0123456789abcdef b\n", "0123456789abcdef-1 a\n0123456789abcdef-2 a\n"})
    EXPECT_FALSE(parse_tokens(wrong)) << wrong;
}

TEST(Tokens, AreComparedWhole) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const char* other : {"", "ab", "abcd", "abd", "xbc"})
    EXPECT_FALSE(equal_in_constant_time(other, "abc")) << other;
}

}  // namespace
}  // namespace tidemark
