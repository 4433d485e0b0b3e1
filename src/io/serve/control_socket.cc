// A path longer than the address of a Unix socket can hold (107 bytes) is reached through /proc/self/fd.
#include "io/serve/control_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "io/disk/owned_descriptor.h"

namespace tidemark {
namespace {

constexpr int waiting_owners = 64;

std::string system_message(int error) { return std::generic_category().message(error); }

std::string path_in(const std::string& directory) { return fmt::format("{}/{}", directory, control_socket_name); }

// Binds or connects `socket` to the control socket of a directory. Returns 0 or the errno.
template <typename Step>
int at_address(const std::string& directory, int socket, Step step) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string path = path_in(directory);
  const bool is_long = path.size() >= sizeof address.sun_path;
  const OwnedDescriptor folder(is_long ? ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC) : -1);
  if (is_long && folder.number() < 0) return errno;
  if (is_long) path = path_in(fmt::format("/proc/self/fd/{}", folder.number()));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return step(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

std::unexpected<Error> cannot_listen(const std::string& directory, int error) {
  return std::unexpected(Error::setup(fmt::format("{}: {}", path_in(directory), system_message(error))));
}

}  // namespace

Result<ControlSocket> ControlSocket::listen(const std::string& directory) {
  OwnedDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.number() < 0) return cannot_listen(directory, errno);
  // Set before it has a name, so that no one else can open it at any moment.
  if (::fchmod(socket.number(), 0600) != 0) return cannot_listen(directory, errno);
  ::unlink(path_in(directory).c_str());
  if (const int error = at_address(directory, socket.number(), ::bind); error != 0)
    return cannot_listen(directory, error);
  ControlSocket made(directory, socket.take());  // removes the file on any failure below
  if (::listen(made.listener_, waiting_owners) != 0) return cannot_listen(directory, errno);
  return made;
}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : directory_(std::exchange(other.directory_, {})), listener_(std::exchange(other.listener_, -1)) {}

ControlSocket::~ControlSocket() {
  if (!directory_.empty()) ::unlink(path().c_str());
  if (listener_ >= 0) ::close(listener_);
}

std::string ControlSocket::path() const { return path_in(directory_); }

int ControlSocket::release() { return std::exchange(listener_, -1); }

Result<std::optional<int>> connect_to_control_socket(const std::string& directory, std::chrono::milliseconds timeout) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
  const std::chrono::microseconds rest = timeout - seconds;
  const timeval time{.tv_sec = seconds.count(), .tv_usec = rest.count()};
  OwnedDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const bool made = socket.number() >= 0 &&
                    ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time) == 0 &&
                    ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0;
  if (!made) return std::unexpected(Error::retryable(system_message(errno)));
  const int error = at_address(directory, socket.number(), ::connect);
  if (error == ENOENT || error == ECONNREFUSED || error == ENOTDIR) return std::nullopt;
  if (error == EACCES || error == EPERM)
    return std::unexpected(Error::setup(
        fmt::format("{} belongs to its owner alone: run this as the user that runs the instance", path_in(directory))));
  if (error != 0)
    return std::unexpected(Error::retryable(fmt::format("{}: {}", path_in(directory), system_message(error))));
  return socket.take();
}

}  // namespace tidemark
