#include "app/process/systemd.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>

namespace tidemark {
namespace {

std::optional<std::int64_t> number_in(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || rest != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

void tell_systemd(std::string_view state) {
  const char* const text = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string_view name(text == nullptr ? "" : text);
  if (name.size() < 2 || name.size() >= sizeof address.sun_path) return;
  std::ranges::copy(name, address.sun_path);
  if (name.front() == '@') address.sun_path[0] = '\0';  // an abstract socket name
  const int sending = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sending < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  // An error means that nobody listens any more, or nobody reads what was sent before. Either way there is nothing to
  // report, and nothing to wait for.
  (void)!::sendto(sending, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                  reinterpret_cast<const sockaddr*>(&address), size);
  ::close(sending);
}

std::optional<std::chrono::microseconds> systemd_watchdog() {
  const auto interval = number_in("WATCHDOG_USEC");
  const auto process = number_in("WATCHDOG_PID");  // the variable may be a parent's, meant for another process
  if (!interval || *interval <= 0 || (process && *process != ::getpid())) return std::nullopt;
  return std::chrono::microseconds(*interval);
}

}  // namespace tidemark
