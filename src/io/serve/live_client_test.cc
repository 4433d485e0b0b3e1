// The live stream over real sockets: order, timeouts, protocol.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "core/wire/encode.h"
#include "io/serve/server_fixture_test.h"

namespace tidemark {
namespace {

using std::chrono::minutes;
using LiveClientTest = ServerTest;

Trend trend(std::string symbol, int minute, std::int64_t revision) {
  Trend made;
  made.symbol = std::move(symbol);
  made.window.start = EventTime{} + std::chrono::hours(490'000) + minutes(minute);
  made.window.end = made.window.start + minutes(5);
  made.status = TrendStatus::Update;
  made.revision = revision;
  return made;
}

std::string json(const Trend& row) {
  std::string out;
  append_trend(row, out);
  return out;
}

LiveBatch batch(std::vector<Trend> trends) {
  LiveBatch made;
  made.trends = std::move(trends);
  return made;
}

std::int64_t sequence_of(const std::string& message) {
  const std::string_view name = "\"sequence\":";
  const std::size_t at = message.find(name);
  return at == message.npos ? -1 : std::stoll(message.substr(at + name.size()));
}

TEST_F(LiveClientTest, GivesASnapshotAndThenWhatChanges) {
  board_.restore(batch({trend("A", 0, 1), trend("B", 0, 1)}));
  open();
  Watcher watcher(server_->port());
  ASSERT_EQ(watcher.handshake().status, 101);
  EXPECT_NE(watcher.handshake().head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
  const std::string snapshot = watcher.next().payload;
  EXPECT_TRUE(snapshot.starts_with(R"({"type":"snapshot","epoch":"test","sequence":0,"symbols":["A","B"],"trends":[)" +
                                   json(trend("A", 0, 1)) + ',' + json(trend("B", 0, 1)) + R"(],"status":{)"))
      << snapshot;
  server_->committed(batch({trend("A", 0, 2)}));
  EXPECT_EQ(watcher.next("trends"), R"({"type":"trends","sequence":1,"trends":[)" + json(trend("A", 0, 2)) + "]}");

  Watcher late(server_->port(), "?symbols=B&history=5");
  EXPECT_EQ(sequence_of(late.next("snapshot")), 1);
  server_->committed(batch({trend("B", 1, 1)}));
  const std::string both = R"({"type":"trends","sequence":2,"trends":[)" + json(trend("B", 1, 1)) + "]}";
  EXPECT_EQ(watcher.next("trends"), both);
  EXPECT_EQ(late.next("trends"), both);
  EXPECT_TRUE(watcher.next("status").starts_with(R"({"type":"status","status":{"version":"0","feed":)"));
}

TEST_F(LiveClientTest, GivesTheHistoryThatCameLaterToThoseWhoCameBeforeIt) {
  board_.restore(batch({trend("A", 5, 1)}));
  open();
  Watcher early(server_->port());
  EXPECT_EQ(early.next("snapshot").find(json(trend("A", 3, 1))), std::string::npos);
  server_->add_history({trend("A", 3, 1), trend("A", 4, 1)});
  server_->add_history({trend("A", 2, 1)});
  server_->end_history();
  const std::string all = R"(,"sequence":0,"symbols":["A"],"trends":[)" + json(trend("A", 2, 1)) + ',' +
                          json(trend("A", 3, 1)) + ',' + json(trend("A", 4, 1)) + ',' + json(trend("A", 5, 1)) + ']';
  EXPECT_NE(early.next("snapshot").find(all), std::string::npos);
  Watcher late(server_->port());
  EXPECT_NE(late.next("snapshot").find(all), std::string::npos);
  server_->committed(batch({trend("A", 5, 2)}));
  EXPECT_EQ(sequence_of(early.next("trends")), 1);
}

TEST_F(LiveClientTest, LosesNothingThatComesFasterThanItIsRead) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  constexpr std::int64_t last = 20'000;
  for (std::int64_t revision = 1; revision <= last; ++revision) {
    server_->committed(batch({trend(revision % 2 == 0 ? "A" : "B", 0, revision)}));
  }
  std::int64_t sequence = 0;
  std::map<std::string, bool> seen;
  while (!seen["A"] || !seen["B"]) {
    const std::string message = watcher.next("trends");
    ASSERT_EQ(sequence_of(message), ++sequence) << "a gap, or the end: " << message.substr(0, 200);
    seen["A"] |= message.find(json(trend("A", 0, last))) != message.npos;
    seen["B"] |= message.find(json(trend("B", 0, last - 1))) != message.npos;
  }
}

TEST_F(LiveClientTest, GivesASlowClientANewPictureAndTheOthersEverything) {
  open({.max_queue_bytes = 100'000});
  Watcher slow(server_->port(), "", "", 4'096);
  Watcher quick(server_->port());
  quick.next("snapshot");
  // Each frame has 100 rows, about 40 kB. The sockets' own buffers hold some megabytes of them.
  const Counter& behind = metrics_.counter("tidemark_live_behind_total", "");
  std::int64_t sequence = 0;
  while (behind.value() == 0) {
    std::vector<Trend> rows;
    for (int minute = 0; minute < 100; ++minute) rows.push_back(trend("A", minute, sequence + 1));
    server_->committed(batch(std::move(rows)));
    ASSERT_EQ(sequence_of(quick.next("trends")), ++sequence);
    ASSERT_LT(sequence, 2'000) << "the slow client never fell behind";
  }
  // Now it reads: the messages sent before it fell behind, then a snapshot, and from there on no gap.
  EXPECT_EQ(sequence_of(slow.next().payload), 0);
  std::int64_t seen = 0;
  std::string message;
  while (!(message = slow.next().payload).starts_with(R"({"type":"snapshot")")) {
    ASSERT_FALSE(message.empty());
    if (message.starts_with(R"({"type":"trends")")) {
      ASSERT_EQ(sequence_of(message), ++seen);
    }
  }
  EXPECT_GT(sequence_of(message), seen);
  const std::int64_t from = sequence_of(message);
  server_->committed(batch({trend("B", 0, 1)}));
  EXPECT_EQ(sequence_of(quick.next("trends")), sequence + 1);
  EXPECT_EQ(sequence_of(slow.next("trends")), from + 1);
}

TEST_F(LiveClientTest, EndsAClientThatNeverReads) {
  open({.max_queue_bytes = 100'000, .stalled_seconds = 5});
  Watcher stuck(server_->port(), "", "", 4'096);
  Watcher quick(server_->port());
  quick.next("snapshot");
  const Gauge& clients = metrics_.gauge("tidemark_live_clients", "");
  for (std::int64_t revision = 1; clients.value() > 1; ++revision) {
    std::vector<Trend> rows;
    for (int minute = 0; minute < 240; ++minute) rows.push_back(trend("A", minute, revision));
    server_->committed(batch(std::move(rows)));
    ASSERT_EQ(sequence_of(quick.next("trends")), revision);
  }
  EXPECT_TRUE(stuck.caller().is_closed());
}

TEST_F(LiveClientTest, SpeaksWebSocketWithItsClients) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  watcher.say(9, "are you there");
  Watcher::Message pong;
  while ((pong = watcher.next()).opcode == 1) {
  }
  EXPECT_EQ(pong.opcode, 10);
  EXPECT_EQ(pong.payload, "are you there");
  watcher.say(1, "clients may talk, nobody listens");
  watcher.say(8, std::string("\x03\xe8", 2));
  Watcher::Message goodbye;
  while ((goodbye = watcher.next()).opcode == 1) {
  }
  EXPECT_EQ(goodbye.opcode, 8);
  EXPECT_EQ(goodbye.payload, std::string("\x03\xe8", 2));
  EXPECT_TRUE(watcher.caller().is_closed());
}

// Code and reason of the close frame, whatever comes before it.
std::string goodbye_of(Watcher& watcher) {
  for (int statuses = 0; statuses < 10; ++statuses) {
    const Watcher::Message message = watcher.next();
    if (message.opcode < 0) return "none";
    if (message.opcode != 8 || message.payload.size() < 2) continue;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(message.payload[at]); };
    return std::to_string(byte(0) * 256 + byte(1)) + ' ' + message.payload.substr(2);
  }
  return "none";
}

TEST_F(LiveClientTest, ResetsNoClientThatStillSendsWhileItSaysGoodbye) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  // Not masked, and far more behind it than the server has read when it says goodbye.
  watcher.caller().send("\x81\x01x" + std::string(4'000'000, 'x'));
  EXPECT_EQ(goodbye_of(watcher), "1002 ");
  watcher.caller().end_sending();
  EXPECT_TRUE(watcher.caller().is_closed_without_reset());
}

TEST_F(LiveClientTest, EndsAClientThatBreaksTheProtocolAlsoIfItNeverCloses) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  watcher.caller().send(std::string("\x81\x01x", 3));  // not masked
  EXPECT_EQ(goodbye_of(watcher), "1002 ");
  const Gauge& clients = metrics_.gauge("tidemark_live_clients", "");
  while (clients.value() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

TEST_F(LiveClientTest, SaysGoodbyeWhenItStops) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  server_->stop();
  Watcher::Message goodbye;
  while ((goodbye = watcher.next()).opcode == 1) {
  }
  EXPECT_EQ(goodbye.opcode, 8);
  EXPECT_TRUE(goodbye.payload.starts_with("\x03\xe9"));  // 1001
  server_->stop();                                       // a second call is harmless
  server_->committed(batch({trend("A", 0, 1)}));         // and so is an engine that is still running
}

TEST_F(LiveClientTest, SaysGoodbyeToWhoseTokenComesToItsEnd) {
  const std::string stays = "0123456789abcdef-stays", goes = "0123456789abcdef-goes", ends = "0123456789abcdef-ends";
  open({.tokens = {{.text = stays, .name = {}, .since = {}, .until = {}},
                   {.text = goes, .name = {}, .since = {}, .until = {}},
                   {.text = ends, .name = {}, .since = {}, .until = {}}}});
  const auto with = [](const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; };
  Watcher first(server_->port(), "", with(stays)), second(server_->port(), "", with(goes)),
      third(server_->port(), "", "Cookie: tidemark_token=" + ends + "\r\n");
  server_->set_tokens({{.text = stays, .name = {}, .since = {}, .until = {}},
                       {.text = ends, .name = {}, .since = {}, .until = clock_.now()}});
  EXPECT_EQ(goodbye_of(second), "4401 the token was revoked");
  EXPECT_EQ(goodbye_of(third), "4401 the token has expired");
  EXPECT_EQ(Watcher(server_->port(), "", with(goes)).handshake().status, 401);
  EXPECT_EQ(Watcher(server_->port(), "", with(ends)).handshake().status, 401);
  first.next("snapshot");
  EXPECT_FALSE(first.next("status").empty()) << "the others stay";
}

}  // namespace
}  // namespace tidemark
