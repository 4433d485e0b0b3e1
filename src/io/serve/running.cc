// One request and one response per connection, in HTTP/1.1 as our own server writes it.
#include "io/serve/running.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>

#include "io/disk/directory_lock.h"
#include "io/net/json_value.h"
#include "io/serve/control_socket.h"

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t most_bytes = 64 * 1'024 * 1'024;
constexpr std::string_view status_line = "HTTP/1.1 ";

std::string request_text(const RunningQuestion& question) {
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", question.method, question.path);
  if (question.method == "POST")
    text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", question.body.size());
  return text + "\r\n" + question.body;
}

class Conversation {
 public:
  Conversation(int socket, std::chrono::milliseconds timeout) : socket_(socket), deadline_(Steady::now() + timeout) {}
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  ~Conversation() { ::close(socket_); }

  Result<void> send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return std::unexpected(broken(errno));
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  // Everything received until the other side closes.
  Result<std::string> receive() {
    std::string heard;
    char bytes[65'536];
    while (true) {
      const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
      if (size < 0 && errno != EINTR) return std::unexpected(broken(errno));
      if (size == 0) return heard;
      if (size > 0) heard.append(bytes, static_cast<std::size_t>(size));
      if (heard.size() > most_bytes) return std::unexpected(Error::permanent("its answer is too long"));
      if (Steady::now() > deadline_) return std::unexpected(broken(EAGAIN));
    }
  }

 private:
  static Error broken(int error) {
    if (error == EAGAIN || error == EWOULDBLOCK) return Error::retryable("it does not answer in time");
    return Error::retryable(std::generic_category().message(error));
  }

  int socket_;
  Steady::time_point deadline_;
};

Result<Response> parse_response(std::string text) {
  const std::size_t head = text.find("\r\n\r\n");
  const auto no_answer = [] { return std::unexpected(Error::retryable("it ended before it had answered")); };
  if (!text.starts_with(status_line) || head == text.npos) return no_answer();
  Response response;
  const char* const begin = text.data() + status_line.size();
  if (std::from_chars(begin, begin + 3, response.status).ec != std::errc{}) return no_answer();
  constexpr std::string_view length_name = "\r\nContent-Length: ";
  const std::size_t length_at = text.find(length_name);
  std::size_t length = 0;
  if (length_at < head) std::from_chars(text.data() + length_at + length_name.size(), text.data() + head, length);
  response.body = text.substr(head + 4);
  if (response.body.size() < length) return no_answer();
  return response;
}

}  // namespace

Result<std::optional<Response>> ask_running(const RunningQuestion& question) {
  const auto owner = directory_owner(question.data);
  if (!owner) return std::nullopt;
  const auto failed = [&](const Error& error) {
    return std::unexpected(error.while_doing(fmt::format("process {} works on {}", *owner, question.data.string())));
  };
  const auto socket = connect_to_control_socket(question.data.string(), question.timeout);
  if (!socket) return failed(socket.error());
  if (!*socket)
    return failed(Error::retryable("it does not listen there: it is just starting or ending, or is another verb"));
  Conversation conversation(**socket, question.timeout);
  if (const auto sent = conversation.send(request_text(question)); !sent) return failed(sent.error());
  auto heard = conversation.receive();
  if (!heard) return failed(heard.error());
  auto response = parse_response(std::move(*heard));
  if (!response) return failed(response.error());
  return std::move(*response);
}

std::string refusal_in(const Response& answer) {
  if (const auto body = parse_json(answer.body))
    if (const JsonValue* const error = body->find("error"))
      if (const auto message = error->text_of("message")) return *message;
  return fmt::format("it answers {} {}", answer.status, reason_phrase(answer.status));
}

}  // namespace tidemark
