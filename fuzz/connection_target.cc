// A server's connection from its first byte to its end: requests, the upgrade to WebSocket, frames; with the bytes
// split anywhere. It must come to rest, respond the same however the bytes are split, and show nothing without a token.
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "core/check.h"
#include "fuzz/target.h"
#include "io/serve/connection.h"

namespace tidemark::fuzz {
namespace {

constexpr std::string_view token = "a-token-nobody-guesses";
constexpr std::string_view only_for_friends = "only-for-friends";  // in every answer with data

class StoppedClock final : public Clock {
 public:
  EventTime now() const override { return event_time_from_nanos(1'795'357'800'000'000'000); }
};
class DeafJournal final : public Journal {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

// A server without a listener.
class World {
 public:
  explicit World(std::string secret)
      : hub_({.max_queue_bytes = 1 << 20, .stalled_seconds = 15, .behind_seconds = 60}, board_, clock_, journal_,
             metrics_, feed_),
        replays_(io_, {}, {}, clock_, journal_),
        site_{.io = io_,
              .access = *Access::from({.loopback = true, .tokens = single_token(std::move(secret))}),
              .clock = clock_,
              .api = Api(
                  board_, clock_, metrics_, feed_, [] { return std::nullopt; },
                  [](std::size_t) -> Result<std::string> { return std::string(only_for_friends); }),
              .hub = hub_,
              .replays = replays_,
              .metrics = metrics_,
              .assets = {},
              .max_header_bytes = 4'096,
              .max_body_bytes = 4'096,
              .request_seconds = 10,
              .idle_seconds = 60,
              .stalled_seconds = 15} {}

  // Sends the bytes in pieces and returns everything that came back.
  std::string converse(std::string_view bytes, std::size_t piece) {
    int ends[2];
    CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
    client_ = ends[0];
    serve_connection({.number = ends[1], .family = AF_INET}, site_, nullptr);  // as if it came through the port
    std::string heard;
    while (!bytes.empty()) {
      const ssize_t sent = ::send(client_, bytes.data(), std::min(piece, bytes.size()), MSG_NOSIGNAL);
      if (sent <= 0) break;  // the server has closed
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      rest(heard);
    }
    ::shutdown(client_, SHUT_WR);
    rest(heard);
    ::close(client_);
    // Does not wait for timeouts; everything else has finished by now.
    for (int turns = 0; work(); ++turns) CHECK(turns < 10'000);
    return heard;
  }

 private:
  bool work() {
    io_.restart();  // it stops whenever no client is connected
    return io_.poll() > 0;
  }
  void rest(std::string& heard) {
    for (int turns = 0; work() || listen(heard); ++turns) CHECK(turns < 10'000);
  }
  bool listen(std::string& heard) {
    char bytes[65'536];
    const ssize_t size = ::recv(client_, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    heard.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  StoppedClock clock_;
  DeafJournal journal_;
  Metrics metrics_;
  std::function<FeedStatus()> feed_ = [] { return FeedStatus{"test", FeedState::Live, "", 1.0}; };
  Board board_{{.epoch = std::string(only_for_friends)}, RunStatus("0", clock_.now())};
  boost::asio::io_context io_{1};
  Hub hub_;
  Replays replays_;
  Site site_;
  int client_ = -1;
};

// Without those of 100 Continue, which a server leaves out where the body is there already (RFC 9110, 10.1.1).
std::string status_lines(std::string_view answers) {
  std::string lines;
  for (std::size_t at = answers.find("HTTP/1.1 "); at != answers.npos; at = answers.find("HTTP/1.1 ", at + 1))
    if (const std::string_view line = answers.substr(at, 12); line != "HTTP/1.1 100") lines += line;
  return lines;
}

// The first byte: whether a token is required, and how the rest is split.
const Registered connection("connection", [](std::string_view bytes) {
  if (bytes.empty()) return;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const bool with_token = (first & 0x80) != 0;
  bytes.remove_prefix(1);
  const bool knows = bytes.find("nobody-guesses") != bytes.npos;
  World world(with_token ? std::string(token) : "");
  const std::string whole = world.converse(bytes, std::max<std::size_t>(bytes.size(), 1));
  const std::string cut = world.converse(bytes, (first & 0x7f) + 1u);
  CHECK(status_lines(whole) == status_lines(cut));
  if (!whole.empty()) CHECK(whole.starts_with("HTTP/1.1 "));
  if (with_token && !knows) CHECK(whole.find(only_for_friends) == whole.npos);
});

}  // namespace
}  // namespace tidemark::fuzz
