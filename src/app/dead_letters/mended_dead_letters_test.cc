// Each line of the file is a dead letter of this log, or an error that names the line.
#include "app/dead_letters/mended_dead_letters.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

class MendedLetters : public testing::Test {
 protected:
  // Five dead letters, of the records at 10, 20 … 50.
  void SetUp() override {
    Commit commit{.reader = "analyze"};
    for (int i = 1; i <= 5; ++i)
      append_dead_letter({Reason::Missing, i == 5 ? "" : "volume"}, {"alpaca_trends", 10 * i}, i == 4 ? "\xff" : "{}",
                         0, commit.outputs.emplace_back(Output{Topic::DeadLetters, {}}).record.value);
    ASSERT_TRUE(log.commit(commit));
  }
  void TearDown() override { std::filesystem::remove(file); }

  std::string letter(std::size_t offset) { return log.topic(Topic::DeadLetters)[offset].value; }
  Result<std::vector<MendedDeadLetter>> read(const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
    return read_mended_letters(file.string(), log);
  }
  std::string refused(const std::string& text) {
    const auto read_letters = read(text);
    if (read_letters) return "(accepted)";
    EXPECT_TRUE(read_letters.error().is_setup());
    const std::string& message = read_letters.error().message();
    EXPECT_TRUE(message.starts_with(file.string() + ", ")) << message;
    return message.substr(file.string().size() + 2);
  }

  Fate fate;
  MemoryLog log{fate};
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("tidemark-mended-" + std::to_string(::getpid()));
};

TEST_F(MendedLetters, ComeBackAsTheyWereExported) {
  std::string text;
  for (std::size_t offset = 0; offset < 5; ++offset) text += letter(offset) + '\n';
  const auto mended = read(text);
  ASSERT_TRUE(mended) << mended.error().message();
  ASSERT_EQ(mended->size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    const MendedDeadLetter& each = (*mended)[i];
    EXPECT_EQ(each.offset, static_cast<Position>(i));
    EXPECT_EQ(each.line, i + 1);
    EXPECT_EQ(each.why, (DeadLetterReason{Reason::Missing, i == 4 ? "" : "volume"}));
    EXPECT_EQ(each.record, i == 3 ? "\xff" : "{}");
    EXPECT_FALSE(each.is_cut);
  }
}

// As an editor or jq may write them.
TEST_F(MendedLetters, MayBeInAnyOrderAndSpelling) {
  const auto mended = read(
      "\n"
      R"( { "position" : 30, "note": [1], "record": "{\"\u0061\":1}", "field":"volume","source":"alpaca_trends","reason":"missing"} )"
      "\r\n \n"
      R"({"reason":"missing","field":"volume","source":"alpaca_trends","position":40,"record":"whole","record_base64":"/w=="})"
      "\n"
      R"({"reason":"missing","field":"volume","source":"alpaca_trends","position":10,"record":"beginn","record_bytes":70000})");
  ASSERT_TRUE(mended) << mended.error().message();
  ASSERT_EQ(mended->size(), 3U);
  EXPECT_EQ((*mended)[0].offset, 0);
  EXPECT_EQ((*mended)[0].line, 5U);
  EXPECT_TRUE((*mended)[0].is_cut);
  EXPECT_EQ((*mended)[1].offset, 2);
  EXPECT_EQ((*mended)[1].record, R"({"a":1})");
  EXPECT_EQ((*mended)[2].record, "whole") << "a record that is there goes before its bytes";
}

TEST_F(MendedLetters, NothingIsNoError) {
  const auto mended = read(" \n\n");
  ASSERT_TRUE(mended);
  EXPECT_TRUE(mended->empty());
}

struct RefusedCase {
  std::string line;
  std::string_view sentence;
};

TEST_F(MendedLetters, ForeignLinesAreNamed) {
  const std::string head = R"({"reason":"missing","field":"volume","source":"alpaca_trends","position":)";
  const RefusedCase cases[] = {
      {"bar", "invalid JSON at byte 0"},
      {"[]", "it is no dead letter: it has no position"},
      {R"({"symbol":"A","open":1})", "it is no dead letter: it has no position"},
      {head + R"("10","record":""})", "it is no dead letter: it has no position"},
      {R"({"reason":"missing","field":"volume","source":"day.jsonl","position":10,"record":""})",
       "it is no dead letter of a log: its source is day.jsonl, not alpaca_trends"},
      {head + R"(11,"record":""})", "the log has no dead letter of position 11"},
      {head + R"(50,"record":""})", "the dead letter of position 50 is another one in this log: missing"},
      {head + R"(10})", "there is neither a record nor its record_base64"},
      {head + R"(10,"record":null,"record_base64":"x"})", "there is neither a record nor its record_base64"},
      {head + R"(10,"record":{"symbol":"A"}})", "record must be a string"},
  };
  for (const RefusedCase& each : cases) {
    const std::string message = refused(letter(1) + "\n\n" + each.line + "\n" + letter(2));
    EXPECT_TRUE(message.starts_with("line 3: " + std::string(each.sentence))) << message;
  }
}

TEST_F(MendedLetters, OneLetterHasOnePlace) {
  EXPECT_EQ(refused(letter(2) + "\n" + letter(0) + "\n" + letter(2) + "\n"),
            "line 3: line 1 says what is in place of the same dead letter");
}

}  // namespace
}  // namespace tidemark
