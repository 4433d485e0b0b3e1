// Replays of a running server, over sockets.
#include "io/serve/replays.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "core/time/timestamp.h"
#include "io/net/json_value.h"
#include "io/serve/server_fixture_test.h"
#include "run/interfaces/past_days_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

class ReplaysTest : public ServerTest {
 protected:
  // Ten minutes of two symbols, a bar a minute each.
  ReplaysTest() {
    const EventTime open = parse_timestamp("2026-11-20T14:30:00Z").value();
    for (int minute = 0; minute < 10; ++minute)
      for (const auto* symbol : {"AAPL", "TSLA"})
        past_.add(symbol, open + minute * 1min, (100 + minute) * std::int64_t{1'000'000'000});
  }
  ~ReplaysTest() override { server_.reset(); }  // before the days that its replays read
  void open_with_days(Allow allowed = Allow::Always) {
    open({.questions = {.allowed = allowed}}, {}, {.past = &past_, .windows = {}, .version = "0"});
  }

  HttpAnswer post(const std::string& path, const std::string& body) {
    return ask("POST /api/v1/replays" + path +
               " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  HttpAnswer get_of(const std::string& path) { return get("/api/v1/replays" + path); }

  // Begins a replay of the day, paused, and returns its id.
  std::string begin(const std::string& more = "") {
    const HttpAnswer begun = post("", R"({"day":"2026-11-20","play":false)" + more + "}");
    EXPECT_EQ(begun.status, 200) << begun.body;
    return parse_json(begun.body)->text_of("id").value_or("");
  }
  // Waits until the state contains this text.
  std::string wait_for(const std::string& id, std::string_view words) {
    std::string state;
    for (int tries = 0; tries < 1'000; ++tries) {
      state = get_of("/" + id).body;
      if (state.find(words) != state.npos) return state;
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "waited in vain for " << words << ": " << state;
    return state;
  }

  MemoryPast past_;
};

TEST_F(ReplaysTest, ListsTheDaysAndTheReplays) {
  open_with_days();
  EXPECT_EQ(get_of("").body, R"({"days":["2026-11-20"],"replays":[]})");
  const std::string id = begin();
  wait_for(id, R"("phase":"paused")");
  EXPECT_NE(get_of("").body.find(R"("replays":[{"id":")" + id), std::string::npos);
}

TEST_F(ReplaysTest, StepsAMinuteAtATimeAndShowsWhatWasKnownThen) {
  open_with_days();
  const std::string id = begin();
  wait_for(id, R"("time":"2026-11-20T14:30:00Z","speed":60,"bars":20)");
  EXPECT_EQ(get_of("/" + id + "/bars?symbol=AAPL").body, R"({"symbol":"AAPL","bars":[]})");
  EXPECT_EQ(post("/" + id, R"({"step":2})").status, 200);
  wait_for(id, R"("time":"2026-11-20T14:32:00Z")");
  EXPECT_EQ(get_of("/" + id + "/bars?symbol=AAPL").body,
            R"({"symbol":"AAPL","bars":[["AAPL","2026-11-20T14:30:00Z",100,100,100,100,100],)"
            R"(["AAPL","2026-11-20T14:31:00Z",101,101,101,101,101]]})");
  const std::string status = get_of("/" + id + "/status").body;
  EXPECT_NE(status.find(R"("feed":{"name":"replay","state":"idle","detail":"2026-11-20","speed":null})"), status.npos);
  EXPECT_NE(status.find(R"("accepted":4,)"), status.npos) << status;
  // The live run has received nothing.
  EXPECT_EQ(get("/api/v1/bars?symbol=AAPL").body, R"({"symbol":"AAPL","bars":[]})");
}

TEST_F(ReplaysTest, GoesForwardAndBackAndPlaysToTheEnd) {
  open_with_days();
  const std::string id = begin(R"(,"to":"2026-11-20T14:37:00Z")");
  wait_for(id, R"("time":"2026-11-20T14:37:00Z")");
  post("/" + id, R"({"to":"2026-11-20T14:33:00Z"})");
  wait_for(id, R"("time":"2026-11-20T14:33:00Z")");
  const std::string bars = get_of("/" + id + "/bars?symbol=TSLA").body;
  EXPECT_NE(bars.find("14:32:00Z"), bars.npos);
  EXPECT_EQ(bars.find("14:33:00Z"), bars.npos) << "the future is not known: " << bars;
  post("/" + id, R"({"play":true,"speed":"max"})");
  wait_for(id, R"("phase":"ended")");
  const std::string finals = get_of("/" + id + "/trends?symbol=TSLA&status=final").body;
  // Ten minutes lie in fourteen windows of five minutes; the fullest of them have five bars.
  std::size_t count = 0;
  for (std::size_t at = finals.find("\"final\""); at != finals.npos; at = finals.find("\"final\"", at + 1)) ++count;
  EXPECT_EQ(count, 14U) << finals;
  EXPECT_EQ(get_of("/" + id + "/trends?status=update").body, R"({"trends":[]})");
}

TEST_F(ReplaysTest, ItsStreamBeginsWithASnapshotAndItsOwnWord) {
  open_with_days();
  const std::string id = begin();
  wait_for(id, R"("phase":"paused")");
  Watcher watcher(server_->port(), "", "", 0, "/api/v1/replays/" + id + "/live");
  ASSERT_EQ(watcher.handshake().status, 101) << watcher.handshake().body;
  EXPECT_NE(watcher.next("snapshot").find(R"("symbols":[])"), std::string::npos);
  EXPECT_NE(watcher.next("replay").find(R"("phase":"paused")"), std::string::npos);
  post("/" + id, R"({"step":1})");
  const std::string first = watcher.next("trends");
  EXPECT_NE(first.find(R"(["AAPL","2026-11-20T14:30:00Z",100,100,100,100,100])"), first.npos) << first;
  post("/" + id, R"({"to":"2026-11-20T14:40:00Z"})");
  const std::string there = watcher.next("snapshot");  // a seek sends a new snapshot, not a thousand messages
  EXPECT_NE(there.find("2026-11-20T14:39:00Z"), there.npos) << there;
  post("/" + id, R"({"end":true})");
  Watcher::Message last = watcher.next();
  while (last.opcode == 1) last = watcher.next();
  EXPECT_EQ(last.opcode, 8);
  EXPECT_NE(last.payload.find("this replay has ended"), last.payload.npos);
  EXPECT_EQ(get_of("/" + id).status, 404);
}

TEST_F(ReplaysTest, RefusesWhatItCannotDo) {
  open_with_days();
  const auto refused = [&](const std::string& path, const std::string& body) {
    const HttpAnswer answer = post(path, body);
    return std::to_string(answer.status) + ' ' + answer.body;
  };
  const std::string id = begin();
  EXPECT_EQ(refused("", R"({"day":"2026-11-21"})"),
            R"(404 {"error":{"field":"day","message":"the lake has no bars of 2026-11-21"}})");
  EXPECT_EQ(refused("", R"({"day":"2026-02-30"})"),
            R"(400 {"error":{"field":"day","message":"a day such as 2026-11-22"}})");
  EXPECT_EQ(refused("", "{}"), R"(400 {"error":{"field":"day","message":"missing: {\"day\":\"2026-11-22\"}"}})");
  EXPECT_EQ(refused("", "[]"), R"(400 {"error":{"field":null,"message":"an object of JSON"}})");
  EXPECT_EQ(refused("", R"({"day":"2026-11-20","step":1})"),
            R"(400 {"error":{"field":"step","message":"only for a running replay"}})");
  EXPECT_EQ(refused("/" + id, R"({"speed":0})"),
            R"(400 {"error":{"field":"speed","message":"a whole number from 1 to 100000, or \"max\""}})");
  EXPECT_EQ(refused("/" + id, R"({"day":"2026-11-20"})"),
            R"(400 {"error":{"field":"day","message":"a replay keeps its day; start another one"}})");
  EXPECT_EQ(refused("/" + id, R"({"fly":1})"), R"(400 {"error":{"field":"fly","message":"unknown member"}})");
  EXPECT_EQ(post("/nobody", R"({"play":true})").status, 404);
  EXPECT_EQ(get_of("/nobody/bars?symbol=AAPL").status, 404);
  EXPECT_EQ(get_of("/" + id + "/metrics").status, 404);
  EXPECT_EQ(get("/api/v1/replayss").status, 404);
  for (int more = 0; more < 3; ++more) begin();
  EXPECT_EQ(post("", R"({"day":"2026-11-20"})").status, 429);
}

TEST_F(ReplaysTest, AreNotForWhoMayNotAskTheLake) {
  open_with_days(Allow::Never);
  EXPECT_EQ(get_of("").status, 403);
  EXPECT_EQ(post("", R"({"day":"2026-11-20"})").status, 403);
}

TEST_F(ReplaysTest, TheServerStopsWhileTheyPlay) {
  open_with_days();
  for (int i = 0; i < 4; ++i) begin();
  const std::string id = parse_json(get_of("").body)->find("replays")->items[0].text_of("id").value();
  Watcher watcher(server_->port(), "", "", 0, "/api/v1/replays/" + id + "/live");
  watcher.next("snapshot");
  post("/" + id, R"({"play":true,"speed":1})");
  server_->stop();
  EXPECT_TRUE(watcher.caller().is_closed());
}

}  // namespace
}  // namespace tidemark
