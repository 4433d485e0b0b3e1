// A server on a free port, and clients in plain POSIX, so that both ends cannot share a bug.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/serve/server.h"

namespace tidemark {

class WallClock final : public Clock {
 public:
  EventTime now() const override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
};

class SilentJournal final : public Journal {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

// A client that waits at most a minute for anything.
class Caller {
 public:
  explicit Caller(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval timeout{.tv_sec = 60, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
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
      if (sent < 0) was_reset_ |= errno == ECONNRESET || errno == EPIPE;
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The next bytes up to and including `end`, or exactly `size` of them; less if the server closes.
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
  void end_sending() { ::shutdown(socket_, SHUT_WR); }
  bool is_closed_without_reset() { return is_closed() && !was_reset_; }

 private:
  bool receive() {
    char bytes[65'536];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    was_reset_ |= size < 0 && errno == ECONNRESET;
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
  bool connected_ = false, was_reset_ = false;
  std::string buffer_;
};

struct HttpAnswer {
  int status = 0;
  std::string head, body;
};

inline HttpAnswer read_answer(Caller& caller, bool head_only = false) {
  HttpAnswer answer;
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
                   int receive_buffer = 0, std::string_view path = "/api/v1/live")
      : caller_(port, receive_buffer) {
    caller_.send("GET " + std::string(path) + std::string(query) +
                 " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 std::string(headers) + "\r\n");
    handshake_ = read_answer(caller_);
  }

  const HttpAnswer& handshake() const { return handshake_; }
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
  // The next message of this type; skips status messages, which come at any time.
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
  HttpAnswer handshake_;
};

class ServerTest : public ::testing::Test {
 protected:
  void open(ServerOptions options = {}, std::vector<Endpoint> endpoints = {}, ReplayNeeds replays = {}) {
    options.port = 0;
    auto opened = open_server(options, {.board = board_,
                                        .clock = clock_,
                                        .journal = journal_,
                                        .metrics = metrics_,
                                        .feed = [] { return FeedStatus{"test", FeedState::Live, "", 1.0}; },
                                        .replays = std::move(replays),
                                        .endpoints = std::move(endpoints)});
    ASSERT_TRUE(opened) << opened.error().message();
    server_ = std::move(*opened);
    server_->start();
  }

  HttpAnswer ask(std::string_view request) {
    Caller caller(server_->port());
    caller.send(request);
    return read_answer(caller, request.starts_with("HEAD"));
  }
  HttpAnswer get(std::string_view target) {
    return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  WallClock clock_;
  SilentJournal journal_;
  Metrics metrics_;
  Board board_{{.epoch = "test"}, RunStatus("0", clock_.now())};
  std::unique_ptr<Server> server_;
};

}  // namespace tidemark
