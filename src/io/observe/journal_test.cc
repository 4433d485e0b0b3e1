// An event stays one line, and a machine can read it back.
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
