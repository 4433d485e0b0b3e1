// Changes of a token file, line by line.
#include "app/upkeep/token_lines.h"

#include <gtest/gtest.h>

#include <set>

#include "core/time/time.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

const EventTime now = *parse_timestamp("2026-11-22T10:00:00Z");
const std::string first = "0123456789abcdef-1", second = "0123456789abcdef-2", third = "0123456789abcdef-3";

TokenLines lines_of(const std::string& text) {
  auto lines = TokenLines::parse(text);
  EXPECT_TRUE(lines) << lines.error().message();
  return lines ? std::move(*lines) : TokenLines();
}

Token made(std::string text, std::string name = "") {
  return {.text = std::move(text), .name = std::move(name), .since = now, .until = {}};
}

TEST(TokenLines, ANewOneStandsBehindTheOthersWhichStayAsTheyAre) {
  TokenLines lines = lines_of("# screens\n" + first + "\t desk \n\n" + second);
  ASSERT_TRUE(lines.add(made(third, "hall")));
  EXPECT_EQ(lines.text(),
            "# screens\n" + first + "\t desk \n\n" + second + "\n" + third + " hall since 2026-11-22T10:00:00Z\n");
  EXPECT_EQ(lines_of(lines.text()).tokens().size(), 3u);
  EXPECT_FALSE(lines.add(made("0123456789abcdef-4", "desk")));
}

TEST(TokenLines, WithoutANameItIsCalledAfterTheDay) {
  TokenLines lines = lines_of("");
  ASSERT_TRUE(lines.add(made(first)));
  ASSERT_TRUE(lines.add(made(second)));
  EXPECT_EQ(lines.tokens()[0].called(), "2026-11-22");
  EXPECT_EQ(lines.tokens()[1].called(), "2026-11-22-2");
}

TEST(TokenLines, AllEndAndWhatHasEndedGoes) {
  TokenLines lines = lines_of("# c\n" + first + "\n" + second + " soon until 2026-11-22T11:00:00Z\n" + third +
                              " gone until 2026-11-22T10:00:00Z\n");
  lines.end_all(now, now + std::chrono::hours(24));
  EXPECT_EQ(lines.text(),
            "# c\n" + first + " until 2026-11-23T10:00:00Z\n" + second + " soon until 2026-11-22T11:00:00Z\n");
}

TEST(TokenLines, OneIsTakenOutByItsNameOrItsLine) {
  TokenLines lines = lines_of(first + " desk\n# c\n" + second + "\n" + third +
                              " hall\n0123456789abcdef-4 over until 2026-11-22T10:00:00Z\n");
  const auto nobody = lines.remove("hal", now);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().message(), "there is no token hal; did you mean \"hall\"?");
  ASSERT_TRUE(lines.remove("line-3", now));
  ASSERT_TRUE(lines.remove("desk", now));
  EXPECT_EQ(lines.text(), "# c\n" + third + " hall\n0123456789abcdef-4 over until 2026-11-22T10:00:00Z\n");
  const auto last = lines.remove("hall", now);
  ASSERT_FALSE(last);
  EXPECT_NE(last.error().message().find("--overlap 0s"), std::string::npos);
  EXPECT_TRUE(lines.remove("over", now));
}

TEST(TokenLines, AWrongFileIsLeftAlone) {
  for (const std::string& wrong :
       {std::string("short\n"), first + " a\n" + second + " a\n", first + "\n" + first + "\n"})
    EXPECT_FALSE(TokenLines::parse(wrong)) << wrong;
}

TEST(TokenLines, RandomTokensAreTokensAndNoTwoAreTheSame) {
  std::set<std::string> seen;
  for (int round = 0; round < 100; ++round) {
    const std::string token = random_token();
    EXPECT_EQ(token.size(), 48u);
    EXPECT_FALSE(fault_in_token(token)) << token;
    EXPECT_TRUE(seen.insert(token).second);
  }
}

}  // namespace
}  // namespace tidemark
