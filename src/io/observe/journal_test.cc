// An event is one line, and a machine can parse it.
#include "io/observe/journal.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Journal, QuotesInTextOnlyWhatNeedsIt) {
  std::string line;
  append_text_event("feed.open", {{"name", "simulator"}, {"detail", "two words"}, {"empty", ""}}, line);
  EXPECT_EQ(line, R"(feed.open name=simulator detail="two words" empty="")");
}

TEST(Journal, CannotBeMadeToForgeALine) {
  std::string line;
  append_text_event("x", {{"path", "a\n2026 error fake=1"}}, line);
  EXPECT_EQ(line, R"(x path="a\n2026 error fake=1")");
}

TEST(Journal, SendsNothingThatSteersATerminal) {
  std::string text, json;
  append_text_event("x", {{"feed", "a\xc2\x9b\x1b[2J"}, {"name", "\x9b"}}, text);
  append_json_event("x", {{"feed", "a\x7f\x1b[2J\x9b"}}, json);
  EXPECT_EQ(text, R"(x feed="a\u009b\u001b[2J" name="\u009b")");
  EXPECT_EQ(json, R"("event":"x","feed":"a\u007f\u001b[2J\u009b")");
}

TEST(Journal, WritesJsonMembers) {
  std::string line;
  append_json_event("feed.open", {{"detail", "a \"b\""}}, line);
  EXPECT_EQ(line, R"("event":"feed.open","detail":"a \"b\"")");
}

TEST(Journal, KnowsTheNamesOfItsOptions) {
  EXPECT_EQ(parse_level("debug"), Level::Debug);
  EXPECT_EQ(parse_level("warn"), Level::Warning);
  EXPECT_EQ(parse_level("Warning"), std::nullopt);
  EXPECT_EQ(parse_journal_format("json"), JournalFormat::Json);
  EXPECT_EQ(parse_journal_format("xml"), std::nullopt);
}

}  // namespace
}  // namespace tidemark
