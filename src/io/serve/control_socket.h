// The control socket, DIR/tidemark.sock: through it the owner of a data directory talks to the instance that works on
// it.
//
// Its mode is 0600 from the start. Anyone who can open it can change the data anyway.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

inline constexpr const char* control_socket_name = "tidemark.sock";

// Listens there and replaces a socket that a killed instance left behind. So only the holder of the directory's lock
// may create one. The destructor removes the file.
class ControlSocket {
 public:
  // Error::setup: the file system has no sockets, or the path is too long and there is no /proc.
  static Result<ControlSocket> listen(const std::string& directory);

  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ~ControlSocket();

  std::string path() const;
  // The listening descriptor, which the caller then owns. Call it once.
  int release();

 private:
  ControlSocket(std::string directory, int listener) : directory_(std::move(directory)), listener_(listener) {}

  std::string directory_;  // empty: moved from
  int listener_;
};

// A descriptor connected to the instance, which gives up on any step after `timeout`; empty if no instance listens. The
// caller closes it.
Result<std::optional<int>> connect_to_control_socket(const std::string& directory, std::chrono::milliseconds timeout);

}  // namespace tidemark
