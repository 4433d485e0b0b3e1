#include "io/disk/plain_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "io/disk/cure.h"

namespace tidemark {

Error symbolic_link(const std::string& path) {
  return Error::setup(fmt::format(
      "{} is a symbolic link, and none is followed there; put the file itself in its place (the folder may be a link)",
      path));
}

Result<void> refuse_symbolic_link(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) return std::unexpected(symbolic_link(path));
  return {};
}

Result<void> make_private_file(const std::string& path, unsigned mode) {
  if (auto plain = refuse_symbolic_link(path); !plain) return plain;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0 && errno == EEXIST) return {};
  const int error = file < 0 || ::fchmod(file, mode) != 0 ? errno : 0;
  if (file >= 0) ::close(file);
  if (error == 0) return {};
  const std::string sentence =
      fmt::format("cannot make {}: {}; {}", path, std::generic_category().message(error), cure_of(error));
  return std::unexpected(is_want_of_room(error) ? Error::retryable(sentence) : Error::setup(sentence));
}

}  // namespace tidemark
