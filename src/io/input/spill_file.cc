#include "io/input/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace tidemark {
namespace {

std::string temporary_folder() {
  if (const char* const said = std::getenv("TMPDIR"); said != nullptr && *said != '\0') return said;
  return ::access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
}

// A file that never had a name; or, if the file system does not support that, one whose name is removed at once.
int open_nameless(const std::string& folder) {
#ifdef O_TMPFILE
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
#endif
  std::string name = folder + "/tidemark-sort-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Result<SpillFile> SpillFile::open() {
  std::string folder = temporary_folder();
  const int descriptor = open_nameless(folder);
  if (descriptor < 0) return std::unexpected(SpillFile(-1, folder).failed("cannot make a temporary file"));
  return SpillFile(descriptor, std::move(folder));
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), folder_(std::move(other.folder_)), size_(other.size_) {}

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(folder_, other.folder_);
  std::swap(size_, other.size_);
  return *this;
}

SpillFile::~SpillFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error SpillFile::failed(std::string_view what) const {
  return Error::permanent(std::string(what) + " in " + folder_ + ": " + std::generic_category().message(errno) +
                          "; choose another folder with TMPDIR, or allow more memory with --sort-memory");
}

Result<void> SpillFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(failed("cannot write to a temporary file"));
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> SpillFile::read(std::uint64_t offset, std::span<char> into) const {
  while (!into.empty()) {
    const auto got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EIO;
    if (got <= 0) return std::unexpected(failed("cannot read a temporary file"));
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace tidemark
