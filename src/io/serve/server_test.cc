// The server over real sockets: protocol, patience, doors. The client here is plain POSIX, so that both
// ends cannot share a mistake.
#include "io/serve/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <string>

#include "core/wire/encode.h"

namespace tidemark {
namespace {

using std::chrono::minutes;

class WallClock final : public Clock {
 public:
  EventTime now() const override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
};

class SilentJournal final : public Journal {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

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

// A client that waits for at most ten seconds for anything.
class Caller {
 public:
  explicit Caller(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { ::close(socket_); }

  bool connected() const { return connected_; }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The next bytes up to and with `end`, or exactly `size` of them; what there is when the server closes.
  std::string read_until(std::string_view end) {
    std::size_t found;
    while ((found = buffer_.find(end)) == buffer_.npos && receive()) {
    }
    return take(found == buffer_.npos ? buffer_.size() : found + end.size());
  }
  std::string read(std::size_t size) {
    while (buffer_.size() < size && receive()) {
    }
    return take(std::min(size, buffer_.size()));
  }
  bool is_closed() {
    while (receive()) buffer_.clear();
    return true;
  }

 private:
  bool receive() {
    char bytes[65'536];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size < 0 && errno != ECONNRESET) ADD_FAILURE() << "waited in vain: " << std::strerror(errno);
    if (size <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }
  std::string take(std::size_t size) {
    std::string bytes = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return bytes;
  }

  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

struct Answer {
  int status = 0;
  std::string head, body;
};

Answer read_answer(Caller& caller, bool head_only = false) {
  Answer answer;
  answer.head = caller.read_until("\r\n\r\n");
  if (answer.head.size() < 12) return answer;
  answer.status = std::stoi(answer.head.substr(9, 3));
  const std::size_t length = answer.head.find("Content-Length: ");
  if (length != answer.head.npos && !head_only) {
    answer.body = caller.read(std::stoul(answer.head.substr(length + 16)));
  }
  return answer;
}

// A WebSocket client after its handshake.
class Watcher {
 public:
  explicit Watcher(std::uint16_t port, std::string_view query = "", std::string_view headers = "",
                   int receive_buffer = 0)
      : caller_(port, receive_buffer) {
    caller_.send("GET /api/v1/live" + std::string(query) +
                 " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 std::string(headers) + "\r\n");
    handshake_ = read_answer(caller_);
  }

  const Answer& handshake() const { return handshake_; }
  Caller& caller() { return caller_; }

  struct Message {
    int opcode = -1;
    std::string payload;
  };
  Message next() {
    const std::string head = caller_.read(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const std::string more = caller_.read(size == 126 ? 2 : 8);
      size = 0;
      for (const char byte : more) size = size * 256 + static_cast<unsigned char>(byte);
    }
    return {head[0] & 15, caller_.read(size)};
  }
  // The next message of this type; status messages come whenever they like.
  std::string next(std::string_view type) {
    for (;;) {
      const Message message = next();
      if (message.opcode < 0 || message.payload.starts_with("{\"type\":\"" + std::string(type) + '"')) {
        return message.payload;
      }
    }
  }
  void say(int opcode, std::string_view payload) {
    std::string frame{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size()), 1, 2, 3, 4};
    for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ "\1\2\3\4"[i % 4]);
    caller_.send(frame);
  }

 private:
  Caller caller_;
  Answer handshake_;
};

std::int64_t sequence_of(const std::string& message) {
  const std::string_view name = "\"sequence\":";
  const std::size_t at = message.find(name);
  return at == message.npos ? -1 : std::stoll(message.substr(at + name.size()));
}

class ServerTest : public ::testing::Test {
 protected:
  void open(ServerOptions options = {}) {
    options.port = 0;
    auto opened = open_server(
        options, {board_, clock_, journal_, metrics_, [] { return FeedStatus{"test", FeedState::Live, "", 1.0}; }});
    ASSERT_TRUE(opened) << opened.error().message();
    server_ = std::move(*opened);
    server_->start();
  }

  Answer ask(std::string_view request) {
    Caller caller(server_->port());
    caller.send(request);
    return read_answer(caller, request.starts_with("HEAD"));
  }
  Answer get(std::string_view target) {
    return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  WallClock clock_;
  SilentJournal journal_;
  Metrics metrics_;
  Board board_{{.epoch = "test"}, Vitals("0", clock_.now())};
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, IsReadyWhenItIsTold) {
  open();
  EXPECT_EQ(get("/healthz").status, 200);
  const Answer before = get("/readyz");
  EXPECT_EQ(before.status, 503);
  EXPECT_EQ(before.body, R"({"status":"unready","reason":"starting"})");
  server_->set_ready();
  EXPECT_EQ(get("/readyz").status, 200);
  server_->set_unready("the feed has failed");
  EXPECT_NE(get("/readyz").body.find("the feed has failed"), std::string::npos);
}

TEST_F(ServerTest, GivesASnapshotAndThenWhatChanges) {
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

TEST_F(ServerTest, LosesNothingThatComesFasterThanItIsRead) {
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

TEST_F(ServerTest, GivesASlowClientANewPictureAndTheOthersEverything) {
  open({.max_queue_bytes = 100'000});
  Watcher slow(server_->port(), "", "", 4'096);
  Watcher quick(server_->port());
  quick.next("snapshot");
  // Each frame has 100 rows, about 40 kB: the sockets' own buffers take some megabytes of them.
  const Counter& behind = metrics_.counter("tidemark_live_behind_total", "");
  std::int64_t sequence = 0;
  while (behind.value() == 0) {
    std::vector<Trend> rows;
    for (int minute = 0; minute < 100; ++minute) rows.push_back(trend("A", minute, sequence + 1));
    server_->committed(batch(std::move(rows)));
    ASSERT_EQ(sequence_of(quick.next("trends")), ++sequence);
    ASSERT_LT(sequence, 2'000) << "the slow client never fell behind";
  }
  // Now he reads: what he was sent in one piece, then a snapshot, and from it on without a gap.
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

TEST_F(ServerTest, EndsAClientThatNeverReads) {
  open({.max_queue_bytes = 100'000, .stalled_seconds = 1});
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

TEST_F(ServerTest, SpeaksWebSocketWithItsClients) {
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

TEST_F(ServerTest, EndsAClientThatBreaksTheProtocol) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  watcher.caller().send(std::string("\x81\x01x", 3));  // not masked
  Watcher::Message goodbye;
  while ((goodbye = watcher.next()).opcode == 1) {
  }
  EXPECT_EQ(goodbye.payload, std::string("\x03\xea", 2));  // 1002
}

TEST_F(ServerTest, SaysGoodbyeWhenItStops) {
  open();
  Watcher watcher(server_->port());
  watcher.next("snapshot");
  server_->stop();
  Watcher::Message goodbye;
  while ((goodbye = watcher.next()).opcode == 1) {
  }
  EXPECT_EQ(goodbye.opcode, 8);
  EXPECT_TRUE(goodbye.payload.starts_with("\x03\xe9"));  // 1001
  server_->stop();                                       // a second time is harmless
  server_->committed(batch({trend("A", 0, 1)}));         // and so is an engine that is still at work
}

TEST_F(ServerTest, LetsNoForeignPageWatch) {
  open();
  EXPECT_EQ(Watcher(server_->port(), "", "Origin: https://evil.example\r\n").handshake().status, 403);
  EXPECT_EQ(Watcher(server_->port(), "", "Origin: http://localhost\r\n").handshake().status, 101);
}

TEST_F(ServerTest, AsksForTheTokenEverywhere) {
  open({.token = "0123456789abcdef"});
  EXPECT_EQ(get("/").status, 401);
  EXPECT_EQ(get("/metrics").status, 401);
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(Watcher(server_->port()).handshake().status, 401);
  EXPECT_EQ(Watcher(server_->port(), "", "Authorization: Bearer 0123456789abcdef\r\n").handshake().status, 101);
  const Answer page = get("/?token=0123456789abcdef");
  EXPECT_EQ(page.status, 303);
  EXPECT_NE(page.head.find("Set-Cookie: tidemark_token=0123456789abcdef;"), std::string::npos);
  EXPECT_EQ(Watcher(server_->port(), "", "Cookie: tidemark_token=0123456789abcdef\r\n").handshake().status, 101);
}

TEST_F(ServerTest, AnswersSeveralRequestsOnOneConnection) {
  open();
  Caller caller(server_->port());
  caller.send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(read_answer(caller).body, R"({"status":"alive"})");
  const Answer head = read_answer(caller, true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.head.find("Content-Length: 0"), std::string::npos);
  EXPECT_EQ(read_answer(caller).status, 404);
  EXPECT_TRUE(caller.is_closed());
}

TEST_F(ServerTest, RefusesWhatItCannotOrWillNotRead) {
  open({.max_header_bytes = 2'000, .max_body_bytes = 1'000});
  const std::string host = " HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_EQ(ask("hello\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET /%zz" + host + "\r\n").status, 400);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET /" + host + "Host: localhost\r\n\r\n").status, 400);
  EXPECT_EQ(ask("GET /" + host + "X: " + std::string(3'000, 'x') + "\r\n\r\n").status, 431);
  EXPECT_EQ(ask("POST /" + host + "Content-Length: 2000\r\n\r\n" + std::string(2'000, 'x')).status, 413);
  EXPECT_EQ(ask("POST /api/v1/status" + host + "Content-Length: 0\r\n\r\n").status, 405);
  EXPECT_EQ(ask("DELETE /nothing" + host + "\r\n").status, 404);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 403);
  EXPECT_EQ(get("/api/v1/live").status, 426);
}

TEST_F(ServerTest, JudgesParameters) {
  open();
  struct Case {
    const char* target;
    const char* field;
  };
  const Case cases[] = {{"/api/v1/trends?limit=0", "limit"},
                        {"/api/v1/trends?limit=-1", "limit"},
                        {"/api/v1/trends?limit=10001", "limit"},
                        {"/api/v1/trends?from=yesterday", "from"},
                        {"/api/v1/trends?from=2026-11-22T10:00:00Z&to=2026-11-22T09:00:00Z", "to"},
                        {"/api/v1/trends?status=FINAL", "status"},
                        {"/api/v1/trends?symbol=", "symbol"},
                        {"/api/v1/trends?symbol=A&symbol=B", "symbol"},
                        {"/api/v1/trends?symbols=A", "symbols"},
                        {"/api/v1/status?x=1", "x"}};
  for (const Case& c : cases) {
    const Answer answer = get(c.target);
    EXPECT_EQ(answer.status, 400) << c.target;
    EXPECT_TRUE(answer.body.starts_with(R"({"error":{"field":")" + std::string(c.field) + "\",")) << answer.body;
  }
  for (const char* target : {"/api/v1/trends?limit=10000&status=final", "/api/v1/trends?from=2026-11-22+10:00:00"}) {
    EXPECT_EQ(get(target).body, R"({"trends":[]})") << target;
  }
  EXPECT_EQ(Watcher(server_->port(), "?history=x").handshake().status, 400);
  EXPECT_EQ(Watcher(server_->port(), "?symbols=A,,B").handshake().status, 400);
}

TEST_F(ServerTest, TurnsAwayWhoFindsNoSeat) {
  open({.max_clients = 2});
  Watcher first(server_->port());
  {
    Watcher second(server_->port());
    second.next("snapshot");
    EXPECT_EQ(get("/healthz").status, 503);
  }
  Answer answer;  // the seat is free as soon as the server has noticed
  for (int attempt = 0; attempt < 1'000 && answer.status != 200; ++attempt) answer = get("/healthz");
  EXPECT_EQ(answer.status, 200);
}

TEST_F(ServerTest, NamesTheCureForABusyPort) {
  open();
  Board board({.epoch = "other"}, Vitals("0", clock_.now()));
  const auto second =
      open_server({.port = server_->port()}, {board, clock_, journal_, metrics_, [] { return FeedStatus{}; }});
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().is_setup());
  EXPECT_NE(second.error().message().find("--port"), std::string::npos) << second.error().message();
}

TEST_F(ServerTest, ListensForOthersOnlyWithAToken) {
  const auto opened =
      open_server({.address = "0.0.0.0", .port = 0}, {board_, clock_, journal_, metrics_, [] { return FeedStatus{}; }});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find("token"), std::string::npos);
  const auto nonsense =
      open_server({.address = "nowhere", .port = 0}, {board_, clock_, journal_, metrics_, [] { return FeedStatus{}; }});
  ASSERT_FALSE(nonsense);
  EXPECT_TRUE(nonsense.error().is_setup());
}

}  // namespace
}  // namespace tidemark
