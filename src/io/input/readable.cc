#include "io/input/readable.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tidemark {

Error cannot_read(const std::string& file, int error) {
  return Error::setup("cannot read " + file + ": " + std::generic_category().message(error));
}

Result<void> check_readable(const std::string& file) {
  if (file == "-") return {};
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    return std::unexpected(Error::setup("cannot read " + file + ": it is a folder; name its files"));
  if (::access(file.c_str(), R_OK) != 0) return std::unexpected(cannot_read(file, errno));
  return {};
}

}  // namespace tidemark
