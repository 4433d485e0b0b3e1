// Runs many clients of the live stream in one thread, and measures how long each bar takes to reach each of them.
//
//     clients PORT COUNT SECONDS
//
// The volume of a bar is the time of CLOCK_MONOTONIC at which it was written, in microseconds modulo a thousand
// seconds. A client receives every byte, but parses only the bars of a message, because the server is measured. It
// prints "ready" once each client has its snapshot, and one line of JSON at the end.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::int64_t wrap = 1'000'000'000;  // microseconds

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

// A histogram of delays in tenths of a millisecond. Delays over ten seconds are in the last bin.
class Delays {
 public:
  void add(std::int64_t us) {
    ++counts_[std::min<std::size_t>(static_cast<std::size_t>(us) / 100, counts_.size() - 1)];
    ++total_;
    worst_us_ = std::max(worst_us_, us);
  }
  double percentile_ms(double share) const {
    const auto wanted = static_cast<std::int64_t>(share * static_cast<double>(total_));
    std::int64_t below = 0;
    std::size_t at = 0;
    while (at + 1 < counts_.size() && (below += counts_[at]) <= wanted) ++at;
    return static_cast<double>(at + 1) / 10;
  }
  std::int64_t total() const { return total_; }
  double worst_ms() const { return static_cast<double>(worst_us_) / 1e3; }

 private:
  std::vector<std::int64_t> counts_ = std::vector<std::int64_t>(100'000);
  std::int64_t total_ = 0;
  std::int64_t worst_us_ = 0;
};

struct Totals {
  Delays delays;
  std::int64_t bytes = 0, messages = 0, gone = 0;
  int snapshots = 0;
};

class Client {
 public:
  Client(std::uint16_t port, Totals& totals) : totals_(totals), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("connect");
    const std::string request = "GET /api/v1/live HTTP/1.1\r\nHost: localhost:" + std::to_string(port) +
                                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n";
    if (::send(socket_, request.data(), request.size(), 0) != static_cast<ssize_t>(request.size())) give_up("send");
  }
  int socket() const { return socket_; }

  // Receives available bytes. False if the server has closed the connection.
  bool take(std::array<char, 1 << 18>& buffer) {
    const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size <= 0) return false;
    totals_.bytes += size;
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
    if (!rest_.empty()) bytes = rest_.append(bytes);
    if (!shaken_) {
      const std::size_t end = bytes.find("\r\n\r\n");
      shaken_ = end != bytes.npos;
      if (shaken_) bytes.remove_prefix(end + 4);
    }
    while (shaken_ && take_frame(bytes)) {
    }
    rest_ = std::string(bytes);
    return true;
  }

 private:
  bool take_frame(std::string_view& bytes) {
    if (bytes.size() < 2) return false;
    std::size_t size = static_cast<unsigned char>(bytes[1]);
    const std::size_t wide = size < 126 ? 0 : size == 126 ? 2 : 8;
    if (bytes.size() < 2 + wide) return false;
    if (wide > 0) size = 0;
    for (std::size_t i = 0; i < wide; ++i) size = size << 8 | static_cast<unsigned char>(bytes[2 + i]);
    if (bytes.size() < 2 + wide + size) return false;
    hear(bytes[0] & 15, bytes.substr(2 + wide, size));
    bytes.remove_prefix(2 + wide + size);
    return true;
  }

  void hear(int opcode, std::string_view text) {
    if (opcode == 9) ::send(socket_, "\x8a\x80\0\0\0\0", 6, MSG_NOSIGNAL);  // a pong, masked with zeros
    if (opcode != 1) return;
    if (text.starts_with(R"({"type":"snapshot")")) ++totals_.snapshots;
    if (!text.starts_with(R"({"type":"trends")")) return;
    ++totals_.messages;
    const std::int64_t now = now_us();
    std::size_t at = text.rfind(R"("bars":[[)");
    if (at == text.npos) return;
    while ((at = text.find(']', at + 1)) != text.npos && text[at - 1] != ']') {
      const std::size_t volume = text.rfind(',', at) + 1;
      totals_.delays.add(((now - std::atoll(text.data() + volume)) % wrap + wrap) % wrap);
    }
  }

  Totals& totals_;
  int socket_;
  bool shaken_ = false;
  std::string rest_;  // of an incomplete message
};

}  // namespace

int main(int count, char** words) {
  if (count != 4) return std::fputs("clients PORT COUNT SECONDS\n", stderr), 2;
  const auto port = static_cast<std::uint16_t>(std::atoi(words[1]));
  const int wanted = std::atoi(words[2]);
  Totals totals;
  std::vector<Client> clients;
  clients.reserve(static_cast<std::size_t>(wanted));
  const int poll = ::epoll_create1(0);
  for (int i = 0; i < wanted; ++i) {
    Client& client = clients.emplace_back(port, totals);
    epoll_event interest{.events = EPOLLIN, .data = {.ptr = &client}};
    if (::epoll_ctl(poll, EPOLL_CTL_ADD, client.socket(), &interest) != 0) give_up("epoll_ctl");
  }
  std::array<epoll_event, 256> events{};
  std::array<char, 1 << 18> buffer{};
  bool ready = false;
  const std::int64_t end = now_us() + 1'000'000 * std::atoll(words[3]);
  while (now_us() < end) {
    const int some = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < some; ++i) {
      auto& client = *static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (client.take(buffer)) continue;
      ++totals.gone;
      ::epoll_ctl(poll, EPOLL_CTL_DEL, client.socket(), nullptr);
    }
    if (!ready && totals.snapshots >= wanted) {
      ready = true;
      std::puts("ready");
      std::fflush(stdout);
    }
  }
  std::printf(
      R"({"bars":%lld,"messages":%lld,"bytes":%lld,"snapshots":%d,"gone":%lld,"p50":%.1f,"p99":%.1f,"worst":%.1f})"
      "\n",
      static_cast<long long>(totals.delays.total()), static_cast<long long>(totals.messages),
      static_cast<long long>(totals.bytes), totals.snapshots, static_cast<long long>(totals.gone),
      totals.delays.percentile_ms(0.5), totals.delays.percentile_ms(0.99), totals.delays.worst_ms());
}
