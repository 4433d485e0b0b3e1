// The control socket, DIR/tidemark.sock: where the owner of a data directory speaks with the instance that works on it.
//
// Its mode is 0600 from its first moment, so whoever can open it may do with the data what he likes anyway.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/result.h"

namespace tidemark {

inline constexpr const char* control_socket_name = "tidemark.sock";

// Listens there, in place of whatever an instance that was killed has left behind; so only who holds the directory's
// lock may make one. The file is gone when the object is.
class ControlSocket {
 public:
  // Error::setup: the file system has no sockets, the path is too long where there is no /proc.
  static Result<ControlSocket> listen(const std::string& directory);

  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ~ControlSocket();

  std::string path() const;
  // The listening descriptor, which is the caller's from now on. Once.
  int release();

 private:
  ControlSocket(std::string directory, int listener) : directory_(std::move(directory)), listener_(listener) {}

  std::string directory_;  // empty: moved from
  int listener_;
};

// A descriptor that is connected to the instance and gives up on any step after `patience`; none when nobody listens
// there. Its owner closes it.
Result<std::optional<int>> connect_to_control_socket(const std::string& directory, std::chrono::milliseconds patience);

}  // namespace tidemark
