// The server over real sockets: responses, access, limits, and malformed input.
#include "io/serve/server.h"

#include <gtest/gtest.h>

#include <random>

#include "io/serve/server_fixture_test.h"

namespace tidemark {
namespace {

TEST_F(ServerTest, IsReadyWhenItIsTold) {
  open();
  EXPECT_EQ(get("/healthz").status, 200);
  const HttpAnswer before = get("/readyz");
  EXPECT_EQ(before.status, 503);
  EXPECT_EQ(before.body, R"({"status":"unready","reason":"starting"})");
  server_->set_ready();
  EXPECT_EQ(get("/readyz").status, 200);
  server_->set_unready("the feed has failed");
  EXPECT_NE(get("/readyz").body.find("the feed has failed"), std::string::npos);
  server_->set_ready();
  server_->set_failing("ingest", "the disk is full");
  server_->set_failing("store", "no right to write");
  const HttpAnswer failing = get("/readyz");
  EXPECT_EQ(failing.status, 503);
  EXPECT_EQ(failing.body, R"({"status":"unready","reason":"ingest: the disk is full; store: no right to write"})");
  server_->set_working("ingest");
  EXPECT_EQ(get("/readyz").body, R"({"status":"unready","reason":"store: no right to write"})");
  server_->set_working("store");
  EXPECT_EQ(get("/readyz").status, 200);
}

TEST_F(ServerTest, LetsNoForeignPageWatch) {
  open();
  EXPECT_EQ(Watcher(server_->port(), "", "Origin: https://evil.example\r\n").handshake().status, 403);
  EXPECT_EQ(Watcher(server_->port(), "", "Origin: http://localhost\r\n").handshake().status, 101);
}

TEST_F(ServerTest, AsksForTheTokenEverywhere) {
  open({.tokens = single_token("0123456789abcdef")});
  EXPECT_EQ(get("/").status, 401);
  EXPECT_EQ(get("/metrics").status, 401);
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(Watcher(server_->port()).handshake().status, 401);
  EXPECT_EQ(Watcher(server_->port(), "", "Authorization: Bearer 0123456789abcdef\r\n").handshake().status, 101);
  const HttpAnswer page = get("/?token=0123456789abcdef");
  EXPECT_EQ(page.status, 303);
  EXPECT_NE(page.head.find("Set-Cookie: tidemark_token=0123456789abcdef;"), std::string::npos);
  EXPECT_EQ(Watcher(server_->port(), "", "Cookie: tidemark_token=0123456789abcdef\r\n").handshake().status, 101);
}

TEST_F(ServerTest, AProcessWithoutAPageAnswersOnlyOperators) {
  open({.only_operations = true});
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/metrics").status, 200);
  for (const char* path : {"/", "/api/v1/status", "/api/v1/query"}) EXPECT_EQ(get(path).status, 404) << path;
  EXPECT_EQ(Watcher(server_->port()).handshake().status, 404);
}

TEST_F(ServerTest, AnswersSeveralRequestsOnOneConnection) {
  open();
  Caller caller(server_->port());
  caller.send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(read_answer(caller).body, R"({"status":"alive"})");
  const HttpAnswer head = read_answer(caller, true);
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

// A body behind the answer to HEAD would be taken for the next answer.
TEST_F(ServerTest, SendsNoBodyToHeadWhateverItAnswers) {
  open({.max_header_bytes = 2'000});
  const std::string host = " HTTP/1.1\r\nHost: localhost\r\n";
  for (const std::string& request :
       {"HEAD /%zz" + host, "HEAD /" + std::string(3'000, 'x') + host, std::string("HEAD / HTTP/9\r\n"),
        "HEAD /" + host + "Host: localhost\r\n", "HEAD /" + host + "Transfer-Encoding: gzip\r\n",
        "HEAD /" + host + "X: " + std::string(3'000, 'x') + "\r\n", "HEAD /" + host + "no colon\r\n",
        "HEAD /" + host + "Content-Length: x\r\n", "HEAD /nothing" + host + "Connection: close\r\n"}) {
    Caller caller(server_->port());
    caller.send(request + "\r\n");
    const HttpAnswer answer = read_answer(caller, true);
    EXPECT_GE(answer.status, 400) << request;
    EXPECT_EQ(caller.read_until("\r\n"), "") << request;
  }
}

// However it is cut, because Beast's limit begins anew with each line that it has parsed.
TEST_F(ServerTest, BoundsTheHeadThatComesLineByLine) {
  open({.max_header_bytes = 2'000});
  Caller caller(server_->port());
  Caller other(server_->port());
  caller.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
  for (int line = 0; line < 30; ++line) {
    caller.send("X: " + std::string(95, 'x') + "\r\n");
    other.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");  // its answer: the line has been read
    EXPECT_EQ(read_answer(other).status, 200);
  }
  caller.send("\r\n");
  EXPECT_EQ(read_answer(caller).status, 431);
  for (const std::string_view before : {"", "1;", "0\r\nX: "}) {  // a chunk's size, its extension, a trailer
    Caller chunks(server_->port());
    chunks.send("POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" +
                std::string(before));
    for (int piece = 0; piece < 100; ++piece) chunks.send(std::string(1'000, '0'));
    const HttpAnswer answer = read_answer(chunks);
    EXPECT_TRUE(answer.status == 431 || answer.status == 400) << before << answer.head;
  }
}

// Of several Connection headers the first decides no more than the others.
TEST_F(ServerTest, ReadsAllConnectionHeadersAsOneList) {
  open();
  const std::string ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";
  for (const std::string_view headers :
       {"Connection: close\r\nConnection: keep-alive\r\n", "Connection: keep-alive\r\nConnection: x, Close\r\n",
        "Connection: ,\r\nConnection: close\r\n"}) {
    Caller caller(server_->port());
    caller.send(ask + std::string(headers) + "\r\n" + ask + "\r\n");
    const HttpAnswer answer = read_answer(caller);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.head.find("Connection: close"), std::string::npos) << headers;
    EXPECT_EQ(caller.read_until("\r\n"), "") << headers;
  }
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
    const HttpAnswer answer = get(c.target);
    EXPECT_EQ(answer.status, 400) << c.target;
    EXPECT_TRUE(answer.body.starts_with(R"({"error":{"field":")" + std::string(c.field) + "\",")) << answer.body;
  }
  for (const char* target : {"/api/v1/trends?limit=10000&status=final", "/api/v1/trends?from=2026-11-22+10:00:00"}) {
    EXPECT_EQ(get(target).body, R"({"trends":[]})") << target;
  }
  EXPECT_EQ(Watcher(server_->port(), "?history=x").handshake().status, 400);
  EXPECT_EQ(Watcher(server_->port(), "?symbols=A,,B").handshake().status, 400);
}

TEST_F(ServerTest, RefusesConnectionsAboveTheLimit) {
  open({.max_clients = 2});
  Watcher first(server_->port());
  {
    Watcher second(server_->port());
    second.next("snapshot");
    EXPECT_EQ(get("/healthz").status, 503);
  }
  HttpAnswer answer;  // the slot is free as soon as the server has noticed
  for (int attempt = 0; attempt < 1'000 && answer.status != 200; ++attempt) answer = get("/healthz");
  EXPECT_EQ(answer.status, 200);
}

TEST_F(ServerTest, NamesTheCureForABusyPort) {
  open();
  Board board({.epoch = "other"}, RunStatus("0", clock_.now()));
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

// Whatever is sent, the server continues. Under the sanitizers a reader's mistake would show here.
TEST_F(ServerTest, SurvivesNoise) {
  open();
  std::mt19937 random(7);
  const std::string_view beginnings[] = {"", "GET / HTTP/1.1\r\nHost: localhost\r\n", "GET /api/v1/trends?",
                                         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "\x16\x03\x01"};
  for (int round = 0; round < 300; ++round) {
    std::string bytes(beginnings[random() % std::size(beginnings)]);
    for (std::size_t size = random() % 600; size > 0; --size) bytes += static_cast<char>(random());
    if (round % 3 == 0) {
      Watcher watcher(server_->port());
      watcher.caller().send(bytes);
    } else {
      Caller(server_->port()).send(bytes + "\r\n\r\n");
    }
  }
  EXPECT_EQ(get("/healthz").status, 200);
}

}  // namespace
}  // namespace tidemark
