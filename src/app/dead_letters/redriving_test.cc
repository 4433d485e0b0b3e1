// The requests that a running instance accepts, and its answers.
#include "app/dead_letters/redriving.h"

#include <gtest/gtest.h>

#include <future>

#include "run/roles/role_rig_test.h"

namespace tidemark {
namespace {

class Quiet : public Journal {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

class RedrivingTest : public testing::Test {
 protected:
  void SetUp() override {
    Commit commit{.reader = "analyze"};
    for (int i = 0; i < 3; ++i)
      append_dead_letter({Reason::BadJson, ""}, {"alpaca_trends", i}, "x", 0,
                         commit.outputs.emplace_back(Output{Topic::DeadLetters, {}}).record.value);
    ASSERT_TRUE(log.commit(commit));
  }
  Response ask(std::string body) {
    std::promise<Response> answer;
    Request request{.method = "POST", .path = "/api/v1/redrive", .body = std::move(body)};
    EXPECT_EQ(redriving.act().act(request, [&](Response response) { answer.set_value(std::move(response)); }), nullptr);
    return answer.get_future().get();
  }

  Fate fate;
  MemoryLog log{fate};
  ManualClock clock;
  CountingNotifier bell;
  Quiet journal;
  Redriving redriving{log, clock, bell, journal};
};

struct Case {
  std::string_view body;
  unsigned status;
  std::string_view answer;  // a part of it
};

TEST_F(RedrivingTest, AnswersAfterWhatIsDurable) {
  redriving.start();
  const Case cases[] = {
      {R"({"append":[{"letter":0,"record":"a"},{"letter":2,"record":"b"}]})", 200, R"({"appended":2,"before":0})"},
      {R"({"append":[{"letter":1,"record":"c"},{"letter":2,"record":"b"}]})", 200, R"({"appended":1,"before":1})"},
      {R"({"append":[{"letter":2,"record":"d"}],"forget":[2]})", 200, R"({"appended":1,"before":0})"},
      {R"({})", 200, R"({"appended":0,"before":0})"},
      {R"({"append":[{"letter":3,"record":"e"}]})", 400, "there is no dead letter at offset 3"},
      {R"({"append":[{"letter":0}]})", 400, R"("field":"append")"},
      {R"({"append":[{"record":"e"}]})", 400, R"("field":"append")"},
      {R"({"append":[0]})", 400, R"("field":"append")"},
      {R"({"append":{}})", 400, "a list"},
      {R"({"forget":["1"]})", 400, R"("field":"forget")"},
      {R"({"forget":[1],"letters":[]})", 400, R"("field":"letters")"},
      {R"([])", 400, "an object"},
      {R"({)", 400, "invalid JSON"},
  };
  for (const Case& each : cases) {
    const Response response = ask(std::string(each.body));
    EXPECT_EQ(response.status, each.status) << each.body;
    EXPECT_NE(response.body.find(each.answer), std::string::npos) << each.body << "\n" << response.body;
  }
  std::string appended;
  for (const Record& record : log.topic(Topic::Bars)) appended += record.value;
  EXPECT_EQ(appended, "abcd");
  EXPECT_EQ(bell.rings, 3);
}

TEST_F(RedrivingTest, ABusyWorldIsToldAndTheSameAgainIsHarmless) {
  redriving.start();
  fate.strike_at(1, Blow::Refuse);
  EXPECT_EQ(ask(R"({"append":[{"letter":0,"record":"a"}]})").status, 503U);
  EXPECT_EQ(ask(R"({"append":[{"letter":0,"record":"a"}]})").body, R"({"appended":1,"before":0})");
}

TEST_F(RedrivingTest, RefusesWhoComesBeforeOrAfter) {
  EXPECT_EQ(ask("{}").status, 503U);
  redriving.start();
  EXPECT_EQ(ask("{}").status, 200U);
  redriving.stop();
  EXPECT_EQ(ask("{}").status, 503U);
}

}  // namespace
}  // namespace tidemark
